"""Logins by the API, with no more than an analyst's key; and Grafana's Infinity source as it asks."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import jsonata
import pytest
from sqlalchemy import insert

from domain.account.permission import Permission, Scope
from infra import bootstrap
from infra.analytics.rolling import SqlRollups
from infra.analytics.rows import due
from infra.database import Database
from tests.bi.test_tools import ROOT
from tests.exports.golden import BEGAN, GOLDEN, golden, put
from tests.learning.test_api import do
from tests.security.rows import superuser
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted
from tests.test_readme import documents

README = ROOT / "docs" / "bi" / "README.md"
LOGIN = "password sqlLogin { id user name revokedAt } door { host port database statementSeconds connections }"
LIST = "{ sqlLogins { id name revokedAt whyRevoked } sqlDoor { port } }"


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    async with running(database_url, valkey_url, scripted("Yes.")) as started:
        yield started


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture
async def key(stack: Stack, company: Company) -> Client:
    """A program with what an analyst may do about numbers, and nothing else."""
    async with bootstrap.parts(stack.settings) as parts:
        issued = await parts.access.api_keys.create(company.admin, "BI", {Permission.READ_ANALYTICS: Scope.ALL})
    return Client(stack.http, stack.socket_url, issued.secret)


async def test_a_login_is_made_shown_once_used_and_revoked(
    key: Client, company: Company, database_url: str, stack: Stack
) -> None:
    await put(database_url, "conversation", golden(company.id))
    made = await do(key, "createSqlLogin", LOGIN, name="Metabase", idempotencyKey="one")
    door, login = made["door"], made["sqlLogin"]
    repeated = await do(key, "createSqlLogin", LOGIN, name="Metabase", idempotencyKey="one")
    assert (repeated["password"], repeated["sqlLogin"]["id"]) == (None, login["id"])
    address = {"host": door["host"], "port": door["port"], "database": door["database"], "user": login["user"]}
    session = await asyncpg.connect(password=made["password"], **address)
    assert await session.fetchval("SELECT count(*) FROM conversations") == len(GOLDEN)
    await session.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(password="guessed", **address)
    await do(key, "revokeSqlLogin", "sqlLogin { revokedAt }", sqlLoginId=login["id"], reason="Not used.")
    with pytest.raises((asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError)):
        await asyncpg.connect(password=made["password"], **address)
    [listed] = (await key.ask(LIST))["sqlLogins"]
    assert (listed["name"], listed["whyRevoked"]) == ("Metabase", None) and listed["revokedAt"]
    audit = "{ auditLog(first: 10) { nodes { kind } } }"
    kinds = {one["kind"] for one in (await stack.client(company.admin).ask(audit))["auditLog"]["nodes"]}
    assert {"SqlLoginCreated", "SqlLoginRevoked"} <= kinds


async def test_logins_are_for_those_who_ask_for_numbers(stack: Stack, company: Company) -> None:
    agent = stack.client(company.agent)
    refused = await do(agent, "createSqlLogin", LOGIN, name="Mine")
    assert refused["__typename"] == "ForbiddenError"
    with pytest.raises(GraphQLFailedError):
        await agent.ask(LIST)
    named = await do(stack.client(company.admin), "createSqlLogin", LOGIN, name=" ")
    assert named["fields"][0]["path"] == "input.name"


async def test_the_guides_documents_do_what_they_say(key: Client, company: Company, database_url: str) -> None:
    await put(database_url, "conversation", golden(company.id))
    login, export, progress, exports = documents(README)
    assert (await key.ask(login, name="Grafana"))["createSqlLogin"]["password"]
    begun = (await key.ask(export, **{"from": BEGAN.isoformat(), "to": None}))["createExport"]["export"]
    told = [one["exportChanged"] async for one in key.watch(progress, id=begun["id"], after=begun["cursor"])]
    assert told[-1]["__typename"] == "ExportFinished" and told[-1]["export"]["url"]
    [listed] = (await key.ask(exports))["exports"]["nodes"]
    assert (listed["state"], listed["rows"]) == ("DONE", len(GOLDEN))


async def test_infinity_gets_rows(key: Client, company: Company, database_url: str, stack: Stack) -> None:
    await put(database_url, "conversation", golden(company.id))
    await rolled_up(database_url, company)
    text = (ROOT / "docs" / "bi" / "grafana.md").read_text(encoding="utf-8")
    panel: dict[str, Any] = json.loads(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    asked = panel["url_options"]
    variables = asked["body_graphql_variables"]
    for macro, at in (("from", BEGAN - timedelta(hours=1)), ("to", BEGAN + timedelta(days=1))):
        variables = variables.replace(f"${{__{macro}:date:iso}}", at.isoformat())
    answer = {"data": await key.ask(asked["body_graphql_query"], **json.loads(variables))}
    rows = [dict(row) for row in jsonata.Jsonata(panel["root_selector"]).evaluate(answer)]
    assert {one["selector"] for one in panel["columns"]} == rows[0].keys()
    [first, *rest] = rows
    assert (str(first["time"])[:10], first["conversations"]) == ("2026-03-01", 4)
    assert first["seconds"] == pytest.approx(120, rel=0.02) and all(not row["conversations"] for row in rest)


async def rolled_up(database_url: str, company: Company) -> None:
    """Roll the hours of the golden conversations up, as a worker does after it has folded them."""
    engine = superuser(database_url)
    hour = BEGAN.replace(minute=0)
    rows = [
        {"organization_id": company.id, "fact": "conversation", "hour": hour + timedelta(hours=number)}
        for number in range(len(GOLDEN))
    ]
    async with engine.begin() as connection:
        await connection.execute(insert(due), rows)
    await engine.dispose()
    database = Database(database_url, pool_size=1)
    while await SqlRollups(database).roll():
        pass
    await database.close()
