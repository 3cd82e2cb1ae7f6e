"""What one person is told, as it happens: from the journal, woken by signals."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from sqlalchemy import func, select

from domain.base import STAFF, Actor, Recorded, stream_of
from domain.ports import Resync
from infra.database import Database
from infra.journal import BATCH, SqlJournal
from infra.live.hub import Hub
from infra.live.stream import UNKNOWN
from infra.rows import events


class SqlNotificationFeed:
    """Follows the stream of one person. Holds no database connection while it waits."""

    def __init__(self, database: Database, journal: SqlJournal, hub: Hub) -> None:
        self._database = database
        self._journal = journal
        self._hub = hub

    async def follow(self, actor: Actor, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """After a version, or from now on."""
        actor.require_kind(*STAFF)
        stream = stream_of("notified", actor.identity)
        with self._hub.mailbox(stream) as mailbox:
            newest = await self._newest(actor, stream)
            version = newest if after is None else after
            if not 0 <= version <= newest:
                yield Resync(newest, UNKNOWN)
                version = newest
            while True:
                found = await self._journal.of_stream(actor.tenant, stream, version)
                for event in found:
                    yield event
                    version = event.version
                if len(found) < BATCH:
                    await mailbox.take()

    async def _newest(self, actor: Actor, stream: str) -> int:
        wanted = select(func.max(events.c.version)).where(events.c.stream == stream)
        async with self._database.tenant(actor.tenant) as connection:
            return await connection.scalar(wanted) or 0
