"""One transaction about a person, told in the journal of each organization that they work for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Actor, Clock, Event, Identifiers
from domain.login.person import Person
from infra.accounts.rows import sessions
from infra.database import ACCOUNTS, Database
from infra.live.hub import Heard
from infra.live.signals import COMMITTED, Sender
from infra.login.notices import Notice
from infra.storage.codec import encode
from infra.unit_of_work import SqlUnitOfWork


class Change:
    """A transaction of the role that signs people in, over as many organizations as it takes."""

    def __init__(self, connection: AsyncConnection, clock: Clock, new_id: Identifiers) -> None:
        self.connection = connection
        self.at = clock()
        self.units: list[SqlUnitOfWork] = []
        self._clock = clock
        self._new_id = new_id

    async def unit(self, actor: Actor) -> SqlUnitOfWork:
        """A unit of work in the actor's organization; all that is saved in it is committed with this change."""
        await self.connection.execute(ACCOUNTS, {"tenant": str(actor.tenant)})
        unit = SqlUnitOfWork(self.connection, actor, self._clock)
        self.units.append(unit)
        return unit

    async def tell(self, actor: Actor, event: Event) -> None:
        """Append an event that changes no aggregate to the journal of the actor's organization."""
        unit = await self.unit(actor)
        notice = Notice(self._new_id(), actor.tenant)
        notice.tell(event)
        await unit.journal(notice)

    async def end_sessions(self, person: Person, cause: str, address: str | None, *, but: UUID | None = None) -> None:
        """End all sessions of a person, wherever they work, but the one that is to stay."""
        s = sessions.c
        for membership in person.memberships:
            unit = await self.unit(membership.actor(address))
            for session in await unit.sessions.find(s.person_id == person.id, s.ended_at.is_(None), s.id != but):
                session.end(cause, self.at)
            await unit.sessions.save()


class Everywhere:
    """Opens changes, and tells everybody of what was committed."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        clock: Clock,
        new_id: Identifiers,
        *,
        heard: Heard,
    ) -> None:
        self._database, self._sender, self._clock, self._new_id = database, sender, clock, new_id
        self._heard = heard

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Change]:
        """A change, committed when the block ends well."""
        async with self._database.accounts() as connection:
            change = Change(connection, self._clock, self._new_id)
            yield change
            await connection.commit()
            committed = [row for unit in change.units for row in unit.committed]
            if committed:
                self._sender.send(COMMITTED, encode(committed))
        for row in committed:
            self._heard(row["organization_id"], row["stream"], row["kind"])
