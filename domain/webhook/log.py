"""What was sent to webhooks, and how each try went, as people see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.delivery import DeliveryState
from domain.ports import Page, PageRequest


@dataclass(frozen=True, slots=True)
class WebhookAttemptView:
    """A try: the status that came back with the beginning of the answer, or why none did."""

    at: datetime
    status: int | None
    took_ms: int
    error: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class WebhookDeliveryView:
    """A message; `body` is None for somebody who may not see all that the webhook may."""

    id: UUID
    message_id: str
    state: DeliveryState
    error: str | None
    body: str | None
    conversation_id: UUID | None
    attempts: Sequence[WebhookAttemptView]
    next_try_at: datetime | None
    sent_at: datetime | None
    created_at: datetime


class WebhookLogReads(Protocol):
    """What one actor may see of the messages to webhooks."""

    async def webhook_delivery_pages(
        self, keys: Sequence[tuple[UUID, PageRequest]]
    ) -> Sequence[Page[WebhookDeliveryView]]:
        """For each webhook a page of its messages, the newest first."""
        ...
