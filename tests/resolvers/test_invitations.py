"""Invitations over the public API: who may invite whom, and the mail with the link that works."""

import asyncio
import email
import email.policy
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text, update

from domain.access.invitation import MOST_A_DAY
from domain.account.organization import role_of
from domain.account.permission import BuiltinRole, Permission, Scope
from infra.accounts.rows import invitations, people
from infra.bootstrap import now
from infra.database import Database
from infra.identity.standing import hash_of
from infra.rows import agents
from schema.base import global_id
from tests.hiring import hired
from tests.resolvers.test_knowledge import mutation
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted

INVITATION = "id email name state expiresAt revokedAt role { name } teams { name } invitedBy { name }"
INVITE = mutation("inviteAgent", f"invitation {{ {INVITATION} }}")
RESEND = mutation("resendInvitation", f"invitation {{ {INVITATION} }}")
REVOKE = mutation("revokeInvitation", f"invitation {{ {INVITATION} }}")
INVITATIONS = f"{{ invitations {{ nodes {{ {INVITATION} }} }} }}"
CREATE_TEAM = mutation("createTeam", "team { id }")


@pytest.fixture
async def posting(fresh_database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Stack]:
    """A server and a worker that writes mail into a folder."""
    url = "https://help.shop.example"
    async with running(fresh_database_url, redis_url, scripted("x"), data_dir=tmp_path, public_url=url) as started:
        yield started


def role(company: Company, name: BuiltinRole) -> str:
    return global_id("Role", role_of(company.id, name))


async def invited(client: Client, company: Company, **values: Any) -> Any:
    given = {"email": "Ann@Shop.example", "name": "Ann", "roleId": role(company, BuiltinRole.AGENT)}
    return (await client.ask(INVITE, input=given | values))["inviteAgent"]


async def mails(folder: Path, count: int) -> list[tuple[str, str]]:
    """Whom the mails in a folder are to, and their text, in the order of sending; fails after ten seconds."""
    async with asyncio.timeout(10):
        while len(found := sorted(folder.glob("mail/*.eml"))) < count:
            await asyncio.sleep(0.05)
    assert len(found) == count
    read = [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in found]
    bodies = [one.get_body(("plain",)) for one in read]
    return [(str(one["To"]), body.get_content() if body else "") for one, body in zip(read, bodies, strict=True)]


def token_in(text: str) -> str:
    found = re.search(r"https://help\.shop\.example/accept-invitation\?token=([A-Za-z0-9_-]{43})\s", text)
    assert found
    return found[1]


async def stored(database_url: str, company: Company) -> Any:
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        row = (await connection.execute(select(invitations))).one()
    await database.close()
    return row


async def execute(database_url: str, company: Company, *statements: Any) -> None:
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        for statement in statements:
            await connection.execute(statement)
        await connection.commit()
    await database.close()


