"""How fast numbers are: taken in from the journal, made anew, and asked for, beside plain SQL over messages.

Run it with `python -m bench.analytics --messages 200000`; several sizes show the growth. Each is a database of its own.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
import uvloop
from sqlalchemy import insert, text
from sqlalchemy.engine import make_url

from bench.analytics_data import END, SPAN, Desk, fill
from bench.report import Report, percentiles
from bench.store import _execute, server
from domain.account.organization import default_inbox_of, role_of
from domain.account.permission import BuiltinRole, everything
from domain.analytics.question import Comparison, Granularity, Question, Span
from domain.base import Actor, ActorKind
from infra.accounts.founding import found
from infra.accounts.rows import inboxes
from infra.analytics.asking import SqlAnalytics
from infra.analytics.filling import SqlFacts
from infra.analytics.rolling import SqlRollups
from infra.commands.rollup import rebuild
from infra.database import Database
from infra.process.clock import now
from infra.rows import agents
from infra.storage import migrate

ROUNDS = 20
AGENTS = 50
YEARS, MONTH = Span(END - SPAN, END), Span(END - timedelta(days=30), END)
FIRST = tuple(f"first_response_time{part}" for part in ("", "_p50", "_p90", "_p95"))
BOARD = ("conversations", "resolutions", "containment_rate", "handoff_rate", "csat", "cost", "first_response_time_p90")
QUESTIONS = {
    "30 days beside those before": Question(
        BOARD, MONTH, granularity=Granularity.DAY, comparison=Comparison.PREVIOUS_PERIOD
    ),
    "two years by month": Question(BOARD, YEARS, granularity=Granularity.MONTH),
    "two years by week, by whom": Question(("messages",), YEARS, ("actor_kind",), granularity=Granularity.WEEK),
    "first response, two years by day": Question(FIRST, YEARS, granularity=Granularity.DAY, zone="Europe/Zurich"),
    "first response, two years by inbox": Question(FIRST, YEARS, ("inbox",)),
    "handoffs, two years by reason and month": Question(
        ("handoffs", "handoff_wait_p90"), YEARS, ("reason",), granularity=Granularity.MONTH
    ),
    "messages, two years by person": Question(("messages",), YEARS, ("person",)),
    "cost, two years by model and month": Question(
        ("cost", "tokens"), YEARS, ("model",), granularity=Granularity.MONTH
    ),
    "topics of 30 days": Question(("conversations", "deflection_rate"), MONTH, ("topic",)),
}
PLAIN = {
    "messages, two years by person": """
SELECT author_id, count(*) FROM message WHERE organization_id = :owner AND created_at >= :start AND created_at < :end
GROUP BY 1""",
    "two years by week, by whom": """
SELECT date_trunc('week', created_at), author_kind, count(*) FROM message
WHERE organization_id = :owner AND created_at >= :start AND created_at < :end GROUP BY 1, 2""",
    "first response, two years by day": """
