"""Somebody to act, with the rights that their kind has by default."""

from uuid import UUID, uuid4

from domain.account.permission import BUILTIN, CUSTOMER, BuiltinRole
from domain.base import Actor, ActorKind


def actor(kind: ActorKind, organization_id: UUID, identity: UUID | None = None) -> Actor:
    """A customer, an agent or an admin."""
    grants = CUSTOMER if kind is ActorKind.CUSTOMER else BUILTIN[BuiltinRole(kind)]
    return Actor(kind, identity or uuid4(), organization_id, grants)
