"""Answers questions about metrics from Postgres, on connections of their own so that nothing else waits for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import QueryCanceledError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account.permission import Permission
from domain.analytics.metric import METRICS, Metric
from domain.analytics.question import (
    HOUR,
    MOST_VALUES,
    Answer,
    Cell,
    Column,
    Contribution,
    Freshness,
    Granularity,
    Question,
    Source,
    Span,
    trunc,
)
from domain.base import Actor, Clock, FieldProblem, InvalidInputError, InvalidStateError
from domain.ports import Page, PageRequest
from infra.analytics.boards import SqlBoards
from infra.analytics.sql import asking, filling
from infra.database import Database

PATIENCE = 5_000
"""Milliseconds that one statement may take."""
LIMIT = text(f"SELECT set_config('statement_timeout', '{PATIENCE}', true), set_config('jit', 'off', true)")
BEHIND = text(filling.BEHIND.replace("$1", ":owner"))
Key = tuple[Any, ...]


class SqlAnalytics:
    """Reads one organization's numbers, for whoever may ask for numbers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.watch = SqlBoards(database, clock).watch

    async def ask(self, actor: Actor, question: Question) -> Answer:
        """The answer; raises `InvalidInputError` for what cannot be asked or is too much."""
        actor.require(Permission.READ_ANALYTICS)
        question.check()
        question = replace(question, span=self._whole(question.span))
        rolled = question.is_rolled
        async with self._reading(actor) as connection:
            found = await self._found(connection, actor, question, question.span, rolled=rolled)
            other: dict[Key, list[Any]] = {}
            if question.comparison:
                span = question.before()
                other = _moved(await self._found(connection, actor, question, span, rolled=rolled), question, span)
            freshness = await _freshness(connection, actor.tenant)
            rows = _ordered(_filled(found, question), question)
            _require_few(len(rows), question)
            labels = await _labels(connection, actor.tenant, rows, question)
        columns = _columns(rows, other if question.comparison else None, labels, question)
        return Answer(columns, freshness, Source.ROLLUP if rolled else Source.FACTS, len(rows))

    async def contributions(self, actor: Actor, cell: Cell, page: PageRequest) -> Page[Contribution]:
        """The conversations behind a number, and what each adds to it."""
        actor.require(Permission.READ_ANALYTICS)
        cell.check()
        metric = METRICS[cell.metric]
        span = self._whole(cell.span)
        until = self._settled((metric,)).get(metric.name)
        after = _place(page.after)
        asked = asking.behind(
            replace(cell, span=span), metric, actor.tenant, until=until, after=after, size=page.size + 1
        )
        async with self._reading(actor) as connection:
            rows = (await connection.execute(text(asked.sql), asked.parameters)).all()
        items = [_contribution(row, metric) for row in rows[: page.size]]
        keys = [(row.at.isoformat(), str(row.id)) for row in rows[: page.size]]
        return Page(items=items, keys=keys, has_next=len(rows) > page.size, has_previous=page.after is not None)

    @asynccontextmanager
    async def _reading(self, actor: Actor) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._database.tenant(actor.tenant, snapshot=True) as connection:
                await connection.execute(LIMIT)
                yield connection
        except DBAPIError as error:
            if isinstance(error.orig and error.orig.__cause__, QueryCanceledError):
                raise InvalidStateError("This takes too long. Ask for a shorter range, or split it less.") from error
            raise

    def _whole(self, span: Span) -> Span:
        """A span that ends in the future ends with the running hour: nothing has happened after it."""
        soon = trunc(self._clock(), Granularity.HOUR) + HOUR
        return Span(span.start, max(min(span.end, soon), span.start)) if span.end > soon - HOUR else span

    def _settled(self, metrics: Sequence[Metric]) -> Mapping[str, datetime]:
        hour = trunc(self._clock(), Granularity.HOUR)
        return {metric.name: hour - metric.settles for metric in metrics if metric.settles}

    async def _found(
        self, connection: AsyncConnection, actor: Actor, question: Question, span: Span, *, rolled: bool
    ) -> dict[Key, list[Any]]:
        """By time and dimensions: the value of each metric."""
        found: dict[Key, list[Any]] = {}
        settled = self._settled(question.asked)
        for asked in asking.statements(
            question, span, actor.tenant, rolled=rolled, settled_until=settled, most=MOST_VALUES + 1
        ):
            rows = (await connection.execute(text(asked.sql), asked.parameters)).all()
            places = [question.metrics.index(metric.name) for metric in asked.metrics]
            for row in rows:
                key = (row[0], *(value or None for value in row[1 : 1 + len(question.dimensions)]))
                values = found.setdefault(key, [_nothing(metric) for metric in question.asked])
                numbers = _values(row[1 + len(question.dimensions) :], asked.metrics)
                for place, value in zip(places, numbers, strict=True):
                    values[place] = value
        return found


def _nothing(metric: Metric) -> int | None:
    return 0 if metric.is_additive else None


