"""The deliveries of one unit of work: posted once for each key, each sequence in the order of posting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, case, cast, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import NotFoundError
from domain.carriage.replay import DeliveryFilter
from domain.delivery import DeliveryState, Medium, Parcel
from infra.delivery.rows import deliveries
from infra.repositories import Unit

POSTED = "parley:posted"
"""The signal that something is to be carried."""
LOCK = text(
    """
    SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
    FROM (SELECT DISTINCT unnest(CAST(:names AS text[])) AS name ORDER BY 1) AS one_after_the_other
    """
)
HEADS = text(
    """
    UPDATE delivery SET next_try_at = :at
    FROM unnest(CAST(:routes AS text[]), CAST(:sequences AS text[])) AS wanted (route, sequence)
    CROSS JOIN LATERAL (
      SELECT id FROM delivery AS waiting
      WHERE waiting.organization_id = :organization_id AND waiting.state = 'queued'
        AND waiting.route = wanted.route AND waiting.sequence = wanted.sequence
      ORDER BY waiting.number LIMIT 1
    ) AS head
    WHERE delivery.id = head.id AND delivery.next_try_at IS NULL
    """
)
"""Makes the first of each sequence due, unless it is already, or is being carried."""

Place = tuple[str, str]
"""A route and a sequence."""


async def lock(connection: AsyncConnection, organization_id: UUID, places: Collection[Place]) -> None:
    """Let nobody else change what is in these sequences until the transaction ends."""
    if places:
        names = [f"delivery {organization_id} {route} {sequence}" for route, sequence in places]
        await connection.execute(LOCK, {"names": names})


async def let_go_on(
    connection: AsyncConnection, organization_id: UUID, places: Collection[Place], at: datetime
) -> None:
    """Make the first one of each of these sequences due; they are locked."""
    if places:
        routes, sequences = zip(*sorted(places), strict=True)
        values = {"organization_id": organization_id, "at": at}
        await connection.execute(HEADS, values | {"routes": list(routes), "sequences": list(sequences)})


class SqlDeliveries:
    """What one unit of work has to send, written at once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def post(self, parcels: Sequence[Parcel]) -> None:
        """Have them carried once the unit is committed, in this order; a key that is known is passed over."""
        if not parcels:
            return
        connection, tenant = self._unit.connection, self._unit.actor.tenant
        places = {(parcel.route, parcel.sequence) for parcel in parcels if parcel.sequence is not None}
        await lock(connection, tenant, places)
        rows = [_row(parcel, tenant, self._unit.at) for parcel in parcels]
        await connection.execute(insert(deliveries).values(rows).on_conflict_do_nothing())
        await let_go_on(connection, tenant, places, self._unit.at)
        self._unit.signals.add(POSTED)

    async def medium_of(self, delivery_id: UUID) -> Medium:
        """By what it goes."""
        d = deliveries.c
        mine = (d.id == delivery_id) & (d.organization_id == self._unit.actor.tenant)
        found = await self._unit.connection.scalar(select(d.medium).where(mine))
        if found is None:
            raise NotFoundError("delivery")
        return Medium(found)

    async def revive(self, wanted: DeliveryFilter, most: int, *, only: UUID | None = None) -> int:
        """Queue failed ones again; of each sequence the first is due, and the others wait for it."""
        d, connection, tenant = deliveries.c, self._unit.connection, self._unit.actor.tenant
        there = d.content != cast({}, JSONB)  # of what is erased nothing is left to carry
        failed = (d.organization_id == tenant, d.state == DeliveryState.FAILED, there, *matching(wanted))
        dead = select(d.id, d.route, d.sequence).where(*failed).order_by(d.number).limit(most)
        rows = (await connection.execute(dead if only is None else dead.where(d.id == only))).all()
        places = {(row.route, row.sequence) for row in rows if row.sequence is not None}
        await lock(connection, tenant, places)
        queued = update(deliveries).where(d.id.in_([row.id for row in rows]), d.state == DeliveryState.FAILED)
        due = case((d.sequence.is_(None), self._unit.at))
        values = {"state": DeliveryState.QUEUED, "attempts": 0, "error": None, "next_try_at": due}
        count = (await connection.execute(queued.values(values))).rowcount
        await let_go_on(connection, tenant, places, self._unit.at)
        self._unit.signals.add(POSTED)
        return count


def matching(wanted: DeliveryFilter) -> Sequence[ColumnElement[bool]]:
    """The conditions of a filter."""
    d = deliveries.c
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(d.state == wanted.state)
    if wanted.media is not None:
        found.append(d.medium.in_(wanted.media))
    if wanted.conversation_id is not None:
        found.append(d.conversation == str(wanted.conversation_id))
    if wanted.webhook_id is not None:
        found.append(d.route == f"webhook:{wanted.webhook_id}")
    return found


def _row(parcel: Parcel, organization_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "organization_id": organization_id,
        "key": parcel.key,
        "medium": parcel.medium,
        "route": parcel.route,
        "sequence": parcel.sequence,
        "recipient": parcel.recipient,
        "content": dict(parcel.content),
        "about": dict(parcel.about),
        "state": DeliveryState.QUEUED,
        "next_try_at": at if parcel.sequence is None else None,
        "created_at": at,
    }
