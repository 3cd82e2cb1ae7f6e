"""How far back a search goes, over half a year of messages, and whether what it says about that is so."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.database import Database
from infra.search.reads import ENOUGH
from infra.search.statements import LOOKED
from tests.finding.desk import Desk
from tests.security.rows import superuser
from tests.stack import found_company

HOURS = LOOKED + 1_500
"""An hour between two messages: more than are looked at one by one, in some sixty spans of time."""
OLD = {
    "A walrus wants a return label": 4_100,
    "The label of a walrus, in return": 4_500,
    "A red walrus": 5_000,
    "Walruses ask for nothing": 5_400,
}
"""So many hours old."""
PAST = text(
    """
    INSERT INTO message (id, organization_id, conversation_id, number, episode, author_kind, kind, created_at, text)
    SELECT gen_random_uuid(), organization_id, conversation_id, 1000 + hours, episode, author_kind, kind,
      created_at - interval '1 hour' * hours,
      CASE WHEN hours % 40 = 0 THEN 'nothing seldom' WHEN hours % 2 = 0 THEN 'nothing common' ELSE 'nothing' END
    FROM message, generate_series(1, :hours) AS hours WHERE organization_id = :organization
    """
)
SAY = text(
    "UPDATE message SET text = :said WHERE organization_id = :organization AND number = 1000 + CAST(:hours AS integer)"
)
BACK = text(
    "SELECT id, at, seen FROM search_back(search_query(:word, '', ''), 'message', '-infinity', :until, :enough, :most)"
)
TRUTH = text(
    "SELECT id FROM message WHERE text LIKE '%' || :word || '%' AND created_at >= :since AND created_at < :until"
)


@pytest.fixture
async def old(desk: Desk) -> Desk:
    """A company whose messages are of half a year."""
    await desk.ask("How do you do?")
    root = superuser(desk.database_url)
    async with root.begin() as connection:
        await connection.execute(PAST, {"hours": HOURS, "organization": desk.company.id})
        for said, hours in OLD.items():
            await connection.execute(SAY, {"said": said, "hours": hours, "organization": desk.company.id})
    await root.dispose()
    return desk


@pytest.fixture
async def tenant(old: Desk) -> AsyncIterator[AsyncConnection]:
    database = Database(old.database_url, pool_size=1)
    async with database.tenant(old.company.id) as connection:
        yield connection
    await database.close()


async def back(tenant: AsyncConnection, word: str, enough: int, most: int) -> tuple[set[object], Row[object]]:
    asked = {"word": word, "until": datetime.now(UTC), "enough": enough, "most": most}
    rows = (await tenant.execute(BACK, asked)).all()
    (told,) = [row for row in rows if row.id is None]
    return {row.id for row in rows if row.id is not None}, told


async def test_what_is_old_is_found_by_all_that_can_be_asked(old: Desk) -> None:
    label, turned, red, nothing = OLD
    assert set(await old.said("walrus")) == set(OLD)
    assert set(await old.said("walr")) == set(OLD)
    assert set(await old.said("returning label")) == {label, turned}
    assert await old.said('"return label"') == [label]
    assert set(await old.said('walrus -"return label"')) == {turned, red, nothing}
    assert set(await old.said("walrus -label")) == {red, nothing}
    assert set(await old.said("red walrus or asking")) == {red, nothing}
    assert await old.said("wal'rus") == []
    assert await old.said("label walr") == await old.said("label walrus")


@pytest.mark.parametrize(
    "query",
    ["it's \\ 'x'", "a\\b:* <-> c", "http://x.example/?a='b'&c=%\\", "''", "%1 ☃ é", "😀" * 200, "㌖" * 113, "x" * 200],
)
async def test_whatever_is_typed_is_looked_for_in_the_past(old: Desk, query: str) -> None:
    found = await old.find(f"walrus or {query}"[:200], types=["MESSAGE"])
    is_all = {hit["message"]["text"] for hit in found["nodes"]} >= {*OLD}
    assert is_all == (found["completeSince"] is None) == ("㌖" not in query)  # which are six letters each, in one word


async def test_it_says_that_it_looked_through_all_or_since_when(old: Desk) -> None:
    assert (await old.find("walrus"))["completeSince"] is None
    assert (await old.find("xylophone"))["completeSince"] is None
    assert (await old.find("seldom"))["completeSince"] is None
    common = await old.find("common")
    assert datetime.fromisoformat(common["completeSince"]) > datetime.now(UTC) - timedelta(hours=LOOKED + 1)
    either = await old.find("walrus or -nothing", types=["MESSAGE"])
    assert [hit["message"]["text"] for hit in either["nodes"]] == ["How do you do?"]
    assert datetime.fromisoformat(either["completeSince"]) > datetime.now(UTC) - timedelta(hours=LOOKED + 1)


async def test_times_narrow_it_to_what_is_old(old: Desk) -> None:
    now = datetime.now(UTC)
    since, until = ((now - timedelta(hours=hours)).isoformat() for hours in (5_100, 4_400))
    found = await old.find("walrus", filter={"since": since, "until": until})
    assert {hit["message"]["text"] for hit in found["nodes"]} == set(list(OLD)[1:3])
    assert found["completeSince"] is None


@pytest.mark.parametrize("word", ["common", "seldom", "walrus"])
async def test_everything_since_the_time_that_it_tells_was_found(tenant: AsyncConnection, word: str) -> None:
    chance = random.Random(1)
    for _ in range(12):
        enough = chance.choice([1, 5, 50, ENOUGH, 5_000])
        most = chance.choice([enough, enough * 3])
        found, told = await back(tenant, word, enough, most)
        since = told.at or datetime.min.replace(tzinfo=UTC)
        until = datetime.now(UTC)
        truth = set((await tenant.execute(TRUTH, {"word": word[1:], "since": since, "until": until})).scalars())
        assert truth <= found and told.seen == len(found) <= most
        assert told.at is None or len(found) >= enough


async def test_somebody_elses_past_is_not_theirs(old: Desk) -> None:
    stranger = await found_company(old.database_url)
    database = Database(old.database_url, pool_size=1)
    async with database.tenant(stranger.id) as connection:
        found, told = await back(connection, "common", 1, 10)
    async with database.relay() as connection:
        with pytest.raises(Exception, match="permission denied"):
            await back(connection, "common", 1, 10)
    await database.close()
    assert found == set() and told.at is None
