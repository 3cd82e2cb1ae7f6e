"""What one actor may see of webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from domain.account.permission import Permission
from domain.webhook.webhook import WebhookView, Wish
from infra.identity.standing import grants_of
from infra.reads import SqlReads
from infra.webhooks.rows import webhooks


class SqlWebhookReads(SqlReads):
    """The reads of one operation about webhooks."""

    async def webhooks(self, ids: Sequence[UUID]) -> Sequence[WebhookView | None]:
        """Webhooks by id; none for whoever may not choose who hears of what."""
        if not self._actor.may(Permission.MANAGE_WEBHOOKS):
            return [None] * len(ids)
        rows = await self._rows(self._webhooks().where(webhooks.c.id.in_(ids)))
        found = {row.id: _view(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def all_webhooks(self) -> Sequence[WebhookView]:
        """Every one, the oldest first."""
        self._actor.require(Permission.MANAGE_WEBHOOKS)
        wanted = self._webhooks().order_by(webhooks.c.created_at, webhooks.c.id)
        return [_view(row) for row in await self._rows(wanted)]

    def _webhooks(self) -> Select[Any]:
        return select(webhooks).where(webhooks.c.organization_id == self._actor.tenant)


def _view(row: Row[Any]) -> WebhookView:
    wish = Wish(row.url, row.document, grants_of(None, row.grants), row.variables, row.description)
    return WebhookView(
        id=row.id,
        wish=wish,
        enabled=row.enabled,
        why_disabled=row.why_disabled,
        position=row.position,
        failing_since=row.failing_since,
        previous_until=row.previous_until,
        created_at=row.created_at,
    )
