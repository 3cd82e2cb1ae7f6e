"""Where people are at work, over all organizations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from infra.database import Database
from infra.routing.rows import availabilities


class SqlWorkplaces:
    """The relay's view of who takes conversations: of which organization, and no more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def at_work(self) -> Sequence[UUID]:
        """The organizations in which somebody is not offline."""
        async with self._database.relay() as connection:
            return (await connection.scalars(select(availabilities.c.organization_id).distinct())).all()
