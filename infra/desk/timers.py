"""Timers in Postgres: set with what they are about, rung in one transaction with their events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.base import Event, stream_of, system_of
from infra.database import Database
from infra.desk.rows import timers
from infra.live.signals import COMMITTED, Sender
from infra.repositories import Unit
from infra.rows import events
from infra.storage.codec import dump, encode

BATCH = 500
DUE = text("due_at <= now()")


class SqlTimers:
    """The timers of one unit of work, written at once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def set(self, name: str, key: object, due_at: datetime, event: Event) -> None:
        """Ring at `due_at`, instead of when the timer of that name and key was to ring before."""
        row = {
            "id": uuid4(),
            "organization_id": self._unit.actor.tenant,
            "name": name,
            "key": str(key),
            "due_at": due_at,
            "kind": event.kind,
            "payload": dump(event),
        }
        new = {column: row[column] for column in ("id", "due_at", "kind", "payload")}
        c = timers.c
        statement = (
            upsert(timers)
            .values(row)
            .on_conflict_do_update(index_elements=[c.organization_id, c.name, c.key], set_=new)
        )
        await self._unit.connection.execute(statement)

    async def cancel(self, name: str, key: object) -> None:
        """Do not ring."""
        c = timers.c
        mine = (c.organization_id == self._unit.actor.tenant) & (c.name == name) & (c.key == str(key))
        await self._unit.connection.execute(delete(timers).where(mine))


class SqlClockwork:
    """Rings timers over all organizations; what another worker is ringing is left to it."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database = database
        self._sender = sender

    async def ring(self) -> int:
        """Take the timers away whose time has come, and append their events."""
        c = timers.c
        due = select(c.id).where(DUE).order_by(c.due_at, c.id).limit(BATCH).with_for_update(skip_locked=True)
        async with self._database.relay() as connection:
            gone = await connection.execute(delete(timers).where(c.id.in_(due.scalar_subquery())).returning(timers))
            rang = sorted(gone.all(), key=lambda row: (row.due_at, row.id))
            if not rang:
                return 0
            now = await connection.scalar(select(text("now()")))
            await connection.execute(insert(events), _events(rang, now))
            await connection.commit()
        self._sender.send(COMMITTED, encode([]))  # wakes the relay; nobody follows a timer's own stream
        return len(rang)


def _events(rang: Sequence[Row[Any]], at: datetime | None) -> list[dict[str, Any]]:
    return [
        {
            "organization_id": row.organization_id,
            "stream": stream_of("timer", row.id),
            "version": 1,
            "kind": row.kind,
            "payload": row.payload,
            "actor": str(system_of(UUID(str(row.organization_id)))),
            "audited": False,
            "at": at,
            "correlation_id": "",
        }
        for row in rang
    ]
