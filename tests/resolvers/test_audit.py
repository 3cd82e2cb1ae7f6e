"""The audit log over the public API: what stands in it, who reads it, and how it is searched."""

from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from domain.account.audit import audited_kinds
from domain.base import Event
from infra.bootstrap import now
from schema.base import global_id
from tests.resolvers.test_api_keys import CREATE, READ, REVOKE, machine
from tests.resolvers.test_sessions import END, END_OTHERS
from tests.resolvers.test_statements import counted
from tests.signed_in import signed_in
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted

ENTRY = "id kind subject actorKind address reason facts at agent { name } apiKey { name } customer { name }"
LOG = f"""
query Log($kinds: [String!], $actor: ID, $from: DateTime, $to: DateTime, $first: Int, $after: String) {{
  auditLog(kinds: $kinds, actor: $actor, from: $from, to: $to, first: $first, after: $after) {{
    nodes {{ {ENTRY} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
MANAGE = [{"permission": each, "scope": "ALL"} for each in ("MANAGE_API_KEYS", "READ_AGENTS")]


async def log(client: Client, **filters: Any) -> Any:
    return (await client.ask(LOG, **filters))["auditLog"]["nodes"]


async def filled(stack: Stack, company: Company) -> dict[str, Any]:
    """Two keys, one of which revokes the other; a customer ends sessions."""
    admin = stack.client(company.admin)
    keeper = (await admin.ask(CREATE, input={"name": "Keeper", "grants": MANAGE}))["createApiKey"]
    till = (await admin.ask(CREATE, input={"name": "Till", "grants": READ}))["createApiKey"]
    revoke = {"apiKeyId": till["apiKey"]["id"], "reason": "It got out."}
    await machine(stack, keeper["secret"]).ask(REVOKE, input=revoke)
    await signed_in(stack.settings.sqlalchemy_url, company.customer)
    await stack.client(company.customer).ask(END_OTHERS, input={})
    return {"keeper": keeper, "till": till}


async def test_who_did_what_from_where_and_why(stack: Stack, company: Company) -> None:
    keys = await filled(stack, company)
    ended, revoked, created, _ = await log(stack.client(company.admin))
    assert (ended["kind"], ended["actorKind"], ended["customer"]) == ("SessionEnded", "CUSTOMER", {"name": "Person 0"})
    assert ended["facts"] == {"cause": "revoked"}
    assert (revoked["kind"], revoked["reason"], revoked["apiKey"]) == (
        "ApiKeyRevoked",
        "It got out.",
        {"name": "Keeper"},
    )
    assert (created["kind"], created["actorKind"], created["agent"]) == ("ApiKeyCreated", "ADMIN", {"name": "Person 4"})
    assert created["address"] == "127.0.0.1"
    assert created["facts"] == {
        "name": "Till",
        "prefix": keys["till"]["apiKey"]["prefix"],
        "grants": {"conversation.read": "all"},
    }
    assert created["subject"] == revoked["subject"]


async def test_the_log_is_searched_by_kind_actor_and_time(stack: Stack, company: Company) -> None:
    began = now()
    keys, admin = await filled(stack, company), stack.client(company.admin)
    assert len(await log(admin, kinds=["ApiKeyCreated"])) == 2
    assert len(await log(admin, kinds=["ApiKeyCreated", "SessionEnded"])) == 3
    assert await log(admin, kinds=[]) == []
    assert len(await log(admin, actor=global_id("Agent", company.admin.identity))) == 2
    [by_key] = await log(admin, actor=keys["keeper"]["apiKey"]["id"])
    assert by_key["kind"] == "ApiKeyRevoked"
    assert len(await log(admin, actor=global_id("Customer", company.customer.identity))) == 1
    newest = (await log(admin, first=1))[0]
    assert len(await log(admin, **{"to": newest["at"]})) == 3
    assert await log(admin, **{"from": newest["at"]}) == [newest]
    assert await log(admin, to=began.isoformat()) == []
    assert await log(admin, **{"from": (now() + timedelta(days=1)).isoformat()}) == []


@pytest.fixture
async def idle(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """Nothing happens in it but what is asked for."""
    async with running(fresh_database_url, redis_url, scripted("Yes."), with_worker=False) as started:
        yield started


async def test_the_log_is_read_page_by_page_in_five_statements(idle: Stack, company: Company) -> None:
    await filled(idle, company)
    admin = idle.client(company.admin)
    with counted() as statements:
        whole = await log(admin, first=100)
    assert len([one for one in statements if "idempotency" not in one]) <= 5
    pages, after = [], None
    while True:
        page = (await admin.ask(LOG, first=1, after=after))["auditLog"]
        pages += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == whole
    assert len(whole) == 4


async def test_only_those_who_may_read_it_and_of_their_own_organization(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    await filled(stack, company)
    for actor in (company.agent, company.customer):
        with pytest.raises(GraphQLFailedError, match="FORBIDDEN"):
            await log(stack.client(actor))
    with pytest.raises(GraphQLFailedError, match="UNAUTHENTICATED"):
        await log(stack.client(None))
    assert await log(stack.client((await found_company(fresh_database_url)).admin)) == []


@pytest.mark.parametrize(
    "filters",
    [
        {"kinds": ["MessageSent"]},
        {"kinds": ["Audited"]},
        {"kinds": ["ApiKeyCreated"] * 51},
        {"actor": global_id("Conversation", "6f1c0000-0000-0000-0000-000000000000")},
        {"actor": global_id("Agent", "x")},
        {"from": "2026-01-01T00:00:00"},
        {"to": "0001-01-01T00:00:00+14:00"},
    ],
)
async def test_filters_that_mean_nothing(stack: Stack, company: Company, filters: dict[str, Any]) -> None:
    with pytest.raises(GraphQLFailedError, match="INVALID_INPUT"):
        await log(stack.client(company.admin), **filters)


async def test_all_kinds_can_be_asked_for(stack: Stack, company: Company) -> None:
    kinds = (await stack.client(company.admin).ask("{ auditKinds }"))["auditKinds"]
    assert {"ApiKeyCreated", "SessionEnded", "SignInFailed", "RoleChanged"} <= set(kinds)
    assert await log(stack.client(company.admin), kinds=kinds[:50]) == []


def test_no_event_tells_a_secret() -> None:
    secret = ("secret", "hash", "token", "password", "material", "code")
    counts = {"BudgetSet.soft_tokens", "BudgetSet.hard_tokens"}
    told = {f"{kind}.{one.name}" for kind in audited_kinds() for one in fields(Event.kinds[kind])} - counts
    assert [name for name in told if any(word in name.partition(".")[2] for word in secret)] == []


async def test_ending_one_session_stands_in_the_log(stack: Stack, company: Company, fresh_database_url: str) -> None:
    session_id, _ = await signed_in(fresh_database_url, company.agent)
    session = global_id("Session", session_id)
    await stack.client(company.admin).ask(END, input={"sessionId": session, "reason": "Lost phone."})
    [entry] = await log(stack.client(company.admin), kinds=["SessionEnded"])
    assert (entry["subject"], entry["reason"]) == (f"session:{session_id}", "Lost phone.")
