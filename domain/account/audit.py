"""The audit log: who did what to accounts, rights and settings, from where and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.base import Actor, Audited, Event, FieldProblem, InvalidInputError

MOST_KINDS = 50


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A sensitive act: `facts` are the event's own, as the journal holds them, `stream` is what it was done to."""

    id: int
    kind: str
    stream: str
    actor: Actor
    address: str | None
    reason: str | None
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: of these kinds, by one of these actors, from a moment on, before another; None for all."""

    kinds: Sequence[str] | None = None
    actors: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        problems = [*_unknown(self.kinds or ())]
        moments = (("from", self.since), ("to", self.until))
        problems += [
            FieldProblem(path, "Name a moment in the years 1 to 9999 with its time zone, such as by a 'Z' at the end.")
            for path, moment in moments
            if moment is not None and not _is_moment(moment)
        ]
        if problems:
            raise InvalidInputError(*problems)


def _is_moment(given: datetime) -> bool:
    try:
        return given.tzinfo is not None and bool(given.astimezone(UTC))
    except OverflowError:
        return False


def audited_kinds() -> frozenset[str]:
    """The kinds of all events that stand in the audit log."""
    return frozenset(name for name, kind in Event.kinds.items() if issubclass(kind, Audited) and not _is_base(kind))


def _is_base(kind: type[Event]) -> bool:
    """Whether other events extend it: then nothing of just this kind happens."""
    return bool(kind.__subclasses__())


def _unknown(kinds: Sequence[str]) -> Iterable[FieldProblem]:
    if len(kinds) > MOST_KINDS:
        yield FieldProblem("kinds", f"Name at most {MOST_KINDS} kinds.")
        return
    for place, kind in enumerate(kinds):
        if kind not in audited_kinds():
            yield FieldProblem(f"kinds.{place}", "No sensitive act is of this kind: see `auditKinds`.")
