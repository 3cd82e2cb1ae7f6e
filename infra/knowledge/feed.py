"""What happens to one import, told to one reader: from the journal, woken by signals."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import select

from domain.account.permission import Permission
from domain.base import Actor, NotFoundError, Recorded, stream_of
from domain.knowledge.events import ImportFinished, ImportStopped
from domain.ports import Resync
from infra.database import Database
from infra.journal import BATCH, SqlJournal
from infra.live.hub import Hub
from infra.rows import imports

UNKNOWN = "This cursor is unknown. Load the import again."


class SqlImportFeed:
    """Follows imports. Holds no database connection while it waits."""

    def __init__(self, database: Database, journal: SqlJournal, hub: Hub) -> None:
        self._database = database
        self._journal = journal
        self._hub = hub

    async def follow(self, actor: Actor, import_id: UUID, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """Events of one import after a version, or from now on, until it ends; for staff."""
        actor.require(Permission.READ_INTERNAL_KNOWLEDGE)
        stream = stream_of("import", import_id)
        with self._hub.mailbox(stream) as mailbox:
            newest, over = await self._head(actor, import_id)
            version = newest if after is None else after
            if not 0 <= version <= newest:
                yield Resync(newest, UNKNOWN)
                version = newest
            while not (over and version >= newest):
                events = await self._journal.of_stream(actor.tenant, stream, version)
                for event in events:
                    yield event
                    version = event.version
                    if isinstance(event.event, ImportFinished | ImportStopped):
                        return
                if len(events) < BATCH:
                    await mailbox.take()

    async def _head(self, actor: Actor, import_id: UUID) -> tuple[int, bool]:
        """The newest version of an import, and whether it is over."""
        c = imports.c
        wanted = select(c.version, c.finished_at).where(c.id == import_id, c.organization_id == actor.tenant)
        async with self._database.tenant(actor.tenant) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError("import")
        return row.version, row.finished_at is not None
