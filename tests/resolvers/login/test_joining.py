"""Founding an organization, accepting an invitation to one, and going from one to another."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, update

from domain.account.organization import role_of
from domain.account.permission import BuiltinRole
from infra import bootstrap
from infra.accounts.rows import invitations, people, sessions, team_agents, teams
from infra.identity.standing import hash_of
from infra.rows import agents
from tests.resolvers.login.calls import code, post, sign_in, viewer
from tests.resolvers.login.mailbox import Mailbox
from tests.resolvers.login.members import PASSWORD, Personnel
from tests.stack import Client, Stack

OWN = "quiet harbour lantern 77"


def founder(**changed: str) -> dict[str, str]:
    name = uuid4().hex[:12]
    found = {"email": f"{name}@people.example", "password": OWN, "name": "Fay", "organization": "Tea", "slug": name}
    return found | changed


async def invited(personnel: Personnel, organization: tuple[Any, str], email: str, **row: Any) -> str:
    """An open invitation, to a team that is there and one that is gone; the token of its link."""
    token, team_id, at = uuid4().hex, uuid4(), bootstrap.now()
    shared = {"organization_id": organization[0], "created_at": at}
    invitation = {"id": uuid4(), "email": email, "name": "Ida", "token_hash": hash_of(token), "invited_by": "system"}
    what = {"role_id": role_of(organization[0], BuiltinRole.ANALYST), "team_ids": [team_id, uuid4()]}
    async with personnel.database.tenant(organization[0]) as connection:
        await connection.execute(insert(teams), {"id": team_id, "name": f"Team {token}", **shared})
        later = {"expires_at": at + timedelta(days=7)}
        await connection.execute(insert(invitations), {**invitation, **what, **shared, **later, **row})
        await connection.commit()
    return token


async def test_a_founder_confirms_the_address_and_signs_in_as_owner(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    fay = founder()
    answer = await post(stack, "sign-up", **fay)
    assert (answer.status_code, answer.content) == (202, b"")
    early = await post(stack, "sign-in", email=fay["email"], password=OWN)
    assert code(early) == (403, "FORBIDDEN")
    token = await post_office.token(fay["email"])
    assert (await post(stack, "verify", token=token, password=OWN)).status_code == 204
    assert code(await post(stack, "verify", token=token, password=OWN)) == (409, "INVALID_STATE")
    answer = await post(stack, "sign-in", email=fay["email"], password=OWN, transport="token")
    found = (await viewer(stack, answer.json()["access_token"])).json()["data"]["viewer"]
    assert found == {"kind": "ADMIN", "agent": {"name": "Fay"}, "organization": {"slug": fay["slug"]}}
    async with personnel.database.accounts() as connection:
        joined = agents.join(people, people.c.id == agents.c.person_id)
        wanted = select(agents.c.organization_id, agents.c.role_id).select_from(joined)
        row = (await connection.execute(wanted.where(people.c.email == fay["email"]))).one()
    assert row.role_id == role_of(row.organization_id, BuiltinRole.OWNER)
    kinds = [kind for kind, _ in await personnel.journal(row.organization_id)]
    assert kinds[:3] == ["OrganizationCreated", "AgentAdded", "VerificationRequested"]
    assert kinds[-2:] == ["EmailVerified", "SessionStarted"]


async def test_signing_up_with_a_known_address_makes_nothing_and_says_nothing(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    ann = await personnel.member()
    fay = founder(email=ann.email)
    answer = await post(stack, "sign-up", **fay)
    assert (answer.status_code, answer.content) == (202, b"")
    assert (await post_office.wait(ann.email))["subject"] == "Choose a new password"
    refused = await post(stack, "sign-in", email=ann.email, password=PASSWORD, organization=fay["slug"])
    assert code(refused) == (403, "FORBIDDEN")


async def test_what_cannot_be_founded_is_refused(stack: Stack, personnel: Personnel) -> None:
    _, slug = await personnel.organization()
    for wrong in (
        {"slug": slug},
        {"slug": "Not A Slug"},
        {"slug": "-x"},
        {"email": "nobody"},
        {"password": "password123"},
        {"organization": " "},
    ):
        assert code(await post(stack, "sign-up", **founder(**wrong))) == (400, "INVALID_INPUT"), wrong
    same = founder()
    again = founder(slug=same["slug"])
    answers = await asyncio.gather(post(stack, "sign-up", **same), post(stack, "sign-up", **again))
    assert sorted(answer.status_code for answer in answers) in ([202, 400], [202, 409])


async def test_somebody_new_accepts_once_with_role_and_teams(stack: Stack, personnel: Personnel) -> None:
    organization, email = await personnel.organization(), f"{uuid4().hex}@people.example"
    token = await invited(personnel, organization, email)
    assert code(await post(stack, "accept-invitation", token=token)) == (400, "INVALID_INPUT")
    body = {"token": token, "password": OWN, "name": "Ida B", "transport": "token"}
    answers = await asyncio.gather(*(post(stack, "accept-invitation", **body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    tokens = next(answer.json() for answer in answers if answer.status_code == 200)
    found = (await viewer(stack, tokens["access_token"])).json()["data"]["viewer"]
    assert found == {"kind": "AGENT", "agent": {"name": "Ida B"}, "organization": {"slug": organization[1]}}
    async with personnel.database.tenant(organization[0]) as connection:
        agent = (await connection.execute(select(agents))).one()
        assert agent.role_id == role_of(organization[0], BuiltinRole.ANALYST)
        assert [row.agent_id for row in (await connection.execute(select(team_agents))).all()] == [agent.id]
    kinds = [kind for kind, _ in await personnel.journal(organization[0])]
    assert sorted(kinds) == ["AgentAdded", "InvitationAccepted", "SessionStarted"]
    assert code(await post(stack, "accept-invitation", **body)) == (409, "INVALID_STATE")


async def test_somebody_known_joins_and_signs_in_as_ever(stack: Stack, personnel: Personnel) -> None:
    ann, organization = await personnel.member(), await personnel.organization()
    token = await invited(personnel, organization, ann.email)
    answer = await post(stack, "accept-invitation", token=token, password=OWN)
    assert (answer.status_code, answer.json()) == (200, {"sign_in": True})
    assert code(await post(stack, "sign-in", email=ann.email, password=OWN)) == (401, "UNAUTHENTICATED")
    assert "access_token" in await sign_in(stack, ann, organization=organization[1])


async def test_an_account_made_for_somebody_elses_address_is_void_when_they_come(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    """Who signs up with an address that is not theirs gains nothing by it, not even later."""
    fay, organization = founder(), await personnel.organization()
    await post(stack, "sign-up", **fay)
    await post_office.wait(fay["email"])
    token = await invited(personnel, organization, fay["email"])
    mine = "copper violin meadow 42"
    answer = await post(stack, "accept-invitation", token=token, password=mine, transport="token")
    assert answer.status_code == 200
    assert code(await post(stack, "sign-in", email=fay["email"], password=OWN)) == (401, "UNAUTHENTICATED")
    assert (await post(stack, "sign-in", email=fay["email"], password=mine)).status_code == 200


async def test_an_address_is_not_confirmed_for_a_stranger_by_a_click_of_its_owner(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    """Nor by an invitation afterwards: who signed up with it comes into nothing that its owner joins."""
    fay, organization = founder(), await personnel.organization()
    await post(stack, "sign-up", **fay)
    link = await post_office.token(fay["email"])
    mine = "copper violin meadow 42"
    assert code(await post(stack, "verify", token=link)) == (400, "INVALID_INPUT")
    assert code(await post(stack, "verify", token=link, password=mine)) == (400, "INVALID_INPUT")
    token = await invited(personnel, organization, fay["email"])
    accepted = await post(stack, "accept-invitation", token=token, password=mine, transport="token")
    assert accepted.status_code == 200
    assert code(await post(stack, "sign-in", email=fay["email"], password=OWN)) == (401, "UNAUTHENTICATED")
    assert code(await post(stack, "verify", token=link, password=OWN)) == (400, "INVALID_INPUT")


async def test_an_invitation_is_no_way_in_where_passwords_are_none(stack: Stack, personnel: Personnel) -> None:
    organization, email = await personnel.organization(sign_in={"password": False}), f"{uuid4().hex}@people.example"
    token = await invited(personnel, organization, email)
    answer = await post(stack, "accept-invitation", token=token, password=OWN, transport="token")
    assert (answer.status_code, answer.json()) == (200, {"sign_in": True})
    kinds = [kind for kind, _ in await personnel.journal(organization[0])]
    assert sorted(kinds) == ["AgentAdded", "InvitationAccepted"]


@pytest.mark.parametrize("column", ["expires_at", "accepted_at", "revoked_at"])
async def test_an_invitation_that_is_over_lets_nobody_in(stack: Stack, personnel: Personnel, column: str) -> None:
    organization, past = await personnel.organization(), bootstrap.now() - timedelta(seconds=1)
    token = await invited(personnel, organization, f"{uuid4().hex}@people.example", **{column: past})
    assert code(await post(stack, "accept-invitation", token=token, password=OWN)) == (409, "INVALID_STATE")
    assert await personnel.journal(organization[0]) == []


async def test_who_belongs_to_several_goes_from_one_to_another(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    other = await personnel.member(person=ann)
    first = await sign_in(stack, ann, organization=ann.slug)

    async def switch(slug: str, access_token: str) -> Any:
        headers = {"authorization": f"Bearer {access_token}"}
        body = {"organization": slug, "transport": "token"}
        return await stack.http.post("/auth/switch", json=body, headers=headers)

    bearer = {"authorization": f"Bearer {first['access_token']}"}
    choice = (await stack.http.get("/auth/organizations", headers=bearer)).json()["organizations"]
    assert {one["slug"] for one in choice} == {ann.slug, other.slug}
    stranger = await personnel.member()
    assert code(await switch(stranger.slug, first["access_token"])) == (403, "FORBIDDEN")
    tokens = (await switch(other.slug, first["access_token"])).json()
    found = (await viewer(stack, tokens["access_token"])).json()["data"]["viewer"]
    assert found["organization"] == {"slug": other.slug}
    assert (await viewer(stack, first["access_token"])).status_code == 401
    async with personnel.database.tenant(other.organization_id) as connection:
        await connection.execute(update(sessions).values(strategy="oidc"))
        await connection.commit()
    assert code(await switch(ann.slug, tokens["access_token"])) == (403, "FORBIDDEN")
    assert code(await post(stack, "switch", organization=ann.slug)) == (401, "UNAUTHENTICATED")


async def test_the_whole_way_of_an_invitation(stack: Stack, personnel: Personnel, post_office: Mailbox) -> None:
    """An admin asks, the mail arrives, whoever got it works here."""
    boss = await personnel.member(role=BuiltinRole.ADMIN)
    email = f"{uuid4().hex}@people.example"
    admin = Client(stack.http, stack.socket_url, (await sign_in(stack, boss))["access_token"])
    roles = (await admin.ask("{ roles { id name } }"))["roles"]
    role = next(one["id"] for one in roles if one["name"] == "agent")
    document = """mutation($email: String!, $role: ID!) {
      inviteAgent(input: {email: $email, name: "Ida", roleId: $role}) {
        __typename ... on InviteAgentSuccess { invitation { id } }
      }
    }"""
    asked = (await admin.ask(document, email=email, role=role))["inviteAgent"]
    assert asked["__typename"] == "InviteAgentSuccess"
    token = await post_office.token(email)
    answer = await post(stack, "accept-invitation", token=token, password=OWN, transport="token")
    found = (await viewer(stack, answer.json()["access_token"])).json()["data"]["viewer"]
    assert found == {"kind": "AGENT", "agent": {"name": "Ida"}, "organization": {"slug": boss.slug}}
    invitation = (await admin.ask("{ invitations { nodes { state } } }"))["invitations"]["nodes"]
    assert invitation == [{"state": "ACCEPTED"}]
