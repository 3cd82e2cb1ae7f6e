"""What one actor may see of webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from domain.account.permission import Permission, Scope
from domain.base import STAFF, ActorKind, Recorded
from domain.webhook.ports import Past
from domain.webhook.webhook import WebhookView, Wish
from infra.identity.standing import grants_of
from infra.live.hub import CONVERSATIONS
from infra.rows import conversations, events
from infra.storage.codec import recorded
from infra.storage.sight import reached
from infra.webhooks.log import SqlWebhookLog
from infra.webhooks.rows import webhooks


class SqlWebhookReads(SqlWebhookLog):
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

    async def past(self, after: int, most: int) -> Past:
        """At most so many delivered events of all conversations after a position, as the live feed has them."""
        scope = self._actor.require(Permission.READ_CONVERSATIONS)
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        c = events.c
        ours = (c.organization_id == self._actor.tenant) & (c.delivered_position > after)
        wanted = select(events).where(ours, c.stream.startswith(CONVERSATIONS))
        rows = await self._rows(wanted.order_by(c.delivered_position).limit(most + 1))
        found = [recorded(row._mapping) for row in rows[:most]]
        has_more = len(rows) > most
        place = found[-1].position if has_more else await self._newest_position()
        return Past(
            found if scope is Scope.ALL else await self._events_reached(found), max(after, place or 0), has_more
        )

    async def _newest_position(self) -> int | None:
        c = events.c
        newest = select(func.max(c.delivered_position)).where(c.organization_id == self._actor.tenant)
        found: int | None = (await self._rows(newest))[0][0]
        return found

    async def _events_reached(self, found: Sequence[Recorded]) -> Sequence[Recorded]:
        streams = {event.stream: UUID(event.stream.removeprefix(CONVERSATIONS)) for event in found}
        c = conversations.c
        wanted = select(c.id).where(c.id.in_(streams.values()), reached(self._actor, Permission.READ_CONVERSATIONS))
        seen = {row.id for row in await self._rows(wanted)}
        return [event for event in found if streams[event.stream] in seen]

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
