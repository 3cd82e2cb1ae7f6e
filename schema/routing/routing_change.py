"""What watchers are told of offers, and of who has a conversation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from domain.base import Event
from domain.conversation import desk_events as domain
from schema.account import Agent
from schema.base import edge
from schema.event import ConversationEvent

strawberry.enum(domain.OfferEnd, description="How an offer ended without being accepted.")
strawberry.enum(domain.ReturnCause, description="Why somebody does not have a conversation any more.")


@strawberry.type(description="Somebody is asked to take the conversation. Accepting is `ConversationTakenOver`.")
class OfferMade(ConversationEvent):
    """A bell for one."""

    agent_key: strawberry.Private[UUID]
    until: datetime = strawberry.field(description="When it goes on to somebody else.")
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="Who is asked.")


@strawberry.type(description="Who was asked does not take the conversation, or is asked no more.")
class OfferEnded(ConversationEvent):
    """On to the next."""

    agent_key: strawberry.Private[UUID]
    end: domain.OfferEnd = strawberry.field(description="How it ended.")
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="Who was asked.")


@strawberry.type(description="Who had the conversation has it no more: it waits again, as long as it has already.")
class ConversationReturned(ConversationEvent):
    """Back into the queue."""

    agent_key: strawberry.Private[UUID]
    cause: domain.ReturnCause = strawberry.field(description="Why.")
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="Who had it.")


@strawberry.type(description="Somebody gave the conversation to an agent, who has it now.")
class ConversationAssigned(ConversationEvent):
    """From hand to hand."""

    agent_key: strawberry.Private[UUID]
    justification: str | None = strawberry.field(description="Why, where it was more than they are to have.")
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="Who has it now.")


def routing_event(event: Event, shared: Mapping[str, Any]) -> ConversationEvent | None:
    """The type of an event about who gets the conversation."""
    match event:
        case domain.OfferMade(agent_id, until):
            return OfferMade(agent_key=agent_id, until=until, **shared)
        case domain.OfferEnded(agent_id, end):
            return OfferEnded(agent_key=agent_id, end=end, **shared)
        case domain.ConversationReturned(agent_id, cause):
            return ConversationReturned(agent_key=agent_id, cause=cause, **shared)
        case domain.ConversationAssigned(agent_id, reason):
            return ConversationAssigned(agent_key=agent_id, justification=reason, **shared)
    return None
