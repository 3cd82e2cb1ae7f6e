"""What one actor may see of service levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from domain.account.permission import Permission
from domain.base import ActorKind
from domain.level.policy import ServiceLevelPolicyView
from domain.level.service import ServiceLevelView
from domain.ports import ConversationView, Page, PageRequest
from infra.level.rows import service_level_policies, service_levels
from infra.level.stored import in_order, policy_view
from infra.reads import SqlReads
from infra.rows import conversations
from infra.storage.paging import keyset, paged


class SqlLevelReads(SqlReads):
    """The reads of one operation about service levels."""

    async def service_level_policies(self, ids: Sequence[UUID]) -> Sequence[ServiceLevelPolicyView | None]:
        """Policies by id; none for customers."""
        if self._actor.kind is ActorKind.CUSTOMER:
            return [None] * len(ids)
        found = {view.id: view for view in await self._policies(service_level_policies.c.id.in_(ids))}
        return [found.get(identity) for identity in ids]

    async def all_service_level_policies(self) -> Sequence[ServiceLevelPolicyView]:
        """Every policy, in the order in which they count."""
        self._actor.require(Permission.MANAGE_ROUTING)
        return await self._policies()

    async def service_levels(self, ids: Sequence[UUID]) -> Sequence[Sequence[ServiceLevelView] | None]:
        """How conversations stand, by their ids; None for customers."""
        if self._actor.kind is ActorKind.CUSTOMER:
            return [None] * len(ids)
        c, s = conversations.c, service_levels.c
        joined = service_levels.join(conversations, c.id == s.id)
        wanted = select(service_levels).select_from(joined).where(s.id.in_(ids), self._visible())
        found = {row.id: _levels(row) for row in await self._rows(wanted)}
        return [found.get(identity, ()) for identity in ids]

    async def due_page(self, page: PageRequest) -> Page[ConversationView]:
        """Conversations in which somebody has to act by a time, the most urgent first."""
        s = service_levels.c
        owed = (s.organization_id == self._actor.tenant) & s.due_at.is_not(None)
        wanted = self._conversations().join(service_levels, s.id == conversations.c.id).where(owed)
        keyed = keyset(
            wanted.add_columns(s.due_at), page, (s.due_at, datetime.fromisoformat), (s.id, UUID), descending=False
        )
        rows = await self._rows(keyed)
        return paged(rows, page, self._conversation, lambda row: (row.due_at.isoformat(), str(row.id)))

    async def _policies(self, *conditions: Any) -> Sequence[ServiceLevelPolicyView]:
        mine = service_level_policies.c.organization_id == self._actor.tenant
        return [policy_view(row) for row in await self._rows(in_order().where(mine, *conditions))]


def _levels(row: Row[Any]) -> Sequence[ServiceLevelView]:
    return [
        ServiceLevelView(
            target=clock["target"],
            state=clock["state"],
            due_at=datetime.fromisoformat(clock["due_at"]) if clock["due_at"] else None,
            policy_id=row.policy_id,
        )
        for clock in row.clocks
    ]
