"""The outbox in Postgres: claimed route by route under leases, so that no receiver holds up another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import stream_of, system_of
from domain.carriage.carriage import DeliveryFailed, Route
from domain.delivery import Delivery, DeliveryState, Medium, Parcel
from infra.database import Database
from infra.delivery.rows import deliveries
from infra.delivery.stored import let_go_on, lock
from infra.live.signals import COMMITTED, Sender
from infra.rows import events
from infra.storage.codec import dump, encode

CLAIM = text(
    """
    WITH RECURSIVE route AS (
      (SELECT organization_id, route FROM delivery WHERE state = 'queued' AND next_try_at IS NOT NULL
       ORDER BY organization_id, route LIMIT 1)
      UNION ALL
      SELECT following.organization_id, following.route FROM route, LATERAL (
        SELECT organization_id, route FROM delivery
        WHERE state = 'queued' AND next_try_at IS NOT NULL
          AND (delivery.organization_id, delivery.route) > (route.organization_id, route.route)
        ORDER BY organization_id, route LIMIT 1
      ) AS following
    ), busy AS (
      SELECT * FROM unnest(CAST(:organizations AS uuid[]), CAST(:routes AS text[]), CAST(:counts AS int[]))
        AS one (organization_id, route, count)
    ), due AS (
      SELECT found.id, found.next_try_at, coalesce(busy.count, 0) + row_number() OVER (
        PARTITION BY route.organization_id, route.route ORDER BY found.next_try_at, found.number
      ) AS lane
      FROM route LEFT JOIN busy USING (organization_id, route), LATERAL (
        SELECT id, next_try_at, number FROM delivery
        WHERE state = 'queued' AND organization_id = route.organization_id AND delivery.route = route.route
          AND next_try_at <= :at
        ORDER BY next_try_at, number LIMIT :lanes FOR UPDATE SKIP LOCKED
      ) AS found
    ), chosen AS (
      SELECT id FROM due WHERE lane <= :lanes ORDER BY lane, next_try_at LIMIT :most
    )
    UPDATE delivery SET attempts = attempts + 1, next_try_at = :until FROM chosen WHERE delivery.id = chosen.id
    RETURNING delivery.*
    """
)
"""Hops from route to route along the index, whatever is queued in each, and takes from all of them in turn."""


class SqlOutbox:
    """Deliveries of all organizations, for one worker process."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database = database
        self._sender = sender

    async def claim(
        self, at: datetime, until: datetime, most: int, lanes: int, busy: Mapping[Route, int]
    ) -> Sequence[Delivery]:
        """Lease what is due."""
        values = {
            "at": at,
            "until": until,
            "most": most,
            "lanes": lanes,
            "organizations": [organization_id for organization_id, _ in busy],
            "routes": [route for _, route in busy],
            "counts": list(busy.values()),
        }
        async with self._database.relay() as connection:
            rows = (await connection.execute(CLAIM, values)).all()
            await connection.commit()
        return [delivery_of(row) for row in sorted(rows, key=lambda row: row.number)]

    async def sent(self, delivery: Delivery, receipt: str | None, at: datetime) -> None:
        """Record the arrival."""
        await self._end(delivery, at, state=DeliveryState.SENT, sent_at=at, receipt=receipt, error=None)

    async def delayed(self, delivery: Delivery, error: str, next_try_at: datetime) -> None:
        """Record the failure and the next time."""
        async with self._database.relay() as connection:
            await connection.execute(_recorded(delivery, error=error, next_try_at=next_try_at))
            await connection.commit()

    async def failed(self, delivery: Delivery, error: str, at: datetime) -> None:
        """Give it up, and tell of it."""
        await self._end(delivery, at, state=DeliveryState.FAILED, error=error)

    async def _end(self, delivery: Delivery, at: datetime, **values: Any) -> None:
        parcel, organization_id = delivery.parcel, delivery.organization_id
        places = [] if parcel.sequence is None else [(parcel.route, parcel.sequence)]
        async with self._database.relay() as connection:
            await lock(connection, organization_id, places)
            ended = await connection.execute(_recorded(delivery, next_try_at=None, **values))
            await let_go_on(connection, organization_id, places, at)
            is_news = ended.rowcount and values["state"] is DeliveryState.FAILED
            if is_news:
                await _tell(connection, delivery, values["error"], at)
            await connection.commit()
        if is_news:
            self._sender.send(COMMITTED, encode([]))  # wakes the relay


def _recorded(delivery: Delivery, **values: Any) -> Any:
    """What came of an attempt, if there was no other one since."""
    c = deliveries.c
    mine = (c.id == delivery.id) & (c.state == DeliveryState.QUEUED) & (c.attempts == delivery.attempts)
    return update(deliveries).where(mine).values(values)


async def _tell(connection: AsyncConnection, delivery: Delivery, error: str, at: datetime) -> None:
    event = DeliveryFailed(delivery.id, delivery.parcel.medium, error, delivery.parcel.about)
    stream = stream_of("delivery", delivery.id)
    earlier = select(func.count()).select_from(events).where(events.c.stream == stream)
    row = {
        "organization_id": delivery.organization_id,
        "stream": stream,
        "version": earlier.scalar_subquery() + 1,
        "kind": event.kind,
        "payload": dump(event),
        "actor": str(system_of(delivery.organization_id)),
        "audited": False,
        "at": at,
        "correlation_id": "",
    }
    await connection.execute(insert(events).values(row))


def delivery_of(row: Row[Any]) -> Delivery:
    """A delivery as its row has it."""
    parcel = Parcel(
        key=row.key,
        medium=Medium(row.medium),
        route=row.route,
        recipient=row.recipient,
        content=row.content,
        sequence=row.sequence,
        about=row.about,
    )
    return Delivery(
        id=UUID(str(row.id)),
        organization_id=UUID(str(row.organization_id)),
        parcel=parcel,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        error=row.error,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        receipt=row.receipt,
        created_at=row.created_at,
    )
