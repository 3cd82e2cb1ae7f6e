"""How people sort conversations."""

from datetime import datetime

import strawberry

from domain.ports import ConversationView
from schema.triage.attribute import Attribute
from schema.triage.priority import Priority
from schema.triage.tag import Tag


@strawberry.type(description="How people sorted a conversation.")
class ConversationTriage:
    """Its place in people's work."""

    priority: Priority = strawberry.field(description="How soon it needs somebody.")
    tags: list[Tag] = strawberry.field(description="What it is marked with, by name.")
    attributes: list[Attribute] = strawberry.field(description="What is said of it, by key.")
    is_snoozed: bool = strawberry.field(description="Out of sight until its time comes or the customer writes.")
    snoozed_until: datetime | None = strawberry.field(description="Its time; null where it waits for the customer.")
    is_spam: bool = strawberry.field(description="Somebody said that it is spam.")

    @classmethod
    def of(cls, view: ConversationView) -> "ConversationTriage | None":
        """Built from the view of the conversation; None for customers."""
        found = view.triage
        if found is None:
            return None
        return cls(
            priority=found.priority,
            tags=[Tag.of(each) for each in view.tags],
            attributes=Attribute.all_of(found.attributes),
            is_snoozed=found.is_snoozed,
            snoozed_until=found.snoozed_until,
            is_spam=found.is_spam,
        )
