"""Roles: what their holders may do, made by people who may do at least as much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from domain.account.events import RoleChanged, RoleCreated, RoleDeleted
from domain.account.permission import BUILTIN, BuiltinRole, Grants, Permission, Scope, scopes_of, within
from domain.base import (
    Actor,
    Aggregate,
    Event,
    FieldProblem,
    ForbiddenError,
    InvalidInputError,
    InvalidStateError,
)
from domain.text import checked

LONGEST_NAME = 100


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
            raise InvalidStateError(
                f"The role '{self.builtin}' is built in and stays as it is: make one of your own."
            )

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


class RoleRepository(Protocol):
    """Roles of the actor's organization, to change."""

    async def get(self, identity: UUID) -> Role:
        """The role, locked; `NotFoundError` where there is none."""
        ...

    def add(self, role: Role) -> None:
        """Take a new role in."""
        ...

    async def named(self, name: str) -> Role | None:
        """The role of that name."""
        ...

    async def has_holders(self, role: Role) -> bool:
        """Whether any agent has the role, or is invited to."""
        ...
