"""How people sort conversations."""

from datetime import datetime

import strawberry

from domain.conversation import triage as domain

strawberry.enum(domain.Priority, description="How soon a conversation needs somebody.")


@strawberry.type(description="How people sorted a conversation.")
class ConversationTriage:
    """Its place in people's work."""

    priority: domain.Priority = strawberry.field(description="How soon it needs somebody.")
    is_snoozed: bool = strawberry.field(description="Out of sight until its time comes or the customer writes.")
    snoozed_until: datetime | None = strawberry.field(description="Its time; null where it waits for the customer.")
    is_spam: bool = strawberry.field(description="Somebody said that it is spam.")

    @classmethod
    def of(cls, view: domain.Triage) -> "ConversationTriage":
        """Built from its view."""
        return cls(
            priority=view.priority,
            is_snoozed=view.is_snoozed,
            snoozed_until=view.snoozed_until,
            is_spam=view.is_spam,
        )
