"""What can be asked of metrics, and what an answer looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.analytics.metric import METRICS, Metric
from domain.base import FieldProblem, InvalidInputError

MOST_METRICS = 20
MOST_DIMENSIONS = 2
MOST_FILTER_VALUES = 100
MOST_VALUES = 50_000
LONGEST = timedelta(days=3_660)
LONGEST_VALUE = 500
LONGEST_ZONE = 64
HOUR = timedelta(hours=1)


class Granularity(StrEnum):
    """How long the stretches of time are that numbers are told apart by."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    NONE = "none"


class Comparison(StrEnum):
    """What numbers are set beside."""

    PREVIOUS_PERIOD = "previous_period"
    PREVIOUS_YEAR = "previous_year"


class Source(StrEnum):
    """What numbers were read from."""

    ROLLUP = "rollup"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment until before another one."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """Only what has one of these values in a dimension; None stands for having none."""

    dimension: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Metrics over a span, split by up to two dimensions and by stretches of time by the clocks of a zone.

    `order` names a metric, a dimension or `time`; without one, time comes first and then the first metric, the largest
    first. `conditions` hold all together.
    """

    metrics: tuple[str, ...]
    span: Span
    dimensions: tuple[str, ...] = ()
    zone: str = "UTC"
    granularity: Granularity = Granularity.NONE
    conditions: tuple[Condition, ...] = ()
    comparison: Comparison | None = None
    order: str | None = None
    descending: bool = True
    limit: int | None = None

    def check(self) -> None:
        """Raises `InvalidInputError` naming everything that cannot be asked."""
        problems = [*self._about_names(), *self._about_time(), *self._about_conditions()]
        if self.order is not None and self.order not in (*self.metrics, *self.dimensions, "time"):
            problems.append(FieldProblem("input.order.by", "Order by a metric or a dimension of this, or by `time`."))
        if self.limit is not None and not 1 <= self.limit <= MOST_VALUES:
            problems.append(FieldProblem("input.limit", f"This must be 1 to {MOST_VALUES}."))
        if problems:
            raise InvalidInputError(*problems)

    def _about_names(self) -> list[FieldProblem]:
        problems = [
            FieldProblem(f"input.metrics.{place}", f"There is no metric `{name[:50]}`: the query `metrics` lists them.")
            for place, name in enumerate(self.metrics[:MOST_METRICS])
            if name not in METRICS
        ]
        if not 1 <= len(self.metrics) <= MOST_METRICS or len(set(self.metrics)) < len(self.metrics):
            problems.append(FieldProblem("input.metrics", f"Name 1 to {MOST_METRICS} metrics, each once."))
        if len(self.dimensions) > MOST_DIMENSIONS or len(set(self.dimensions)) < len(self.dimensions):
            problems.append(FieldProblem("input.dimensions", f"Split by at most {MOST_DIMENSIONS}, each once."))
        named = [("input.dimensions", one) for one in self.dimensions]
        named += [("input.filters", one.dimension) for one in self.conditions]
        return problems + [
            FieldProblem(path, f"`{name[:50]}` cannot be split by `{dimension[:50]}`.")
            for path, dimension in named
            for name in self.metrics[:MOST_METRICS]
            if name in METRICS and dimension not in METRICS[name].dimensions
        ]

    def _about_time(self) -> list[FieldProblem]:
        problems = []
        if not self.span.start < self.span.end <= self.span.start + LONGEST:
            problems.append(FieldProblem("input.range", "This must begin before it ends, at most ten years earlier."))
        if not is_zone(self.zone):
            problems.append(FieldProblem("input.timeZone", "This is no time zone such as `Europe/Lisbon`."))
        return problems

    def _about_conditions(self) -> list[FieldProblem]:
        dimensions = [one.dimension for one in self.conditions]
        problems = []
        if len(set(dimensions)) < len(dimensions):
            problems.append(FieldProblem("input.filters", "Name each dimension once, with all its values."))
        for one in self.conditions:
            if not 1 <= len(one.values) <= MOST_FILTER_VALUES:
                problems.append(FieldProblem("input.filters", f"Give 1 to {MOST_FILTER_VALUES} values each."))
            if any(value is not None and (len(value) > LONGEST_VALUE or "\0" in value) for value in one.values):
                problems.append(FieldProblem("input.filters", "A value is too long, or cannot be stored."))
        return problems

    @property
    def asked(self) -> tuple[Metric, ...]:
        """The metrics."""
        return tuple(METRICS[name] for name in self.metrics)

    @property
    def is_rolled(self) -> bool:
        """Whether roll-ups can answer it: whole hours, and one dimension at most, which filters are about too."""
        dimensions = {*self.dimensions, *(one.dimension for one in self.conditions)}
        edges = (self.span.start, self.span.end)
        has_hours = all(edge.minute == edge.second == edge.microsecond == 0 for edge in edges)
        return len(dimensions) <= 1 and has_hours and self._has_whole_hours()

    def _has_whole_hours(self) -> bool:
        """Whether the zone is whole hours away from UTC at all times in question."""
        zone, months = ZoneInfo(self.zone), (self.span.end - self.span.start).days // 28 + 2
        moments = [self.span.start + timedelta(days=28) * number for number in range(months)]
        return all((moment.astimezone(zone).utcoffset() or HOUR) % HOUR == timedelta() for moment in moments)

    def starts(self, span: Span) -> list[datetime]:
        """When the stretches of time of a span begin, the first before the span or with it."""
        if self.granularity is Granularity.NONE:
            return [span.start]
        zone = ZoneInfo(self.zone)
        found = [trunc(span.start.astimezone(zone), self.granularity)]
        while (following := step(found[-1], self.granularity)) < span.end and len(found) <= MOST_VALUES:
            found.append(following)
        return found

    def before(self) -> Span:
        """The span to compare with."""
        start, end = self.span.start, self.span.end
        if self.comparison is Comparison.PREVIOUS_YEAR:
            return Span(_year_before(start), _year_before(end))
        return Span(start - (end - start), start)


