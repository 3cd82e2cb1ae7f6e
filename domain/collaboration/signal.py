"""Signals: who is there, who is typing, and who has read; told at once, kept for seconds, and allowed to get lost."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.base import Actor, ActorKind


class SignalKind(StrEnum):
    """What somebody does in a conversation without saying anything."""

    VIEWING = "viewing"
    TYPING = "typing"
    READ = "read"
    LEFT = "left"


LASTS = {SignalKind.VIEWING: 30, SignalKind.TYPING: 10}
"""Seconds after which it is over unless it is said again; the others are moments."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One of them; `agent_id` is None for the customer, and for customers, who are not told which colleague it is."""

    conversation_id: UUID
    kind: SignalKind
    is_staff: bool
    agent_id: UUID | None
    until: datetime | None
    """When it is over; None for a moment."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who has a conversation before their eyes; without an agent it is the customer."""

    agent_id: UUID | None
    is_typing: bool


class Signals(Protocol):
    """The signals of conversations. None of them is stored for good; while Redis is away there are none."""

    async def send(self, actor: Actor, conversation_id: UUID, kind: SignalKind) -> None:
        """Tell the others; what comes within a second of the same is dropped. `NotFoundError` for what is not seen."""
        ...

    async def viewers(self, actor: Actor, conversation_ids: Sequence[UUID]) -> Sequence[Sequence[Viewer]]:
        """For each conversation who else is there at this moment; nobody, for customers."""
        ...

    def follow(self, actor: Actor, conversation_id: UUID) -> AsyncGenerator[Signal, None]:
        """What others do, first what holds at this moment; `NotFoundError` as soon as the conversation is not seen."""
        ...


def shown(signal: Signal, actor: Actor) -> Signal | None:
    """A signal as an actor is told of it: customers hear that somebody of the team is typing, and nothing else."""
    if actor.kind is not ActorKind.CUSTOMER:
        return None if signal.is_staff and signal.agent_id == actor.id else signal
    if not signal.is_staff or signal.kind is not SignalKind.TYPING:
        return None
    return Signal(signal.conversation_id, signal.kind, is_staff=True, agent_id=None, until=signal.until)
