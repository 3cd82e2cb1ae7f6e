"""The organization itself over the public API: its name, its settings, and what suspending it does."""

import asyncio
import os
import sys
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from domain.account.permission import Permission, Scope
from infra.accounts.rows import identity_providers
from infra.bootstrap import new_id, now
from tests.documents import INBOX
from tests.hiring import hired
from tests.resolvers.test_agents import executed, outcome, refusal
from tests.resolvers.test_knowledge import mutation
from tests.stack import SECRET, Company, GraphQLFailedError, Stack, found_company

SETTINGS = """settings {
  assistant { enabled threshold } languages visitors allowedOrigins
  businessHours { zone week { day opens closes } holidays } signIn { password }
}"""
ORGANIZATION = f"{{ organization {{ id name slug {SETTINGS} }} }}"
RENAME = mutation("changeOrganization", "organization { name slug }")
CHANGE = mutation("changeSettings", f"organization {{ {SETTINGS} }}")
EVERYTHING: dict[str, Any] = {
    "assistant": {"enabled": False, "threshold": 0.6},
    "languages": ["en", "pt-BR"],
    "visitors": False,
    "allowedOrigins": ["https://shop.example"],
    "businessHours": {
        "zone": "Europe/Lisbon",
        "week": [{"day": "MONDAY", "opens": "09:00", "closes": "17:30"}],
        "holidays": ["2026-12-25"],
    },
    "signIn": {"password": True},
}


async def test_an_organization_is_seen_and_renamed(stack: Stack, company: Company, fresh_database_url: str) -> None:
    admin = stack.client(company.admin)
    seen = (await admin.ask(ORGANIZATION))["organization"]
    assert (seen["name"], seen["slug"]) == ("Test", str(company.id))
    renamed = await admin.ask(RENAME, input={"name": "Rain & Co."})
    assert renamed["changeOrganization"]["organization"] == {"name": "Rain & Co.", "slug": str(company.id)}
    assert outcome(await admin.ask(RENAME, input={"name": ""})) == "INVALID_INPUT"
    assert outcome(await stack.client(company.agent).ask(RENAME, input={"name": "Mine"})) == "FORBIDDEN"
    for nobody_special in (company.agent, company.customer):
        seen = (await stack.client(nobody_special).ask(ORGANIZATION))["organization"]
        assert (seen["name"], seen["settings"]) == ("Rain & Co.", None)
    with pytest.raises(GraphQLFailedError) as caught:
        await stack.client(None).ask(ORGANIZATION)
    assert caught.value.code == "UNAUTHENTICATED"


async def test_settings_are_decided_part_by_part(stack: Stack, company: Company, fresh_database_url: str) -> None:
    admin, stranger = stack.client(company.admin), await found_company(fresh_database_url)
    before = (await admin.ask(ORGANIZATION))["organization"]["settings"]
    assert (before["assistant"], before["businessHours"]) == ({"enabled": True, "threshold": None}, None)
    decided = (await admin.ask(CHANGE, input=EVERYTHING | {"reason": "Set up."}))["changeSettings"]
    assert decided["organization"]["settings"] == EVERYTHING
    one = (await admin.ask(CHANGE, input={"visitors": True}))["changeSettings"]["organization"]["settings"]
    assert one == EVERYTHING | {"visitors": True}
    told = text("SELECT payload->'changed' AS changed, payload->>'reason' AS reason, audited FROM event ORDER BY id")
    assert [tuple(row) for row in await executed(fresh_database_url, company, told)] == [
        (["assistant", "languages", "business_hours", "sign_in", "visitors", "allowed_origins"], "Set up.", True),
        (["visitors"], None, True),
    ]
    theirs = (await stack.client(stranger.admin).ask(ORGANIZATION))["organization"]["settings"]
    assert theirs == before


async def test_what_cannot_be_decided_is_named(stack: Stack, company: Company) -> None:
    wrong = {"languages": ["English"], "allowedOrigins": ["*"], "assistant": {"enabled": True, "threshold": 2}}
    refused = (await stack.client(company.admin).ask(CHANGE, input=wrong))["changeSettings"]
    assert [problem["path"] for problem in refused["fields"]] == [
        "input.assistant.threshold",
        "input.languages.0",
        "input.allowedOrigins.0",
    ]
    assert outcome(await stack.client(company.agent).ask(CHANGE, input={"visitors": False})) == "FORBIDDEN"


