"""What a credential is worth at this moment: whose it is and what they may do; in memory until something changes it."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from aiodataloader import DataLoader
from sqlalchemy import ARRAY, LargeBinary, Row, Select, Uuid, any_, func, literal, select
from sqlalchemy.types import TypeEngine

from domain.account.events import StandingChanged
from domain.account.permission import BUILTIN, CUSTOMER, BuiltinRole, Grants, Permission, Scope
from domain.base import Actor, ActorKind, Clock, Event, ForbiddenError, UnauthenticatedError, UnavailableError
from domain.budget import Budget
from infra.accounts.rows import api_keys, roles, sessions, team_agents
from infra.database import Database
from infra.identity.keys import KeyRing
from infra.identity.tokens import AccessTokens
from infra.rows import agents, customers, organizations

KEPT = 20_000
"""How many standings a process remembers."""
OF_ONE = ("session", "apikey", "agent")
"""Streams whose events change the standing of nobody but their subject."""
KEPT_FOR = 60.0
"""Seconds after which a standing is asked again even though nothing was heard."""
API_KEY_PREFIX = "parley_"
ADMINS = (BuiltinRole.OWNER, BuiltinRole.ADMIN)

Kind = Literal["session", "api_key"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a standing is about: a session of an organization, or an API key, whose organization it tells itself."""

    kind: Kind
    id: UUID | bytes
    organization_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is, and until when (seconds since 1970). Two are equal when nothing has changed."""

    actor: Actor
    grants: tuple[tuple[str, str], ...]
    teams: tuple[str, ...]
    expires_at: float | None
    budget: Budget | None = None


class Refused:
    """A credential that is worth nothing, and why."""

    def __init__(self, error: UnauthenticatedError | ForbiddenError) -> None:
        self.error = error


class Standings:
    """Standings by reference. Whoever waits at the same moment shares one statement.

    `heard` is told each event of the journal as this process comes to know it: a `StandingChanged` makes it forget
    those whom it may concern at once, so that no later event is judged by an older standing.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: OrderedDict[Reference, tuple[float, UUID | None, Standing | Refused]] = OrderedDict()
        self._loader: DataLoader[Reference, Standing | Refused] = DataLoader(self._load, cache=False)
        self._round = 0
        self._changed: dict[UUID, asyncio.Event] = {}
        self.used: dict[UUID, datetime] = {}

    async def of(self, reference: Reference) -> Standing:
        """What it is worth; `UnauthenticatedError` for nothing any more, `ForbiddenError` for who is suspended."""
        while (found := self._remembered(reference)) is None:
            before = self._round
            found = await self._loader.load(reference)
            if before == self._round:  # otherwise something was heard that the statement may have come too early for
                self._keep(reference, found)
                break
        if isinstance(found, Refused):
            raise found.error
        if found.expires_at is not None and found.expires_at <= self._clock().timestamp():
            raise UnauthenticatedError("Your session has ended: sign in again.")
        if reference.kind == "api_key":
            self.used[found.actor.identity] = self._clock()
        return found

    def change(self, organization_id: UUID) -> asyncio.Event:
        """What is set when a standing of the organization may have changed: take it first, then ask."""
        return self._changed.setdefault(organization_id, asyncio.Event())

    def heard(self, organization_id: UUID, stream: str, kind: str) -> None:
        """Something happened: forget what it may have changed, which for one's end is one, not all that are open."""
        known = Event.kinds.get(kind)
        if known is None or not issubclass(known, StandingChanged):
            return
        self._round += 1
        concept, _, subject = stream.partition(":")
        for reference, (_, owner, found) in list(self._kept.items()):
            if owner in (organization_id, None) and (concept not in OF_ONE or _is_about(subject, reference, found)):
                del self._kept[reference]
        if waiting := self._changed.pop(organization_id, None):
            waiting.set()

    def _remembered(self, reference: Reference) -> Standing | Refused | None:
        until, _, found = self._kept.get(reference, (0.0, None, None))
        return found if monotonic() < until else None

    def _keep(self, reference: Reference, found: Standing | Refused) -> None:
        owner = found.actor.organization_id if isinstance(found, Standing) else reference.organization_id
        self._kept[reference] = (monotonic() + KEPT_FOR, owner, found)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def _load(self, references: list[Reference]) -> list[Standing | Refused]:
        found: dict[Reference, Standing | Refused] = {}
        async with self._database.accounts() as connection:
            if wanted := [each for each in references if each.kind == "session"]:
                rows = (await connection.execute(_sessions(wanted))).all()
                found |= {
                    Reference("session", row.id, row.organization_id): _session(row, self._clock()) for row in rows
                }
            if wanted := [each for each in references if each.kind == "api_key"]:
                rows = (await connection.execute(_keys(wanted))).all()
                found |= {Reference("api_key", bytes(row.hash)): _key(row, self._clock()) for row in rows}
        return [found.get(reference, UNKNOWN) for reference in references]


def _is_about(subject: str, reference: Reference, found: Standing | Refused) -> bool:
    """Whether it is the subject's; of what was refused it is not known whose it is."""
    return isinstance(found, Refused) or subject in (str(reference.id), str(found.actor.id))


UNKNOWN = Refused(UnauthenticatedError("This credential is not valid, or not any more. Sign in again."))
SUSPENDED = Refused(ForbiddenError("This organization is suspended."))
SUSPENDED_AGENT = Refused(ForbiddenError("Your account is suspended. Ask an admin of your organization."))


