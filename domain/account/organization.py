"""What every organization has from its first moment: an inbox and the built-in roles, under ids made from its own."""

from __future__ import annotations

from uuid import UUID, uuid5

from domain.account.permission import BuiltinRole


def default_inbox_of(organization_id: UUID) -> UUID:
    """The inbox that a conversation comes into when nothing says otherwise."""
    return uuid5(organization_id, "inbox:default")


def role_of(organization_id: UUID, role: BuiltinRole) -> UUID:
    """A built-in role of an organization."""
    return uuid5(organization_id, f"role:{role}")
