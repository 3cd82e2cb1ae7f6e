"""People who sign in: their memberships in organizations, and which way in each of those allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.account.permission import BuiltinRole
from domain.base import Actor, ActorKind, FieldProblem, ForbiddenError, InvalidInputError
from domain.login.mail import ADDRESS, LONGEST_ADDRESS

KNOWN_EVERYWHERE = ("password", "invitation")
"""Strategies that show who somebody is to every organization: no provider of a single one vouches for it."""
ADMINS = (BuiltinRole.OWNER, BuiltinRole.ADMIN)


@dataclass(frozen=True, slots=True)
class Membership:
    """A person at work in one organization; `settings` are what that one has decided about signing in."""

    agent_id: UUID
    organization_id: UUID
    organization: str
    slug: str
    builtin_role: str | None = None
    agent_suspended: bool = False
    organization_suspended: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)

    def actor(self, address: str | None, session_id: UUID | None = None) -> Actor:
        """The person as who they are there, to be named in the journal: without any grant."""
        kind = ActorKind.ADMIN if self.builtin_role in ADMINS else ActorKind.AGENT
        return Actor(kind, self.agent_id, self.organization_id, address=address, session_id=session_id)

    def require_open(self) -> None:
        """`ForbiddenError` where nobody, or just this person, gets in."""
        if self.organization_suspended:
            raise ForbiddenError("This organization is suspended.")
        if self.agent_suspended:
            raise ForbiddenError("Your account is suspended. Ask an admin of your organization.")

    def require_password(self) -> None:
        """`ForbiddenError` where passwords are switched off."""
        if not allows(self.settings, "password"):
            raise ForbiddenError(f"{self.organization} does not allow signing in by password. Use its other way in.")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an e-mail address in lower case, and their ways in; of no organization, or at work in several."""

    id: UUID
    email: str
    name: str
    password_hash: str | None = field(default=None, repr=False)
    password_changed_at: datetime | None = None
    email_verified: bool = False
    has_second_factor: bool = False
    memberships: tuple[Membership, ...] = ()

    @property
    def words(self) -> list[str]:
        """What a guesser of passwords knows about them."""
        return [self.name, self.email, *(one.organization for one in self.memberships)]


def allows(sign_in: Mapping[str, Any], strategy: str) -> bool:
    """Whether an organization that has decided this about signing in still lets people in who came by a strategy."""
    return strategy not in KNOWN_EVERYWHERE or sign_in.get("password", True) is not False


def email_address(text: str, path: str = "email") -> str:
    """The address as it is stored, in lower case; `InvalidInputError` for what is none."""
    address = text.strip().lower()
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise InvalidInputError(FieldProblem(path, "must be one e-mail address, such as ann@shop.example."))
    return address
