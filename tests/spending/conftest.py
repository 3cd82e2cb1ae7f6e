"""An organization whose models cost something, and the ledger that its calls are written in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from domain.account.permission import everything
from domain.base import Actor, ActorKind, Event
from domain.model import ModelMessage, ModelRequest, Purpose, Role
from domain.spending.budget import Amount, Limit, Terms
from domain.spending.events import BudgetScope, Period, Price
from domain.spending.service import Spending
from infra.bootstrap import new_id, now
from infra.database import Database
from infra.live.signals import Sender
from infra.rows import events
from infra.spending.ledger import SqlLedger
from infra.spending.refusals import Refusals
from infra.spending.rows import budget_uses, model_calls
from infra.storage.codec import recorded
from infra.unit_of_work import SqlUnits
from tests.stack import found_company

PRICE = Price(read=1_000_000, written=2_000_000)
"""One micro for a token that is read, two for one that is written."""


@dataclass
class Treasury:
    """One organization with its ledger; `clock` is moved by tests."""

    organization_id: UUID
    database: Database
    redis: Redis
    ledger: SqlLedger
    spending: Spending
    clock: Clock

    @property
    def owner(self) -> Actor:
        """Who may do everything; the system, since nobody here has a role."""
        return Actor(ActorKind.SYSTEM, self.organization_id, self.organization_id, everything())

    async def limit(
        self, *, hard: int | None = None, soft: int | None = None, tokens: int | None = None, **terms: Any
    ) -> UUID:
        """A budget of so many micros; by default of the organization, for a month."""
        whole = {"scope": BudgetScope.ORGANIZATION, "period": Period.MONTH} | terms
        made = Terms(**whole, soft=Limit(soft), hard=Limit(hard, tokens))
        return (await self.spending.set_budget(self.owner, made)).id

    def request(self, text: str = "Hello", **values: Any) -> ModelRequest:
        """A question to a model."""
        asked: dict[str, Any] = {
            "purpose": Purpose.ANSWER,
            "messages": [ModelMessage(Role.USER, text)],
            "most_tokens": 100,
        }
        return ModelRequest(organization_id=self.organization_id, **(asked | values))

    def beside(self) -> SqlLedger:
        """The ledger of another process."""
        return SqlLedger(self.ledger.units, Refusals(self.redis), self.clock, uuid4, self.ledger.prices)

    async def rows(self, statement: Any) -> list[Any]:
        """What a statement finds."""
        async with self.database.tenant(self.organization_id) as connection:
            return list((await connection.execute(statement)).all())

    async def uses(self) -> list[Amount]:
        """What is counted in budgets, one each."""
        return [Amount(row.micros, row.tokens) for row in await self.rows(select(budget_uses))]

    async def calls(self) -> list[Any]:
        """The calls, in their order."""
        return await self.rows(select(model_calls).order_by(model_calls.c.at, model_calls.c.id))

    async def told(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        found = await self.rows(select(events).where(events.c.kind == kind.__name__).order_by(events.c.id))
        return [recorded(row._mapping).event for row in found]


@dataclass
class Clock:
    """The time, until a test moves it."""

    ahead: timedelta = field(default_factory=timedelta)
    at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or now() + self.ahead


Opened = Callable[[str], SqlLedger]


@pytest.fixture
async def treasury(database_url: str, redis_url: str) -> AsyncIterator[Treasury]:
    company = await found_company(database_url)
    database = Database(database_url, pool_size=5)
    redis = Redis.from_url(redis_url)
    clock = Clock()
    units = SqlUnits(database, Sender(redis), clock)
    ledger = SqlLedger(units, Refusals(redis), clock, uuid4, {"scripted": PRICE})
    yield Treasury(company.id, database, redis, ledger, Spending(units, new_id), clock)
    await ledger.flush()
    await redis.aclose()
    await database.close()
