"""Sessions as people see them, and how they end those that are not wanted any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission, Scope
from domain.account.stored import Opening, Stored
from domain.base import Actor, Clock, InvalidStateError, NotFoundError
from domain.login.session import Session
from domain.ports import IdempotencyKey, Receipt, UnitOfWork

REVOKED = "revoked"


class SessionRepository(Stored[Session], Protocol):
    """Sessions of the actor's organization, to change."""

    async def open_of(self, identity: UUID) -> Sequence[Session]:
        """All sessions of an agent or a customer that are not over, locked."""
        ...

    async def has_agent(self, agent_id: UUID) -> bool:
        """Whether the organization has an agent of this id."""
        ...


class SessionUnit(UnitOfWork, Protocol):
    """A unit of work that holds sessions."""

    @property
    def sessions(self) -> SessionRepository:
        """Sessions, to change."""
        ...


@dataclass(frozen=True)
class OpenSessions:
    """The commands on sessions: one's own, and with the permission for all of them everybody's."""

    units: Opening[SessionUnit]
    clock: Clock

    async def end(
        self, actor: Actor, session_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """End one; what it holds open closes within a second. One that is over already stays as it ended."""
        scope = actor.require(Permission.MANAGE_SESSIONS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            session = await unit.sessions.get(session_id)
            if scope is not Scope.ALL and actor.identity not in (session.agent_id, session.customer_id):
                raise NotFoundError("session")
            session.end(REVOKED, self.clock(), reason=reason)
            return await unit.commit(Receipt(session.id))

    async def end_others(
        self, actor: Actor, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """End all of the actor's but the one that asks."""
        actor.require(Permission.MANAGE_SESSIONS)
        if actor.session_id is None:
            raise InvalidStateError("You did not sign in, so you have no sessions: revoke your key instead.")
        return await self._end_all(actor, actor.identity, actor.session_id, reason, key)

    async def end_of_agent(
        self, actor: Actor, agent_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """End all of an agent's, who can sign in again at once: to keep somebody out, suspend them."""
        if actor.require(Permission.MANAGE_SESSIONS) is not Scope.ALL and agent_id != actor.id:
            raise NotFoundError("agent")
        return await self._end_all(actor, agent_id, None, reason, key)

    async def _end_all(
        self, actor: Actor, identity: UUID, kept: UUID | None, reason: str | None, key: IdempotencyKey | None
    ) -> Receipt:
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if kept is None and not await unit.sessions.has_agent(identity):
                raise NotFoundError("agent")
            for session in await unit.sessions.open_of(identity):
                if session.id != kept:
                    session.end(REVOKED, self.clock(), reason=reason)
            return await unit.commit(Receipt(kept or identity))


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its owner, or who looks after sessions, sees it; `is_current` for the one that asks."""

    id: UUID
    strategy: str
    device: str
    address: str | None
    is_current: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_reason: str | None
