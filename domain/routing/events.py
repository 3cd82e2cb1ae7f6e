"""What happens to the people and the rules by which the queue is drained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.base import Audited, Event, Internal


class Status(StrEnum):
    """Whether somebody takes conversations: only who is online is asked to."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class AvailabilityChanged(Internal):
    """An agent takes conversations from now on, or does not; `vanished` when nobody saw them any more."""

    status: Status
    vanished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentQualified(Audited):
    """Somebody decided how many conversations an agent has at once, and which: without skills, any."""

    capacity: int
    languages: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxNeedsChanged(Audited):
    """Whoever takes a conversation of this inbox needs these skills, whatever it is found to be about."""

    inbox_id: UUID
    language: str | None
    topic: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPolicyChanged(Audited):
    """How long offers, graces and waits are from now on, in seconds."""

    offer: int
    pause: int
    grace: int
    topic: int
    language: int


@dataclass(frozen=True, slots=True)
class QueueDue(Event):
    """Something about the queue changes by the passing of time alone: an offer lapses, a wait is long enough."""
