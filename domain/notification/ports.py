"""What telling people needs of the database and of the words, and what people see of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.base import Actor, Event, Recorded
from domain.delivery import DeliveryUnit, Parcel
from domain.notification.notification import Means, Notice, Notification
from domain.notification.preference import Preferences
from domain.ports import Page, PageRequest, Resync
from domain.timer import TimerUnit


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told, with where they can be reached; `organization` and `language` are for the words."""

    agent_id: UUID
    email: str | None
    browser_ids: Sequence[UUID]
    preferences: Preferences
    organization: str
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """A notification in words: what the conversation is about, and the name of who did it, where there is one."""

    notification: Notification
    subject: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a person wants to be told by push: the address of its push service, and its keys in base64url."""

    endpoint: str
    public_key: str
    secret: str
    device: str


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """A browser that is told, without its keys."""

    id: UUID
    device: str
    created_at: datetime


class NotificationBook(Protocol):
    """What people are told, and how they want to be, in one unit of work."""

    async def readers(self, notice: Notice) -> Sequence[Reader]:
        """Whom it concerns: at work here, able to see the conversation now, and not who did it.

        Nobody else tells them anything until the unit ends.
        """
        ...

    async def reader(self, agent_id: UUID) -> Reader | None:
        """One of them; None for who does not work here any more."""
        ...

    async def keep(self, notification: Notification, event_id: int, *, is_shown: bool) -> bool:
        """Write it down; false where the person was told of the event before."""
        ...

    async def journal(self, agent_id: UUID, event: Event) -> None:
        """Append to the stream of what the person is told."""
        ...

    async def wait(self, notification: Notification, means: Means, bundle: str) -> bool:
        """Put it into a bundle; whether it is the first in it."""
        ...

    async def take(self, agent_id: UUID, means: Means, bundle: str) -> Sequence[Notification]:
        """Empty a bundle: what is in it that was not read meanwhile and may still be seen, the oldest first."""
        ...

    async def lines(self, notifications: Sequence[Notification]) -> Sequence[Line]:
        """What their conversations are about, and who did it."""
        ...

    async def mark_read(self, agent_id: UUID, ids: Collection[UUID] | None, at: datetime) -> Sequence[UUID]:
        """Mark some, or all, as read; which ones were not."""
        ...

    async def preferences(self, agent_id: UUID) -> Preferences:
        """What the person decided, locked until the unit ends."""
        ...

    async def decide(self, agent_id: UUID, preferences: Preferences) -> None:
        """Keep what they decided."""
        ...

    async def add_browser(self, agent_id: UUID, browser_id: UUID, browser: Browser, at: datetime, most: int) -> UUID:
        """Tell this browser too, instead of whom it was told for before; beyond `most` the oldest are forgotten."""
        ...

    async def remove_browser(self, agent_id: UUID, browser_id: UUID) -> None:
        """Do not tell it any more; nothing happens where there is none."""
        ...


class NotificationUnit(DeliveryUnit, TimerUnit, Protocol):
    """A unit of work that holds notifications."""

    @property
    def notifications(self) -> NotificationBook:
        """What people are told."""
        ...


class Letters(Protocol):
    """Puts notifications into words."""

    def parcels(self, reader: Reader, means: Means, lines: Sequence[Line], organization_id: UUID) -> Sequence[Parcel]:
        """What goes out to a person about some notifications by one means; nothing to who cannot be reached by it."""
        ...


class NotificationFeed(Protocol):
    """What one person is told, as it happens."""

    def follow(self, actor: Actor, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """After a version of their stream, or from now on."""
        ...


class NotificationReads(Protocol):
    """What one person may see of what they are told."""

    async def notifications(self, ids: Sequence[UUID]) -> Sequence[Notification | None]:
        """By id."""
        ...

    async def notification_page(self, page: PageRequest, *, unread: bool) -> Page[Notification]:
        """The newest first."""
        ...

    async def unread_notifications(self) -> int:
        """How many there are, up to 1000."""
        ...

    async def notification_preferences(self) -> Preferences:
        """What the caller decided."""
        ...

    async def push_subscriptions(self) -> Sequence[PushSubscription]:
        """The caller's browsers, the newest first."""
        ...
