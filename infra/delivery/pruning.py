"""What went out, and what people were told, is kept for a while only."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, func, select, text

from domain.delivery import DeliveryState
from infra.database import Database
from infra.delivery.rows import deliveries
from infra.notifications.rows import notifications

BATCH = 5_000
SENT = func.now() - text("interval '30 days'")
"""How long a key is known, and what was sent can be looked up; what failed has as long again to be replayed."""
FAILED = func.now() - text("interval '60 days'")
TOLD = func.now() - text("interval '90 days'")


class SqlOldNews:
    """Forgets over all organizations; the policies of the tables show the relay nothing younger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self) -> int:
        """Delete what is old; how many rows that was."""
        d, n = deliveries.c, notifications.c
        sent = await self._forget(deliveries, d.created_at < SENT, d.state == DeliveryState.SENT)
        failed = await self._forget(deliveries, d.created_at < FAILED, d.state == DeliveryState.FAILED)
        return sent + failed + await self._forget(notifications, n.created_at < TOLD)

    async def _forget(self, table: Table, *old: ColumnElement[bool]) -> int:
        """A batch at a time, each in a transaction of its own."""
        forgotten = 0
        while True:
            some = select(table.c.id).where(*old).limit(BATCH)
            async with self._database.relay() as connection:
                gone = await connection.execute(delete(table).where(table.c.id.in_(some)))
                await connection.commit()
            forgotten += gone.rowcount
            if gone.rowcount < BATCH:
                return forgotten
