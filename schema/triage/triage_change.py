"""What people at work are told of how conversations are sorted; customers are not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from domain.base import Event
from domain.conversation import triage as domain
from schema.base import edge, edges_by_key
from schema.conversation import Conversation
from schema.event import ConversationEvent
from schema.triage.attribute import Attribute
from schema.triage.priority import Priority
from schema.triage.tag import Tag


@strawberry.type(description="The conversation is to be seen to sooner or later than before.")
class PriorityChanged(ConversationEvent):
    """Up or down."""

    priority: Priority = strawberry.field(description="How soon.")


@strawberry.type(description="The conversation has these tags now, and no others.")
class TagsChanged(ConversationEvent):
    """See `conversation.triage.tags`."""

    tag_keys: strawberry.Private[tuple[UUID, ...]]
    tags: list[Tag | None] = edges_by_key(
        "tags", "tag_keys", of=Tag.of, description="All of them; null for one that is gone by now."
    )


@strawberry.type(description="The conversation has these attributes now, and no others.")
class AttributesChanged(ConversationEvent):
    """See `conversation.triage.attributes`."""

    attributes: list[Attribute] = strawberry.field(description="All of them, by key.")


@strawberry.type(description="People at work, or the assistant, call the conversation otherwise.")
class SubjectChanged(ConversationEvent):
    """See `conversation.subject`."""

    subject: str = strawberry.field(description="What they call it.")


@strawberry.type(description="The conversation is out of sight for a while.")
class ConversationSnoozed(ConversationEvent):
    """Until a time or a reply."""

    snoozed_until: datetime | None = strawberry.field(description="Until when; null where it waits for the customer.")


@strawberry.type(description="The conversation is in sight again.")
class ConversationWoken(ConversationEvent):
    """Back on the list."""


@strawberry.type(description="Somebody said whether the conversation is spam.")
class SpamMarked(ConversationEvent):
    """Out of the lists, or back."""

    is_spam: bool = strawberry.field(description="Whether it is.")


@strawberry.type(description="The conversation goes on in another one of the same customer.")
class ConversationMerged(ConversationEvent):
    """Nothing more is said here."""

    into_key: strawberry.Private[UUID]
    into: Conversation | None = edge(
        "conversations", "into_key", of=Conversation.of, description="Where it goes on, if you may see that."
    )


@strawberry.type(description="The conversation belongs with another one, or does not any more.")
class ConversationLinked(ConversationEvent):
    """Side by side."""

    other_key: strawberry.Private[UUID]
    is_linked: bool = strawberry.field(description="Whether it does now.")
    other: Conversation | None = edge(
        "conversations", "other_key", of=Conversation.of, description="The other one, if you may see that."
    )


def triage_event(event: Event, shared: Mapping[str, Any]) -> ConversationEvent | None:  # noqa: PLR0911  one a kind
    """The type of an event about how a conversation is sorted."""
    match event:
        case domain.PriorityChanged(priority):
            return PriorityChanged(priority=priority, **shared)
        case domain.TagsChanged(tag_ids):
            return TagsChanged(tag_keys=tuple(tag_ids), **shared)
        case domain.AttributesChanged(attributes):
            return AttributesChanged(attributes=Attribute.all_of(attributes), **shared)
        case domain.SubjectChanged(subject):
            return SubjectChanged(subject=subject, **shared)
        case domain.ConversationSnoozed(until):
            return ConversationSnoozed(snoozed_until=until, **shared)
        case domain.ConversationWoken():
            return ConversationWoken(**shared)
        case domain.SpamMarked(is_spam):
            return SpamMarked(is_spam=is_spam, **shared)
        case domain.ConversationMerged(into_id):
            return ConversationMerged(into_key=into_id, **shared)
        case domain.ConversationLinked(other_id, is_linked):
            return ConversationLinked(other_key=other_id, is_linked=is_linked, **shared)
    return None
