"""Timers: events that are to happen at a time unless somebody cancels them before."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.base import Event
from domain.ports import UnitOfWork


class Timers(Protocol):
    """Timers of the actor's organization; each is known by its name and its key, such as a conversation's id.

    A timer is stored with what its unit of work changes. When its time has come by the database's clock, a worker takes
    it away and appends its event to the journal, in one transaction: it rings once, however many workers there are,
    and late rather than never after an outage. A clock that is set back makes it ring later, never again. What follows
    from the event is in the table of subscribers; the event's actor is the system.
    """

    async def set(self, name: str, key: object, due_at: datetime, event: Event) -> None:
        """Ring at `due_at`, instead of when the timer of that name and key was to ring before."""
        ...

    async def cancel(self, name: str, key: object) -> None:
        """Do not ring; nothing happens where there is no such timer."""
        ...


class TimerUnit(UnitOfWork, Protocol):
    """A unit of work that holds timers."""

    @property
    def timers(self) -> Timers:
        """Timers."""
        ...


class Clockwork(Protocol):
    """What makes timers ring, in all organizations."""

    async def ring(self) -> int:
        """Let those ring whose time has come, the earliest first, a batch at a time; how many they were."""
        ...
