"""Organizations: what each has from its first moment, what it decides for itself, and whether it is suspended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from domain.account.events import (
    OrganizationRenamed,
    OrganizationResumed,
    OrganizationSettingsChanged,
    OrganizationSuspended,
)
from domain.account.permission import BuiltinRole, Permission
from domain.account.role import checked_reason
from domain.account.settings import Decisions, Settings
from domain.account.stored import Opening, Stored
from domain.base import Actor, ActorKind, Aggregate, Clock, Event, InvalidStateError
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.text import checked

LONGEST_NAME = 200


def default_inbox_of(organization_id: UUID) -> UUID:
    """The inbox that a conversation comes into when nothing says otherwise."""
    return uuid5(organization_id, "inbox:default")


def role_of(organization_id: UUID, role: BuiltinRole) -> UUID:
    """A built-in role of an organization."""
    return uuid5(organization_id, f"role:{role}")


@dataclass
class Organization(Aggregate):
    """A tenant; its `settings` are kept as they are stored, with parts that newer releases know."""

    name: str = ""
    slug: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    suspended_at: datetime | None = None

    def rename(self, name: str) -> None:
        """Be called otherwise; the slug stays, since addresses hold it."""
        name = checked(name, "input.name", longest=LONGEST_NAME)
        if name != self.name:
            self._record(OrganizationRenamed(name=name))

    def decide(self, decisions: Decisions, *, reason: str | None) -> None:
        """Have other settings; the journal is told which, the row what."""
        stored = decisions.stored()
        if changed := tuple(name for name, value in stored.items() if self.settings.get(name) != value):
            self.settings = {**self.settings, **stored}
            self._record(OrganizationSettingsChanged(changed=changed, reason=reason))

    def suspend(self, *, reason: str | None, at: datetime) -> None:
        """Let nobody in; what is suspended already stays as it is."""
        if self.suspended_at is None:
            self.suspended_at = at
            self._record(OrganizationSuspended(reason=reason))

    def resume(self, *, reason: str | None) -> None:
        """Let its people in again."""
        if self.suspended_at is not None:
            self._record(OrganizationResumed(reason=reason))

    def _apply(self, event: Event) -> None:
        match event:
            case OrganizationRenamed():
                self.name = event.name
            case OrganizationResumed():
                self.suspended_at = None


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """A tenant; its settings are for whoever manages it."""

    id: UUID
    name: str
    slug: str
    settings: Settings | None = None


class OrganizationRepository(Stored[Organization], Protocol):
    """The actor's organization, to change."""

    async def has_provider(self) -> bool:
        """Whether people can sign in by an identity provider."""
        ...


class OrganizationUnit(UnitOfWork, Protocol):
    """A unit of work that holds the organization."""

    @property
    def organizations(self) -> OrganizationRepository:
        """The organization, to change."""
        ...


@dataclass(frozen=True)
class Organizations:
    """The commands on the organization itself."""

    units: Opening[OrganizationUnit]
    clock: Clock

    async def rename(self, actor: Actor, name: str, *, key: IdempotencyKey | None = None) -> Receipt:
        """Give it another name."""
        actor.require(Permission.MANAGE_ORGANIZATION)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            organization = await unit.organizations.get(actor.tenant)
            organization.rename(name)
            return await unit.commit(Receipt(organization.id))

    async def decide(
        self, actor: Actor, decisions: Decisions, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Change settings; who gets in how needs its own permission, and one way in has to stay."""
        actor.require(Permission.MANAGE_ORGANIZATION)
        if decisions.sign_in:
            actor.require(Permission.MANAGE_SIGN_IN)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            organization = await unit.organizations.get(actor.tenant)
            if decisions.sign_in and not decisions.sign_in.password and not await unit.organizations.has_provider():
                raise InvalidStateError("Nobody could sign in any more. Set up an identity provider first.")
            organization.decide(decisions, reason=reason)
            return await unit.commit(Receipt(organization.id))

    async def suspend(self, actor: Actor, *, reason: str | None = None) -> Receipt:
        """Let nobody in, until it is resumed: open sockets close, requests are refused. For who runs Parley."""
        actor.require_kind(ActorKind.SYSTEM)
        async with self.units(actor) as unit:
            organization = await unit.organizations.get(actor.tenant)
            organization.suspend(reason=checked_reason(reason), at=self.clock())
            return await unit.commit(Receipt(organization.id))

    async def resume(self, actor: Actor, *, reason: str | None = None) -> Receipt:
        """Let its people in again, with the sessions that they had. For who runs Parley."""
        actor.require_kind(ActorKind.SYSTEM)
        async with self.units(actor) as unit:
            organization = await unit.organizations.get(actor.tenant)
            organization.resume(reason=checked_reason(reason))
            return await unit.commit(Receipt(organization.id))
