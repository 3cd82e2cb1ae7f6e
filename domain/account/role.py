"""Roles: what their holders may do, made by people who may do at least as much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.events import RoleChanged, RoleCreated, RoleDeleted
from domain.account.permission import BUILTIN, NOTHING, BuiltinRole, Grants, Permission, Scope, scopes_of, within
from domain.account.stored import Opening, Stored
from domain.base import (
    STAFF,
    Actor,
    Aggregate,
    Event,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
)
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import checked

LONGEST_NAME = 100
LONGEST_REASON = 500
MOST_ROLES = 100


@dataclass
class Role(Aggregate):
    """A role: a built-in one grants what the code says and never changes, another one what it holds."""

    name: str = ""
    builtin: str | None = None
    grants: Mapping[Permission, Scope] = field(default_factory=dict)
    deleted: bool = False

    @property
    def given(self) -> Grants:
        """What its holders may do."""
        return BUILTIN[BuiltinRole(self.builtin)] if self.builtin else self.grants

    def create(self, actor: Actor, name: str, grants: Grants) -> None:
        """Begin, with no more than the actor has."""
        _check(actor, grants)
        self._record(RoleCreated(name=checked(name, "input.name", longest=LONGEST_NAME), grants=dict(grants)))

    def change(self, actor: Actor, name: str, grants: Grants, *, reason: str | None) -> None:
        """Call it otherwise, or grant something else; only who could have given what it grants now may take it away."""
        self._require_custom()
        _check(actor, self.grants)
        _check(actor, grants)
        name = checked(name, "input.name", longest=LONGEST_NAME)
        if (name, dict(grants)) != (self.name, dict(self.grants)):
            self._record(RoleChanged(name=name, grants=dict(grants), reason=reason))

    def delete(self, actor: Actor, *, reason: str | None) -> None:
        """End a role that nobody has."""
        self._require_custom()
        _check(actor, self.grants)
        self._record(RoleDeleted(reason=reason))

    def _require_custom(self) -> None:
        if self.builtin:
            raise InvalidStateError(f"The role '{self.builtin}' is built in and stays as it is: make one of your own.")

    def _apply(self, event: Event) -> None:
        match event:
            case RoleCreated() | RoleChanged():
                self.name, self.grants = event.name, event.grants
            case RoleDeleted():
                self.deleted = True


def _check(actor: Actor, grants: Grants) -> None:
    problems = [
        FieldProblem("input.grants", f"'{permission}' cannot be granted in the scope '{scope}'.")
        for permission, scope in grants.items()
        if scope not in scopes_of(permission) or permission is Permission.START_CONVERSATIONS
    ]
    if problems:
        raise InvalidInputError(*problems)
    if not within(grants, actor.grants):
        raise ForbiddenError("You cannot grant, or take away, what you may not do yourself.")


def checked_reason(reason: str | None) -> str | None:
    """The reason that somebody gave for a sensitive act, if any; `InvalidInputError` where it cannot be stored."""
    return None if reason is None else checked(reason, "input.reason", longest=LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role with what it grants, whether it is built in or made here."""

    id: UUID
    name: str
    is_builtin: bool
    grants: Grants
    created_at: datetime


class RoleRepository(Stored[Role], Protocol):
    """Roles of the actor's organization, to change."""

    async def named(self, name: str) -> Role | None:
        """The role of that name, locked."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...

    async def held_by(self, agent_id: UUID) -> Role | None:
        """The role of an agent who is not suspended; both locked, so that it is what they may do until the end."""
        ...

    async def has_holders(self, role: Role) -> bool:
        """Whether any agent has the role, or is invited to it."""
        ...


class RoleUnit(UnitOfWork, Protocol):
    """A unit of work that holds roles."""

    @property
    def roles(self) -> RoleRepository:
        """Roles, to change."""
        ...


async def current(unit: RoleUnit, actor: Actor) -> Actor:
    """The actor with the rights of this very moment, which nobody takes before the unit of work ends.

    What a request began with may be older, by as much as news needs from one process to another: enough for somebody
    who has just lost their rights to give them to a friend.
    """
    if actor.kind not in STAFF:
        return actor
    role = await unit.roles.held_by(actor.identity)
    return replace(actor, grants=role.given if role else NOTHING)


async def allowed_now(unit: RoleUnit, actor: Actor, permission: Permission) -> Actor:
    """The actor as they are at this very moment, who must have the permission still."""
    actor = await current(unit, actor)
    actor.require(permission)
    return actor


@dataclass(frozen=True)
class Roles:
    """The commands on roles. Nobody makes or unmakes a right that they do not have themselves."""

    units: Opening[RoleUnit]
    new_id: Identifiers

    @retried_once
    async def create(self, actor: Actor, name: str, grants: Grants, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make a role; `InvalidStateError` when there is one of this name."""
        actor.require(Permission.MANAGE_ROLES)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            actor = await allowed_now(unit, actor, Permission.MANAGE_ROLES)
            if await unit.roles.count() >= MOST_ROLES:
                raise InvalidStateError(f"There are {MOST_ROLES} roles already. Delete one that nobody has first.")
            role = Role(self.new_id(), actor.tenant)
            role.create(actor, name, grants)
            await _require_free(unit, role)
            unit.roles.add(role)
            return await unit.commit(Receipt(role.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        role_id: UUID,
        *,
        name: str | None = None,
        grants: Grants | None = None,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Give a role another name or other grants; its holders have them at once. None leaves a part as it is."""
        actor.require(Permission.MANAGE_ROLES)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            actor = await allowed_now(unit, actor, Permission.MANAGE_ROLES)
            role = await unit.roles.get(role_id)
            new_name, new_grants = role.name if name is None else name, role.grants if grants is None else grants
            role.change(actor, new_name, new_grants, reason=reason)
            await _require_free(unit, role)
            return await unit.commit(Receipt(role.id))

    @retried_once
    async def delete(
        self, actor: Actor, role_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Remove a role that nobody has, and nobody is invited to."""
        actor.require(Permission.MANAGE_ROLES)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            actor = await allowed_now(unit, actor, Permission.MANAGE_ROLES)
            role = await unit.roles.get(role_id)
            role.delete(actor, reason=reason)
            if await unit.roles.has_holders(role):
                raise InvalidStateError("Somebody has this role, or is invited to it. Give them another one first.")
            return await unit.commit(Receipt(role.id))


async def _require_free(unit: RoleUnit, role: Role) -> None:
    holder = await unit.roles.named(role.name)
    if holder and holder.id != role.id:
        raise InvalidStateError(f"There is a role with the name “{role.name}” already.")
