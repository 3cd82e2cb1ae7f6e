"""The clocks of a conversation: folded from what happened in it, each with the time that counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from domain.account.settings import BusinessHours
from domain.base import ActorKind, Event
from domain.conversation.desk_events import Target
from domain.conversation.events import (
    AnswerCompleted,
    ConversationReopened,
    ConversationResolved,
    ConversationTakenOver,
    HandoffRequested,
    MessageSent,
)
from domain.conversation.triage import ConversationMerged, ConversationSnoozed, ConversationWoken, SpamMarked
from domain.hours import NOTHING, add_business_time, business_time_between

RESPONSES: Final = (Target.FIRST_RESPONSE, Target.NEXT_RESPONSE)

Happening = tuple[Event, datetime]
"""An event of a conversation, and when it was committed."""


@dataclass
class Clock:
    """The time that counts towards one target: `spans` are over, `since` when it runs; `is_kept` when it was reached.

    `began_at` tells it from the others of its target in the same conversation.
    """

    target: Target
    began_at: datetime
    since: datetime | None
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    ended_at: datetime | None = None
    is_kept: bool = False

    def run(self, at: datetime, *, runs: bool) -> None:
        """Go on, or pause."""
        if runs and self.since is None:
            self.since = at
        elif not runs and self.since is not None:
            self.spans.append((self.since, at))
            self.since = None

    def end(self, at: datetime, *, is_kept: bool) -> None:
        """Stop for good, since the target was reached or since nobody waits any more."""
        self.run(at, runs=False)
        self.ended_at, self.is_kept = at, is_kept

    def reaches(self, duration: timedelta, hours: BusinessHours | None) -> datetime | None:
        """When so much business time has counted, or will have if it goes on; None for one that stopped before."""
        for start, end in self.spans:
            counted = business_time_between(hours, start, end)
            if duration <= counted:
                return add_business_time(hours, start, duration)
            duration -= counted
        return None if self.since is None else add_business_time(hours, self.since, max(duration, NOTHING))


@dataclass
class Clocks:
    """All clocks that one conversation had, with those that have not ended by their targets.

    The first response is owed from the moment that somebody hands the conversation over, every next one from the first
    word that a person has not answered; the resolution from the moment that people have it. A new episode begins anew.
    """

    pauses: bool
    all: list[Clock] = field(default_factory=list)
    open: dict[Target, Clock] = field(default_factory=dict)
    _with_people: bool = False
    _replied: bool = False
    _owed: bool = False
    _sleeps: bool = False

    @classmethod
    def of(cls, history: Iterable[Happening], *, pauses: bool) -> Clocks:
        """Those that a history comes to."""
        clocks = cls(pauses)
        for event, at in history:
            clocks.follow(event, at)
        return clocks

    def follow(self, event: Event, at: datetime) -> None:
        """Go on as an event says."""
        match event:
            case MessageSent(message) if message.author_kind is ActorKind.CUSTOMER:
                self._asked(at)
            case MessageSent(message) if message.author_kind is ActorKind.AGENT:
                self._end(at, *RESPONSES, is_kept=True)
                self._replied, self._owed = True, False
            case HandoffRequested():
                self._needs_people(at, waits=True)
            case ConversationTakenOver():
                self._needs_people(at, waits=self._owed)
            case ConversationResolved() | ConversationReopened():
                self._end(at, Target.RESOLUTION, is_kept=True)
                self._end(at, *RESPONSES, is_kept=False)
                self._with_people = self._replied = self._owed = self._sleeps = False
            case ConversationMerged() | SpamMarked(True):
                self._end(at, *Target, is_kept=False)
            case SpamMarked(False) if self._with_people:
                self._start(Target.RESOLUTION, at)
            case ConversationSnoozed():
                self._sleeps = True
            case ConversationWoken():
                self._sleeps = False
            case AnswerCompleted():
                self._owed = False
        self._run(at)

    def _asked(self, at: datetime) -> None:
        self._owed, self._sleeps = True, False
        if self._with_people:
            self._start(Target.NEXT_RESPONSE if self._replied else Target.FIRST_RESPONSE, at)

    def _needs_people(self, at: datetime, *, waits: bool) -> None:
        if self._with_people:
            return
        self._with_people = True
        self._start(Target.RESOLUTION, at)
        if waits and not self._replied:
            self._start(Target.FIRST_RESPONSE, at)

    def _start(self, target: Target, at: datetime) -> None:
        if target not in self.open:
            self.open[target] = Clock(target, at, at)
            self.all.append(self.open[target])

    def _end(self, at: datetime, *targets: Target, is_kept: bool) -> None:
        for target in targets:
            if clock := self.open.pop(target, None):
                clock.end(at, is_kept=is_kept)

    def _run(self, at: datetime) -> None:
        awake = not (self.pauses and self._sleeps)
        is_owed = not self.pauses or any(target in self.open for target in RESPONSES)
        for target, clock in self.open.items():
            clock.run(at, runs=awake and (target in RESPONSES or is_owed))
