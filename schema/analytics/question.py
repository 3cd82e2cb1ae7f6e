"""Questions about metrics, and their answers in columns."""

from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from domain.account.permission import Permission
from domain.analytics import question as domain
from domain.analytics.measure import Dimension
from domain.base import FieldProblem, InvalidInputError
from schema.base import edge, global_id, parse_key
from schema.conversation import Conversation
from schema.needs import needing

strawberry.enum(
    domain.Granularity,
    name="AnalyticsGranularity",
    description="How long the stretches of time are that numbers are told apart by; weeks begin on Monday.",
)
strawberry.enum(
    domain.Comparison,
    name="AnalyticsComparison",
    description="What numbers are set beside: the span before, as long as this one, or the same span a year before.",
)
strawberry.enum(
    domain.Source, name="AnalyticsSource", description="What numbers were read from: hourly roll-ups, or the facts."
)

CONCEPTS = {Dimension.INBOX: "Inbox", Dimension.TEAM: "Team", Dimension.PERSON: "Agent"}
"""The types that the ids of a dimension belong to."""


@strawberry.input(description="A span of time.")
class AnalyticsRangeInput:
    """From a moment until before another."""

    from_: datetime = strawberry.field(name="from", description="The first moment of it.")
    to: datetime = strawberry.field(description="The first moment after it, at most ten years later.")

    @property
    def span(self) -> domain.Span:
        """As the domain has it."""
        if self.from_.tzinfo is None or self.to.tzinfo is None:
            raise InvalidInputError(FieldProblem("input.range", "Give times with their zones, such as a `Z`."))
        return domain.Span(self.from_, self.to)


@strawberry.input(description="Only what has one of some values in a dimension.")
class AnalyticsFilterInput:
    """A condition; several hold all together."""

    dimension: Dimension = strawberry.field(description="Each at most once.")
    values: list[str | None] = strawberry.field(
        description="As answers have them: words, or ids of inboxes, teams and agents; null is for having none."
    )

    @property
    def condition(self) -> domain.Condition:
        """As the domain has it."""
        concept = CONCEPTS.get(self.dimension)
        values = (
            value if value is None or concept is None else str(parse_key(value, concept, "input.filters"))
            for value in self.values[: domain.MOST_FILTER_VALUES + 1]
        )
        return domain.Condition(str(self.dimension.value), tuple(values))


@strawberry.input(description="What rows are ordered by.")
class AnalyticsOrderInput:
    """One column."""

    by: str = strawberry.field(description="A metric or a dimension of the question, or `time`.")
    descending: bool = strawberry.field(default=True, description="The largest first.")


@strawberry.input(description="A question about metrics.")
class AnalyticsInput:
    """Metrics over a span."""

    metrics: list[str] = strawberry.field(description="1 to 20 names of the catalogue, which `metrics` lists.")
    range: AnalyticsRangeInput = strawberry.field(description="What time it is about.")
    dimensions: list[Dimension] = strawberry.field(
        default_factory=list, description="What to split by: at most two, which all metrics have."
    )
    time_zone: str = strawberry.field(default="UTC", description="By which clocks days begin, such as `Europe/Lisbon`.")
    granularity: domain.Granularity = strawberry.field(
        default=domain.Granularity.NONE, description="How long the stretches of time are; none makes one of the range."
    )
    filters: list[AnalyticsFilterInput] = strawberry.field(
        default_factory=list, description="Conditions that hold all together."
    )
    compare_to: domain.Comparison | None = strawberry.field(
        default=None, description="What to set beside it, in columns of their own."
    )
    order: AnalyticsOrderInput | None = strawberry.field(
        default=None, description="Unset: by time, and with dimensions then by the first metric, the largest first."
    )
    limit: int | None = strawberry.field(
        default=None,
        description=f"Only so many rows, from the front; more than {domain.MOST_VALUES} values are refused.",
    )

    @property
    def question(self) -> domain.Question:
        """As the domain has it."""
        return domain.Question(
            metrics=tuple(self.metrics),
            span=self.range.span,
            dimensions=tuple(str(one.value) for one in self.dimensions),
            zone=self.time_zone,
            granularity=self.granularity,
            conditions=tuple(one.condition for one in self.filters),
            comparison=self.compare_to,
            order=self.order.by if self.order else None,
            descending=self.order.descending if self.order else True,
            limit=self.limit,
        )


