"""Several who give out work at once, and one of them killed in the middle: nobody is asked twice or has too much."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import event, text

from domain.base import DomainError
from domain.routing.draining import MOST_OFFERS
from infra import bootstrap
from infra.routing.floor import SqlFloor
from infra.routing.queue import ORDER, queue
from infra.rows import conversations
from tests.routing.desk import Desk, made
from tests.stack import settings_for


@pytest.fixture
async def desks(database_url: str, redis_url: str) -> AsyncIterator[list[Desk]]:
    """Four processes' parts, before one organization."""
    async with AsyncExitStack() as stack:
        settings = settings_for(database_url, redis_url)
        parts = [await stack.enter_async_context(bootstrap.parts(settings)) for _ in range(4)]
        first = await made(parts[0], database_url)
        yield [first, *(Desk(each, first.company, database_url) for each in parts[1:])]


async def loads(desk: Desk) -> Counter[Any]:
    """How much each has, and is asked to take."""
    c = conversations.c
    async with desk.parts.database.tenant(desk.company.id) as connection:
        rows = (await connection.execute(conversations.select().where(c.organization_id == desk.company.id))).all()
    return Counter(agent for row in rows for agent in (row.assignee_id, row.offered_to) if agent)


async def test_drains_at_once_make_each_offer_once(desks: list[Desk]) -> None:
    desk = desks[0]
    agents = [await desk.agent(capacity=3) for _ in range(6)]
    await desk.fill(40)

    async def answer(number: int) -> None:
        """Somebody accepts, declines, takes by hand and gives back, while everybody drains."""
        mine = desks[number % 4]
        for _ in range(4):
            for each, agent in (await mine.offers()).items():
                if agent == agents[number].identity:
                    for act in (mine.routing.accept, mine.parts.conversations.resolve, mine.routing.decline)[
                        number % 3 :
                    ]:
                        try:
                            await act(agents[number], each)
                        except DomainError:
                            continue
            await mine.drain()

    made_of_each = await asyncio.gather(*(each.drain() for each in desks * 2))
    assert sum(made_of_each) == 18 == await desk.told("OfferMade") == len(await desk.offers())
    await asyncio.gather(*(answer(number) for number in range(6)), *(each.drain() for each in desks))
    assert max((await loads(desk)).values()) <= 3
    assert await desk.told("OfferMade") > 18


async def test_a_worker_killed_in_the_middle_leaves_nothing_and_holds_up_nobody(
    desks: list[Desk], database_url: str, redis_url: str
) -> None:
    desk = desks[0]
    await desk.agent(capacity=3)
    await desk.fill(5)
    plain = database_url.replace("+asyncpg", "")
    command = (sys.executable, "-m", "tests.routing.killed", plain, redis_url, str(desk.company.id))
    killed = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await killed.communicate()
    assert (said, killed.returncode) == (b"written\n", -9)
    assert await desk.offers() == {} and await desk.told("OfferMade") == 0
    assert sum(await asyncio.gather(*(each.drain() for each in desks))) == 3 == len(await desk.offers())


async def test_the_statements_of_a_drain_grow_by_two_an_offer(desks: list[Desk]) -> None:
    desk, counted = desks[0], []
    await desk.fill(60)
    engine = desk.parts.database.engine.sync_engine

    def count(*_: Any) -> None:
        counted.append(1)

    event.listen(engine, "before_cursor_execute", count)
    found = {}
    for offers in (1, 9):
        await desk.agent(capacity=offers)
        counted.clear()
        assert await desk.drain() == offers
        found[offers] = len(counted)
    event.remove(engine, "before_cursor_execute", count)
    assert found[9] - found[1] == 8 * 2, found
    assert found[1] <= 14, found
    assert offers < MOST_OFFERS


async def test_the_head_of_a_long_queue_comes_from_its_index(desks: list[Desk]) -> None:
    desk = desks[0]
    await desk.fill(3_000)
    await desk.agent()
    async with desk.parts.units(desk.company.admin) as unit:
        floor: SqlFloor = unit.floor
        house, people = await floor.house(), await floor.people()
        assert len(await floor.head(house, people, desk.now(), None)) == 200
        await unit.connection.execute(text("SET LOCAL enable_seqscan = on"))
        wanted = queue(desk.company.id).where(conversations.c.offered_to.is_(None)).order_by(*ORDER).limit(200)
        plain = wanted.compile(unit.connection.sync_connection, compile_kwargs={"literal_binds": True})
        plan = "\n".join((await unit.connection.execute(text(f"EXPLAIN {plain}"))).scalars())
    assert "conversation_queue" in plan and "Sort" not in plan, plan
