"""Takes in what was there before it could be searched."""

from __future__ import annotations

from sqlalchemy import text

from infra.database import Database

BATCH = 1_000
SHRINK = text("SELECT search_backfill(:most)")


class SqlBacklog:
    """The backlog over all organizations; what another worker is taking in is left to it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def shrink(self) -> int:
        """Take a batch in; 0 when nothing is left."""
        async with self._database.relay() as connection:
            done: int = await connection.scalar(SHRINK, {"most": BATCH}) or 0
            await connection.commit()
        return done