def is_zone(name: str) -> bool:
    """Whether this names a time zone of the IANA database."""
    try:
        return len(name) <= LONGEST_ZONE and ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _year_before(at: datetime) -> datetime:
    try:
        return at.replace(year=at.year - 1)
    except ValueError:  # the 29th of February
        return at.replace(year=at.year - 1, day=28)


def trunc(at: datetime, granularity: Granularity) -> datetime:
    """The beginning of the stretch of time that a moment is in, by the clocks of the moment's zone."""
    if granularity is Granularity.HOUR:
        return at.replace(minute=0, second=0, microsecond=0)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match granularity:
        case Granularity.WEEK:
            return day - timedelta(days=day.weekday())
        case Granularity.MONTH:
            return day.replace(day=1)
        case Granularity.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day


def step(at: datetime, granularity: Granularity) -> datetime:
    """The beginning of the next stretch of time: days are by clocks, and hours by what goes by."""
    if granularity is Granularity.HOUR:
        return (at.astimezone(ZoneInfo("UTC")) + HOUR).astimezone(at.tzinfo)
    days = {Granularity.DAY: 1, Granularity.WEEK: 7, Granularity.MONTH: 31, Granularity.QUARTER: 92}[granularity]
    return trunc(at + timedelta(days=days), granularity)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer, with a value for each row: times as ISO 8601, ids and words as text, or numbers.

    `compared` ones hold what the metric was in the span before; `labels` say what ids are called.
    """

    name: str
    kind: str
    unit: str | None
    values: Sequence[Any]
    compared: bool = False
    labels: Sequence[str | None] | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far behind numbers are: events of the organization that are not in them, at most 10,000, and since when."""

    events_behind: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns of equal length."""

    columns: Sequence[Column]
    freshness: Freshness
    source: Source
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of an answer: a metric, where the dimensions have these values, in a span."""

    metric: str
    span: Span
    conditions: tuple[Condition, ...] = field(default=())

    def check(self) -> None:
        """Raises `InvalidInputError` naming everything that cannot be asked."""
        Question((self.metric,), self.span, conditions=self.conditions).check()


@dataclass(frozen=True, slots=True)
class Contribution:
    """A conversation behind a number: what it adds to the sum, and to the sum that this is divided by."""

    conversation_id: str | None
    at: datetime
    numerator: float
    denominator: float | None
    rows: int
