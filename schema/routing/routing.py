"""The queue, offers, and how long everything takes."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from domain.routing import deciding, policy, ports
from schema.account import Agent
from schema.base import Node, edge

if TYPE_CHECKING:
    from schema.conversation import Conversation

strawberry.enum(deciding.Hindrance, description="Why nobody is asked to take a conversation that waits.")
MOST_COUNTED = 1_000


@strawberry.type(description="Somebody is asked to take a conversation; it goes to somebody else after its time.")
class Offer:
    """One live offer at most for each conversation."""

    conversation_key: strawberry.Private[UUID]
    agent_key: strawberry.Private[UUID]
    until: datetime = strawberry.field(description="When it goes on to somebody else.")
    conversation: Annotated["Conversation", strawberry.lazy("schema.conversation")] | None = edge(
        "conversations", "conversation_key", of=Node.named("Conversation"), description="What is offered."
    )
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="Who is asked.")

    @classmethod
    def of(cls, view: ports.OfferView) -> "Offer":
        """Built from its view."""
        return cls(conversation_key=view.conversation_id, agent_key=view.agent_id, until=view.until)


@strawberry.type(description="A conversation that waits for a person, and why it still does.")
class QueueEntry:
    """Nobody waits unseen."""

    conversation_key: strawberry.Private[UUID]
    position: int = strawberry.field(
        description=f"Its place in the whole queue, from 1; {MOST_COUNTED:,} means that or a later one."
    )
    waiting_since: datetime = strawberry.field(description="Since when; what was given back goes on waiting.")
    estimated_seconds: int | None = strawberry.field(
        description="How much longer, at the pace of the last hour; null where nobody took anything in it."
    )
    for_team: bool = strawberry.field(description="Whether only people of its inbox's teams are asked.")
    language: str | None = strawberry.field(description="The language still asked for; null for none, or none more.")
    topic: str | None = strawberry.field(description="The topic still asked for; null for none, or none any more.")
    offer: Offer | None = strawberry.field(description="Who is asked right now, if anybody.")
    reasons_nobody_fits: list[deciding.Hindrance] = strawberry.field(
        description="Why nobody is asked; empty while somebody is, or will be at once."
    )
    conversation: Annotated["Conversation", strawberry.lazy("schema.conversation")] | None = edge(
        "conversations", "conversation_key", of=Node.named("Conversation"), description="What waits."
    )

    @classmethod
    def of(cls, view: ports.QueueEntryView) -> "QueueEntry":
        """Built from its view."""
        return cls(
            conversation_key=view.conversation_id,
            position=view.position,
            waiting_since=view.waiting_since,
            estimated_seconds=view.seconds_left,
            for_team=view.for_team,
            language=view.language,
            topic=view.topic,
            offer=Offer.of(view.offer) if view.offer else None,
            reasons_nobody_fits=list(view.hindrances),
        )


@strawberry.type(description="How long everything about the queue takes, in seconds.")
class RoutingPolicy:
    """What an organization decided."""

    offer_seconds: int = strawberry.field(description="How long somebody has to accept an offer.")
    pause_seconds: int = strawberry.field(description="For how long who passed is not asked for the same again.")
    grace_seconds: int = strawberry.field(description="After how long unseen somebody gives back what they have.")
    topic_seconds: int = strawberry.field(description="After what wait people are asked who do not know the topic.")
    language_seconds: int = strawberry.field(description="After what wait people who do not write the language are.")

    @classmethod
    def of(cls, terms: policy.Terms) -> "RoutingPolicy":
        """Built from the terms."""
        return cls(
            offer_seconds=terms.offer,
            pause_seconds=terms.pause,
            grace_seconds=terms.grace,
            topic_seconds=terms.topic,
            language_seconds=terms.language,
        )
