"""The widget of an inbox: shown to everybody, changed by those who manage inboxes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from domain.account.inbox import InboxUnit
from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import Actor, Clock
from domain.hours import is_open, opens_after
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.widget.widget import Appearance, Widget


class Shown(Protocol):
    """What all organizations show to strangers."""

    async def of(self, inbox_id: UUID) -> Widget | None:
        """The widget of an inbox of the chat; None where there is none, or its organization is suspended."""
        ...


@dataclass(frozen=True)
class Widgets:
    """The widgets of all organizations, and the command on one."""

    units: Opening[InboxUnit]
    shown: Shown
    clock: Clock

    async def of(self, inbox_id: UUID) -> Widget | None:
        """The widget of an inbox, as of this moment; None where there is none."""
        widget, at = await self.shown.of(inbox_id), self.clock()
        if widget is None or is_open(widget.hours, at):
            return widget
        return replace(widget, opens_at=opens_after(widget.hours, at))

    @retried_once
    async def change(
        self,
        actor: Actor,
        inbox_id: UUID,
        appearance: Appearance,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Let the widget of an inbox look otherwise; `InvalidStateError` for an inbox of another channel."""
        actor.require(Permission.MANAGE_INBOXES)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            inbox = await unit.inboxes.get(inbox_id)
            inbox.show(appearance, reason=reason)
            return await unit.commit(Receipt(inbox.id))
