"""Whether people take conversations, and what inboxes need of them."""

from datetime import datetime

import strawberry

from domain.routing import events, policy, ports

strawberry.enum(
    events.Status, name="AvailabilityStatus", description="Whether somebody takes conversations: who is online does."
)


@strawberry.type(description="Whether somebody takes conversations, which, and how many at once.")
class AgentAvailability:
    """An agent as routing sees them."""

    status: events.Status = strawberry.field(description="As they said, or OFFLINE once they have vanished.")
    capacity: int = strawberry.field(description="How many they are to have and be asked to take at once.")
    load: int = strawberry.field(description="How many they have and are asked to take.")
    languages: list[str] = strawberry.field(description="Those they write, as tags of BCP 47; empty for no limit.")
    topics: list[str] = strawberry.field(description="Those they know; empty for no limit.")
    seen_at: datetime | None = strawberry.field(description="When their client was heard of last.")

    @classmethod
    def of(cls, view: ports.AvailabilityView) -> "AgentAvailability":
        """Built from its view."""
        return cls(
            status=view.status,
            capacity=view.capacity,
            load=view.load,
            languages=list(view.languages),
            topics=list(view.topics),
            seen_at=view.seen_at,
        )


@strawberry.type(description="The skills that every conversation of an inbox needs, whatever it is found to be about.")
class InboxNeeds:
    """An inbox as routing sees it."""

    language: str | None = strawberry.field(description="A tag of BCP 47; null for that of each conversation.")
    topic: str | None = strawberry.field(description="A topic; null for that of each conversation.")

    @classmethod
    def of(cls, view: policy.InboxNeeds) -> "InboxNeeds":
        """Built from what was decided."""
        return cls(language=view.language, topic=view.topic)
