"""The root fields about what went out."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.carriage.replay import DeliveryFilter
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.news import delivery as s

Info = strawberry.Info[RequestContext, None]
Filter = Annotated[s.DeliveryFilterInput | None, strawberry.argument(description="Which; all if unset.")]


@strawberry.type
class DeliveryQuery:
    """What became of it."""

    @field("What went out or is to, the newest first.", needs=Permission.READ_DELIVERIES)
    async def deliveries(
        self, info: Info, filter: Filter = None, first: First = None, after: After = None
    ) -> Connection[s.Delivery]:
        wanted = filter.wanted("filter") if filter else DeliveryFilter()
        page = await info.context.reads.delivery_page(page_request(first, after), wanted)
        return connection(page, s.Delivery.of)


@strawberry.type
class DeliveryMutation:
    """And what to do about it."""

    @mutation(
        "Try a failed delivery again, with all its attempts; one of a webhook is for who manages webhooks.",
        needs=Permission.READ_DELIVERIES,
    )
    async def replay_delivery(self, info: Info, input: s.ReplayDeliveryInput) -> s.ReplayDeliveryPayload | None:
        key = parse_key(input.delivery_id, "Delivery", "input.deliveryId")
        await info.context.services.desk.replays.replay(info.context.actor, key, key=key_of(input))
        return s.ReplayDeliverySuccess(delivery=await shown(info, "deliveries", key, s.Delivery.of))

    @mutation(
        "Try many failed deliveries again, the oldest first; those of webhooks are for who manages webhooks.",
        needs=Permission.READ_DELIVERIES,
    )
    async def replay_deliveries(self, info: Info, input: s.ReplayDeliveriesInput) -> s.ReplayDeliveriesPayload | None:
        wanted = input.filter.wanted("input.filter")
        count = await info.context.services.desk.replays.replay_all(info.context.actor, wanted, key=key_of(input))
        return s.ReplayDeliveriesSuccess(count=count)
