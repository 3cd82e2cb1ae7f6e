"""Facts and roll-ups follow from the journal alone: however its events arrive, and whoever makes them anew."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from infra.analytics.rows import facts
from infra.commands.rollup import rebuild
from infra.database import Database
from tests.analytics.conftest import Counted
from tests.analytics.golden import know, rows_of, stories, write
from tests.security.rows import superuser

TABLES = (*(f"{name}_fact" for name in facts), "rollup_cell", "rollup_sketch", "rollup_due")


async def digests(counted: Counted) -> dict[str, str]:
    """What is in each table, to the byte."""
    root = superuser(counted.parts.settings.sqlalchemy_url)
    async with root.connect() as connection:
        found = {}
        for name in TABLES:
            statement = (
                f"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {name} t"
            )
            found[name] = str(await connection.scalar(text(statement)))
    await root.dispose()
    return found


async def emptied(counted: Counted) -> None:
    """As before the first event was taken in; the journal stays."""
    root = superuser(counted.parts.settings.sqlalchemy_url)
    async with root.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(TABLES)}, rollup_place"))
    await root.dispose()


async def test_a_rebuild_gives_the_same_tables_to_the_byte(golden: Counted) -> None:
    before = await digests(golden)
    assert {name: found.split()[0] for name, found in before.items() if name.endswith("_fact")} == {
        "conversation_fact": "4",
        "episode_fact": "5",
        "message_fact": "12",
        "answer_fact": "4",
        "handoff_fact": "1",
        "delivery_fact": "0",
        "rating_fact": "4",
    }
    await rebuild(golden.parts.counting)
    assert await digests(golden) == before
    await emptied(golden)
    await rebuild(golden.parts.counting, some=1)
    assert await digests(golden) == before


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), most=st.integers(1, 9))
async def test_however_events_arrive_the_tables_are_the_same(golden: Counted, seed: int, most: int) -> None:
    """Late, repeated, in another order, and cut into batches anywhere."""
    before = await digests(golden)
    await emptied(golden)
    await shuffle(golden, seed)
    counting = golden.parts.counting
    while await counting.facts.follow(most):
        if Random(seed).random() < 0.5:
            await counting.rollups.roll(most)
    await back(golden, seed)
    while await counting.facts.follow(most):
        pass
    while await counting.rollups.roll(most):
        pass
    assert await digests(golden) == before


async def shuffle(counted: Counted, seed: int) -> None:
    """Let the journal have been delivered in another order; versions within a conversation stay."""
    root = superuser(counted.parts.settings.sqlalchemy_url)
    async with root.begin() as connection:
        ids = list((await connection.execute(text("SELECT id FROM event ORDER BY id"))).scalars())
        places = list(range(1, len(ids) + 1))
        Random(seed).shuffle(places)
        await connection.execute(text("UPDATE event SET delivered_position = NULL"))
        moved = [{"id": one, "place": place} for one, place in zip(ids, places, strict=True)]
        await connection.execute(text("UPDATE event SET delivered_position = :place WHERE id = :id"), moved)
    await root.dispose()


async def back(counted: Counted, seed: int) -> None:
    """Let some of it be taken in once more, as after a crash before the place was stored."""
    root = superuser(counted.parts.settings.sqlalchemy_url)
    async with root.begin() as connection:
        await connection.execute(text("UPDATE rollup_place SET position = :place"), {"place": seed % 30})
    await root.dispose()


async def test_what_follows_changes_only_the_hours_that_it_is_about(counted: Counted) -> None:
    told = stories(counted.company)
    database: Database = counted.parts.database
    await know(database, told)
    for story in told:
        for row in rows_of(story):
            await write(database, counted.company.id, [row])
            await counted.follow()
    gradual = await digests(counted)
    await emptied(counted)
    await rebuild(counted.parts.counting)
    assert await digests(counted) == gradual
