"""How an organization is run, as commands together, and what its people may see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.role import Roles, RoleView


@dataclass(frozen=True)
class Accounts:
    """All that people do to run their organization."""

    roles: Roles


class AccountReads(Protocol):
    """What one actor may see of how the organization is run: customers nothing of it.

    Batch methods answer in the order of their keys, None where there is nothing to see.
    """

    async def roles(self, ids: Sequence[UUID]) -> Sequence[RoleView | None]:
        """Roles by id."""
        ...

    async def all_roles(self) -> Sequence[RoleView]:
        """Every role, built-in ones first, then by name."""
        ...
