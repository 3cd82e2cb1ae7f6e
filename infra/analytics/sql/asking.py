"""Statements that answer questions: identifiers come from closed tables, whatever people wrote is a parameter."""

# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.analytics.measure import DIMENSIONS, MEASURES
from domain.analytics.metric import Metric
from domain.analytics.question import Cell, Condition, Granularity, Question, Span
from infra.analytics.sql.rolling import BY_DAY, MIDDLE

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters: it gives the time, the dimensions, and two numbers a metric, or one a percentile."""

    sql: str
    parameters: Mapping[str, Any]
    metrics: tuple[Metric, ...]


@dataclass(slots=True)
class _Asked:
    """A question about one fact, over one span."""

    question: Question
    span: Span
    owner: Any
    settled_until: Mapping[str, datetime]
    parameters: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parameters |= {"owner": self.owner, "from_": self.span.start, "to": self.span.end}

    def bind(self, name: str, value: Any) -> str:
        """A parameter of this value."""
        self.parameters[name] = value
        return f":{name}"

    def time(self, column: str) -> str:
        """The beginning of the stretch of time that a moment is in."""
        if self.question.granularity is Granularity.NONE:
            return f"CAST({self.bind('start', self.span.start)} AS timestamptz)"
        zone = self.bind("zone", self.question.zone)
        return f"date_trunc('{Granularity(self.question.granularity).value}', {column}, {zone})"

    def cells(self, table: str, name: str) -> str:
        """The cells or sketches that the span is made of: days where none is cut, and hours for the rest of it."""
        dimension, _, condition = _about(self)
        by, shown = ("fact", "sums") if table == "rollup_cell" else ("measure", "buckets, counts")
        rows = f"SELECT hour, value, {shown} FROM {table}"
        mine = f"organization_id = :owner AND dimension = '{dimension}'{condition}"
        cut = self._cut()
        if cut is None:
            return f"({rows} WHERE {mine} AND {by} = '{name}' AND hour >= :from_ AND hour < :to) AS cells"
        days, start, end = self.bind("days", cut), self.span.start, self.span.end
        starts = self.bind("starts", [max(day, start) for day in cut])
        ends = self.bind("ends", [min(day + DAY, end) for day in cut])
        edges = f"unnest(CAST({starts} AS timestamptz[]), CAST({ends} AS timestamptz[])) AS edge (start, until)"
        return (
            f"({rows} WHERE {mine} AND {by} = '{name}{BY_DAY}' AND hour >= :from_ AND hour < :to"
            f" AND hour <> ALL (CAST({days} AS timestamptz[])) UNION ALL {rows}, {edges}"
            f" WHERE {mine} AND {by} = '{name}' AND hour >= edge.start AND hour < edge.until) AS cells"
        )

    def _cut(self) -> list[datetime] | None:
        """The days by UTC that begin or end within a stretch of time, or part what is known; None for too many."""
        if self.question.granularity is Granularity.HOUR:
            return None
        edges = {self.span.start, self.span.end, *self.question.starts(self.span)[1:], *self.settled_until.values()}
        moments = [edge.astimezone(UTC) for edge in edges if self.span.start <= edge <= self.span.end]
        midnights = {moment: moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in moments}
        cut = sorted({day for moment, day in midnights.items() if day != moment})
        return cut if 2 * len(cut) < (self.span.end - self.span.start) / DAY else None

    def settled(self, metric: Metric, column: str) -> str:
        """A filter that leaves out what is not known yet."""
        if metric.settles is None:
            return ""
        return f" FILTER (WHERE {column} < {self.bind(f'until_{metric.name}', self.settled_until[metric.name])})"


def statements(
    question: Question, span: Span, owner: Any, *, rolled: bool, settled_until: Mapping[str, datetime], most: int
) -> Iterator[Statement]:
    """All that a question needs, one or two for each fact."""
    facts = dict.fromkeys(metric.fact for metric in question.asked)
    for fact in facts:
        metrics = tuple(metric for metric in question.asked if metric.fact == fact)
        asked = _Asked(question, span, owner, settled_until)
        yield from _rolled(asked, fact, metrics, most) if rolled else [_told(asked, fact, metrics, most)]


def _rolled(asked: _Asked, fact: str, metrics: Sequence[Metric], most: int) -> Iterator[Statement]:
    sums = tuple(metric for metric in metrics if metric.quantile is None)
    if sums:
        numbers = (number for metric in sums for number in _sums(asked, fact, metric))
        yield _from_cells(asked, fact, numbers, sums, most)
    for of in dict.fromkeys(metric.of for metric in metrics if metric.quantile is not None):
        spread = tuple(metric for metric in metrics if metric.quantile is not None and metric.of == of)
        yield _percentiles(asked, of.name, spread, most)


def _sums(asked: _Asked, fact: str, metric: Metric) -> Iterator[str]:
    order = [measure.name for measure in MEASURES[fact]]
    for measure in (metric.of, metric.per):
        place = order.index(measure.name) + 1 if measure else None
        yield f"sum(sums[{place}]){asked.settled(metric, 'hour')}" if place else "NULL"


def _about(asked: _Asked) -> tuple[str, str, str]:
    """The dimension that cells are read of, the column for it, and the condition on it."""
    question = asked.question
    dimension = next(iter((*question.dimensions, *(one.dimension for one in question.conditions))), "all")
    shown = ", value" if question.dimensions else ""
    condition = ""
    for one in question.conditions:
        values = asked.bind("values", [value or "" for value in one.values])
        condition = f" AND value = ANY ({values})"
    return dimension, shown, condition


def _from_cells(asked: _Asked, fact: str, numbers: Iterator[str], metrics: tuple[Metric, ...], most: int) -> Statement:
    _, shown, _ = _about(asked)
    groups = "1, 2" if shown else "1"
    sql = (
        f"SELECT {asked.time('hour')} AS time{shown}, {', '.join(numbers)}"
        f" FROM {asked.cells('rollup_cell', fact)} GROUP BY {groups} LIMIT {most}"
    )
    return Statement(sql, asked.parameters, metrics)


def _percentiles(asked: _Asked, measure: str, metrics: tuple[Metric, ...], most: int) -> Statement:
    _, shown, _ = _about(asked)
    found = (f"min(bucket) FILTER (WHERE reached >= {metric.quantile} * total)" for metric in metrics)
    numbers = ", ".join(MIDDLE.format(one) for one in found)
    groups = "1, 2, 3" if shown else "1, 2"
    sql = (
        f"WITH spread AS (SELECT {asked.time('hour')} AS time{shown}, u.bucket, sum(u.rows) AS rows"
        f" FROM {asked.cells('rollup_sketch', measure)}, unnest(buckets, counts) AS u (bucket, rows)"
        f" GROUP BY {groups}), ranked AS (SELECT *,"
        f" sum(rows) OVER (PARTITION BY time{shown} ORDER BY bucket) AS reached,"
        f" sum(rows) OVER (PARTITION BY time{shown}) AS total FROM spread)"
        f" SELECT time{shown}, {numbers} FROM ranked GROUP BY time{shown} LIMIT {most}"
    )
    return Statement(sql, asked.parameters, metrics)


def _told(asked: _Asked, fact: str, metrics: tuple[Metric, ...], most: int) -> Statement:
    question, columns = asked.question, DIMENSIONS[fact]
    dimensions = "".join(f", {columns[name]}::text" for name in question.dimensions)
    numbers = ", ".join(number for metric in metrics for number in _numbers(asked, metric))
    groups = ", ".join(str(place) for place in range(1, len(question.dimensions) + 2))
    sql = (
        f"SELECT {asked.time('at')} AS time{dimensions}, {numbers} FROM {fact}_fact WHERE organization_id = :owner"
        f" AND at >= :from_ AND at < :to{_conditions(asked, fact, question.conditions)} GROUP BY {groups} LIMIT {most}"
    )
    return Statement(sql, asked.parameters, metrics)


def _numbers(asked: _Asked, metric: Metric) -> Iterator[str]:
    if metric.quantile is not None:
        yield f"percentile_disc({metric.quantile}) WITHIN GROUP (ORDER BY {metric.of.expression})"
        return
    for measure in (metric.of, metric.per):
        yield f"sum({measure.expression}){asked.settled(metric, 'at')}" if measure else "NULL"


def _conditions(asked: _Asked, fact: str, conditions: Sequence[Condition]) -> str:
    found = []
    for number, one in enumerate(conditions):
        column = DIMENSIONS[fact][one.dimension]
        values = asked.bind(f"values_{number}", [value for value in one.values if value is not None])
        none = f" OR {column} IS NULL" if None in one.values else ""
        found.append(f" AND ({column}::text = ANY ({values}){none})")
    return "".join(found)


NAMED = {
    dimension: f"SELECT id, name FROM {table} WHERE organization_id = :owner AND id = ANY (CAST(:ids AS uuid[]))"
    for dimension, table in {"inbox": "inbox", "team": "team", "person": "agent"}.items()
}
"""What those dimensions' values are called whose values are ids."""
WHOLE = "coalesce(conversation_id, id)"
"""The conversation of a row; what is about none stands for itself."""