SELECT date_trunc('day', asked), percentile_disc(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY replied - asked)
FROM (SELECT min(created_at) FILTER (WHERE author_kind = 'customer') AS asked,
        min(created_at) FILTER (WHERE author_kind <> 'customer') AS replied
      FROM message WHERE organization_id = :owner AND created_at >= :start AND created_at < :end
      GROUP BY conversation_id) AS one GROUP BY 1""",
}
"""The same questions as somebody would ask the messages themselves."""


@asynccontextmanager
async def organization(address: str, messages: int) -> AsyncIterator[tuple[str, Desk, float]]:
    """A database with one organization and so many messages in it, not yet counted; gone at the end."""
    name = f"parley_bench_{uuid4().hex[:8]}"
    await _execute(address, f'CREATE DATABASE "{name}"')
    own = make_url(address).set(database=name).render_as_string(hide_password=False)
    try:
        await asyncio.to_thread(migrate.upgrade, own)
        desk = await _desk(own)
        began = time.perf_counter()
        await fill(own, desk, messages)
        yield own, desk, time.perf_counter() - began
    finally:
        await _execute(address, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _desk(url: str) -> Desk:
    owner, at = uuid4(), END - SPAN
    database = Database(url, pool_size=1)
    people = [uuid4() for _ in range(AGENTS)]
    others = [uuid4() for _ in range(4)]
    role = role_of(owner, BuiltinRole.AGENT)
    async with database.tenant(owner) as connection:
        await found(connection, owner, "Bench", "bench", settings={}, at=at)
        rows: list[dict[str, Any]] = [
            {"id": one, "organization_id": owner, "name": f"Person {number}", "role_id": role, "created_at": at}
            for number, one in enumerate(people)
        ]
        await connection.execute(insert(agents), rows)
        doors = [
            {"id": one, "organization_id": owner, "name": f"Inbox {number}", "channel": "chat", "settings": {}}
            for number, one in enumerate(others)
        ]
        await connection.execute(insert(inboxes), [row | {"created_at": at} for row in doors])
        await connection.commit()
    await database.close()
    return Desk(owner, [default_inbox_of(owner), *others], people, random.Random(1))


class Counting:
    """The parts that count, as the rebuild takes them."""

    def __init__(self, database: Database) -> None:
        self.facts = SqlFacts(database, now)
        self.rollups = SqlRollups(database)
        self.analytics = SqlAnalytics(database, now)


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def worst_stall(work: Awaitable[Any]) -> float:
    """The longest time, in milliseconds, that the event loop did nothing else while something ran."""
    worst, done = 0.0, asyncio.Event()

    async def look() -> None:
        nonlocal worst
        while not done.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - began - 0.001)

    looking = asyncio.create_task(look())
    await work
    done.set()
    await looking
    return round(worst * 1_000, 1)


async def measure(url: str, desk: Desk, report: Report, messages: int) -> None:
    """Count everything as a worker does, ask, and count it anew."""
    database = Database(url, pool_size=10)
    counting = Counting(database)
    try:
        folding = await timed(lambda: _all(counting.facts.follow))
        rolling = await timed(lambda: _all(counting.rollups.roll))
        await _execute(url, "ANALYZE")
        both = folding + rolling
        report.fact(f"{messages:,} messages: events", desk.position)
        report.fact(f"{messages:,} messages: events folded a second", round(desk.position / folding))
        report.fact(f"{messages:,} messages: events folded and rolled up a second", round(desk.position / both))
        await _ask(counting.analytics, database, desk, report, messages)
        again = await timed(lambda: rebuild(counting))  # type: ignore[arg-type]  # it takes the same three parts
        report.fact(f"{messages:,} messages: seconds of a rebuild", round(again, 1))
    finally:
        await database.close()


async def _all(work: Callable[[], Awaitable[int]]) -> None:
    while await work():
        pass


async def _ask(analytics: SqlAnalytics, database: Database, desk: Desk, report: Report, messages: int) -> None:
    actor = Actor(ActorKind.ADMIN, desk.agent_ids[0], desk.organization_id, everything())
    rows = []
    for name, question in QUESTIONS.items():
        await analytics.ask(actor, question)
        took = [await timed(lambda asked=question: analytics.ask(actor, asked)) * 1_000 for _ in range(ROUNDS)]  # type: ignore[misc]
        p50, p95 = percentiles(took, 50, 95, digits=1)
        plain = await _plain(database, desk, PLAIN[name]) if name in PLAIN else None
        ratio = round(plain / p50, 1) if plain and p50 else None
        rows.append((name, p50, p95, plain, ratio))
    report.table(f"{messages:,} messages, milliseconds", ("question", "p50", "p95", "plain SQL", "ratio"), rows)
    ten = asyncio.gather(*(analytics.ask(actor, one) for one in (*QUESTIONS.values(), QUESTIONS["two years by month"])))
    report.fact(f"{messages:,} messages: longest stall while ten run, ms", await worst_stall(ten))


async def _plain(database: Database, desk: Desk, sql: str) -> float:
    asked = {"owner": desk.organization_id, "start": YEARS.start, "end": YEARS.end}
    async with database.tenant(desk.organization_id) as connection:
        took = [await timed(lambda: connection.execute(text(sql), asked)) for _ in range(3)]
    return round(min(took) * 1_000, 1)


def main(
    messages: Annotated[list[int], typer.Option(help="How many; give it several times for the growth.")] = [200_000],  # noqa: B006
    file: Annotated[Path | None, typer.Option(help="Write the figures as JSON, too.")] = None,
) -> None:
    """Measure."""
    report = Report("Numbers")
    with server() as address:
        for size in messages:
            uvloop.run(_run(address, size, report))
    report.show(file)


async def _run(address: str, messages: int, report: Report) -> None:
    async with organization(address, messages) as (url, desk, filled):
        report.fact(f"{messages:,} messages: seconds to fill the journal", round(filled, 1))
        await measure(url, desk, report, messages)


if __name__ == "__main__":
    typer.run(main)
