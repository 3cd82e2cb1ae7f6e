"""Webhooks as rows, with the questions that their rules ask."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.webhook.webhook import Webhook
from infra.accounts.repository import SqlStored
from infra.identity.standing import grants_of
from infra.repositories import Unit
from infra.rows import events
from infra.webhooks.rows import webhooks


class SqlWebhooks(SqlStored[Webhook]):
    """Webhooks."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, webhooks, Webhook, grants=lambda stored: grants_of(None, stored))

    async def all(self) -> Sequence[Webhook]:
        """Every one, locked."""
        return await self.find()

    async def newest(self) -> int:
        """The newest position that the organization's journal has given out."""
        c = events.c
        newest = select(func.max(c.delivered_position)).where(c.organization_id == self._unit.actor.tenant)
        return await self._unit.connection.scalar(newest) or 0
