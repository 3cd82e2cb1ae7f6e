"""What one actor may see of the ways in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, select

from domain.account.api_key import ApiKeyView
from domain.account.permission import Permission
from domain.base import ActorKind
from domain.ports import Page, PageRequest
from infra.account_rows import api_keys
from infra.accounts.reads import SqlAccountReads
from infra.accounts.standing import grants_of
from infra.paging import keyset, paged


class SqlAccessReads(SqlAccountReads):
    """The reads of one operation, ways in included, in its one snapshot."""

    async def api_keys(self, ids: Sequence[UUID]) -> Sequence[ApiKeyView | None]:
        """API keys by id; none for whoever may not manage them."""
        return await self._found(api_keys, ids, Permission.MANAGE_API_KEYS, _api_key)

    async def api_key_page(self, page: PageRequest) -> Page[ApiKeyView]:
        """API keys, newest first."""
        self._actor.require(Permission.MANAGE_API_KEYS)
        return await self._newest_first(api_keys, page, _api_key)

    async def _found(self, table: Table, ids: Sequence[UUID], needed: Permission, view: Any) -> Sequence[Any]:
        """Rows by id, None for each where the actor lacks the permission."""
        if not self._actor.may(needed):
            return [None] * len(ids)
        rows = await self._rows(self._mine(table).where(table.c.id.in_(ids)))
        found = {row.id: view(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def _newest_first(self, table: Table, page: PageRequest, view: Any) -> Page[Any]:
        c = table.c
        order = ((c.created_at, datetime.fromisoformat), (c.id, UUID))
        rows = await self._rows(keyset(self._mine(table), page, *order, descending=True))
        return paged(rows, page, view, lambda row: (row.created_at.isoformat(), str(row.id)))

    def _mine(self, table: Table) -> Select[Any]:
        return select(table).where(table.c.organization_id == self._actor.tenant)


def _api_key(row: Row[Any]) -> ApiKeyView:
    return ApiKeyView(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        grants=grants_of(None, row.grants),
        creator_id=agent_of(row.created_by),
        cost_capacity=row.cost_capacity,
        cost_per_second=row.cost_per_second,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def agent_of(actor: str) -> UUID | None:
    """The agent that an actor was, as the journal and rows name one; None for everybody else."""
    kind, _, identity = actor.partition(":")
    return UUID(identity) if kind in (ActorKind.AGENT, ActorKind.ADMIN) else None
