"""Parley as a whole, for a company whose people have promised something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.assistant import Handoff, HandoffReason, ScriptedAssistant
from domain.base import Event
from infra import bootstrap
from infra.rows import events, jobs
from infra.storage.codec import recorded
from schema.base import parse_id
from tests.documents import SEND, START, command
from tests.stack import Client, Company, Stack, found_company, running
from workers.desk.following import FOLLOWERS

MOST_SECONDS = 40.0
JOBS = ("answer_question", *FOLLOWERS)


def inner(identity: str) -> UUID:
    """What an id of the API has inside."""
    return UUID(parse_id(identity, "id")[1])


@dataclass
class Shop:
    """A company, its people, and what they do."""

    stack: Stack
    parts: bootstrap.Parts
    company: Company

    @property
    def customer(self) -> Client:
        return self.stack.client(self.company.customer)

    @property
    def agent(self) -> Client:
        return self.stack.client(self.company.agent)

    @property
    def admin(self) -> Client:
        return self.stack.client(self.company.admin)

    async def asked(self, words: str = "I want a person, please.") -> str:
        """A new conversation, which waits for a person since the assistant hands everything over."""
        made = await self.customer.ask(START, text=words)
        identity: str = made["startConversation"]["conversation"]["id"]
        await self.until(lambda: self.told(identity, "HandoffRequested"))
        return identity

    async def say(self, client: Client, conversation: str, words: str) -> None:
        await self.done(client.ask(SEND, id=conversation, text=words))

    async def do(self, client: Client, name: str, conversation: str) -> None:
        await self.done(client.ask(command(name), id=conversation))

    async def done(self, asked: Awaitable[Any]) -> Any:
        """What came of a mutation, which must be a success."""
        (answer,) = (await asked).values()
        assert answer["__typename"].endswith("Success"), answer
        return answer

    async def told(self, conversation: str, *kinds: str) -> list[Event]:
        """The events of a conversation, of some kinds."""
        stream = f"conversation:{inner(conversation)}"
        wanted = select(events).where(events.c.stream == stream).order_by(events.c.version)
        async with self.parts.database.tenant(self.company.id) as connection:
            found = [recorded(row._mapping).event for row in await connection.execute(wanted)]
        return [event for event in found if not kinds or event.kind in kinds]

    async def until(self, found: Callable[[], Awaitable[Any]]) -> Any:
        """What is found, once there is something."""
        async with asyncio.timeout(MOST_SECONDS):
            while not (something := await found()):
                await asyncio.sleep(0.05)
        return something

    async def idle(self) -> None:
        """Return when all events of the shop are delivered, and all jobs about levels and rules are done."""
        await self.until(self._is_idle)

    async def _is_idle(self) -> bool:
        e, j = events.c, jobs.c
        undelivered = select(e.id).where(e.organization_id == self.company.id, e.delivered_position.is_(None))
        mine = (j.organization_id == self.company.id) & j.name.in_(JOBS) & (j.state != "dead")
        async with self.parts.database.relay() as connection:
            left = await connection.execute(undelivered.union_all(select(j.id).where(mine)))
        return not left.all()


def handing_over() -> ScriptedAssistant:
    """An assistant that hands every question over."""
    return ScriptedAssistant([Handoff(HandoffReason.CUSTOMER_ASKED, "They want a person.", "Somebody will answer.")])


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[tuple[Stack, bootstrap.Parts]]:
    """A server and its parts, on the database of the module, without a worker."""
    async with (
        running(database_url, valkey_url, handing_over(), with_worker=False, ai_provider="scripted") as made,
        bootstrap.parts(made.settings) as parts,
    ):
        yield made, parts


@pytest.fixture
async def shop(database_url: str, stack: tuple[Stack, bootstrap.Parts]) -> Shop:
    """A shop for one test."""
    return Shop(*stack, await found_company(database_url))
