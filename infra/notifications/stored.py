"""What people are told and how they want to be, in one unit of work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.base import Aggregate, Event, stream_of
from domain.notification.notification import Means, Notice, Notification, NotificationKind
from domain.notification.ports import Browser, Line, Reader
from domain.notification.preference import Preferences
from infra.notifications.audience import conversations_seen_by, readers_of, who
from infra.notifications.deciding import preferences_of
from infra.notifications.rows import (
    notification_bundles,
    notification_preferences,
    notifications,
    push_subscriptions,
)
from infra.repositories import Unit
from infra.rows import agents, conversations, customers, events
from infra.storage.codec import dump

LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class Notified(Aggregate):
    """The stream of what one person is told."""

    def tell(self, event: Event) -> None:
        """Append to it."""
        self._record(event)

    def _apply(self, event: Event) -> None:
        """Nothing depends on it but what its readers see."""


class SqlNotificationBook:
    """Of the unit's organization; whoever changes what is told to one person takes turns with all who do."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def readers(self, notice: Notice) -> Sequence[Reader]:
        """Whom a notice concerns, each locked, in one order for all."""
        found = await readers_of(self._unit, notice)
        for reader in found:
            await self._lock(reader.agent_id)
        return found

    async def reader(self, agent_id: UUID) -> Reader | None:
        """Somebody who works here, locked."""
        await self._lock(agent_id)
        found = await who(self._unit, [agent_id])
        return found[0].reader if found else None

    async def keep(self, notification: Notification, event_id: int, *, is_shown: bool) -> bool:
        """Write it down once for each event and person."""
        row = {
            "id": notification.id,
            "organization_id": self._unit.actor.tenant,
            "agent_id": notification.agent_id,
            "event_id": event_id,
            "kind": notification.kind,
            "conversation_id": notification.conversation_id,
            "by": notification.by,
            "is_shown": is_shown,
            "created_at": notification.created_at,
        }
        kept = insert(notifications).values(row).on_conflict_do_nothing().returning(notifications.c.id)
        return (await self._unit.connection.execute(kept)).one_or_none() is not None

    async def journal(self, agent_id: UUID, event: Event) -> None:
        """Append to the person's stream, which is locked."""
        await self._lock(agent_id)
        newest = select(func.max(events.c.version)).where(events.c.stream == stream_of("notified", agent_id))
        version = await self._unit.connection.scalar(newest) or 0
        stream = Notified(agent_id, self._unit.actor.tenant, version)
        stream.tell(event)
        await self._unit.journal(stream)

    async def wait(self, notification: Notification, means: Means, bundle: str) -> bool:
        """Put it into a bundle."""
        b, tenant = notification_bundles.c, self._unit.actor.tenant
        mine = (b.organization_id == tenant, b.agent_id == notification.agent_id, b.means == means, b.bundle == bundle)
        others = await self._unit.connection.scalar(select(b.notification_id).where(*mine).limit(1))
        row = {
            "notification_id": notification.id,
            "organization_id": tenant,
            "agent_id": notification.agent_id,
            "means": means,
            "bundle": bundle,
        }
        await self._unit.connection.execute(insert(notification_bundles).values(row))
        return others is None

    async def take(self, agent_id: UUID, means: Means, bundle: str) -> Sequence[Notification]:
        """Empty a bundle; what is left of it."""
        b, n, tenant = notification_bundles.c, notifications.c, self._unit.actor.tenant
        mine = (b.organization_id == tenant, b.agent_id == agent_id, b.means == means, b.bundle == bundle)
        gone = await self._unit.connection.execute(
            delete(notification_bundles).where(*mine).returning(b.notification_id)
        )
        ids = list(gone.scalars())
        wanted = select(notifications).where(n.id.in_(ids), n.organization_id == tenant, n.read_at.is_(None))
        rows = (await self._unit.connection.execute(wanted.order_by(n.created_at, n.id))).all()
        about = {row.conversation_id for row in rows if row.conversation_id is not None}
        seen = await conversations_seen_by(self._unit, agent_id, about)
        return [notification_of(row) for row in rows if row.conversation_id is None or row.conversation_id in seen]

    async def lines(self, notifications: Sequence[Notification]) -> Sequence[Line]:
        """In words, with two statements however many."""
        c, tenant = conversations.c, self._unit.actor.tenant
        about = {one.conversation_id for one in notifications}
        wanted = select(c.id, c.subject).where(c.id.in_(about), c.organization_id == tenant)
        subjects = {row.id: row.subject for row in await self._unit.connection.execute(wanted)}
        names = await self._names({one.by for one in notifications})
        return [Line(one, subjects.get(one.conversation_id, ""), names.get(one.by)) for one in notifications]

    async def mark_read(self, agent_id: UUID, ids: Collection[UUID] | None, at: datetime) -> Sequence[UUID]:
        """Mark them."""
        await self._lock(agent_id)
        n = notifications.c
        mine = (n.organization_id == self._unit.actor.tenant) & (n.agent_id == agent_id) & n.is_shown
        unread = mine & n.read_at.is_(None)
        wanted = unread if ids is None else unread & n.id.in_(ids)
        read = await self._unit.connection.execute(
            update(notifications).where(wanted).values(read_at=at).returning(n.id)
        )
        return list(read.scalars())

    async def preferences(self, agent_id: UUID) -> Preferences:
        """What the person decided."""
        await self._lock(agent_id)
        p = notification_preferences.c
        wanted = select(p.decided).where(p.agent_id == agent_id, p.organization_id == self._unit.actor.tenant)
        return preferences_of(await self._unit.connection.scalar(wanted))

    async def decide(self, agent_id: UUID, preferences: Preferences) -> None:
        """Keep it."""
        row = {"agent_id": agent_id, "organization_id": self._unit.actor.tenant, "decided": dump(preferences)}
        statement = insert(notification_preferences).values(row)
        changed = statement.on_conflict_do_update(
            index_elements=["agent_id"], set_={"decided": statement.excluded.decided}
        )
        await self._unit.connection.execute(changed)

    async def add_browser(self, agent_id: UUID, browser_id: UUID, browser: Browser, at: datetime, most: int) -> UUID:
        """A browser that somebody else used is told what is for this person from now on."""
        await self._lock(agent_id)
        p, tenant = push_subscriptions.c, self._unit.actor.tenant
        keys = {"agent_id": agent_id, "public_key": browser.public_key, "secret": browser.secret}
        changing = keys | {"device": browser.device}
        row = {"id": browser_id, "organization_id": tenant, "endpoint": browser.endpoint, "created_at": at}
        statement = insert(push_subscriptions).values(row | changing)
        kept = statement.on_conflict_do_update(index_elements=[p.organization_id, p.endpoint], set_=changing)
        identity: UUID = (await self._unit.connection.execute(kept.returning(p.id))).scalar_one()
        mine = (p.organization_id == tenant) & (p.agent_id == agent_id)
        newest = select(p.id).where(mine).order_by(p.created_at.desc(), p.id.desc()).limit(most)
        await self._unit.connection.execute(delete(push_subscriptions).where(mine, p.id.not_in(newest)))
        return identity

    async def remove_browser(self, agent_id: UUID, browser_id: UUID) -> None:
        """Forget it."""
        p = push_subscriptions.c
        mine = (p.organization_id == self._unit.actor.tenant) & (p.agent_id == agent_id) & (p.id == browser_id)
        await self._unit.connection.execute(delete(push_subscriptions).where(mine))

    async def _names(self, actors: Collection[str]) -> dict[str, str]:
        """The names of agents and customers, by what the journal calls them."""
        ids = [UUID(identity) for _, colon, identity in (actor.partition(":") for actor in actors) if colon]
        found: dict[UUID, str] = {}
        for table in (agents, customers):
            c = table.c
            wanted = select(c.id, c.name).where(c.id.in_(ids), c.organization_id == self._unit.actor.tenant)
            found |= {row.id: row.name for row in await self._unit.connection.execute(wanted) if row.name}
        return {actor: found[identity] for actor in actors if (identity := _id_in(actor)) in found}

    async def _lock(self, agent_id: UUID) -> None:
        await self._unit.connection.execute(LOCK, {"name": f"notified {agent_id}"})


def _id_in(actor: str) -> UUID | None:
    _, colon, identity = actor.partition(":")
    return UUID(identity) if colon else None


def notification_of(row: Any) -> Notification:
    """A notification as its row has it."""
    kind = NotificationKind(row.kind)
    return Notification(row.id, row.agent_id, kind, row.conversation_id, row.by, row.created_at, row.read_at)