async def test_the_ways_in_need_their_own_permission_and_one_stays(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    manager = await hired(fresh_database_url, company, {Permission.MANAGE_ORGANIZATION: Scope.ALL})
    no_passwords = {"signIn": {"password": False}}
    assert outcome(await stack.client(manager).ask(CHANGE, input=no_passwords)) == "FORBIDDEN"
    admin = stack.client(company.admin)
    assert outcome(await admin.ask(CHANGE, input=no_passwords)) == "INVALID_STATE"
    provider = {
        "id": new_id(),
        "organization_id": company.id,
        "name": "Ours",
        "issuer": "https://id.example",
        "client_id": "parley",
        "client_secret": b"sealed",
        "enabled": False,
        "created_at": now(),
    }
    await executed(fresh_database_url, company, insert(identity_providers).values(provider))
    assert outcome(await admin.ask(CHANGE, input=no_passwords)) == "INVALID_STATE"
    await executed(fresh_database_url, company, update(identity_providers).values(enabled=True))
    assert outcome(await admin.ask(CHANGE, input=no_passwords)) == "ChangeSettingsSuccess"


async def parley(database_url: str, redis_url: str, *arguments: str) -> tuple[int | None, str]:
    """Exit code and output of a command line."""
    environment = os.environ | {
        "PARLEY_DATABASE_URL": database_url.replace("+asyncpg", ""),
        "PARLEY_REDIS_URL": redis_url,
        "PARLEY_SECRET_KEY": SECRET,
        "COLUMNS": "200",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "infra.cli", "organization", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_a_suspended_organization_is_closed_until_it_is_resumed(
    stack: Stack, company: Company, fresh_database_url: str, redis_url: str
) -> None:
    other = await found_company(fresh_database_url)
    everybody = [stack.client(one) for one in (company.admin, company.agent, company.customer)]
    assert [await refusal(one) for one in everybody] == [None] * 3
    feed = stack.client(company.agent).watch(INBOX)
    watching = asyncio.create_task(anext(feed, None))
    await asyncio.sleep(0.3)
    code, said = await parley(
        fresh_database_url, redis_url, "suspend", "--slug", str(company.id), "--reason", "Unpaid bills."
    )
    assert (code, said) == (0, f"{company.id} is suspended.\n")
    began = monotonic()
    with pytest.raises(Exception, match="4403"):
        await asyncio.wait_for(watching, 5)
    assert monotonic() - began < 5  # bench.revocation measures it
    assert [await refusal(one) for one in everybody] == ["FORBIDDEN"] * 3
    assert await refusal(stack.client(other.agent)) is None
    assert (await parley(fresh_database_url, redis_url, "resume", "--slug", str(company.id)))[0] == 0
    async with asyncio.timeout(2):
        while await refusal(everybody[0]):
            await asyncio.sleep(0.05)
    assert [await refusal(one) for one in everybody] == [None] * 3
    told = text("SELECT kind, actor, payload->>'reason' AS reason FROM event WHERE audited ORDER BY id")
    system = f"system:{company.id}"
    assert [tuple(row) for row in await executed(fresh_database_url, company, told)] == [
        ("OrganizationSuspended", system, "Unpaid bills."),
        ("OrganizationResumed", system, None),
    ]


async def test_an_organization_that_is_not_there_is_said_to_be(fresh_database_url: str, redis_url: str) -> None:
    code, said = await parley(fresh_database_url, redis_url, "suspend", "--slug", "nobody")
    assert (code, said) == (1, "There is no organization with the slug 'nobody'.\n")


async def test_parts_that_are_decided_at_once_all_hold(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    parts: list[dict[str, Any]] = [{name: EVERYTHING[name]} for name in ("visitors", "languages", "allowedOrigins")]
    answers = await asyncio.gather(*(admin.ask(CHANGE, input=part) for part in parts))
    assert {outcome(answer) for answer in answers} == {"ChangeSettingsSuccess"}
    settings = (await admin.ask(ORGANIZATION))["organization"]["settings"]
    assert {name: settings[name] for part in parts for name in part} == {
        k: v for part in parts for k, v in part.items()
    }
