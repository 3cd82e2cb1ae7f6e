"""How a conversation stands to its targets, and what of that is news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.account.settings import BusinessHours
from domain.base import Event
from domain.conversation.desk_events import (
    Aside,
    ServiceLevelBreached,
    ServiceLevelMet,
    ServiceLevelWarned,
    Target,
)
from domain.conversation.triage import Priority
from domain.level.clock import Clock, Clocks, Happening
from domain.level.policy import ServiceLevelPolicyView

Told = Mapping[tuple[Target, datetime], frozenset[type[Event]]]
"""Which kinds of news were told of a clock, by its target and when it began."""
NEWS = (ServiceLevelWarned, ServiceLevelBreached, ServiceLevelMet)


class LevelState(StrEnum):
    """How it stands to one target."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Level:
    """One clock under a policy: `due_at` is by when, None while it is paused in time; `warns_at` is before that."""

    target: Target
    began_at: datetime
    state: LevelState
    due_at: datetime | None
    warns_at: datetime | None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a history comes to under a policy at a moment: the newest level of each target, and what is to be told."""

    levels: Sequence[Level]
    news: Sequence[Aside]
    rings_at: datetime | None
    """When it comes to something else by itself."""

    @property
    def due_at(self) -> datetime | None:
        """By when somebody has to act next, if they have not missed it already."""
        return min((level.due_at for level in self.levels if level.is_open and level.due_at), default=None)


def judge(
    history: Sequence[Happening],
    policy: ServiceLevelPolicyView,
    priority: Priority,
    hours: BusinessHours | None,
    now: datetime,
) -> Verdict:
    """What a conversation comes to now. What was told of a clock stays so, whatever a policy says later."""
    told = _told(history)
    terms = policy.terms
    levels: dict[Target, Level] = {}
    news: list[Aside] = []
    rings: list[datetime] = []
    for clock in Clocks.of(history, pauses=terms.pauses).all:
        if (allowed := terms.allowed(priority, clock.target)) is None:
            continue
        known = told.get((clock.target, clock.began_at), frozenset())
        due, warns = clock.reaches(allowed, hours), clock.reaches(allowed * (terms.warn_at / 100), hours)
        level = Level(clock.target, clock.began_at, _state(clock, due, warns, known, now), due, warns, clock.ended_at)
        levels[clock.target] = level
        if clock.ended_at is None or clock.ended_at >= policy.created_at:
            news += _news(level, policy.id, known)
        rings += _rings(level, now)
    return Verdict(list(levels.values()), news, min(rings, default=None))


def _state(
    clock: Clock, due: datetime | None, warns: datetime | None, known: Iterable[type[Event]], now: datetime
) -> LevelState:
    is_late = due is not None and (due < clock.ended_at if clock.ended_at else due <= now)
    if ServiceLevelBreached in known or is_late:
        return LevelState.BREACHED
    if clock.ended_at is not None:
        return LevelState.MET if clock.is_kept else LevelState.DROPPED
    if clock.since is None:
        return LevelState.PAUSED
    return LevelState.AT_RISK if warns is not None and warns <= now else LevelState.ON_TRACK


def _news(level: Level, policy_id: UUID, known: Iterable[type[Event]]) -> Iterator[Aside]:
    match level.state:
        case LevelState.BREACHED if ServiceLevelBreached not in known and level.due_at is not None:
            yield ServiceLevelBreached(policy_id, level.target, level.due_at, level.began_at)
        case LevelState.AT_RISK if ServiceLevelWarned not in known and level.due_at is not None:
            yield ServiceLevelWarned(policy_id, level.target, level.due_at, level.began_at)
        case LevelState.MET if ServiceLevelMet not in known:
            yield ServiceLevelMet(policy_id, level.target, level.began_at)


def _rings(level: Level, now: datetime) -> Iterator[datetime]:
    """The times to come at which an open clock changes by itself."""
    if level.is_open and level.state in (LevelState.ON_TRACK, LevelState.AT_RISK):
        yield from (at for at in (level.warns_at, level.due_at) if at is not None and at > now)


def _told(history: Iterable[Happening]) -> Told:
    told: dict[tuple[Target, datetime], frozenset[type[Event]]] = {}
    for event, _ in history:
        if isinstance(event, NEWS) and event.began_at is not None:
            key = (event.target, event.began_at)
            told[key] = told.get(key, frozenset()) | {type(event)}
    return told