def _one_of(references: Sequence[Reference], kind: TypeEngine[Any]) -> Any:
    """One parameter however many there are: a condition each would be a plan that takes a second to make."""
    return any_(literal([reference.id for reference in references], ARRAY(kind)))


def _sessions(references: Sequence[Reference]) -> Select[Any]:
    s, o, a, r, c, t = sessions.c, organizations.c, agents.c, roles.c, customers.c, team_agents.c
    joined = (
        sessions.join(organizations, o.id == s.organization_id)
        .outerjoin(agents, a.id == s.agent_id)
        .outerjoin(roles, r.id == a.role_id)
        .outerjoin(customers, c.id == s.customer_id)
    )
    mine = select(func.array_agg(t.team_id)).where(t.agent_id == s.agent_id).scalar_subquery()
    shown = [s.id, s.organization_id, s.agent_id, s.customer_id, s.ended_at, s.expires_at, r.builtin, r.grants]
    suspended = [o.suspended_at, a.suspended_at.label("agent_suspended_at"), c.merged_into, mine.label("teams")]
    return select(*shown, *suspended).select_from(joined).where(s.id == _one_of(references, Uuid()))


def _session(row: Row[Any], now: datetime) -> Standing | Refused:
    if row.ended_at is not None or row.expires_at <= now:
        return UNKNOWN
    if row.suspended_at is not None:
        return SUSPENDED
    expires_at = row.expires_at.timestamp()
    if row.customer_id is not None:
        actor = Actor(ActorKind.CUSTOMER, row.merged_into or row.customer_id, row.organization_id, CUSTOMER)
        return _standing(replace(actor, session_id=row.id), (), expires_at)
    if row.agent_suspended_at is not None:
        return SUSPENDED_AGENT
    kind = ActorKind.ADMIN if row.builtin in ADMINS else ActorKind.AGENT
    actor = Actor(kind, row.agent_id, row.organization_id, grants_of(row.builtin, row.grants), session_id=row.id)
    return _standing(actor, row.teams or (), expires_at)


def _keys(references: Sequence[Reference]) -> Select[Any]:
    k, o = api_keys.c, organizations.c
    joined = api_keys.join(organizations, o.id == k.organization_id)
    wanted = select(api_keys, o.suspended_at).select_from(joined)
    return wanted.where(k.hash == _one_of(references, LargeBinary()))


def _key(row: Row[Any], now: datetime) -> Standing | Refused:
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return UNKNOWN
    if row.suspended_at is not None:
        return SUSPENDED
    actor = Actor(ActorKind.API_KEY, row.id, row.organization_id, grants_of(None, row.grants))
    budget = Budget(f"api_key:{row.id}", row.cost_capacity, row.cost_per_second)
    return replace(_standing(actor, (), row.expires_at and row.expires_at.timestamp()), budget=budget)


def _standing(actor: Actor, teams: Sequence[UUID], expires_at: float | None) -> Standing:
    grants = tuple(sorted((str(permission), str(scope)) for permission, scope in actor.grants.items()))
    return Standing(actor, grants, tuple(sorted(map(str, teams))), expires_at)


def grants_of(builtin: str | None, stored: Mapping[str, str]) -> Grants:
    """What a role grants: a built-in one by its name, another one as stored; what this code does not know, nothing."""
    if builtin is not None:
        return BUILTIN[BuiltinRole(builtin)]
    known = {Permission(name): Scope(scope) for name, scope in stored.items() if name in list(Permission)}
    return MappingProxyType(known)


def hash_of(secret: str) -> bytes:
    """How an API key or a refresh token is stored: it has 256 bits of chance, so that a fast digest is enough."""
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose credential was good when they came, until their token ends."""

    reference: Reference
    standing: Standing
    expires_at: float | None
    address: str | None = None
    is_known: bool = True

    @property
    def actor(self) -> Actor:
        """Who."""
        return replace(self.standing.actor, address=self.address)

    @property
    def budget(self) -> Budget | None:
        """What they may ask for over time, where that is their own."""
        return self.standing.budget


class Identities:
    """From what a request carries to whom it names."""

    def __init__(self, standings: Standings, ring: KeyRing, clock: Clock) -> None:
        self.standings = standings
        self._ring = ring
        self._tokens = AccessTokens(ring.keys, clock)

    async def identify(self, credential: str, address: str | None) -> Caller:
        """Whom an access token or an API key names; `UnauthenticatedError`, or `ForbiddenError` for the suspended."""
        if credential.startswith(API_KEY_PREFIX):
            reference = Reference("api_key", hash_of(credential))
            standing = await self.standings.of(reference)
            return Caller(reference, standing, standing.expires_at, address)
        self._tokens.keys = await self._ring.current(self._tokens.kid_of(credential))
        claims = self._tokens.read(credential)
        reference = Reference("session", claims.session_id, claims.organization_id)
        return Caller(reference, await self.standings.of(reference), claims.expires_at, address)

    async def look_again(self, caller: Caller) -> Actor:
        """The caller as they are now; raises as `identify` does."""
        return replace((await self.standings.of(caller.reference)).actor, address=caller.address)

    async def until_lost(self, caller: Caller) -> None:
        """Return when the caller's rights are others than they came with; raises as `identify` when they have none."""
        organization_id = caller.actor.tenant
        while True:
            change = self.standings.change(organization_id)
            try:
                if await self.standings.of(caller.reference) != caller.standing:
                    return
                await change.wait()
            except UnavailableError:
                await asyncio.sleep(1)