@strawberry.input(description="One number of an answer.")
class AnalyticsCellInput:
    """A metric where and when."""

    metric: str = strawberry.field(description="A name of the catalogue.")
    range: AnalyticsRangeInput = strawberry.field(description="What time the number is about.")
    filters: list[AnalyticsFilterInput] = strawberry.field(
        default_factory=list, description="The values of its dimensions, with the filters of the question."
    )

    @property
    def cell(self) -> domain.Cell:
        """As the domain has it."""
        return domain.Cell(self.metric, self.range.span, tuple(one.condition for one in self.filters))


@strawberry.type(description="One column of an answer: all have equally many values, one for each row.")
class AnalyticsColumn:
    """A column."""

    name: str = strawberry.field(description="`time`, the dimension, or the metric.")
    type: str = strawberry.field(
        description="`time`: ISO 8601, when the stretch begins; `dimension`: a word or an id, or null; `metric`: a"
        " number, or null where nothing can be divided."
    )
    unit: str | None = strawberry.field(description="What a metric is counted in.")
    compared: bool = strawberry.field(description="Whether this is what the metric was in the other span.")
    values: JSON = strawberry.field(description="The values, in the order of the rows.")
    labels: JSON | None = strawberry.field(
        description="What ids are called, in the same order; null for other columns."
    )

    @classmethod
    def of(cls, column: domain.Column) -> "AnalyticsColumn":
        """Built from its view."""
        values, concept = column.values, CONCEPTS.get(column.name)  # type: ignore[call-overload]
        if column.kind == "dimension" and concept:
            values = [value and global_id(concept, value) for value in values]
        return cls(
            name=column.name,
            type=column.kind,
            unit=column.unit,
            compared=column.compared,
            values=cast(JSON, values),
            labels=cast(JSON | None, column.labels),
        )


@strawberry.type(description="How far behind numbers are.")
class AnalyticsFreshness:
    """What is not in them."""

    events_behind: int = strawberry.field(
        description="Events of the organization that are not in the numbers yet, at most 10,000."
    )
    as_of: datetime | None = strawberry.field(description="When events were last taken in; null before the first time.")


@needing(Permission.READ_ANALYTICS)
@strawberry.type(description="Numbers in columns.")
class AnalyticsAnswer:
    """What was asked."""

    columns: list[AnalyticsColumn] = strawberry.field(
        description="The time, unless there is one stretch only, the dimensions, and the metrics as asked for."
    )
    rows: int = strawberry.field(description="How many values each column has.")
    freshness: AnalyticsFreshness = strawberry.field(description="How far behind the numbers are.")
    source: domain.Source = strawberry.field(description="What they were read from.")

    @classmethod
    def of(cls, answer: domain.Answer) -> "AnalyticsAnswer":
        """Built from its view."""
        fresh = answer.freshness
        return cls(
            columns=[AnalyticsColumn.of(column) for column in answer.columns],
            rows=answer.rows,
            freshness=AnalyticsFreshness(events_behind=fresh.events_behind, as_of=fresh.as_of),
            source=answer.source,
        )


@needing(Permission.READ_ANALYTICS)
@strawberry.type(description="A conversation behind a number, and what it adds to it.")
class AnalyticsContribution:
    """What adds up to the number: sums of numerators, over sums of denominators where there are such."""

    conversation_key: strawberry.Private[UUID | None]
    at: datetime = strawberry.field(description="The first moment at which it counts.")
    numerator: float = strawberry.field(description="What it adds, in the metric's unit.")
    denominator: float | None = strawberry.field(description="What it adds to what that is divided by.")
    facts: int = strawberry.field(description="How many rows of the fact count.")
    conversation: Conversation | None = edge(
        "conversations",
        "conversation_key",
        of=Conversation.of,
        description="The conversation; null where you may not see it, or where it is about none.",
    )

    @classmethod
    def of(cls, one: domain.Contribution) -> "AnalyticsContribution":
        """Built from its view."""
        return cls(
            conversation_key=UUID(one.conversation_id) if one.conversation_id else None,
            at=one.at,
            numerator=one.numerator,
            denominator=one.denominator,
            facts=one.rows,
        )
