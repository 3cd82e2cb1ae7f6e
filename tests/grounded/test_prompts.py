"""Versions of the prompt by the API: written, published, published again, and guarded by a gate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from domain.base import Actor, NotFoundError
from domain.prompt.content import DEFAULT, PromptContent
from domain.prompt.prompt import GateFailedError, Prompts
from infra.bootstrap import new_id, now
from infra.database import Database
from infra.live.signals import Sender
from infra.prompts.stored import SqlPromptVersions
from infra.unit_of_work import SqlUnits
from tests.stack import Client, Company, Stack, found_company, running, scripted
from tests.test_readme import documents

GUIDE = Path(__file__).parents[2] / "docs" / "prompts.md"
FIELDS = """
number note instructions tone languages forbiddenTopics model temperature mostTokens leastSupport isPublished createdAt
creator { name }
"""
CREATE = f"""
mutation Create($input: CreatePromptVersionInput!) {{
  createPromptVersion(input: $input) {{
    ... on CreatePromptVersionSuccess {{ promptVersion {{ id {FIELDS} }} }}
    ... on Error {{ code message }}
    ... on InvalidInputError {{ fields {{ path }} }}
  }}
}}"""
PUBLISH = """
mutation Publish($input: PublishPromptVersionInput!) {
  publishPromptVersion(input: $input) {
    ... on PublishPromptVersionSuccess { promptVersion { number isPublished } }
    ... on GateFailedError { suiteRun { id } }
    ... on Error { code message }
  }
}"""
VERSIONS = """
query Versions($first: Int, $after: String) {
  promptVersions(first: $first, after: $after) {
    edges { node { number isPublished } } pageInfo { hasNextPage endCursor }
  }
}"""
PUBLISHED = f"{{ publishedPromptVersion {{ id {FIELDS} }} }}"
AUDIT = "{ auditLog(first: 10) { edges { node { kind facts reason } } } }"


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def serving(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    async with running(database_url, valkey_url, scripted("Hello."), with_worker=False) as stack:
        yield stack


async def create(client: Client, **values: Any) -> Any:
    return (await client.ask(CREATE, input=values))["createPromptVersion"]


async def publish(client: Client, number: int, **values: Any) -> Any:
    return (await client.ask(PUBLISH, input={"number": number, **values}))["publishPromptVersion"]


async def test_versions_are_written_published_and_published_again(serving: Stack, company: Company) -> None:
    admin = serving.client(company.admin)
    own = (await admin.ask(PUBLISHED))["publishedPromptVersion"]
    assert (own["number"], own["tone"], own["isPublished"], own["createdAt"]) == (0, DEFAULT.tone, True, None)
    first = (await create(admin, instructions="Mention the club.", languages=["de"], forbiddenTopics=["politics"]))[
        "promptVersion"
    ]
    assert (first["number"], first["isPublished"], first["languages"]) == (1, False, ["de"])
    assert first["creator"]["name"].startswith("Person")
    second = (await create(admin, tone="Formal.", temperature=0.5, leastSupport=0.8, note="Stricter"))["promptVersion"]
    assert (second["number"], second["leastSupport"], second["note"]) == (2, 0.8, "Stricter")
    assert (await publish(admin, 2))["promptVersion"] == {"number": 2, "isPublished": True}
    assert (await publish(admin, 1))["promptVersion"] == {"number": 1, "isPublished": True}
    assert (await admin.ask(PUBLISHED))["publishedPromptVersion"]["instructions"] == "Mention the club."
    page = (await admin.ask(VERSIONS, first=1))["promptVersions"]
    assert [edge["node"]["number"] for edge in page["edges"]] == [2]
    rest = (await admin.ask(VERSIONS, first=5, after=page["pageInfo"]["endCursor"]))["promptVersions"]
    assert [edge["node"] for edge in rest["edges"]] == [{"number": 1, "isPublished": True}]
    for version in (own, second):
        query = f"query Found($id: ID!) {{ node(id: $id) {{ ... on PromptVersion {{ {FIELDS} }} }} }}"
        assert (await admin.ask(query, id=version["id"]))["node"]["number"] == version["number"]
    assert (await publish(admin, 0))["promptVersion"] == {"number": 0, "isPublished": True}
    log = [edge["node"] for edge in (await admin.ask(AUDIT))["auditLog"]["edges"]]
    told = [(entry["kind"], entry["facts"]["number"]) for entry in log if entry["kind"].startswith("Prompt")]
    assert told == [
        ("PromptPublished", 0),
        ("PromptPublished", 1),
        ("PromptPublished", 2),
        ("PromptVersionCreated", 2),
        ("PromptVersionCreated", 1),
    ]


async def test_the_guides_version_is_written_and_published(serving: Stack, company: Company) -> None:
    admin = serving.client(company.admin)
    write, put_out = documents(GUIDE)
    number = (await admin.ask(write))["createPromptVersion"]["promptVersion"]["number"]
    published = (await admin.ask(put_out, number=number))["publishPromptVersion"]["promptVersion"]
    assert published == {"number": number, "isPublished": True}


async def test_what_is_past_a_limit_is_refused_by_its_field(serving: Stack, company: Company) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("input.instructions", {"instructions": "x" * 8_001}),
        ("input.tone", {"tone": "a\x00b"}),
        ("input.languages.0", {"languages": ["german"]}),
        ("input.forbiddenTopics.0", {"forbiddenTopics": [" "]}),
        ("input.forbiddenTopics", {"forbiddenTopics": ["x"] * 51}),
        ("input.model", {"model": "gpt-nobody"}),
        ("input.temperature", {"temperature": 2.1}),
        ("input.mostTokens", {"mostTokens": 0}),
        ("input.leastSupport", {"leastSupport": 1.5}),
        ("input.note", {"note": "x" * 201}),
    ]
    admin = serving.client(company.admin)
    for path, values in wrong:
        refused = await create(admin, **values)
        assert (refused["code"], refused["fields"]) == ("INVALID_INPUT", [{"path": path}])


async def test_agents_read_prompts_and_managers_change_them(serving: Stack, company: Company) -> None:
    agent, customer = serving.client(company.agent), serving.client(company.customer)
    assert (await agent.ask(PUBLISHED))["publishedPromptVersion"]["number"] == 0
    assert (await create(agent, tone="Rude."))["code"] == "FORBIDDEN"
    assert (await publish(agent, 0))["code"] == "FORBIDDEN"
    with pytest.raises(Exception, match="FORBIDDEN"):
        await customer.ask(PUBLISHED)
    assert (await publish(serving.client(company.admin), 7))["code"] == "NOT_FOUND"


async def test_a_repeated_request_is_the_same_version(serving: Stack, company: Company) -> None:
    admin = serving.client(company.admin)
    made = [await create(admin, tone="Warm.", idempotencyKey="once") for _ in range(2)]
    assert made[0] == made[1]
    assert (await create(admin, tone="Cold.", idempotencyKey="once"))["code"] == "IDEMPOTENCY_KEY_REUSED"


class Closed:
    """A gate that lets nothing pass."""

    async def check(self, actor: Actor, number: int) -> None:
        raise GateFailedError("Two cases broke.")


async def test_a_gate_holds_a_version_back_until_somebody_says_why_not(
    database_url: str, valkey_url: str, company: Company
) -> None:
    database = Database(database_url, pool_size=2)
    versions = SqlPromptVersions(database.tenant)
    prompts = Prompts(SqlUnits(database, Sender(Redis.from_url(valkey_url)), now), new_id, (), Closed())
    await prompts.create(company.admin, PromptContent(tone="Bold."))
    with pytest.raises(GateFailedError):
        await prompts.publish(company.admin, 1)
    assert await versions.published(company.id) == 0
    await prompts.publish(company.admin, 1, override_reason="The cases are wrong.")
    assert (await versions(company.id)).content.tone == "Bold."
    assert (await versions(company.id, 0)).content == DEFAULT
    with pytest.raises(NotFoundError):
        await versions(company.id, 9)
    await database.close()
