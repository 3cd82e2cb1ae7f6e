"""The catalogue of metrics as clients read it."""

import strawberry

from domain.account.permission import Permission
from domain.analytics import measure, metric
from schema.needs import needing

strawberry.enum(metric.Unit, name="MetricUnit", description="What a metric is counted in.")
strawberry.enum(measure.Dimension, name="AnalyticsDimension", description="What numbers can be split and filtered by.")


@needing(Permission.READ_ANALYTICS)
@strawberry.type(description="A number with a definition.")
class Metric:
    """An entry of the catalogue."""

    name: str = strawberry.field(description="What questions call it.")
    description: str = strawberry.field(description="What it tells, in a sentence.")
    definition: str = strawberry.field(description="What counts, in words.")
    sql: str = strawberry.field(
        description="What counts, in SQL over the facts, for one organization: `:from` and `:to` are the range."
    )
    fact: str = strawberry.field(description="The fact whose rows it is made of.")
    unit: metric.Unit = strawberry.field(description="What it is counted in.")
    dimensions: list[measure.Dimension] = strawberry.field(description="What it can be split and filtered by.")
    is_additive: bool = strawberry.field(
        description="Whether the numbers of parts add up to the number of the whole, as those of rates do not."
    )
    is_better_higher: bool | None = strawberry.field(
        description="Whether more is better; null where neither more nor less is."
    )
    settles_after_days: int | None = strawberry.field(
        description="Days after which it is known whether something counts: what is younger is left out."
    )

    @classmethod
    def of(cls, one: metric.Metric) -> "Metric":
        """Built from its definition."""
        return cls(
            name=one.name,
            description=one.description,
            definition=one.definition,
            sql=one.sql,
            fact=one.fact,
            unit=one.unit,
            dimensions=[measure.Dimension(name) for name in one.dimensions],
            is_additive=one.is_additive,
            is_better_higher=one.is_better_higher,
            settles_after_days=one.settles.days if one.settles else None,
        )
