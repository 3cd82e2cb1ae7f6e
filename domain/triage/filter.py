"""Which conversations somebody wants to see, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.account.inbox import Channel
from domain.base import FieldProblem, InvalidInputError
from domain.conversation.events import ConversationState
from domain.conversation.triage import AttributeValue, Priority

MOST = 20
"""The most that one part of a filter lists."""


class ConversationOrder(StrEnum):
    """What comes first: the latest activity, the one that waits longest for a person, or the most urgent."""

    ACTIVITY = "activity"
    WAITING = "waiting"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationFilter:
    """What all wanted ones have in common; an empty or unset part asks for nothing, spam is wanted or left out."""

    states: tuple[ConversationState, ...] = ()
    inbox_ids: tuple[UUID, ...] = ()
    channels: tuple[Channel, ...] = ()
    assignee_id: UUID | None = None
    is_mine: bool = False
    is_assigned: bool | None = None
    priorities: tuple[Priority, ...] = ()
    any_tag_ids: tuple[UUID, ...] = ()
    all_tag_ids: tuple[UUID, ...] = ()
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    is_snoozed: bool | None = None
    is_spam: bool = False
    customer_id: UUID | None = None
    is_unread: bool = False
    waiting_seconds: int | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None
    active_after: datetime | None = None
    active_before: datetime | None = None

    @property
    def tag_ids(self) -> tuple[UUID, ...]:
        """All tags that it names."""
        return (*self.any_tag_ids, *self.all_tag_ids)

    @property
    def is_for_customers(self) -> bool:
        """Whether it asks for nothing but what customers know of their conversations."""
        asked = {each.name for each in fields(self) if getattr(self, each.name) != getattr(EVERYTHING, each.name)}
        return asked <= KNOWN_TO_CUSTOMERS


EVERYTHING = ConversationFilter()
KNOWN_TO_CUSTOMERS = {"states", "started_after", "started_before", "active_after", "active_before"}


def checked_filter(wanted: ConversationFilter, path: str) -> ConversationFilter:
    """The filter, if it is of a size that lists can be read by; otherwise `InvalidInputError`."""
    problems = [
        FieldProblem(f"{path}.{name}", f"At most {MOST} are allowed.")
        for name in ("states", "inbox_ids", "channels", "priorities", "any_tag_ids", "all_tag_ids", "attributes")
        if isinstance(listed := getattr(wanted, name), Sized) and len(listed) > MOST
    ]
    if wanted.waiting_seconds is not None and wanted.waiting_seconds < 0:
        problems.append(FieldProblem(f"{path}.waitingSeconds", "Give a number of seconds, 0 or more."))
    if problems:
        raise InvalidInputError(*problems)
    return wanted
