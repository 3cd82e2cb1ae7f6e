"""What one actor may see of how their organization is run: roles, people, teams and inboxes; customers none of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from domain.account.permission import Permission
from domain.account.role import RoleView
from domain.base import STAFF, ActorKind
from infra.account_rows import roles
from infra.accounts.standing import grants_of
from infra.knowledge_reads import SqlKnowledgeReads


class SqlAccountReads(SqlKnowledgeReads):
    """The reads of one operation, accounts included, in its one snapshot."""

    async def roles(self, ids: Sequence[UUID]) -> Sequence[RoleView | None]:
        """Roles by id; customers see none."""
        if not self._is_colleague:
            return [None] * len(ids)
        found = {row.id: _role(row) for row in await self._rows(self._roles().where(roles.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def all_roles(self) -> Sequence[RoleView]:
        """Every role, built-in ones first, then by name; `ForbiddenError` for customers."""
        self._require_colleague()
        c = roles.c
        return [_role(row) for row in await self._rows(self._roles().order_by(c.builtin.is_(None), c.name, c.id))]

    @property
    def _is_colleague(self) -> bool:
        """Customers may read an agent's name under a message, and nothing else of the people who work here."""
        return self._actor.kind is not ActorKind.CUSTOMER and self._actor.may(Permission.READ_AGENTS)

    def _require_colleague(self) -> None:
        self._actor.require(Permission.READ_AGENTS)
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)

    def _roles(self) -> Select[Any]:
        return select(roles).where(roles.c.organization_id == self._actor.tenant)


def _role(row: Row[Any]) -> RoleView:
    return RoleView(row.id, row.name, row.builtin is not None, grants_of(row.builtin, row.grants), row.created_at)
