"""Where a message to a webhook goes at this moment, and how each try went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.carriage.carriage import LEASE
from domain.delivery import Delivery, DeliveryState
from domain.webhook.webhook import GIVEN_UP_AFTER
from infra.database import Database
from infra.delivery.rows import deliveries
from infra.webhooks.rows import webhook_attempts, webhooks


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook as messages need it; its secrets are sealed."""

    id: UUID
    organization_id: UUID
    url: str
    enabled: bool
    secret: bytes
    previous_secret: bytes | None
    previous_until: datetime | None

    def secrets_at(self, at: datetime) -> Sequence[bytes]:
        """Those that are good at a time, the newest first."""
        if self.previous_secret is None or self.previous_until is None or self.previous_until <= at:
            return [self.secret]
        return [self.secret, self.previous_secret]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try: the status that came back and the beginning of the answer, or why there is none."""

    at: datetime
    status: int | None
    took_ms: int
    error: str | None
    answer: str
    retry_after: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it was taken."""
        return self.status is not None and 200 <= self.status < 300


class SqlEndpoints:
    """Webhooks as their messages need them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, delivery: Delivery) -> Endpoint | None:
        """The webhook of a delivery, as it is now; None when it was deleted."""
        c = webhooks.c
        shown = (c.id, c.organization_id, c.url, c.enabled, c.secret, c.previous_secret, c.previous_until)
        wanted = select(*shown).where(c.id == _webhook_of(delivery))
        async with self._database.tenant(delivery.organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return None if row is None else Endpoint(*row)

    async def note(self, endpoint: Endpoint, delivery: Delivery, attempt: Attempt) -> bool:
        """Keep how a try went; whether the webhook has taken nothing for so long that it is to be switched off.

        After failures a success makes all that waits for the webhook due.
        """
        c = webhooks.c
        async with self._database.tenant(endpoint.organization_id) as connection:
            mine = select(c.failing_since).where(c.id == endpoint.id).with_for_update()
            row = (await connection.execute(mine)).one_or_none()
            if row is None:
                return False
            await connection.execute(insert(webhook_attempts).values(_row(endpoint, delivery, attempt)))
            since = None if attempt.succeeded else row.failing_since or attempt.at
            if since != row.failing_since:
                await connection.execute(update(webhooks).where(c.id == endpoint.id).values(failing_since=since))
            if attempt.succeeded and (row.failing_since is not None or delivery.attempts > 1):
                await _hurry(connection, delivery, attempt.at)
            await connection.commit()
        return since is not None and attempt.at - since >= GIVEN_UP_AFTER


async def _hurry(connection: AsyncConnection, delivery: Delivery, at: datetime) -> None:
    """What is due so much later is under nobody's lease: it waits for its next try."""
    d = deliveries.c
    waiting = (
        (d.organization_id == delivery.organization_id)
        & (d.route == delivery.parcel.route)
        & (d.state == DeliveryState.QUEUED)
        & (d.next_try_at > at + 2 * LEASE)
    )
    await connection.execute(update(deliveries).where(waiting).values(next_try_at=at))


def _webhook_of(delivery: Delivery) -> UUID:
    return UUID(delivery.parcel.route.removeprefix("webhook:"))


def _row(endpoint: Endpoint, delivery: Delivery, attempt: Attempt) -> dict[str, object]:
    return {
        "id": uuid4(),
        "organization_id": endpoint.organization_id,
        "webhook_id": endpoint.id,
        "delivery_id": delivery.id,
        "number": delivery.attempts,
        "status": attempt.status,
        "took_ms": attempt.took_ms,
        "error": attempt.error,
        "answer": attempt.answer,
        "created_at": attempt.at,
    }
