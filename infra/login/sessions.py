"""Sessions in Postgres, and the tokens by which devices hold them: refresh tokens are kept as hashes and work once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Actor, ActorKind, Clock, ForbiddenError, UnauthenticatedError, system_of
from domain.login.person import Person, allows
from domain.login.session import Device, Session, Tokens
from domain.ports import Receipt
from infra.accounts.rows import refresh_tokens, sessions
from infra.database import Database
from infra.identity.keys import KeyRing
from infra.identity.standing import hash_of
from infra.identity.tokens import LIFETIME, AccessTokens
from infra.live.hub import Heard
from infra.login.people import has_same_password
from infra.rows import agents, organizations
from infra.unit_of_work import SqlUnits

ENDED = "SessionEnded"
OVER = "Your session has ended: sign in again."
CLOSED = "Your organization does not let people in any more by the way that you came: use its other way in."
SUSPENDED = "Your account, or your organization, is suspended."


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts: `absolute` in all, `idle` without a refresh."""

    absolute: timedelta = timedelta(days=30)
    idle: timedelta = timedelta(days=7)


class SqlSessions:
    """Starts, refreshes and ends sessions. `heard` is told at once, in this process, what others learn by a signal.

    A refresh token that comes a second time ends its session, whoever brings it: either of the two may be the thief,
    and nobody can tell. That holds for two uses at the same moment too: the second waits for the first, sees that the
    token was used, and ends the session. A grace for the second would be kinder to a browser whose tabs refresh at
    once, and would hide a theft in just that moment; tabs can take turns (the Web Locks API), a thief does not.
    """

    def __init__(
        self,
        database: Database,
        units: SqlUnits,
        ring: KeyRing,
        clock: Clock,
        lifetimes: Lifetimes,
        *,
        heard: Heard,
    ) -> None:
        self._database, self._units, self._ring, self._clock = database, units, ring, clock
        self._lifetimes = lifetimes
        self._heard = heard

    async def start(self, actor: Actor, session: Session, *, proven: Person | None = None) -> Tokens:
        """Store a new session, whose times are set here, and give its first tokens; the actor is who signed in."""
        refresh_token = secrets.token_urlsafe(32)
        async with self._units.accounts(replace(actor, session_id=session.id)) as unit:
            if proven is not None and not await has_same_password(unit.connection, proven):
                raise UnauthenticatedError("Your password was changed at this moment: sign in again.")
            session.last_seen_at, session.expires_at = unit.at, unit.at + self._lifetimes.absolute
            session.start()
            unit.sessions.add(session)
            await unit.sessions.save()
            await _issue(unit.connection, session, refresh_token, unit.at)
            await unit.commit(Receipt(session.id))
        return await self._tokens(session, refresh_token)

    async def refresh(self, refresh_token: str, device: Device) -> Tokens:
        """New tokens for a refresh token; raises `UnauthenticatedError`, or `ForbiddenError` for who is suspended."""
        async with self._database.accounts() as connection:
            now, following = self._clock(), secrets.token_urlsafe(32)
            if found := await _use(connection, refresh_token, now):
                session = await _alive(connection, found.session_id, now - self._lifetimes.idle, now)
                seen = {"last_seen_at": now, "address": device.address, "device": device.name}
                await connection.execute(update(sessions).where(sessions.c.id == session.id).values(seen))
                await _issue(connection, session, following, now)
                await connection.commit()
                return await self._tokens(session, following)
        if found := await self._belongs(refresh_token):
            actor = replace(system_of(found.organization_id), address=device.address)
            await self.end(actor, found.session_id, "refresh_reused")
        raise UnauthenticatedError(OVER)

    async def end(self, actor: Actor, session_id: UUID, cause: str, *, reason: str | None = None) -> None:
        """End a session of the actor's organization at once; `NotFoundError` where there is none."""
        async with self._units.accounts(actor) as unit:
            session = await unit.sessions.get(session_id)
            session.end(cause, unit.at, reason=reason)
            await unit.commit(Receipt(session_id))
        self._heard(actor.tenant, session.stream, ENDED)

    async def leave(self, refresh_token: str, device: Device) -> None:
        """End the session that a refresh token belongs to; one that nobody knows ends nothing."""
        if found := await self._belongs(refresh_token):
            kind = ActorKind.AGENT if found.agent_id else ActorKind.CUSTOMER
            actor = Actor(kind, found.agent_id or found.customer_id, found.organization_id, address=device.address)
            await self.end(actor, found.session_id, "signed_out")

    async def _belongs(self, refresh_token: str) -> Any:
        """The session of a refresh token, whether or not that was used."""
        s, t = sessions.c, refresh_tokens.c
        wanted = select(t.session_id, t.organization_id, s.agent_id, s.customer_id).join_from(
            refresh_tokens, sessions, s.id == t.session_id
        )
        async with self._database.accounts() as connection:
            return (await connection.execute(wanted.where(t.hash == hash_of(refresh_token)))).one_or_none()

    async def _tokens(self, session: Session, refresh_token: str) -> Tokens:
        issuing = AccessTokens(await self._ring.current(), self._clock)
        access_token = issuing.issue(session.id, session.organization_id)
        return Tokens(session.id, access_token, refresh_token, int(LIFETIME.total_seconds()))


async def _use(connection: AsyncConnection, refresh_token: str, now: datetime) -> Any:
    """Mark a token as used and give its session; None when it is unknown, or was used before."""
    t = refresh_tokens.c
    unused = update(refresh_tokens).where(t.hash == hash_of(refresh_token), t.used_at.is_(None))
    return (await connection.execute(unused.values(used_at=now).returning(t.session_id))).one_or_none()


async def _alive(connection: AsyncConnection, session_id: UUID, seen_after: datetime, now: datetime) -> Session:
    """The session, locked, as one that goes on; raises `UnauthenticatedError` or `ForbiddenError` otherwise."""
    s, a, o = sessions.c, agents.c, organizations.c
    joined = sessions.join(organizations, o.id == s.organization_id).outerjoin(agents, a.id == s.agent_id)
    suspended = (o.suspended_at.is_not(None) | a.suspended_at.is_not(None)).label("suspended")
    shown = (s.organization_id, s.strategy, s.ended_at, s.expires_at, s.last_seen_at, o.settings, suspended)
    wanted = select(*shown).select_from(joined)
    row = (await connection.execute(wanted.where(s.id == session_id).with_for_update(of=sessions))).one()
    session = Session(session_id, row.organization_id, expires_at=row.expires_at, ended_at=row.ended_at)
    if session.is_over(now) or row.last_seen_at <= seen_after:
        raise UnauthenticatedError(OVER)
    if row.suspended:
        raise ForbiddenError(SUSPENDED)
    if not allows(row.settings.get("sign_in") or {}, row.strategy):
        raise ForbiddenError(CLOSED)
    return session


async def _issue(connection: AsyncConnection, session: Session, refresh_token: str, at: datetime) -> None:
    whose = {"session_id": session.id, "organization_id": session.organization_id}
    await connection.execute(insert(refresh_tokens), {"hash": hash_of(refresh_token), "issued_at": at, **whose})
