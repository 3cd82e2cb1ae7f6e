"""Identity keys: what an organization's own backend signs with when it vouches for a customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.access.api_key import Issued
from domain.account.events import IdentityKeyCreated, IdentityKeyRevoked
from domain.account.permission import CUSTOMER, Grants, Permission, Scope, within
from domain.account.role import RoleUnit, checked_reason, current
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
    InvalidStateError,
)
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked

MOST_KEYS = 20
LONGEST_NAME = 100
LONGEST_PUBLIC_KEY = 10_000
AS_ANY_CUSTOMER: Grants = {
    permission: Scope.ALL for permission, scope in CUSTOMER.items() if permission is not Permission.START_CONVERSATIONS
}
"""What somebody must have themselves who may make themselves any customer they like."""


class IdentityKeyKind(StrEnum):
    """How tokens are signed under a key: with a secret that both sides know, or with a private key of theirs alone."""

    HMAC = "hmac"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Material:
    """What a key is kept as; `secret` is what the other side signs with, when we made it up."""

    kept: bytes
    secret: str | None = None


@dataclass
class IdentityKey(Aggregate):
    """One key. Several may be good at a time, so that they can be exchanged without a gap."""

    name: str = ""
    kind: str = ""
    material: bytes = b""
    revoked_at: datetime | None = None

    def create(self, name: str, kind: IdentityKeyKind, kept: bytes) -> None:
        """Begin."""
        self.material = kept
        self._record(IdentityKeyCreated(name=checked(name, "input.name", longest=LONGEST_NAME), signing=str(kind)))

    def revoke(self, *, reason: str | None, at: datetime) -> None:
        """Vouch for nobody from now on; one that is revoked already stays as it is."""
        if self.revoked_at is None:
            self.revoked_at = at
            self._record(IdentityKeyRevoked(reason=reason))

    def _apply(self, event: Event) -> None:
        if isinstance(event, IdentityKeyCreated):
            self.name, self.kind = event.name, event.signing


class IdentityKeyRepository(Stored[IdentityKey], Protocol):
    """Identity keys of the actor's organization, to change."""

    async def good(self) -> Sequence[IdentityKey]:
        """All that are not revoked, locked."""
        ...


class IdentityKeyUnit(RoleUnit, Protocol):
    """A unit of work that holds identity keys, and the roles of those who make them."""

    @property
    def identity_keys(self) -> IdentityKeyRepository:
        """Identity keys, to change."""
        ...


class Keymaking(Protocol):
    """Makes what identity keys are kept as."""

    def shared(self, key_id: UUID) -> Material:
        """A new secret of 256 bits, and how it is sealed."""
        ...

    def public(self, given: str) -> Material:
        """A public key in PEM that is fit to verify with; `InvalidInputError` for any other text."""
        ...


@dataclass(frozen=True)
class IdentityKeys:
    """The commands on identity keys."""

    units: Opening[IdentityKeyUnit]
    new_id: Identifiers
    clock: Clock
    making: Keymaking

    @retried_once
    async def create(
        self,
        actor: Actor,
        name: str,
        kind: IdentityKeyKind,
        public_key: str | None = None,
        *,
        key: IdempotencyKey | None = None,
    ) -> Issued:
        """Make a key. A secret is given the first time only; a request that is repeated does not get it again.

        Only people do, so that an API key that got out leaves none behind by which its thief is any customer.
        """
        actor.require(Permission.MANAGE_SIGN_IN)
        actor.require_kind(*STAFF, ActorKind.SYSTEM)
        make = self._material(kind, public_key)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Issued(unit.earlier, None)
            _require_trusted(await current(unit, actor))
            if len(await unit.identity_keys.good()) >= MOST_KEYS:
                raise InvalidStateError(f"There are {MOST_KEYS} keys already. Revoke one first.")
            made = IdentityKey(self.new_id(), actor.tenant)
            material = make(made.id)
            made.create(name, kind, material.kept)
            unit.identity_keys.add(made)
            return Issued(await unit.commit(Receipt(made.id)), material.secret)

    async def revoke(
        self, actor: Actor, key_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take no more tokens under a key; sessions that began by one go on until they end."""
        actor.require(Permission.MANAGE_SIGN_IN)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            found = await unit.identity_keys.get(key_id)
            found.revoke(reason=reason, at=self.clock())
            return await unit.commit(Receipt(found.id))

    def _material(self, kind: IdentityKeyKind, public_key: str | None) -> Callable[[UUID], Material]:
        if (kind is IdentityKeyKind.PUBLIC) != (public_key is not None):
            sentence = "Give a public key for the kind `PUBLIC`, and for no other: a secret is made here."
            raise InvalidInputError(FieldProblem("input.publicKey", sentence))
        if public_key is None:
            return self.making.shared
        material = self.making.public(checked(public_key, "input.publicKey", longest=LONGEST_PUBLIC_KEY))
        return lambda _: material


def _require_trusted(actor: Actor) -> None:
    actor.require(Permission.MANAGE_SIGN_IN)
    if not within(AS_ANY_CUSTOMER, actor.grants):
        raise ForbiddenError("Whoever has such a key can be any customer: it needs their rights for all of them.")


@dataclass(frozen=True, slots=True)
class IdentityKeyView:
    """A key as people see it; `public_key` is None for one with a secret."""

    id: UUID
    name: str
    kind: IdentityKeyKind
    public_key: str | None
    created_at: datetime
    revoked_at: datetime | None
