"""What goes out, and what became of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from domain import delivery
from domain.account.permission import Permission
from domain.carriage.replay import DeliveryFilter
from domain.delivery import DeliveryState, Medium
from schema.base import Node, edge, parse_key
from schema.command import idempotency_key_field
from schema.conversation import Conversation
from schema.errors import CommonError
from schema.needs import needing

strawberry.enum(Medium, name="DeliveryMedium", description="By what something goes out.")
strawberry.enum(
    DeliveryState,
    description="How far a delivery is: a `FAILED` one was given up, until somebody replays it.",
)


@needing(Permission.READ_DELIVERIES)
@strawberry.type(description="Something that goes out: a mail, a text message, a push to a browser, a webhook.")
class Delivery(Node):
    """A delivery."""

    conversation_key: strawberry.Private[UUID | None]
    medium: Medium = strawberry.field(description="By what it goes.")
    recipient: str = strawberry.field(description="An address, a telephone number, a URL, or the id of a browser.")
    state: DeliveryState = strawberry.field(description="How far it is.")
    attempt_count: int = strawberry.field(description="How often it was tried; a replay begins anew.")
    error: str | None = strawberry.field(description="Why the last attempt failed, if it did.")
    next_try_at: datetime | None = strawberry.field(
        description="When it is tried next; null when it is over, or waits for an earlier one."
    )
    sent_at: datetime | None = strawberry.field(description="When it was taken; null as long as it was not.")
    receipt: str | None = strawberry.field(description="What whoever took it calls it.")
    created_at: datetime = strawberry.field(description="When it was posted.")
    conversation: Conversation | None = edge(
        "conversations",
        "conversation_key",
        of=Conversation.of,
        description="What it is about, if about one.",
    )

    @classmethod
    def of(cls, view: delivery.Delivery) -> "Delivery":
        """Built from its view."""
        about = view.parcel.about.get("conversation")
        return cls(
            key=view.id,
            conversation_key=UUID(about) if about else None,
            medium=view.parcel.medium,
            recipient=view.parcel.recipient,
            state=view.state,
            attempt_count=view.attempts,
            error=view.error,
            next_try_at=view.next_try_at,
            sent_at=view.sent_at,
            receipt=view.receipt,
            created_at=view.created_at,
        )


@strawberry.input(description="Which deliveries; what is not given does not matter.")
class DeliveryFilterInput:
    """A filter of deliveries."""

    state: DeliveryState | None = strawberry.field(default=None, description="How far they are.")
    media: list[Medium] | None = strawberry.field(default=None, description="By what they go.")
    conversation_id: strawberry.ID | None = strawberry.field(default=None, description="What they are about.")
    webhook_id: strawberry.ID | None = strawberry.field(default=None, description="The webhook that they are for.")

    def wanted(self, path: str) -> DeliveryFilter:
        """As services take it; `InvalidInputError` for what is no id."""
        return DeliveryFilter(
            state=self.state,
            media=self.media,
            conversation_id=_key(self.conversation_id, "Conversation", f"{path}.conversationId"),
            webhook_id=_key(self.webhook_id, "Webhook", f"{path}.webhookId"),
        )


def _key(id: str | None, concept: str, path: str) -> UUID | None:
    return None if id is None else parse_key(id, concept, path)


@strawberry.input(description="The delivery to try again.")
class ReplayDeliveryInput:
    """Input of `replayDelivery`."""

    delivery_id: strawberry.ID = strawberry.field(description="Which; one that has not failed stays as it is.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The failed deliveries to try again.")
class ReplayDeliveriesInput:
    """Input of `replayDeliveries`."""

    filter: DeliveryFilterInput = strawberry.field(description="Which of the failed ones.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The delivery is queued again.")
class ReplayDeliverySuccess:
    """Success of `replayDelivery`."""

    delivery: Delivery = strawberry.field(description="As it is now.")


@strawberry.type(description="They are queued again, each sequence in its order.")
class ReplayDeliveriesSuccess:
    """Success of `replayDeliveries`."""

    count: int = strawberry.field(
        description="How many, at most 10,000 at a time; 0 for a request that is repeated by its key."
    )


ReplayDeliveryPayload = Annotated[
    ReplayDeliverySuccess | CommonError,
    strawberry.union("ReplayDeliveryPayload", description="What came of `replayDelivery`."),
]
ReplayDeliveriesPayload = Annotated[
    ReplayDeliveriesSuccess | CommonError,
    strawberry.union("ReplayDeliveriesPayload", description="What came of `replayDeliveries`."),
]
