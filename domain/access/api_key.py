"""API keys: what a machine signs in with, made by people who may do at least as much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.account.events import ApiKeyCreated, ApiKeyRevoked
from domain.account.permission import Grants, Permission, Scope, within
from domain.account.role import RoleUnit, current
from domain.account.stored import Opening, Stored
from domain.base import (
    STAFF,
    Actor,
    ActorKind,
    Aggregate,
    Clock,
    Event,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
)
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked

LONGEST_NAME = 100
LONGEST_LIFE = timedelta(days=3_660)


@dataclass(frozen=True, slots=True)
class Minted:
    """A new key: the whole of it, how people recognise it, and how it is stored."""

    key: str
    prefix: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key may cost: points at once, and points restored each second."""

    capacity: int
    per_second: int


@dataclass
class ApiKey(Aggregate):
    """A key for a machine. It belongs to the organization, not to whoever made it, and outlives their leaving."""

    name: str = ""
    prefix: str = ""
    hash: bytes = b""
    grants: Mapping[Permission, Scope] = field(default_factory=dict)
    created_by: str = ""
    cost_capacity: int = 0
    cost_per_second: int = 0
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def create(self, actor: Actor, name: str, grants: Grants) -> None:
        """Begin, with no more than the actor has."""
        _check(actor, grants)
        name = checked(name, "input.name", longest=LONGEST_NAME)
        self.created_by = str(actor)
        self._record(ApiKeyCreated(name=name, prefix=self.prefix, grants=dict(grants)))

    def revoke(self, *, reason: str | None, at: datetime) -> None:
        """Be worth nothing from now on; a key that is revoked already stays as it is."""
        if self.revoked_at is None:
            self.revoked_at = at
            self._record(ApiKeyRevoked(reason=reason))

    def _apply(self, event: Event) -> None:
        if isinstance(event, ApiKeyCreated):
            self.name, self.prefix, self.grants = event.name, event.prefix, event.grants


def _check(actor: Actor, grants: Grants) -> None:
    problems = [
        FieldProblem("input.grants", f"A key cannot have '{permission}' in the scope '{scope}'.")
        for permission, scope in grants.items()
        if scope is not Scope.ALL or permission is Permission.START_CONVERSATIONS
    ]
    if not grants:
        problems = [FieldProblem("input.grants", "Give at least one permission.")]
    if problems:
        raise InvalidInputError(*problems)
    if not within(grants, actor.grants):
        raise ForbiddenError("You cannot give a key what you may not do yourself.")


class ApiKeyUnit(RoleUnit, Protocol):
    """A unit of work that holds API keys, and the roles of those who make them."""

    @property
    def api_keys(self) -> Stored[ApiKey]:
        """API keys, to change."""
        ...


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of a request for a secret: it is there the first time, and None when the request is only repeated."""

    receipt: Receipt
    secret: str | None


@dataclass(frozen=True)
class ApiKeys:
    """The commands on API keys. `ceiling` is the most that one key may cost, and what it may when nothing is said."""

    units: Opening[ApiKeyUnit]
    new_id: Identifiers
    clock: Clock
    mint: Callable[[], Minted]
    ceiling: Allowance

    @retried_once
    async def create(
        self,
        actor: Actor,
        name: str,
        grants: Grants,
        *,
        expires_at: datetime | None = None,
        capacity: int | None = None,
        per_second: int | None = None,
        key: IdempotencyKey | None = None,
    ) -> Issued:
        """Make a key. Only people do, so that a key that got out makes no successor of itself.

        A request that is repeated with its idempotency key makes no second key, and does not get the secret again:
        it is kept nowhere. Whoever lost the first answer revokes that key and makes another.
        """
        actor.require(Permission.MANAGE_API_KEYS)
        actor.require_kind(*STAFF, ActorKind.SYSTEM)
        allowance = self._allowed(capacity, per_second)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Issued(unit.earlier, None)
            actor = await current(unit, actor)
            actor.require(Permission.MANAGE_API_KEYS)
            minted = self.mint()
            made = ApiKey(self.new_id(), actor.tenant, prefix=minted.prefix, hash=minted.hash)
            made.cost_capacity, made.cost_per_second = allowance.capacity, allowance.per_second
            made.expires_at = self._ending(expires_at)
            made.create(actor, name, grants)
            unit.api_keys.add(made)
            return Issued(await unit.commit(Receipt(made.id)), minted.key)

    async def revoke(
        self, actor: Actor, key_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """End a key for good; what it holds open closes within a second."""
        actor.require(Permission.MANAGE_API_KEYS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            found = await unit.api_keys.get(key_id)
            found.revoke(reason=reason, at=self.clock())
            return await unit.commit(Receipt(found.id))

    def _allowed(self, capacity: int | None, per_second: int | None) -> Allowance:
        most = self.ceiling
        chosen = Allowance(
            most.capacity if capacity is None else capacity, most.per_second if per_second is None else per_second
        )
        problems = [
            FieldProblem(path, f"This must be 1 to {limit:,}.")
            for path, value, limit in (
                ("input.costCapacity", chosen.capacity, most.capacity),
                ("input.costPerSecond", chosen.per_second, most.per_second),
            )
            if not 1 <= value <= limit
        ]
        if problems:
            raise InvalidInputError(*problems)
        return chosen

    def _ending(self, expires_at: datetime | None) -> datetime | None:
        if expires_at is None:
            return None
        if expires_at.tzinfo is None:
            raise InvalidInputError(
                FieldProblem("input.expiresAt", "Say in which time zone, such as by a 'Z' at the end.")
            )
        if not self.clock() < expires_at <= self.clock() + LONGEST_LIFE:
            raise InvalidInputError(FieldProblem("input.expiresAt", "This must be in the future, within ten years."))
        return expires_at


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """A key as people see it: everything but the key."""

    id: UUID
    name: str
    prefix: str
    grants: Grants
    creator_id: UUID | None
    cost_capacity: int
    cost_per_second: int
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
