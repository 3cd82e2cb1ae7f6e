"""How people sort a conversation: priority, tags, attributes, sleep, spam, and what it went into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.base import Internal

AttributeValue = bool | int | float | str | tuple[str, ...]
"""What a custom attribute can hold; its definition says which of them."""


class Priority(StrEnum):
    """How soon a conversation needs somebody."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """A number that grows with it, from 0: what lists are ordered by."""
        return list(Priority).index(self)


class TriageEvent(Internal):
    """Something that people sorted, which the customer is not told."""


@dataclass(frozen=True, slots=True)
class PriorityChanged(TriageEvent):
    """It is to be seen to sooner or later than before."""

    priority: Priority


@dataclass(frozen=True, slots=True)
class TagsChanged(TriageEvent):
    """It has these tags now; each is the id of a tag of the organization."""

    tag_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class AttributesChanged(TriageEvent):
    """It has these custom attributes now, by the keys of their definitions."""

    attributes: Mapping[str, AttributeValue]


@dataclass(frozen=True, slots=True)
class SubjectChanged(TriageEvent):
    """It is called otherwise: by people, or by the assistant, who knows by now what it is about.

    A provisional one was found without a model, in the customer's own words: a model may still replace it.
    """

    subject: str
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class ConversationSnoozed(TriageEvent):
    """It is out of sight until a time, or until the customer writes; None waits for the customer alone."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class ConversationWoken(TriageEvent):
    """It is in sight again: its time came, the customer wrote, or somebody wanted it."""


@dataclass(frozen=True, slots=True)
class SpamMarked(TriageEvent):
    """It is spam, or is not after all."""

    is_spam: bool


@dataclass(frozen=True, slots=True)
class ConversationMerged(TriageEvent):
    """It goes on in another conversation of the same customer; nothing more is said in it."""

    into_id: UUID


@dataclass(frozen=True, slots=True)
class ConversationLinked(TriageEvent):
    """It belongs with another one, or does not any more."""

    other_id: UUID
    is_linked: bool


@dataclass(frozen=True, slots=True)
class Triage:
    """What all that came to."""

    priority: Priority = Priority.NORMAL
    tag_ids: tuple[UUID, ...] = ()
    attributes: Mapping[str, AttributeValue] = field(default_factory=lambda: MappingProxyType({}))
    is_snoozed: bool = False
    snoozed_until: datetime | None = None
    is_spam: bool = False
    merged_into: UUID | None = None
    linked_ids: tuple[UUID, ...] = ()
    is_named: bool = False
    """Whether a person or a model called it something."""

    def after(self, event: TriageEvent) -> Triage:  # noqa: PLR0911  one return a kind of event
        """The same after an event."""
        match event:
            case PriorityChanged(priority):
                return replace(self, priority=priority)
            case TagsChanged(tag_ids):
                return replace(self, tag_ids=tag_ids)
            case AttributesChanged(attributes):
                return replace(self, attributes=attributes)
            case SubjectChanged(is_provisional=is_provisional):
                return replace(self, is_named=not is_provisional)
            case ConversationSnoozed(until):
                return replace(self, is_snoozed=True, snoozed_until=until)
            case ConversationWoken():
                return replace(self, is_snoozed=False, snoozed_until=None)
            case SpamMarked(is_spam):
                return replace(self, is_spam=is_spam)
            case ConversationMerged(into_id):
                return replace(self, merged_into=into_id)
            case ConversationLinked(other_id, is_linked):
                others = tuple(each for each in self.linked_ids if each != other_id)
                return replace(self, linked_ids=(*others, other_id) if is_linked else others)
        return self
