"""What one actor may see of the messages to webhooks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, cast, literal, select, true

from domain.account.permission import Permission, within
from domain.delivery import DeliveryState
from domain.ports import Page, PageRequest
from domain.webhook.log import WebhookAttemptView, WebhookDeliveryView
from infra.delivery.rows import deliveries
from infra.identity.standing import grants_of
from infra.reads import SqlReads
from infra.storage.paging import keyset, paged
from infra.webhooks.rows import webhook_attempts, webhooks

Attempts = Mapping[UUID, Sequence[WebhookAttemptView]]


class SqlWebhookLog(SqlReads):
    """The reads of one operation about messages to webhooks."""

    async def webhook_delivery_pages(
        self, keys: Sequence[tuple[UUID, PageRequest]]
    ) -> Sequence[Page[WebhookDeliveryView]]:
        """For each webhook a page of its messages, the newest first, in two statements for all of them."""
        self._actor.require(Permission.MANAGE_WEBHOOKS)
        page, w, d = keys[0][1], webhooks.c, deliveries.c
        route = literal("webhook:") + cast(w.id, Text)
        mine = select(deliveries).where(d.organization_id == w.organization_id, d.route == route)
        one = keyset(mine, page, (d.number, int), descending=True).lateral("one")
        wanted = select(one, w.id.label("webhook_id"), w.grants).select_from(webhooks.join(one, true()))
        found: dict[UUID, list[Row[Any]]] = {key: [] for key, _ in keys}
        ours = (w.organization_id == self._actor.tenant) & w.id.in_(found)
        rows = await self._rows(wanted.where(ours))
        for row in sorted(rows, key=lambda row: row.number, reverse=not page.backward):
            found[row.webhook_id].append(row)
        attempts = await self._webhook_attempts([row.id for row in rows])

        def view(row: Row[Any]) -> WebhookDeliveryView:
            return _view(row, attempts, may_read=within(grants_of(None, row.grants), self._actor.grants))

        return [paged(found[key], page, view, lambda row: (str(row.number),)) for key, _ in keys]

    async def _webhook_attempts(self, delivery_ids: Sequence[UUID]) -> Attempts:
        a = webhook_attempts.c
        mine = (a.organization_id == self._actor.tenant) & a.delivery_id.in_(delivery_ids)
        found: dict[UUID, list[WebhookAttemptView]] = defaultdict(list)
        for row in await self._rows(select(webhook_attempts).where(mine).order_by(a.created_at, a.number)):
            view = WebhookAttemptView(row.created_at, row.status, row.took_ms, row.error, row.answer)
            found[row.delivery_id].append(view)
        return found


def _view(row: Row[Any], attempts: Attempts, *, may_read: bool) -> WebhookDeliveryView:
    conversation = row.about.get("conversation")
    return WebhookDeliveryView(
        id=row.id,
        message_id=row.content["id"],
        state=DeliveryState(row.state),
        error=row.error,
        body=row.content["body"] if may_read else None,
        conversation_id=UUID(conversation) if conversation else None,
        attempts=attempts.get(row.id, ()),
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        created_at=row.created_at,
    )
