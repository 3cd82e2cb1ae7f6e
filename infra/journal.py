"""The event table as the relay and live readers see it: numbered in the order of delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from time import time_ns
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Event, Recorded
from domain.ports import Delivered
from infra.database import Database
from infra.live.signals import DELIVERED, Sender
from infra.rows import events, jobs
from infra.storage.codec import encode, recorded
from infra.telemetry import trace_since

log = structlog.get_logger(__name__)

RELAY_LOCK = 0x72656C79
BATCH = 500

LOCK = text("SELECT pg_try_advisory_xact_lock(:key)")
NUMBER = text(
    """
    WITH last AS (
      SELECT coalesce(max(delivered_position), 0) AS position FROM event WHERE delivered_position IS NOT NULL
    ), batch AS (
      SELECT id, row_number() OVER (ORDER BY id) AS number
      FROM (SELECT id FROM event WHERE delivered_position IS NULL ORDER BY id LIMIT :most) AS undelivered
    )
    UPDATE event SET delivered_position = last.position + batch.number
    FROM last, batch WHERE event.id = batch.id
    RETURNING event.*
    """
)
"""Positions in the order of insertion, which keeps the order of versions within a stream: its writers take turns."""


WANTED_BY = {
    "run_rules": "rule",
    "follow_service_levels": "service_level_policy",
    "send_by_channel": "channel_account",
}
"""Jobs that have nothing to do for an organization until it has enabled something in a table; most of them have not."""
WANTED = text(
    " UNION ".join(
        f"SELECT organization_id, '{job}' AS job FROM {table} WHERE enabled AND organization_id = ANY(:owners)"  # noqa: S608
        for job, table in WANTED_BY.items()
    )
)


def queue_key(event: Mapping[str, Any]) -> str:
    """Jobs about one stream run one after the other."""
    return str(event["stream"])


def _called_for(event: Mapping[str, Any], subscribers: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The jobs of an event's kind, and those of its kind by actors of one kind, as in `MessageSent by agent`."""
    kind, by = event["kind"], event["actor"].partition(":")[0]
    return (*subscribers.get(kind, ()), *subscribers.get(f"{kind} by {by}", ()))


class SqlJournal:
    """Gives out positions, stores jobs in the same transaction, and reads the journal for whoever follows it."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database = database
        self._sender = sender
        self._wake = asyncio.Event()

    def wake(self, _: bytes = b"") -> None:
        """Something was committed: look now rather than at the next poll."""
        self._wake.set()

    async def woken(self, *, within: float) -> None:
        """Return when something was committed, or after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def deliver(self, subscribers: Mapping[str, Sequence[str]]) -> Delivered:
        """Number what is undelivered and store its jobs, at once; then tell live readers."""
        began = time_ns()
        async with self._database.relay() as connection:
            if not await connection.scalar(LOCK, {"key": RELAY_LOCK}):
                return Delivered(0, ())
            found = await connection.execute(NUMBER, {"most": BATCH})
            rows = sorted((dict(row) for row in found.mappings()), key=lambda row: row["delivered_position"])
            if not rows:
                return Delivered(0, ())
            ids = await self._store_jobs(connection, rows, subscribers)
            await connection.commit()
        if unknown := {row["kind"] for row in rows} - Event.kinds.keys():
            log.warning("relay.unknown_kinds", kinds=sorted(unknown))  # a newer release may have jobs for them
        self._sender.send(DELIVERED, encode(rows))
        for row in rows:
            trace_since(began, "relay", row["traceparent"], {"parley.position": row["delivered_position"]})
        return Delivered(len(rows), ids)

    async def _store_jobs(
        self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], subscribers: Mapping[str, Sequence[str]]
    ) -> Sequence[int]:
        needed = await self._needed(connection, {row["organization_id"] for row in rows})
        wanted = [
            {
                "organization_id": row["organization_id"],
                "event_id": row["id"],
                "name": name,
                "key": queue_key(row),
                "state": "queued",
                "attempts": 0,
            }
            for row in rows
            for name in _called_for(row, subscribers)
            if name not in WANTED_BY or (row["organization_id"], name) in needed
        ]
        if not wanted:
            return ()
        now = func.now()  # the database's clock, by which workers claim jobs
        stored = await connection.execute(insert(jobs).values(run_at=now, created_at=now).returning(jobs.c.id), wanted)
        return list(stored.scalars())

    async def _needed(self, connection: AsyncConnection, owners: Collection[UUID]) -> set[tuple[UUID, str]]:
        """Which jobs that not all organizations need these ones do."""
        found = await connection.execute(WANTED, {"owners": list(owners)})
        return {(row.organization_id, row.job) for row in found}

    async def last_position(self) -> int:
        """The newest position given out, 0 at the beginning."""
        async with self._database.relay() as connection:
            return await connection.scalar(select(func.max(events.c.delivered_position))) or 0

    async def since(self, position: int, *, most: int = BATCH) -> Sequence[Recorded]:
        """Delivered events of all organizations after a position, in order."""
        c = events.c
        wanted = select(events).where(c.delivered_position > position).order_by(c.delivered_position).limit(most)
        async with self._database.relay() as connection:
            return _recorded((await connection.execute(wanted)).all())

    async def of_stream(
        self, organization_id: UUID, stream: str, after: int, *, most: int = BATCH
    ) -> Sequence[Recorded]:
        """Events of one stream after a version, delivered or not, in order."""
        c = events.c
        wanted = select(events).where(c.stream == stream, c.version > after).order_by(c.version).limit(most)
        async with self._database.tenant(organization_id) as connection:
            return _recorded((await connection.execute(wanted)).all())

    async def of_organization(
        self, organization_id: UUID, after: int, *, prefix: str, most: int = BATCH
    ) -> Sequence[Recorded]:
        """Delivered events of one organization after a position, of streams with a prefix, in order."""
        c = events.c
        wanted = (
            select(events)
            .where(c.organization_id == organization_id, c.delivered_position > after, c.stream.startswith(prefix))
            .order_by(c.delivered_position)
            .limit(most)
        )
        async with self._database.tenant(organization_id) as connection:
            return _recorded((await connection.execute(wanted)).all())


def _recorded(rows: Sequence[Row[Any]]) -> Sequence[Recorded]:
    return [recorded(row._mapping) for row in rows]
