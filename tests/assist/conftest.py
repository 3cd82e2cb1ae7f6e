"""Parley as a whole, with a language model on loopback, and what a shop knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.knowledge.content import content_of
from domain.knowledge.events import Audience
from infra import bootstrap
from tests.documents import START
from tests.models.faults import models_at
from tests.models.server import ModelServer
from tests.stack import Client, Company, Stack, found_company, running

ARTICLES = {
    "Returns": ("You can return any coat within 45 days. The coat must be unworn.", Audience.EVERYONE),
    "Repairs": ("We repair coats for €18 within two weeks.", Audience.EVERYONE),
    "Goodwill": ("Agents may waive the repair fee of loyal customers with the code HERON-42.", Audience.INTERNAL),
}
KEPT = """
query Kept($id: ID!) {
  conversation(id: $id) {
    messageCount
    summary { text isCurrent madeBy madeAt }
    classification { topic language sentiment urgency confidence madeBy madeAt }
  }
}"""


async def furnished(stack: Stack, company: Company) -> None:
    """The articles, published and read."""
    async with bootstrap.parts(stack.settings) as parts:
        source = await parts.knowledge.sources.create(company.admin, "Help")
        for title, (body, audience) in ARTICLES.items():
            content = content_of(title, body, audience=audience)
            made = await parts.knowledge.articles.create(company.admin, source.id, content)
            await parts.knowledge.articles.publish(company.admin, made.id)
            await parts.reading.indexing.index(company.id, made.id)


@pytest.fixture(scope="module")
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def modelled(
    database_url: str, valkey_url: str, _model_server: ModelServer, company: Company
) -> AsyncIterator[Stack]:
    """Server and worker that ask the models `first` and `second`."""
    models = models_at(_model_server)
    names = ("first", "second")
    async with running(database_url, valkey_url, None, ai_provider=names, models=models) as started:
        await furnished(started, company)
        yield started


@pytest.fixture(scope="module")
async def local(database_url: str, valkey_url: str, company: Company, modelled: Stack) -> AsyncIterator[Stack]:
    """A server beside it that has no language model."""
    async with running(database_url, valkey_url, None, with_worker=False) as started:
        yield started


async def begun(client: Client, text: str) -> str:
    """The id of a conversation that begins with a text."""
    return str((await client.ask(START, text=text))["startConversation"]["conversation"]["id"])


async def kept(client: Client, conversation: str, part: str, *, until: Any = bool) -> Any:
    """A part of what is kept of a conversation, once it is there, and as wanted."""
    async with asyncio.timeout(15):
        while True:
            found = (await client.ask(KEPT, id=conversation))["conversation"][part]
            if found and until(found):
                return found
            await asyncio.sleep(0.05)


async def told(client: Client, document: str, field: str, **variables: Any) -> list[Any]:
    """Everything that a subscription tells up to its end."""
    async with asyncio.timeout(15):
        return [data[field] async for data in client.watch(document, **variables)]
