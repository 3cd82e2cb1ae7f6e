"""The changes of conversations that have happened, by query: what a live subscriber or a webhook was told."""

from typing import Any

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError
from resolvers.context import RequestContext
from resolvers.conversation import UNKNOWN, place_of
from schema.base import After, Connection, First, field, page_request
from schema.change import InboxChange, change
from schema.webhooks.replay import InboxChangeKind, Kinds, is_among, replayed

Info = strawberry.Info[RequestContext, None]
LOOKED_AT = 200
"""Events at a time; so many times, a page that few of them belong to looks for more before it is given out short."""
LOOKS = 5


@strawberry.type
class ReplayQuery:
    """What has happened."""

    @field(
        "What happened in all conversations after a cursor, or from the beginning, the oldest first: the same changes "
        "with the same cursors as `inboxChanged`. A page can hold fewer than asked for although more follow.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def inbox_changes(
        self, info: Info, first: First = None, after: After = None, kinds: Kinds = None
    ) -> Connection[InboxChange]:
        size, place = page_request(first).size, place_of(after) or 0
        if place == UNKNOWN:
            raise InvalidInputError(FieldProblem("after", "This is not a cursor that this API gave out."))
        changes, place, has_more = await _looked_up(info.context, place, size, kinds)
        return replayed(changes, place, is_first=after is None, has_more=has_more)


async def _looked_up(
    context: RequestContext, place: int, size: int, kinds: list[InboxChangeKind] | None
) -> tuple[list[Any], int, bool]:
    """Changes after a place, how far was looked for them, and whether there is more to look at."""
    found: list[tuple[int, Any]] = []
    for _ in range(LOOKS):
        past = await context.reads.past(place, LOOKED_AT)
        for event in past.events:
            position = event.position or 0
            one = change(event, position, staff=context.actor.is_staff)
            if one is None or not is_among(one, kinds):
                continue
            if len(found) == size:
                return [each for _, each in found], found[-1][0], True
            found.append((position, one))
        place = past.place
        if not past.has_more:
            return [each for _, each in found], place, False
    return [each for _, each in found], place, True
