"""The messages to webhooks, and how each try went, as people see them."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.delivery import DeliveryState
from domain.webhook.log import WebhookAttemptView, WebhookDeliveryView
from schema.base import edge
from schema.conversation import Conversation
from schema.needs import needing
from schema.news.delivery import Delivery


@strawberry.type(description="A try at a message to a webhook.")
class WebhookAttempt:
    """One request."""

    at: datetime = strawberry.field(description="When it began.")
    status: int | None = strawberry.field(description="The HTTP status that came back; null where none did.")
    took_ms: int = strawberry.field(description="Milliseconds that it took.")
    error: str | None = strawberry.field(description="Why there was no answer, if there was none.")
    answer: str = strawberry.field(description="The beginning of what came back, at most 500 bytes.")

    @classmethod
    def of(cls, view: WebhookAttemptView) -> "WebhookAttempt":
        """Built from its view."""
        return cls(at=view.at, status=view.status, took_ms=view.took_ms, error=view.error, answer=view.answer)


@needing(Permission.MANAGE_WEBHOOKS)
@strawberry.type(description="A message to a webhook.")
class WebhookDelivery:
    """What is sent for one event."""

    conversation_key: strawberry.Private[UUID | None]
    delivery_key: strawberry.Private[UUID]
    delivery: Delivery | None = edge(
        "deliveries", "delivery_key", of=Delivery.of, description="It among all that goes out, to replay it by."
    )
    message_id: str = strawberry.field(description="Its header `webhook-id`: the same when it is told again.")
    state: DeliveryState = strawberry.field(description="How far it is.")
    error: str | None = strawberry.field(description="Why the last try failed, if it did.")
    body: str | None = strawberry.field(
        description="What is sent; null for whoever may not see all that the webhook may."
    )
    attempts: list[WebhookAttempt] = strawberry.field(description="How each try went, the oldest first.")
    next_try_at: datetime | None = strawberry.field(
        description="When it is tried next; null when it is over, or waits for an earlier one of its conversation."
    )
    sent_at: datetime | None = strawberry.field(description="When it was taken; null as long as it was not.")
    created_at: datetime = strawberry.field(description="When it was written.")
    conversation: Conversation | None = edge(
        "conversations", "conversation_key", of=Conversation.of, description="What it is about; null for a test."
    )

    @classmethod
    def of(cls, view: WebhookDeliveryView) -> "WebhookDelivery":
        """Built from its view."""
        return cls(
            conversation_key=view.conversation_id,
            delivery_key=view.id,
            message_id=view.message_id,
            state=view.state,
            error=view.error,
            body=view.body,
            attempts=[WebhookAttempt.of(each) for each in view.attempts],
            next_try_at=view.next_try_at,
            sent_at=view.sent_at,
            created_at=view.created_at,
        )