async def test_an_invitation_is_mailed_with_a_link_that_only_its_reader_has(
    posting: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = posting.client(company.admin)
    team = (await admin.ask(CREATE_TEAM, input={"name": "Night"}))["createTeam"]["team"]["id"]
    made = (await invited(admin, company, teamIds=[team]))["invitation"]
    assert (made["email"], made["name"], made["state"]) == ("ann@shop.example", "Ann", "OPEN")
    assert (made["role"], made["teams"]) == ({"name": "agent"}, [{"name": "Night"}])
    assert made["invitedBy"] == {"name": "Person 4"}
    [(to, written)] = await mails(posting.settings.data_dir, 1)
    assert to == "ann@shop.example"
    assert "Person 4 invites you to work with Test" in written
    row = await stored(fresh_database_url, company)
    assert bytes(row.token_hash) == hash_of(token_in(written))
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        told = (await connection.scalars(text("SELECT event::text FROM event"))).all()
    await database.close()
    assert [each for each in told if token_in(written) in each] == []
    assert (await admin.ask(INVITATIONS))["invitations"]["nodes"] == [made]


async def test_sent_again_only_the_newest_link_works_and_not_every_second(
    posting: Stack, company: Company, fresh_database_url: str
) -> None:
    admin, folder = posting.client(company.admin), posting.settings.data_dir
    made = (await invited(admin, company))["invitation"]
    await mails(folder, 1)
    again = (await admin.ask(RESEND, input={"invitationId": made["id"]}))["resendInvitation"]
    assert again["code"] == "INVALID_STATE"
    earlier = invitations.c.expires_at - timedelta(minutes=1)
    await execute(fresh_database_url, company, update(invitations).values(expires_at=earlier))
    await admin.ask(RESEND, input={"invitationId": made["id"]})
    first, second = [token_in(written) for _, written in await mails(folder, 2)]
    assert first != second
    assert bytes((await stored(fresh_database_url, company)).token_hash) == hash_of(second)


async def test_what_is_over_is_not_mailed_and_stays_over(
    posting: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = posting.client(company.admin)
    made = (await invited(admin, company))["invitation"]
    await mails(posting.settings.data_dir, 1)
    revoke = {"invitationId": made["id"], "reason": "A mistake."}
    assert (await admin.ask(REVOKE, input=revoke))["revokeInvitation"]["invitation"]["state"] == "REVOKED"
    assert (await admin.ask(REVOKE, input=revoke))["revokeInvitation"]["invitation"]["state"] == "REVOKED"
    again = await admin.ask(RESEND, input={"invitationId": made["id"]})
    assert again["resendInvitation"]["code"] == "INVALID_STATE"
    accepted = update(invitations).values(revoked_at=None, accepted_at=now())
    await execute(fresh_database_url, company, accepted)
    assert (await admin.ask(REVOKE, input=revoke))["revokeInvitation"]["code"] == "INVALID_STATE"
    over = update(invitations).values(accepted_at=None, expires_at=now() - timedelta(seconds=1))
    await execute(fresh_database_url, company, over)
    [shown] = (await admin.ask(INVITATIONS))["invitations"]["nodes"]
    assert shown["state"] == "EXPIRED"
    assert (await invited(admin, company))["invitation"]["state"] == "OPEN"


async def test_nobody_is_flooded_with_invitations_that_are_revoked_at_once(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = stack.client(company.admin)
    made = (await invited(admin, company))["invitation"]
    await admin.ask(REVOKE, input={"invitationId": made["id"]})
    assert (await invited(admin, company))["code"] == "INVALID_STATE"
    earlier = invitations.c.expires_at - timedelta(minutes=1)
    await execute(fresh_database_url, company, update(invitations).values(expires_at=earlier))
    assert (await invited(admin, company))["invitation"]["state"] == "OPEN"


async def test_an_organization_invites_so_many_a_day(stack: Stack, company: Company, fresh_database_url: str) -> None:
    shared = {"organization_id": company.id, "name": "Ann", "invited_by": "system", "team_ids": [], "revoked_at": now()}
    shared |= {"role_id": role_of(company.id, BuiltinRole.AGENT), "expires_at": now(), "created_at": now()}
    rows = [shared | {"id": uuid4(), "email": f"{number}@shop.example"} for number in range(MOST_A_DAY)]
    await execute(fresh_database_url, company, insert(invitations).values(rows))
    admin = stack.client(company.admin)
    assert (await invited(admin, company))["code"] == "INVALID_STATE"
    yesterday = update(invitations).values(created_at=now() - timedelta(days=1))
    await execute(fresh_database_url, company, yesterday)
    assert (await invited(admin, company))["invitation"]["state"] == "OPEN"


async def test_nobody_is_invited_twice_nor_who_works_here(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = stack.client(company.admin)
    answers = await asyncio.gather(*(invited(admin, company) for _ in range(4)))
    assert sorted(one["__typename"] for one in answers) == ["InvalidStateError"] * 3 + ["InviteAgentSuccess"]
    person = {"id": UUID(int=7), "email": "bob@shop.example", "name": "Bob", "created_at": now()}
    database = Database(fresh_database_url, pool_size=1)
    async with database.accounts() as connection:
        await connection.execute(insert(people), person)
        await connection.commit()
    await database.close()
    membership = update(agents).where(agents.c.id == company.agent.id).values(person_id=person["id"])
    await execute(fresh_database_url, company, membership)
    assert (await invited(admin, company, email="BOB@shop.example"))["code"] == "INVALID_STATE"
    stranger = await found_company(fresh_database_url)
    elsewhere = await invited(stack.client(stranger.admin), stranger, email="bob@shop.example")
    assert elsewhere["__typename"] == "InviteAgentSuccess"


async def test_nobody_invites_to_more_than_they_have(stack: Stack, company: Company, fresh_database_url: str) -> None:
    admin = stack.client(company.admin)
    assert (await invited(admin, company, roleId=role(company, BuiltinRole.OWNER)))["code"] == "FORBIDDEN"
    owner = stack.client(await hired(fresh_database_url, company, BuiltinRole.OWNER))
    as_owner = await invited(owner, company, roleId=role(company, BuiltinRole.OWNER), email="own@shop.example")
    assert as_owner["__typename"] == "InviteAgentSuccess"
    resent = await admin.ask(RESEND, input={"invitationId": as_owner["invitation"]["id"]})
    assert resent["resendInvitation"]["code"] == "FORBIDDEN"
    grants = dict.fromkeys((Permission.MANAGE_AGENTS, Permission.READ_AGENTS, Permission.MANAGE_TEAMS), Scope.ALL)
    recruiter = stack.client(await hired(fresh_database_url, company, grants))
    assert (await invited(recruiter, company))["code"] == "FORBIDDEN"
    team = (await admin.ask(CREATE_TEAM, input={"name": "Night"}))["createTeam"]["team"]["id"]
    assert (await invited(recruiter, company, teamIds=[team]))["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"email": "no address"}, "INVALID_INPUT"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "INVALID_INPUT"),
        ({"name": ""}, "INVALID_INPUT"),
        ({"roleId": global_id("Role", UUID(int=1))}, "NOT_FOUND"),
        ({"roleId": global_id("Team", UUID(int=1))}, "INVALID_INPUT"),
        ({"teamIds": [global_id("Team", UUID(int=1))]}, "NOT_FOUND"),
        ({"teamIds": [global_id("Team", UUID(int=each)) for each in range(21)]}, "INVALID_INPUT"),
    ],
)
async def test_values_that_cannot_be_used(stack: Stack, company: Company, values: dict[str, Any], code: str) -> None:
    assert (await invited(stack.client(company.admin), company, **values))["code"] == code


async def test_others_neither_see_nor_change_invitations(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = stack.client(company.admin)
    made = (await invited(admin, company))["invitation"]
    stranger = (await found_company(fresh_database_url)).admin
    team = await admin.ask(CREATE_TEAM, input={"name": "Night"})
    foreign = await invited(stack.client(stranger), company, teamIds=[team["createTeam"]["team"]["id"]])
    assert foreign["code"] == "NOT_FOUND"
    for actor in (company.agent, company.customer, stranger):
        client = stack.client(actor)
        assert (await client.ask("query N($id: ID!) { node(id: $id) { id } }", id=made["id"]))["node"] is None
        if actor is stranger:
            assert (await client.ask(INVITATIONS))["invitations"]["nodes"] == []
            revoked = await client.ask(REVOKE, input={"invitationId": made["id"]})
            assert revoked["revokeInvitation"]["code"] == "NOT_FOUND"
        else:
            with pytest.raises(GraphQLFailedError, match="FORBIDDEN"):
                await client.ask(INVITATIONS)
