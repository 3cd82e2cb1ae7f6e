"""API keys over the public API: shown once, worth what was granted, ended at once."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from domain.account.permission import Permission, Scope
from infra.accounts.access import NOTED_EVERY, KeyUses
from infra.accounts.rows import api_keys
from infra.bootstrap import now
from infra.database import Database
from infra.identity.standing import Standings
from infra.rows import agents
from tests.hiring import hired
from tests.resolvers.test_knowledge import mutation
from tests.signed_in import closed, connected
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company

KEY = """id name prefix grants { permission scope } costCapacity costPerSecond expiresAt lastUsedAt revokedAt
         createdBy { name }"""
CREATE = mutation("createApiKey", f"secret apiKey {{ {KEY} }}")
REVOKE = mutation("revokeApiKey", f"apiKey {{ {KEY} }}")
KEYS = f"query Keys($first: Int, $after: String) {{ apiKeys(first: $first, after: $after) {{ nodes {{ {KEY} }} }} }}"
CREATE_IDENTITY_KEY = mutation("createIdentityKey", "secret")
READ = [{"permission": "READ_CONVERSATIONS", "scope": "ALL"}]
ASK = "{ viewer { kind } conversations(first: 1) { nodes { id } } }"


async def made(client: Client, **values: Any) -> Any:
    answer = await client.ask(CREATE, input={"name": "Till", "grants": READ, **values})
    return answer["createApiKey"]


def machine(stack: Stack, secret: str) -> Client:
    return Client(stack.http, stack.socket_url, secret)


async def code_of(client: Client, document: str = ASK) -> str:
    with pytest.raises(GraphQLFailedError) as failed:
        await client.ask(document)
    return failed.value.code


async def test_a_key_is_shown_once_and_does_what_it_was_granted(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    created = await made(admin)
    secret, key = created["secret"], created["apiKey"]
    assert secret.startswith(f"{key['prefix']}_")
    assert key["prefix"].startswith("parley_")
    assert (key["name"], key["grants"], key["createdBy"]) == ("Till", READ, {"name": "Person 4"})
    assert (await machine(stack, secret).ask(ASK))["viewer"]["kind"] == "API_KEY"
    assert await code_of(machine(stack, secret), KEYS) == "FORBIDDEN"
    listed = (await admin.ask(KEYS))["apiKeys"]["nodes"]
    assert [one["id"] for one in listed] == [key["id"]]
    assert secret not in json.dumps(listed)


async def test_neither_the_rows_nor_the_journal_hold_the_key(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    secret = (await made(stack.client(company.admin)))["secret"]
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        rows = (await connection.execute(text("SELECT api_key::text FROM api_key"))).scalars().all()
        told = (await connection.execute(text("SELECT event::text FROM event"))).scalars().all()
    await database.close()
    assert len(rows) == 1
    assert any("ApiKeyCreated" in event for event in told)
    assert [each for each in [*rows, *told] if secret.rpartition("_")[2] in each] == []


async def test_a_repeated_request_makes_no_second_key_and_shows_no_secret(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    first = await made(admin, idempotencyKey="once")
    again = await made(admin, idempotencyKey="once")
    assert first["secret"]
    assert again == first | {"secret": None}
    assert len((await admin.ask(KEYS))["apiKeys"]["nodes"]) == 1
    other = await made(admin, idempotencyKey="once", name="Other")
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_requests_at_one_moment_with_one_idempotency_key_get_one_secret(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    answers = await asyncio.gather(*(made(admin, idempotencyKey="once") for _ in range(8)))
    assert len([one for one in answers if one["secret"]]) == 1
    assert len({one["apiKey"]["id"] for one in answers}) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"grants": []},
        {"grants": [{"permission": "READ_CONVERSATIONS", "scope": "TEAM"}]},
        {"grants": [{"permission": "START_CONVERSATIONS", "scope": "ALL"}]},
        {"grants": [*READ, *READ]},
        {"expiresAt": "2020-01-01T00:00:00Z"},
        {"expiresAt": "2120-01-01T00:00:00Z"},
        {"expiresAt": "2027-01-01T00:00:00"},
        {"costCapacity": 0},
        {"costCapacity": 2_000_000_000},
        {"costPerSecond": -1},
    ],
)
async def test_values_that_cannot_be_used(stack: Stack, company: Company, values: dict[str, Any]) -> None:
    admin = stack.client(company.admin)
    assert (await made(admin, **values))["code"] == "INVALID_INPUT"
    assert (await admin.ask(KEYS))["apiKeys"]["nodes"] == []


async def test_nobody_gives_a_key_more_than_they_have(stack: Stack, company: Company, fresh_database_url: str) -> None:
    everywhere = (Permission.MANAGE_API_KEYS, Permission.READ_AGENTS)
    grants = dict.fromkeys(everywhere, Scope.ALL) | {Permission.READ_CONVERSATIONS: Scope.TEAM}
    keeper = stack.client(await hired(fresh_database_url, company, grants))
    assert (await made(keeper))["code"] == "FORBIDDEN"
    own = await made(keeper, grants=[{"permission": "MANAGE_API_KEYS", "scope": "ALL"}])
    successor = await made(machine(stack, own["secret"]), grants=[{"permission": "MANAGE_API_KEYS", "scope": "ALL"}])
    assert successor["code"] == "FORBIDDEN"  # a key that got out makes no other
    everything = [{"permission": each.name, "scope": "ALL"} for each in company.admin.grants]
    admin = stack.client(company.admin)
    strongest = machine(stack, (await made(admin, grants=everything))["secret"])
    vouching = await strongest.ask(CREATE_IDENTITY_KEY, input={"name": "Mine", "kind": "HMAC"})
    assert vouching["createIdentityKey"]["code"] == "FORBIDDEN"  # nor one by which it could be any customer


async def test_who_may_not_manage_keys_sees_and_changes_none(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    key = (await made(stack.client(company.admin)))["apiKey"]
    node = "query N($id: ID!) { node(id: $id) { id } }"
    stranger = (await found_company(fresh_database_url)).admin
    for actor in (company.customer, company.agent, stranger):
        client = stack.client(actor)
        assert (await client.ask(node, id=key["id"]))["node"] is None
        answer = await client.ask(REVOKE, input={"apiKeyId": key["id"]})
        assert answer["revokeApiKey"]["code"] == ("NOT_FOUND" if actor is stranger else "FORBIDDEN")
    assert await code_of(stack.client(company.agent), KEYS) == "FORBIDDEN"
    assert (await stack.client(stranger).ask(KEYS))["apiKeys"]["nodes"] == []
    [still] = (await stack.client(company.admin).ask(KEYS))["apiKeys"]["nodes"]
    assert still["revokedAt"] is None


async def test_a_revoked_key_is_refused_and_its_open_socket_closes_within_a_second(
    stack: Stack, company: Company
) -> None:
    admin = stack.client(company.admin)
    created = await made(admin)
    async with connected(stack, created["secret"]) as socket:
        revoked = await admin.ask(REVOKE, input={"apiKeyId": created["apiKey"]["id"], "reason": "It got out."})
        code, seconds = await closed(socket)
    assert (code, seconds < 1) == (4401, True)
    assert revoked["revokeApiKey"]["apiKey"]["revokedAt"]
    assert await code_of(machine(stack, created["secret"])) == "UNAUTHENTICATED"
    again = await admin.ask(REVOKE, input={"apiKeyId": created["apiKey"]["id"]})
    assert again["revokeApiKey"]["apiKey"] == revoked["revokeApiKey"]["apiKey"]


async def test_a_key_ends_by_itself(stack: Stack, company: Company) -> None:
    created = await made(stack.client(company.admin), expiresAt=(now() + timedelta(seconds=1)).isoformat())
    client = machine(stack, created["secret"])
    await client.ask(ASK)
    await asyncio.sleep(1)
    assert await code_of(client) == "UNAUTHENTICATED"


async def test_a_key_outlives_whoever_made_it(stack: Stack, company: Company, fresh_database_url: str) -> None:
    secret = (await made(stack.client(company.admin)))["secret"]
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        await connection.execute(update(agents).where(agents.c.id == company.admin.id).values(suspended_at=now()))
        await connection.commit()
    await database.close()
    assert (await machine(stack, secret).ask(ASK))["viewer"]["kind"] == "API_KEY"


async def test_a_key_costs_no_more_than_it_may(stack: Stack, company: Company) -> None:
    client = machine(stack, (await made(stack.client(company.admin), costCapacity=30, costPerSecond=1))["secret"])
    codes = []
    for _ in range(12):
        try:
            await client.ask(ASK)
        except GraphQLFailedError as failed:
            codes.append(failed.code)
    assert codes
    assert "RATE_LIMITED" in codes or "COST_LIMITED" in codes, codes


async def test_the_last_use_of_a_key_is_seen_within_seconds(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    created = await made(admin)
    assert created["apiKey"]["lastUsedAt"] is None
    used = now()
    await machine(stack, created["secret"]).ask(ASK)
    async with asyncio.timeout(2 * NOTED_EVERY):
        while (seen := (await admin.ask(KEYS))["apiKeys"]["nodes"][0]["lastUsedAt"]) is None:
            await asyncio.sleep(0.2)
    assert used <= datetime.fromisoformat(seen) <= now()


async def test_the_last_use_is_written_at_most_once_a_minute(company: Company, fresh_database_url: str) -> None:
    database = Database(fresh_database_url, pool_size=1)
    standings = Standings(database, now)
    uses, at, key = KeyUses(database, standings), now(), company.id
    await _stored_key(database, company, key)
    seen = []
    for later in (0, 59, 60):
        standings.used[key] = at + timedelta(seconds=later)
        await uses.note()
        async with database.tenant(company.id) as connection:
            seen.append(await connection.scalar(select(api_keys.c.last_used_at)))
    await database.close()
    assert seen == [at, at, at + timedelta(seconds=60)]
    assert standings.used == {}


async def _stored_key(database: Database, company: Company, key: Any) -> None:
    async with database.tenant(company.id) as connection:
        row = {"id": key, "organization_id": company.id, "name": "x", "prefix": "x", "hash": b"x", "grants": {}}
        more = {"created_by": "system", "cost_capacity": 1, "cost_per_second": 1, "created_at": now()}
        await connection.execute(api_keys.insert(), row | more)
        await connection.commit()
