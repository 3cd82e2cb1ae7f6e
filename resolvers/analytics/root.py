"""The root fields about numbers."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.analytics.metric import LIST
from resolvers.context import RequestContext, subscription
from schema.analytics.board import LiveBoard
from schema.analytics.metric import Metric
from schema.analytics.question import AnalyticsAnswer, AnalyticsCellInput, AnalyticsContribution, AnalyticsInput
from schema.base import After, Connection, First, connection, field, page_request

Info = strawberry.Info[RequestContext, None]

Asked = Annotated[AnalyticsInput, strawberry.argument(description="What to count.")]
Behind = Annotated[AnalyticsCellInput, strawberry.argument(description="Which number.")]


@strawberry.type
class AnalyticsQuery:
    """Questions about numbers."""

    @field("Every metric with its definition.", needs=Permission.READ_ANALYTICS)
    async def metrics(self, info: Info) -> list[Metric]:
        return [Metric.of(metric) for metric in LIST]

    @field("Numbers in columns.", needs=Permission.READ_ANALYTICS)
    async def analytics(self, info: Info, input: Asked) -> AnalyticsAnswer:
        context = info.context
        return AnalyticsAnswer.of(await context.services.analytics.ask(context.actor, input.question))

    @field(
        "The conversations behind a number: what they add comes to the number, or to what is divided for it.",
        needs=Permission.READ_ANALYTICS,
    )
    async def drilldown(
        self, info: Info, input: Behind, first: First = None, after: After = None
    ) -> Connection[AnalyticsContribution]:
        page, context = page_request(first, after), info.context
        found = await context.services.analytics.contributions(context.actor, input.cell, page)
        return connection(found, AnalyticsContribution.of)


Zone = Annotated[str, strawberry.argument(description="By which clocks today begins, such as `Europe/Lisbon`.")]


@strawberry.type
class AnalyticsSubscription:
    """What boards on walls watch."""

    @subscription(
        "How it stands: at once, and whenever that changes, at most once a second.", needs=Permission.READ_ANALYTICS
    )
    async def metric_changed(self, info: Info, time_zone: Zone = "UTC") -> AsyncGenerator[LiveBoard, None]:
        context = info.context
        async with aclosing(context.services.analytics.watch(context.actor, time_zone)) as boards:
            async for board in boards:
                yield LiveBoard.of(board)
