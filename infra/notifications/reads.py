"""What one person may see of what they are told: their own, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from domain.notification.notification import Notification
from domain.notification.ports import PushSubscription
from domain.notification.preference import Preferences
from domain.ports import Page, PageRequest
from infra.notifications.deciding import preferences_of
from infra.notifications.rows import notification_preferences, notifications, push_subscriptions
from infra.notifications.stored import notification_of
from infra.reads import SqlReads
from infra.storage.paging import keyset, paged

MOST_COUNTED = 1_000


class SqlNotificationReads(SqlReads):
    """The reads of one operation about notifications; customers and keys have none."""

    async def notifications(self, ids: Sequence[UUID]) -> Sequence[Notification | None]:
        """By id."""
        rows = await self._rows(self._told().where(notifications.c.id.in_(ids))) if self._actor.is_staff else ()
        found = {row.id: notification_of(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def notification_page(self, page: PageRequest, *, unread: bool) -> Page[Notification]:
        """The newest first."""
        n, wanted = notifications.c, self._told()
        if unread:
            wanted = wanted.where(n.read_at.is_(None))
        place = ((n.created_at, datetime.fromisoformat), (n.id, UUID))
        rows = await self._rows(keyset(wanted, page, *place, descending=True))
        return paged(rows, page, notification_of, lambda row: (row.created_at.isoformat(), str(row.id)))

    async def unread_notifications(self) -> int:
        """How many, up to a number that says enough."""
        unread = self._told().where(notifications.c.read_at.is_(None)).limit(MOST_COUNTED).subquery()
        return int((await self._rows(select(func.count()).select_from(unread)))[0][0])

    async def notification_preferences(self) -> Preferences:
        """What the caller decided."""
        p = notification_preferences.c
        wanted = select(p.decided).where(p.agent_id == self._actor.identity, p.organization_id == self._actor.tenant)
        rows = await self._rows(wanted)
        return preferences_of(rows[0].decided if rows else None)

    async def push_subscriptions(self) -> Sequence[PushSubscription]:
        """The caller's browsers."""
        p = push_subscriptions.c
        mine = (p.agent_id == self._actor.identity) & (p.organization_id == self._actor.tenant)
        wanted = select(p.id, p.device, p.created_at).where(mine).order_by(p.created_at.desc(), p.id.desc())
        return [PushSubscription(row.id, row.device, row.created_at) for row in await self._rows(wanted)]

    def _told(self) -> Select[Any]:
        n = notifications.c
        mine = (n.organization_id == self._actor.tenant) & (n.agent_id == self._actor.identity) & n.is_shown
        return select(notifications).where(mine)
