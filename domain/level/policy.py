"""Service-level policies: which conversations are to be answered and settled how soon."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.base import Aggregate, Audited, Event, FieldProblem, InvalidInputError
from domain.conversation.desk_events import Target
from domain.conversation.triage import Priority
from domain.text import checked

LONGEST_NAME = 100
MOST_IDS = 100
PLACES = range(1_000)
MINUTES = range(1, 60 * 24 * 60)
"""What a target can be: up to 60 days of business time."""
SHARES = range(10, 100)
"""Percent of a target's time after which it is warned of."""

Targets = Mapping[str, Mapping[str, int]]
"""Minutes of business time by priority and target, for the priorities that a policy is about."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy says. It is about conversations of the priorities that it has targets for.

    No `inbox_ids` are all inboxes, no `tag_ids` all tags, otherwise any of them is enough. With `pauses` time does not
    count while a conversation sleeps, nor towards its resolution while its customer is the one who is to write.
    """

    name: str
    targets: Targets
    place: int = 0
    inbox_ids: tuple[UUID, ...] = ()
    tag_ids: tuple[UUID, ...] = ()
    pauses: bool = True
    warn_at: int = 75
    enabled: bool = True

    def checked(self) -> Terms:
        """The same; `InvalidInputError` where it cannot be."""
        checked(self.name, "input.name", longest=LONGEST_NAME)
        if problems := list(self._problems()):
            raise InvalidInputError(*problems)
        return self

    def _problems(self) -> Iterator[FieldProblem]:
        if self.place not in PLACES:
            yield FieldProblem("input.place", f"This must be 0 to {PLACES.stop - 1}.")
        if self.warn_at not in SHARES:
            yield FieldProblem("input.warnAt", f"This must be {SHARES.start} to {SHARES.stop - 1} percent.")
        for path, ids in (("inboxIds", self.inbox_ids), ("tagIds", self.tag_ids)):
            if len(ids) > MOST_IDS:
                yield FieldProblem(f"input.{path}", f"At most {MOST_IDS} are allowed.")
        if not any(self.targets.values()):
            yield FieldProblem("input.targets", "Give a target for a priority at least.")
        for of_priority in self.targets.values():
            for target, minutes in of_priority.items():
                if minutes not in MINUTES:
                    yield FieldProblem(f"input.targets.{target}", f"This must be 1 to {MINUTES.stop - 1:,} minutes.")

    def is_about(self, priority: Priority, inbox_id: UUID | None, tag_ids: Collection[UUID]) -> bool:
        """Whether it is about such a conversation."""
        in_inbox = not self.inbox_ids or inbox_id in self.inbox_ids
        is_tagged = not self.tag_ids or not set(self.tag_ids).isdisjoint(tag_ids)
        return self.enabled and bool(self.targets.get(priority)) and in_inbox and is_tagged

    def allowed(self, priority: Priority, target: Target) -> timedelta | None:
        """The business time that a target leaves; None where there is no such target."""
        minutes = self.targets.get(priority, {}).get(target)
        return None if minutes is None else timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEvent(Audited):
    """Service levels are others now."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevelPolicyCreated(PolicyEvent):
    """There is another policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevelPolicyChanged(PolicyEvent):
    """A policy says something else; `changed` names what."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevelPolicyDeleted(PolicyEvent):
    """A policy is no more."""


@dataclass
class ServiceLevelPolicy(Aggregate):
    """A policy; where several are about a conversation, the one of the lowest `place` counts."""

    name: str = ""
    targets: Targets = field(default_factory=dict)
    place: int = 0
    inbox_ids: tuple[UUID, ...] = ()
    tag_ids: tuple[UUID, ...] = ()
    pauses: bool = True
    warn_at: int = 75
    enabled: bool = True
    deleted: bool = False

    @property
    def terms(self) -> Terms:
        """What it says."""
        return Terms(**{each.name: getattr(self, each.name) for each in fields(Terms)})

    def create(self, terms: Terms) -> None:
        """Begin."""
        self._take(terms.checked())
        self._record(ServiceLevelPolicyCreated(name=self.name))

    def change(self, changes: Mapping[str, Any], *, reason: str | None) -> None:
        """Say something else; what is not in `changes` stays."""
        before = self.terms
        terms = Terms(**({each.name: getattr(before, each.name) for each in fields(Terms)} | dict(changes))).checked()
        changed = tuple(each.name for each in fields(Terms) if getattr(terms, each.name) != getattr(before, each.name))
        if changed:
            self._take(terms)
            self._record(ServiceLevelPolicyChanged(name=self.name, changed=changed, reason=reason))

    def delete(self, *, reason: str | None) -> None:
        """End."""
        self._record(ServiceLevelPolicyDeleted(name=self.name, reason=reason))

    def _take(self, terms: Terms) -> None:
        for each in fields(terms):
            setattr(self, each.name, getattr(terms, each.name))

    def _apply(self, event: Event) -> None:
        if isinstance(event, ServiceLevelPolicyDeleted):
            self.deleted = True


@dataclass(frozen=True, slots=True)
class ServiceLevelPolicyView:
    """A policy as people see it."""

    id: UUID
    terms: Terms
    created_at: datetime