def behind(
    cell: Cell, metric: Metric, owner: Any, *, until: datetime | None, after: Sequence[Any] | None, size: int
) -> Statement:
    """The conversations behind a number, by when each is first in it: what each adds."""
    question = Question((cell.metric,), cell.span, conditions=cell.conditions)
    asked = _Asked(question, cell.span, owner, {})
    settled = f" AND at < {asked.bind('until', until)}" if until else ""
    per = f"sum({metric.per.expression})" if metric.per else "NULL::bigint"
    counted = (metric.per or metric.of).expression
    some = "" if metric.quantile is not None else f" AND ({counted}) <> 0"
    place = (
        f" HAVING (min(at), {WHOLE}) > ({asked.bind('at', after[0])}, {asked.bind('id', after[1])})" if after else ""
    )
    sql = (
        f"SELECT {WHOLE} AS id, min(conversation_id::text) AS conversation_id, min(at) AS at,"
        f" sum({metric.of.expression}) AS numerator, {per} AS denominator, count(*) AS rows FROM {metric.fact}_fact"
        f" WHERE organization_id = :owner AND at >= :from_ AND at < :to{settled}"
        f"{_conditions(asked, metric.fact, cell.conditions)} AND ({counted}) IS NOT NULL{some}"
        f" GROUP BY 1{place} ORDER BY 3, 1 LIMIT {size}"
    )
    return Statement(sql, asked.parameters, (metric,))


BOARD = """
SELECT
  (SELECT count(*) FROM conversation_fact WHERE organization_id = :owner AND at >= :today AND outcome <> 'spam'),
  (SELECT count(*) FROM episode_fact WHERE organization_id = :owner AND at >= :today
     AND outcome IN ('confirmed', 'assumed', 'settled')),
  (SELECT count(*) FROM conversation WHERE organization_id = :owner AND state = 'waiting' AND NOT is_spam
     AND NOT is_snoozed AND merged_into IS NULL),
  (SELECT count(*) FROM availability WHERE organization_id = :owner AND status <> 'offline'
     AND seen_at >= now() - interval '45 seconds'),
  (SELECT count(*) FROM answer_fact WHERE organization_id = :owner AND at >= now() - interval '10 minutes'
     AND outcome = 'unfinished')
"""
"""What the queue has is in no fact before it is over; an answer that has no outcome after ten minutes has none."""
