"""Who was erased is nowhere any more; what is counted, and everybody else, is as before."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from infra.analytics.composition import analytics_parts
from infra.bootstrap import now
from infra.commands.rollup import rebuild
from infra.privacy import erasing
from infra.privacy.places import OF_CONVERSATIONS, Place
from tests.documents import START
from tests.privacy.searching import in_files, in_redis, in_tables
from tests.privacy.world import NEEDLES, OTHER, WORD, World
from tests.security.rows import checksums, superuser
from tests.stack import found_company

EVERYWHERE = {
    *("customer", "contact", "conversation", "message", "note", "draft", "survey", "file", "session", "event"),
    *("conversation_summary", "search_entry", "tool_call", "delivery", "channel_message", "unreachable"),
    *("curated_answer", "curated_question", "article", "article_version", "test_case", "suite_run", "trial", "gap"),
}
"""Tables in which the planted words stand before; so the search finds what is there."""
TOLD = {"ConversationErased", "CustomerErased", "CustomerBlocked", "SessionEnded"}
"""What is in the journal of a person who was erased, and was not before."""
COUNTED = {
    "messages": "SELECT author_kind, kind, helpful, count(*) FROM message GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "surveys": "SELECT score, count(*) FROM survey GROUP BY 1 ORDER BY 1",
    "conversations": "SELECT id, state, episode, message_count, customer_id, started_at FROM conversation ORDER BY 1",
    "calls": "SELECT tool, state, took_ms FROM tool_call ORDER BY 1, 2",
    "deliveries": "SELECT medium, count(*) FROM delivery GROUP BY 1 ORDER BY 1",
}


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    """Sees through row security."""
    made = superuser(fresh_database_url)
    yield made
    await made.dispose()


FOLDED = ("conversation", "episode", "message", "answer", "handoff", "delivery", "rating")


async def rebuilt(world: World, engine: AsyncEngine) -> dict[str, Sequence[str]]:
    """All facts of the company, made anew from the journal as it is now."""
    async with AsyncExitStack() as stack:
        await rebuild(analytics_parts(world.stack.settings, world.parts.database, now, stack))
    found: dict[str, Sequence[str]] = {}
    async with engine.connect() as connection:
        for name in FOLDED:
            wanted = text(f"SELECT one::text FROM {name}_fact AS one WHERE organization_id = :id ORDER BY 1")
            found[name] = (await connection.execute(wanted, {"id": world.company.id})).scalars().all()
    return found


async def counted(engine: AsyncEngine) -> dict[str, Sequence[Any]]:
    async with engine.connect() as connection:
        found: dict[str, Sequence[Any]] = {}
        for name, statement in COUNTED.items():
            found[name] = (await connection.execute(text(statement))).all()
        return found


async def journal(engine: AsyncEngine, streams: str) -> dict[int, tuple[Any, ...]]:
    """The events of some streams, without their contents."""
    wanted = text("SELECT id, stream, version, kind, actor, at FROM event WHERE stream ~ :streams ORDER BY id")
    async with engine.connect() as connection:
        rows = (await connection.execute(wanted, {"streams": streams})).all()
    return {row.id: tuple(row) for row in rows}


async def rows_of(engine: AsyncEngine, conversation: UUID) -> dict[str, Sequence[str]]:
    """All that stands about one conversation, but for the mail that somebody else has a copy of."""
    tables = {"conversation": "id", "message": "conversation_id", "search_entry": "conversation_id"}
    found: dict[str, Sequence[str]] = {}
    async with engine.connect() as connection:
        for table, key in tables.items():
            wanted = text(f"SELECT one::text FROM {table} AS one WHERE {key} = :id ORDER BY 1")
            found[table] = (await connection.execute(wanted, {"id": conversation})).scalars().all()
        wanted = text("SELECT one::text FROM event AS one WHERE stream = :stream ORDER BY 1")
        stream = {"stream": f"conversation:{conversation}"}
        found["event"] = (await connection.execute(wanted, stream)).scalars().all()
    return found


def sent(facts: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Facts but for the outcome of deliveries: what had not been sent by then is not sent any more."""
    return {**facts, "delivery": [row.replace(",queued,", ",failed,") for row in facts["delivery"]]}


async def test_nothing_of_a_person_is_left_anywhere_but_what_is_counted(
    world: World, engine: AsyncEngine, fresh_database_url: str
) -> None:
    neighbour = await found_company(fresh_database_url)
    await world.stack.client(neighbour.customer).ask(START, text=f"I am {WORD.upper()[:8]} of another company.")
    await world.plant()
    assert await in_tables(engine, NEEDLES) >= EVERYWHERE
    assert await in_redis(world.stack.settings.redis, NEEDLES) != []
    assert len(in_files(world.folder, NEEDLES)) >= 3
    other = UUID(str(world.company.other_customer.id))
    async with engine.connect() as connection:
        foreign = await checksums(connection, neighbour.id)
        theirs = await connection.scalar(text("SELECT id FROM conversation WHERE customer_id = :id"), {"id": other})
    facts = await rebuilt(world, engine)
    assert all(facts[name] for name in FOLDED if name != "delivery")
    numbers, untouched, before = await counted(engine), await rows_of(engine, theirs), await journal(engine, ".")

    request = await world.ask("ERASURE")

    assert (request["state"], request["failure"]) == ("DONE", None)
    await world.quiet()
    assert await in_tables(engine, NEEDLES) == set()
    assert await in_redis(world.stack.settings.redis, NEEDLES) == []
    assert in_files(world.folder, NEEDLES) == []
    assert await counted(engine) == numbers
    assert sent(await rebuilt(world, engine)) == sent(facts)
    after = await journal(engine, ".")
    assert {key: after[key] for key in before} == before
    new = Counter(kind for key, (_, _, _, kind, *_) in after.items() if key not in before)
    assert new["ConversationErased"] == 2 and new["CustomerErased"] == 2
    assert {kind for kind in new if not kind.startswith("Privacy")} <= TOLD
    assert await rows_of(engine, theirs) == untouched and any(OTHER in row for row in untouched["message"])
    async with engine.connect() as connection:
        assert await checksums(connection, neighbour.id) == foreign


@pytest.mark.parametrize("table", ["note", "survey", "tool_call"])
async def test_a_place_that_is_forgotten_is_found(
    world: World, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """The search would tell: without one place its words stay."""
    left: list[Place] = [place for place in OF_CONVERSATIONS if place.table.name != table]
    monkeypatch.setattr(erasing, "OF_CONVERSATIONS", left)
    await world.plant()
    await world.ask("ERASURE")
    await world.quiet()
    assert table in await in_tables(engine, NEEDLES)
