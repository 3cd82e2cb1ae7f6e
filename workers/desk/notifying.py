"""The jobs that tell people at work what concerns them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.notification.notification import BundleDue
from domain.notification.service import Notifications
from domain.ports import Work


@dataclass(frozen=True)
class NotifyPeople:
    """Runs on what somebody may have to be told of."""

    notifications: Notifications

    async def __call__(self, work: Work) -> None:
        """Tell whom the event concerns."""
        await self.notifications.notify(work.recorded)


@dataclass(frozen=True)
class SendNotifications:
    """Runs when what waited for a person is to go out."""

    notifications: Notifications

    async def __call__(self, work: Work) -> None:
        """Let it go out as one."""
        if isinstance(work.recorded.event, BundleDue):
            await self.notifications.send(work.recorded.organization_id, work.recorded.event)
