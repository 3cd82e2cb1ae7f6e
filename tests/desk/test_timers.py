"""Timers ring once, late rather than never, and not when they were cancelled."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from domain.base import Actor, ActorKind, Event, system_of
from domain.ports import Receipt
from infra import bootstrap
from infra.desk.rows import timers
from infra.rows import events
from infra.storage.codec import recorded
from tests.stack import Company, found_company, settings_for


@dataclass(frozen=True, slots=True)
class EggBoiled(Event):
    """Something that a test waits for."""

    egg_id: UUID


@dataclass
class Kitchen:
    """An organization, and what is made in it."""

    parts: bootstrap.Parts
    company: Company

    async def set(self, egg: UUID, *, seconds: float, name: str = "egg") -> None:
        actor = system_of(self.company.id)
        async with self.parts.units(actor) as unit:
            due = bootstrap.now() + timedelta(seconds=seconds)
            await unit.timers.set(name, egg, due, EggBoiled(egg))
            await unit.commit(Receipt(egg))

    async def cancel(self, egg: UUID) -> None:
        async with self.parts.units(system_of(self.company.id)) as unit:
            await unit.timers.cancel("egg", egg)
            await unit.commit(Receipt(egg))

    async def boiled(self) -> list[UUID]:
        """Which eggs the journal tells of, in its order."""
        wanted = select(events).where(events.c.kind == "EggBoiled").order_by(events.c.id)
        async with self.parts.database.tenant(self.company.id) as connection:
            found = [recorded(row._mapping) for row in await connection.execute(wanted)]
        assert all(one.actor == Actor(ActorKind.SYSTEM, self.company.id, self.company.id) for one in found)
        return [one.event.egg_id for one in found if isinstance(one.event, EggBoiled)]

    async def waiting(self) -> int:
        async with self.parts.database.tenant(self.company.id) as connection:
            return len((await connection.execute(select(timers.c.id))).all())


@pytest.fixture
async def kitchen(fresh_database_url: str, redis_url: str) -> AsyncIterator[Kitchen]:
    company = await found_company(fresh_database_url)
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as parts:
        yield Kitchen(parts, company)


async def test_rings_when_its_time_has_come_and_no_earlier(kitchen: Kitchen) -> None:
    soft, hard = uuid4(), uuid4()
    await kitchen.set(soft, seconds=-1)
    await kitchen.set(hard, seconds=3600)
    assert await kitchen.parts.desk.clockwork.ring() == 1
    assert await kitchen.boiled() == [soft]
    assert await kitchen.parts.desk.clockwork.ring() == 0
    assert await kitchen.waiting() == 1


async def test_the_last_setting_counts(kitchen: Kitchen) -> None:
    egg, gone = uuid4(), uuid4()
    await kitchen.set(egg, seconds=-60)
    await kitchen.set(egg, seconds=3600)
    await kitchen.set(egg, seconds=-60, name="another")
    await kitchen.set(gone, seconds=-60)
    await kitchen.cancel(gone)
    await kitchen.parts.desk.clockwork.ring()
    assert await kitchen.boiled() == [egg]


async def test_several_workers_ring_each_timer_once_and_the_earliest_first(kitchen: Kitchen) -> None:
    eggs = [uuid4() for _ in range(60)]
    for place, egg in enumerate(eggs):
        await kitchen.set(egg, seconds=-1000 + place)
    rang = await asyncio.gather(*(kitchen.parts.desk.clockwork.ring() for _ in range(4)))
    assert sum(rang) == len(eggs)
    assert await kitchen.boiled() == eggs


async def test_a_timer_that_is_not_committed_never_was(kitchen: Kitchen) -> None:
    async with kitchen.parts.units(system_of(kitchen.company.id)) as unit:
        await unit.timers.set("egg", "one", bootstrap.now(), EggBoiled(uuid4()))
    assert await kitchen.waiting() == 0
