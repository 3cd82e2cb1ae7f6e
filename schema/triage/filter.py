"""Which conversations somebody wants to see: as it is asked for, and as views have it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from domain.account.inbox import Channel
from domain.base import FieldProblem, InvalidInputError
from domain.conversation import ConversationState
from domain.triage import filter as domain
from schema.base import global_id, parse_key
from schema.triage.attribute import Attribute, AttributeValueInput, values_of
from schema.triage.priority import Priority

strawberry.enum(
    domain.ConversationOrder,
    description="What comes first: the latest activity; who waits longest for a person, of those who do; the most"
    " urgent, then the latest activity.",
)


def _wanted(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.input(
    description="What all wanted conversations have in common; what is unset asks for nothing. Customers may ask for"
    " states and times only."
)
class ConversationFilterInput:
    """A filter."""

    states: list[ConversationState] | None = _wanted("One of these.")
    inbox_ids: list[strawberry.ID] | None = _wanted("Came in here.")
    channels: list[Channel] | None = _wanted("Came in by one of these.")
    assignee_id: strawberry.ID | None = _wanted("This agent has it.")
    is_mine: bool | None = _wanted("You have it.")
    is_assigned: bool | None = _wanted("Any agent has it, or with `false` none has.")
    priorities: list[Priority] | None = _wanted("One of these.")
    any_tag_ids: list[strawberry.ID] | None = _wanted("Has one of these tags at least.")
    all_tag_ids: list[strawberry.ID] | None = _wanted("Has all of these tags.")
    attributes: list[AttributeValueInput] | None = _wanted("Has all of these values.")
    is_snoozed: bool | None = _wanted("Is out of sight for now, or with `false` is not.")
    is_spam: bool | None = _wanted("Is spam. Spam is left out unless this is `true`.")
    customer_id: strawberry.ID | None = _wanted("Is this customer's.")
    is_unread: bool | None = _wanted("Has customer messages that you have not marked as read.")
    waiting_seconds: int | None = _wanted("Has waited for a person for so long at least.")
    started_after: datetime | None = _wanted("Began at this time or later.")
    started_before: datetime | None = _wanted("Began before this time.")
    active_after: datetime | None = _wanted("Something happened in it at this time or later.")
    active_before: datetime | None = _wanted("Nothing happened in it at this time or later.")


@strawberry.type(description="What all conversations of a view have in common; what is unset asks for nothing.")
class ConversationFilter:
    """A filter that was saved."""

    states: list[ConversationState] = strawberry.field(description="One of these.")
    inbox_ids: list[strawberry.ID] = strawberry.field(description="Came in here.")
    channels: list[Channel] = strawberry.field(description="Came in by one of these.")
    assignee_id: strawberry.ID | None = strawberry.field(description="This agent has it.")
    is_mine: bool = strawberry.field(description="Whoever looks has it.")
    is_assigned: bool | None = strawberry.field(description="Any agent has it, or with `false` none has.")
    priorities: list[Priority] = strawberry.field(description="One of these.")
    any_tag_ids: list[strawberry.ID] = strawberry.field(description="Has one of these tags at least.")
    all_tag_ids: list[strawberry.ID] = strawberry.field(description="Has all of these tags.")
    attributes: list[Attribute] = strawberry.field(description="Has all of these values.")
    is_snoozed: bool | None = strawberry.field(description="Is out of sight for now, or with `false` is not.")
    is_spam: bool = strawberry.field(description="Is spam, or with `false` is not.")
    customer_id: strawberry.ID | None = strawberry.field(description="Is this customer's.")
    is_unread: bool = strawberry.field(description="Has customer messages that whoever looks has not read.")
    waiting_seconds: int | None = strawberry.field(description="Has waited for a person for so long at least.")
    started_after: datetime | None = strawberry.field(description="Began at this time or later.")
    started_before: datetime | None = strawberry.field(description="Began before this time.")
    active_after: datetime | None = strawberry.field(description="Something happened in it at this time or later.")
    active_before: datetime | None = strawberry.field(description="Nothing happened in it at this time or later.")

    @classmethod
    def of(cls, wanted: domain.ConversationFilter) -> "ConversationFilter":
        """Built from what was saved."""
        return cls(
            states=list(wanted.states),
            inbox_ids=[global_id("Inbox", each) for each in wanted.inbox_ids],
            channels=list(wanted.channels),
            assignee_id=global_id("Agent", wanted.assignee_id) if wanted.assignee_id else None,
            is_mine=wanted.is_mine,
            is_assigned=wanted.is_assigned,
            priorities=list(wanted.priorities),
            any_tag_ids=[global_id("Tag", each) for each in wanted.any_tag_ids],
            all_tag_ids=[global_id("Tag", each) for each in wanted.all_tag_ids],
            attributes=Attribute.all_of(wanted.attributes),
            is_snoozed=wanted.is_snoozed,
            is_spam=wanted.is_spam,
            customer_id=global_id("Customer", wanted.customer_id) if wanted.customer_id else None,
            is_unread=wanted.is_unread,
            waiting_seconds=wanted.waiting_seconds,
            started_after=wanted.started_after,
            started_before=wanted.started_before,
            active_after=wanted.active_after,
            active_before=wanted.active_before,
        )


def given(wanted: ConversationFilterInput | None, path: str) -> domain.ConversationFilter:
    """The filter that an input means; `InvalidInputError` for ids that are none, and for times without a zone."""
    if wanted is None:
        return domain.EVERYTHING
    return domain.ConversationFilter(
        states=tuple(wanted.states or ()),
        inbox_ids=_keys(wanted.inbox_ids, "Inbox", f"{path}.inboxIds"),
        channels=tuple(wanted.channels or ()),
        assignee_id=_key(wanted.assignee_id, "Agent", f"{path}.assigneeId"),
        is_mine=bool(wanted.is_mine),
        is_assigned=wanted.is_assigned,
        priorities=tuple(wanted.priorities or ()),
        any_tag_ids=_keys(wanted.any_tag_ids, "Tag", f"{path}.anyTagIds"),
        all_tag_ids=_keys(wanted.all_tag_ids, "Tag", f"{path}.allTagIds"),
        attributes=values_of(wanted.attributes or ()),
        is_snoozed=wanted.is_snoozed,
        is_spam=bool(wanted.is_spam),
        customer_id=_key(wanted.customer_id, "Customer", f"{path}.customerId"),
        is_unread=bool(wanted.is_unread),
        waiting_seconds=wanted.waiting_seconds,
        started_after=moment(wanted.started_after, f"{path}.startedAfter"),
        started_before=moment(wanted.started_before, f"{path}.startedBefore"),
        active_after=moment(wanted.active_after, f"{path}.activeAfter"),
        active_before=moment(wanted.active_before, f"{path}.activeBefore"),
    )


def _key(identity: strawberry.ID | None, concept: str, path: str) -> UUID | None:
    return None if identity is None else parse_key(identity, concept, path)


def _keys(ids: list[strawberry.ID] | None, concept: str, path: str) -> tuple[UUID, ...]:
    return tuple(parse_key(each, concept, f"{path}.{place}") for place, each in enumerate(ids or ()))


def moment(given: datetime | None, path: str) -> datetime | None:
    """The time; `InvalidInputError` for one without a zone, which could be any."""
    if given is not None and given.tzinfo is None:
        raise InvalidInputError(FieldProblem(path, "Give the time with its zone, such as 2026-01-31T09:00:00Z."))
    return given
