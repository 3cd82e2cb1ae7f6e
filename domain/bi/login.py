"""SQL logins: what a BI tool signs in to the database with, to read one organization's facts and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.account.stored import Opening, Stored
from domain.base import (
    Actor,
    Aggregate,
    Audited,
    Event,
    Identifiers,
    InvalidStateError,
    system_of,
)
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import checked

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlLoginCreated(Audited):
    """Another program may read the organization's facts by SQL."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlLoginRevoked(Audited):
    """It may not any more; `why` where Parley shut it by itself."""

    role: str
    why: str | None = None


@dataclass
class SqlLogin(Aggregate):
    """A login; `role` is its user name in the database. Its password is kept nowhere but there, as a verifier."""

    name: str = ""
    role: str = ""
    created_by: str = ""
    why_revoked: str | None = None
    revoked_at: datetime | None = None

    def create(self, actor: Actor, name: str) -> None:
        """Begin, by a user name that tells nobody else whose it is."""
        self.name = checked(name, "input.name", longest=LONGEST_NAME)
        self.role, self.created_by = f"bi_{self.id.hex}", str(actor)
        self._record(SqlLoginCreated(name=name, role=self.role))

    def revoke(self, *, at: datetime, why: str | None = None, reason: str | None = None) -> None:
        """Be worth nothing from now on."""
        self.revoked_at, self.why_revoked = at, why
        self._record(SqlLoginRevoked(role=self.role, why=why, reason=reason))

    def _apply(self, event: Event) -> None:
        """All of it is in the fields already."""


@dataclass(frozen=True, slots=True)
class SqlLoginView:
    """A login as people see it: everything but its password."""

    id: UUID
    name: str
    role: str
    why_revoked: str | None
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Door:
    """Where logins sign in, and what they may: seconds of a statement, connections at a time."""

    host: str
    port: int
    database: str
    seconds: int
    connections: int


@dataclass(frozen=True, slots=True)
class OpenedLogin:
    """What came of a request for a login: its password the first time, None when the request is only repeated."""

    receipt: Receipt
    password: str | None


class SqlLoginRepository(Stored[SqlLogin], Protocol):
    """Logins of the actor's organization, to change; and the database's users that they are."""

    async def good(self) -> int:
        """How many are not revoked."""
        ...

    async def open(self, role: str, door: Door) -> str:
        """Make the user; its password. `InvalidStateError` where the database does not let Parley do that."""
        ...

    async def close(self, role: str) -> None:
        """End what the user is doing, and take it away."""
        ...


class SqlLoginUnit(UnitOfWork, Protocol):
    """A unit of work that holds logins; `at` is its time."""

    at: datetime

    @property
    def sql_logins(self) -> SqlLoginRepository:
        """Logins, to change."""
        ...


class SqlLoginReads(Protocol):
    """What one actor may see of logins."""

    async def sql_logins(self, ids: Sequence[UUID]) -> Sequence[SqlLoginView | None]:
        """Logins by id."""
        ...

    async def all_sql_logins(self) -> Sequence[SqlLoginView]:
        """Every one, the oldest first, and those that are revoked at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Offence:
    """A login that did what it must not."""

    organization_id: UUID
    login_id: UUID
    why: str


class SqlWatch(Protocol):
    """Looks after what logins do, in all organizations."""

    async def look(self) -> Sequence[Offence]:
        """End what takes too long, whatever the session says; who is to be shut."""
        ...


@dataclass(frozen=True)
class SqlLogins:
    """The commands on logins."""

    units: Opening[SqlLoginUnit]
    new_id: Identifiers
    door: Door
    most: int
    """Logins of one organization that are good at a time."""
    watch: SqlWatch

    @retried_once
    async def create(self, actor: Actor, name: str, *, key: IdempotencyKey | None = None) -> OpenedLogin:
        """Let a program read the facts by SQL. Its password is told here, this once."""
        actor.require(Permission.READ_ANALYTICS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return OpenedLogin(unit.earlier, None)
            if await unit.sql_logins.good() >= self.most:
                raise InvalidStateError(f"There are {self.most} SQL logins already. Revoke one first.")
            login = SqlLogin(self.new_id(), actor.tenant)
            login.create(actor, name)
            unit.sql_logins.add(login)
            password = await unit.sql_logins.open(login.role, self.door)
            return OpenedLogin(await unit.commit(Receipt(login.id)), password)

    @retried_once
    async def revoke(
        self, actor: Actor, login_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """End a login for good, and what it is doing; one that is revoked already stays as it is."""
        actor.require(Permission.READ_ANALYTICS)
        said = checked_reason(reason)
        async with self.units(actor, key) as unit:
            return unit.earlier or await self._revoked(unit, login_id, reason=said)

    async def look(self) -> int:
        """End what takes too long, and shut the logins that did what they must not; how many were shut."""
        offences = await self.watch.look()
        for offence in offences:
            async with self.units(system_of(offence.organization_id)) as unit:
                await self._revoked(unit, offence.login_id, why=offence.why)
        return len(offences)

    async def _revoked(
        self, unit: SqlLoginUnit, login_id: UUID, *, why: str | None = None, reason: str | None = None
    ) -> Receipt:
        login = await unit.sql_logins.get(login_id)
        if login.revoked_at is None:
            login.revoke(at=unit.at, why=why, reason=reason)
            await unit.sql_logins.close(login.role)
        return await unit.commit(Receipt(login_id))
