"""An organization with tools, beside a shop that they call."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis
from sqlalchemy import select, update

from domain.account.permission import CUSTOMER, everything
from domain.assistant import Question, ToolResult
from domain.base import Actor, ActorKind, Event
from domain.conversation.service import Conversations
from domain.login.mail import Mail
from domain.model import ToolCall
from domain.tool.events import ToolKind
from domain.tool.service import Secrets
from domain.tool.tool import Definition, Method
from infra.bootstrap import new_id, now
from infra.database import Database
from infra.identity.sealing import Sealer
from infra.live.replies import RedisReplies
from infra.live.signals import Sender
from infra.rows import customers, events
from infra.storage.codec import recorded
from infra.tools.composition import ToolParts, tool_parts
from infra.tools.rows import tool_calls
from infra.tools.sealing import ToolSeals
from infra.unit_of_work import SqlUnits
from tests.stack import SECRET, Company, found_company, settings_for
from tests.tools.shop import Shop, open_shop

ORDER = {"type": "object", "properties": {"order": {"type": "string", "maxLength": 20}}, "required": ["order"]}


@dataclass
class Mailbox:
    """Where mail ends in these tests."""

    mails: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)


@dataclass
class Desk:
    """One organization, with what its assistant may do; `ahead` moves the clock."""

    company: Company
    database: Database
    units: SqlUnits
    shop: Shop
    parts: ToolParts
    mailbox: Mailbox
    conversation_id: UUID
    message_id: UUID
    ahead: timedelta = timedelta(0)

    def clock(self) -> datetime:
        return now() + self.ahead

    @property
    def owner(self) -> Actor:
        """Who may do everything; the system, since nobody here has a role of their own."""
        return Actor(ActorKind.SYSTEM, self.company.id, self.company.id, everything())

    @property
    def question(self) -> Question:
        """What the customer of the conversation asks."""
        return Question(
            id=self.message_id,
            organization_id=self.company.id,
            text="Cancel my order, please.",
            conversation_id=self.conversation_id,
            customer_id=self.company.customer.identity,
        )

    async def define(self, name: str, path: str = "/", **values: Any) -> tuple[UUID, str]:
        """A tool of the shop's: its id and its signing key."""
        made = Definition(
            name, name.title(), f"Does {name}.", ORDER, url=self.shop.url + path, method=Method.POST, time_limit=2
        )
        issued = await self.parts.commands.box.create(
            self.owner, replace(made, **values), Secrets("Authorization", "Bearer shop-secret")
        )
        return issued.receipt.id, str(issued.secret)

    async def reading(self, name: str, path: str = "/", **values: Any) -> tuple[UUID, str]:
        """A tool that only reads."""
        return await self.define(name, path, kind=ToolKind.READ, **values)

    async def call(self, name: str, question: Question | None = None, /, **arguments: Any) -> ToolResult:
        """What the model gets for a call."""
        call = ToolCall("1", name, json.dumps(arguments))
        return await self.parts.tools.call(question or self.question, call)

    async def calls(self) -> list[Any]:
        """The rows of all calls, oldest first."""
        wanted = select(tool_calls).order_by(tool_calls.c.created_at)
        async with self.database.tenant(self.company.id) as connection:
            return list((await connection.execute(wanted)).all())

    async def age(self, call_id: UUID) -> None:
        """Let a call's time be up by the database's clock too, which no test moves."""
        async with self.database.tenant(self.company.id) as connection:
            mine = tool_calls.c.id == call_id
            await connection.execute(update(tool_calls).where(mine).values(due_at=now() - timedelta(seconds=1)))
            await connection.commit()

    async def told(self, prefix: str) -> list[Event]:
        """The events of the streams with a prefix, in order."""
        wanted = select(events).where(events.c.stream.startswith(prefix)).order_by(events.c.id)
        async with self.database.tenant(self.company.id) as connection:
            return [recorded(row._mapping).event for row in await connection.execute(wanted)]

    async def vouch(self, customer: Actor | None = None) -> None:
        """Let the organization vouch for its customer."""
        known = {"external_id": f"shop-{uuid4().hex[:8]}", "verified_at": now()}
        mine = customers.c.id == (customer or self.company.customer).identity
        async with self.database.tenant(self.company.id) as connection:
            await connection.execute(update(customers).where(mine).values(known))
            await connection.commit()


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


@pytest.fixture(scope="module")
async def ground(database_url: str, valkey_url: str) -> AsyncIterator[tuple[Database, Redis]]:
    """What the desks of a module share."""
    database, redis = Database(database_url, pool_size=4), Redis.from_url(valkey_url)
    yield database, redis
    await redis.aclose()
    await database.close()


@pytest.fixture
async def desk(ground: tuple[Database, Redis], database_url: str, valkey_url: str, shop: Shop) -> Desk:
    """A new company's desk; its tools may be on this machine."""
    shop.asked.clear()
    shop.done.clear()
    settings = settings_for(database_url, valkey_url, tool_networks=("127.0.0.0/8",))
    database, redis = ground
    company, units = await found_company(database_url), SqlUnits(database, Sender(redis), now)
    customer = replace(company.customer, grants=CUSTOMER)
    begun = await Conversations(units, RedisReplies(redis, frames_per_second=20), new_id).start(customer, "Hello?")
    assert begun.part_id is not None
    mailbox = Mailbox()
    made: Desk

    def clock() -> datetime:
        return made.clock()

    parts = tool_parts(settings, database, units, clock, new_id)
    proofs = replace(parts.commands.proofs, mailer=mailbox)
    parts = ToolParts(replace(parts.tools, proofs=proofs), replace(parts.commands, proofs=proofs))
    made = Desk(company, database, units, shop, parts, mailbox, begun.id, begun.part_id)
    return made


@pytest.fixture
def seals() -> ToolSeals:
    return ToolSeals(Sealer(SECRET))
