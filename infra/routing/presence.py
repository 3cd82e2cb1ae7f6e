"""Who is there: a time beside each agent's availability, which moves on while they are heard of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select, update

from domain.base import Actor, Clock
from infra.database import Database
from infra.routing.rows import availabilities

EXACT_TO = timedelta(seconds=5)
"""How exactly it is kept: more beats than that, as from several windows, write nothing."""


class SqlPresence:
    """Presence in Postgres."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def beat(self, actor: Actor) -> None:
        """The agent is there at this moment; nothing for who never said whether they take conversations."""
        a, at = availabilities.c, self._clock()
        mine = (a.id == actor.identity) & (a.organization_id == actor.tenant)
        stale = or_(a.seen_at.is_(None), a.seen_at < at - EXACT_TO)
        async with self._database.tenant(actor.tenant) as connection:
            await connection.execute(update(availabilities).where(mine, stale).values(seen_at=at))
            await connection.commit()

    async def at_work(self) -> Sequence[UUID]:
        """The organizations in which somebody is not offline: all that the relay sees of this table."""
        async with self._database.relay() as connection:
            return (await connection.scalars(select(availabilities.c.organization_id).distinct())).all()
