"""What the guides show is what the API does: their GraphQL runs here."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from graphql import parse, validate

from resolvers.root import schema
from tests.documents import command
from tests.stack import Client, Company, Stack, found_company, running, scripted

ROOT = Path(__file__).parent.parent
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def documents(guide: Path) -> list[str]:
    return re.findall(r"```graphql\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_documents_of_the_guides_are_valid(guide: Path) -> None:
    for document in documents(guide):
        assert validate(schema._schema, parse(document)) == [], document


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_links_of_the_guides_lead_somewhere(guide: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", guide.read_text(encoding="utf-8"))
    assert [target for target in targets if not (guide.parent / target).exists()] == []


def test_commands_of_the_readme_exist() -> None:
    text = GUIDES[0].read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}:" in makefile for target in re.findall(r"^make (\w+)", text, re.MULTILINE))
    assert all((ROOT / "bench" / f"{name}.py").exists() for name in re.findall(r"-m bench\.(\w+)", text))


@pytest.fixture
async def stack(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    async with running(fresh_database_url, redis_url, scripted("Forty-five days.")) as started:
        yield started


async def test_the_readmes_story_happens(stack: Stack, fresh_database_url: str) -> None:
    company: Company = await found_company(fresh_database_url)
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    ask, watch, inbox, take_over, desk, numbers = documents(GUIDES[0])
    begun = (await customer.ask(ask))["startConversation"]["conversation"]
    assert await _answer(customer, watch, begun["id"]) == "Forty-five days."
    waiting = (await agent.ask(inbox))["conversations"]["nodes"]
    assert [one["id"] for one in waiting] == [begun["id"]]
    await customer.ask(command("requestHandoff"), id=begun["id"])
    [queued] = (await agent.ask(desk))["queue"]["nodes"]
    assert queued["reasonsNobodyFits"] == ["NOBODY_ONLINE"]
    taken = (await agent.ask(take_over, id=begun["id"]))["takeOverConversation"]
    assert taken["conversation"]["state"] == "WITH_PERSON"
    assert await _counted(stack.client(company.admin), numbers) == 1


async def _counted(analyst: Client, numbers: str) -> int:
    """How many conversations there were, once all that happened is in the numbers."""
    now = datetime.now(UTC)
    span = {"from": (now - timedelta(days=1)).isoformat(), "to": (now + timedelta(days=1)).isoformat()}
    async with asyncio.timeout(20):
        while True:
            found = (await analyst.ask(numbers, **span))["analytics"]
            if not found["freshness"]["eventsBehind"]:
                return sum(found["columns"][2]["values"])
            await asyncio.sleep(0.2)


async def _answer(customer: Client, watch: str, conversation: str) -> str:
    async with asyncio.timeout(20):
        async for data in customer.watch(watch, id=conversation, after="WyIwIl0"):
            event = data["conversationChanged"]
            if event["__typename"] == "AnswerCompleted":
                return str(event["message"]["text"])
    raise AssertionError("the stream ended without an answer")