def _values(numbers: Sequence[Any], metrics: Sequence[Metric]) -> Iterator[Any]:
    """Sums come in twos, what is divided and what it is divided by; percentiles alone."""
    rest = iter(numbers)
    for metric in metrics:
        number = next(rest)
        if metric.quantile is not None:
            yield None if number is None else round(float(number) / metric.scale, 6)
            continue
        yield _value(number, next(rest), metric)


def _value(number: Any, per: Any, metric: Metric) -> int | float | None:
    if metric.per is not None:
        return float(number) / float(per) / metric.scale if per and number is not None else None
    whole = int(number or 0)
    return whole if metric.scale == 1 else whole / metric.scale


def _filled(found: dict[Key, list[Any]], question: Question) -> dict[Key, list[Any]]:
    """Without dimensions every stretch of time has a row, whether or not something happened in it."""
    if question.dimensions:
        return found
    nothing = [_nothing(metric) for metric in question.asked]
    return {(start,): found.get((start,), nothing) for start in question.starts(question.span)}


def _moved(found: dict[Key, list[Any]], question: Question, span: Span) -> dict[Key, list[Any]]:
    """What was, under the times that it is compared with: the first stretch with the first, and so on."""
    now, then = question.starts(question.span), question.starts(span)
    places = {at: now[number] for number, at in enumerate(then) if number < len(now)}
    return {(places[key[0]], *key[1:]): values for key, values in found.items() if key[0] in places}


def _ordered(found: dict[Key, list[Any]], question: Question) -> list[tuple[Key, list[Any]]]:
    rows = sorted(found.items(), key=lambda row: (row[0][0], tuple(value or "" for value in row[0][1:])))
    if question.order in question.dimensions:
        place = question.dimensions.index(str(question.order)) + 1
        rows.sort(key=lambda row: row[0][place] or "", reverse=question.descending)
    elif question.order == "time":
        rows.sort(key=lambda row: row[0][0], reverse=question.descending)
    elif question.order is not None or question.dimensions:
        place = question.metrics.index(question.order) if question.order else 0
        rows.sort(key=lambda row: _size(row[1][place]), reverse=question.descending)
        if question.order is None:
            rows.sort(key=lambda row: row[0][0])
    return rows[: question.limit]


def _size(value: float | None) -> float:
    return float("-inf") if value is None else float(value)


def _require_few(rows: int, question: Question) -> None:
    columns = len(question.metrics) * (2 if question.comparison else 1) + len(question.dimensions) + 1
    if rows * columns > MOST_VALUES:
        sentence = f"This comes to {rows * columns:,} values, and {MOST_VALUES:,} is the most: ask for less, or export."
        raise InvalidInputError(FieldProblem("input.limit", sentence))


def _columns(
    rows: Sequence[tuple[Key, list[Any]]],
    other: Mapping[Key, list[Any]] | None,
    labels: Mapping[str, str],
    question: Question,
) -> Sequence[Column]:
    zone = ZoneInfo(question.zone)
    found = []
    if question.granularity is not Granularity.NONE:
        found.append(Column("time", "time", None, [key[0].astimezone(zone).isoformat() for key, _ in rows]))
    for place, name in enumerate(question.dimensions, 1):
        values = [key[place] for key, _ in rows]
        names = [labels.get(value) for value in values] if name in asking.NAMED else None
        found.append(Column(name, "dimension", None, values, labels=names))
    nothing = [_nothing(metric) for metric in question.asked]
    for place, metric in enumerate(question.asked):
        unit = str(metric.unit)
        found.append(Column(metric.name, "metric", unit, [values[place] for _, values in rows]))
        if other is not None:
            compared = [other.get(key, nothing)[place] for key, _ in rows]
            found.append(Column(metric.name, "metric", unit, compared, compared=True))
    return found


async def _labels(
    connection: AsyncConnection, owner: UUID, rows: Sequence[tuple[Key, list[Any]]], question: Question
) -> Mapping[str, str]:
    """What the inboxes, teams and people of the answer are called."""
    found: dict[str, str] = {}
    for place, name in enumerate(question.dimensions, 1):
        if statement := asking.NAMED.get(name):
            ids = {key[place] for key, _ in rows if key[place]}
            named = await connection.execute(text(statement), {"owner": owner, "ids": list(ids)})
            found |= {str(row.id): row.name for row in named}
    return found


async def _freshness(connection: AsyncConnection, owner: UUID) -> Freshness:
    row = (await connection.execute(BEHIND, {"owner": owner})).one()
    return Freshness(row.behind, row.as_of)


def _place(after: tuple[str, ...] | None) -> Sequence[Any] | None:
    if after is None:
        return None
    try:
        at, identity = after
        return datetime.fromisoformat(at).astimezone(UTC), UUID(identity)
    except ValueError:
        raise InvalidInputError(FieldProblem("after", "This is not a cursor of this list.")) from None


def _contribution(row: Any, metric: Metric) -> Contribution:
    denominator = None if row.denominator is None else float(row.denominator)
    numerator = float(row.numerator or 0) / metric.scale
    return Contribution(row.conversation_id, row.at, numerator, denominator, row.rows)
