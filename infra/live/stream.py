"""What happens to one thing that comes to an end, told to one reader: from the journal, woken by signals."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Table, select

from domain.account.permission import Permission
from domain.base import Actor, Event, NotFoundError, Recorded, stream_of
from domain.ports import Resync
from infra.database import Database
from infra.journal import BATCH, SqlJournal
from infra.live.hub import Hub

UNKNOWN = "This cursor is unknown. Load it again."


class SqlStreamFeed:
    """Follows streams of one concept. Holds no database connection while it waits."""

    concept: ClassVar[str]
    table: ClassVar[Table]
    """Its rows have a `version`, and a `finished_at` once nothing follows."""
    needs: ClassVar[Permission]
    endings: ClassVar[tuple[type[Event], ...]]
    """Nothing follows these."""

    def __init__(self, database: Database, journal: SqlJournal, hub: Hub) -> None:
        self._database = database
        self._journal = journal
        self._hub = hub

    async def follow(self, actor: Actor, identity: UUID, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """Events of one stream after a version, or from now on, until it ends."""
        actor.require(self.needs)
        stream = stream_of(self.concept, identity)
        with self._hub.mailbox(stream) as mailbox:
            newest, over = await self._head(actor, identity)
            version = newest if after is None else after
            if not 0 <= version <= newest:
                yield Resync(newest, UNKNOWN)
                version = newest
            while not (over and version >= newest):
                events = await self._journal.of_stream(actor.tenant, stream, version)
                for event in events:
                    yield event
                    version = event.version
                    if isinstance(event.event, self.endings):
                        return
                if len(events) < BATCH:
                    await mailbox.take()

    async def _head(self, actor: Actor, identity: UUID) -> tuple[int, bool]:
        """The newest version, and whether it is the last."""
        c = self.table.c
        wanted = select(c.version, c.finished_at).where(c.id == identity, c.organization_id == actor.tenant)
        async with self._database.tenant(actor.tenant) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError(self.concept)
        return row.version, row.finished_at is not None
