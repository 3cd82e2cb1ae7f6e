"""The root fields about views, and what is watched of their counts."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError
from domain.triage.filter import ConversationFilter
from domain.triage.ports import Count
from domain.triage.view import Saved
from resolvers.context import RequestContext, mutation, shown, subscription
from resolvers.idempotency import key_of
from resolvers.triage.sorting import triage
from schema.base import field, parse_key
from schema.triage import view_command as c
from schema.triage.filter import ConversationFilterInput, given
from schema.triage.view import ConversationCount, View, ViewCount

Info = strawberry.Info[RequestContext, None]

MOST_FILTERS = 12
"""How many filters are counted at once."""

Filters = Annotated[
    list[ConversationFilterInput], strawberry.argument(description="What to count by, each for itself.")
]


@strawberry.type
class ViewQuery:
    """Saved filters."""

    @field(
        "Shared views and your own, at most 100 of each, shared ones first, by name. For people at work.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def views(self, info: Info) -> list[View]:
        return [View.of(view) for view in await info.context.reads.all_views()]

    @field(
        "How many conversations each of at most 12 filters lets through, in the order of the filters. For people at"
        " work.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def conversation_counts(self, info: Info, filters: Filters) -> list[ConversationCount]:
        counts = await info.context.reads.conversation_counts(_several(filters))
        return [ConversationCount.of(count) for count in counts]


@strawberry.type
class ViewMutation:
    """What can be done about views."""

    @mutation("Save a filter under a name. For people at work.", needs=Permission.READ_CONVERSATIONS)
    async def create_view(self, info: Info, input: c.CreateViewInput) -> c.CreateViewPayload | None:
        wanted = Saved(input.name, given(input.filter, "input.filter"), input.order)
        receipt = await triage(info).views.create(
            info.context.actor, wanted, is_shared=input.is_shared, key=key_of(input)
        )
        return c.CreateViewSuccess(view=await shown(info, "views", receipt.id, View.of))

    @mutation(
        "Save a view otherwise: your own, or a shared one with `desk.manage`.", needs=Permission.READ_CONVERSATIONS
    )
    async def change_view(self, info: Info, input: c.ChangeViewInput) -> c.ChangeViewPayload | None:
        key = parse_key(input.view_id, "View", "input.viewId")
        filter = None if input.filter is None else given(input.filter, "input.filter")
        wanted = Saved(input.name, filter, input.order)
        await triage(info).views.change(info.context.actor, key, wanted, key=key_of(input))
        return c.ChangeViewSuccess(view=await shown(info, "views", key, View.of))

    @mutation("Remove a view: your own, or a shared one with `desk.manage`.", needs=Permission.READ_CONVERSATIONS)
    async def delete_view(self, info: Info, input: c.DeleteViewInput) -> c.DeleteViewPayload | None:
        key = parse_key(input.view_id, "View", "input.viewId")
        await triage(info).views.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteViewSuccess(deleted_id=input.view_id)


@strawberry.type
class ViewSubscription:
    """What is watched of views."""

    @subscription(
        "How many conversations your views have: at once, then whenever that changes, at most once a second. For"
        " people at work.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def view_counts_changed(self, info: Info) -> AsyncGenerator[list[ViewCount], None]:
        async with aclosing(_changing(info, lambda context: context.reads.all_view_counts())) as changes:
            async for counts in changes:
                yield [ViewCount.of(count) for count in counts]

    @subscription(
        "How many conversations each of at most 12 filters lets through, in the order of the filters: at once, then"
        " whenever that changes, at most once a second. For people at work.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def conversation_counts_changed(
        self, info: Info, filters: Filters
    ) -> AsyncGenerator[list[ConversationCount], None]:
        wanted = _several(filters)
        async with aclosing(_changing(info, lambda context: context.reads.conversation_counts(wanted))) as changes:
            async for counts in changes:
                yield [ConversationCount.of(count) for count in counts]


def _several(filters: Sequence[ConversationFilterInput]) -> Sequence[ConversationFilter]:
    if len(filters) > MOST_FILTERS:
        raise InvalidInputError(FieldProblem("filters", f"At most {MOST_FILTERS} are counted at once."))
    return [given(each, f"filters.{place}") for place, each in enumerate(filters)]


async def _changing(
    info: Info, count: Callable[[RequestContext], Awaitable[Sequence[Count]]]
) -> AsyncGenerator[Sequence[Count], None]:
    """Counts at once, and again whenever they are others."""
    last: Sequence[Count] | None = None
    async with aclosing(triage(info).pulses.inbox(info.context.actor)) as pulses:
        async for _ in pulses:
            await info.context.renew()
            counts = await count(info.context)
            await info.context.reads.close()  # nothing is held while nothing happens
            if counts != last:
                last = counts
                yield counts
