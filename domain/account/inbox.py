"""Inboxes: where conversations come in, by one channel each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.account.events import InboxChanged, InboxCreated, WidgetChanged
from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.account.stored import Opening, Stored
from domain.base import Actor, Aggregate, Event, Identifiers, InvalidStateError
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import checked
from domain.widget.widget import Appearance

LONGEST_NAME = 100
MOST_INBOXES = 100
ASSISTANT = "assistant_enabled"
WIDGET = "widget"


class Channel(StrEnum):
    """How conversations come in."""

    CHAT = "chat"
    EMAIL = "email"
    SMS = "sms"
    API = "api"


@dataclass
class Inbox(Aggregate):
    """A channel by which conversations come in, and that teams can be limited to."""

    name: str = ""
    channel: str = Channel.CHAT
    settings: Mapping[str, object] = field(default_factory=dict)

    def create(self, name: str, channel: Channel) -> None:
        """Begin."""
        self._record(InboxCreated(name=checked(name, "input.name", longest=LONGEST_NAME), channel=channel))

    @property
    def assistant_enabled(self) -> bool:
        """Whether the assistant answers here, where the organization lets it at all."""
        return assistant_enabled(self.settings)

    def change(self, name: str | None, *, answered: bool | None) -> None:
        """Be called otherwise, or be answered by the assistant or not; None leaves a part as it is."""
        name = self.name if name is None else checked(name, "input.name", longest=LONGEST_NAME)
        answered = self.assistant_enabled if answered is None else answered
        if (name, answered) != (self.name, self.assistant_enabled):
            self._record(InboxChanged(name=name, assistant_enabled=answered))

    def show(self, appearance: Appearance, *, reason: str | None) -> None:
        """Let the widget look otherwise; the journal is told which parts, the row what."""
        if self.channel != Channel.CHAT:
            raise InvalidStateError("Only an inbox of the channel CHAT has a widget.")
        before, decided = _mapping(self.settings.get(WIDGET)), appearance.stored()
        if changed := tuple(name for name, part in decided.items() if before.get(name) != part):
            self.settings = {**self.settings, WIDGET: {**before, **decided}}
            self._record(WidgetChanged(changed=changed, reason=checked_reason(reason)))

    def _apply(self, event: Event) -> None:
        match event:
            case InboxCreated():
                self.name, self.channel = event.name, event.channel
            case InboxChanged():
                self.name = event.name
                self.settings = {**self.settings, ASSISTANT: event.assistant_enabled}


def _mapping(stored: object) -> Mapping[str, object]:
    return stored if isinstance(stored, Mapping) else {}


def assistant_enabled(settings: Mapping[str, object]) -> bool:
    """Whether the assistant answers in an inbox of these settings: unless they say otherwise."""
    return settings.get(ASSISTANT) is not False


@dataclass(frozen=True, slots=True)
class InboxView:
    """An inbox."""

    id: UUID
    name: str
    channel: Channel
    assistant_enabled: bool


class InboxRepository(Stored[Inbox], Protocol):
    """Inboxes of the actor's organization, to change."""

    async def named(self, name: str) -> Inbox | None:
        """The inbox of that name, locked."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...


class InboxUnit(UnitOfWork, Protocol):
    """A unit of work that holds inboxes."""

    @property
    def inboxes(self) -> InboxRepository:
        """Inboxes, to change."""
        ...


@dataclass(frozen=True)
class Inboxes:
    """The commands on inboxes."""

    units: Opening[InboxUnit]
    new_id: Identifiers

    @retried_once
    async def create(self, actor: Actor, name: str, channel: Channel, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make an inbox; `InvalidStateError` when there is one of this name."""
        actor.require(Permission.MANAGE_INBOXES)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if await unit.inboxes.count() >= MOST_INBOXES:
                raise InvalidStateError(f"There are {MOST_INBOXES} inboxes already, which is as many as there can be.")
            inbox = Inbox(self.new_id(), actor.tenant)
            inbox.create(name, channel)
            await _require_free(unit, inbox)
            unit.inboxes.add(inbox)
            return await unit.commit(Receipt(inbox.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        inbox_id: UUID,
        *,
        name: str | None = None,
        answered: bool | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Give an inbox another name, or let the assistant answer in it or not; None leaves a part as it is."""
        actor.require(Permission.MANAGE_INBOXES)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            inbox = await unit.inboxes.get(inbox_id)
            inbox.change(name, answered=answered)
            await _require_free(unit, inbox)
            return await unit.commit(Receipt(inbox.id))


async def _require_free(unit: InboxUnit, inbox: Inbox) -> None:
    holder = await unit.inboxes.named(inbox.name)
    if holder and holder.id != inbox.id:
        raise InvalidStateError(f"There is an inbox with the name “{inbox.name}” already.")
