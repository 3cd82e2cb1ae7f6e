"""What watchers are told of channels."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from domain.base import Event
from domain.channel import events as domain
from schema.base import edge
from schema.conversation import Message
from schema.event import ConversationEvent

strawberry.enum(domain.Failure, name="ChannelFailure", description="Why something that went out did not arrive.")


@strawberry.type(description="A message did not arrive outside.")
class MessageUndelivered(ConversationEvent):
    """It came back, or was refused."""

    message_key: strawberry.Private[UUID | None]
    address: str = strawberry.field(description="Where it was to go.")
    failure: domain.Failure = strawberry.field(description="What happened.")
    explanation: str = strawberry.field(description="What the other end said.")
    undelivered_message: Message | None = edge(
        "messages", "message_key", of=Message.of, description="The message, where it is known."
    )


@strawberry.type(description="A machine answered in the customer's name, such as an out-of-office note.")
class AutomaticReplyReceived(ConversationEvent):
    """Nobody answers that."""

    sender: str = strawberry.field(description="Where it comes from.")
    text: str = strawberry.field(description="What it says, at most 500 characters.")


def channel_event(event: Event, shared: Mapping[str, Any]) -> ConversationEvent | None:
    """The type of an event about channels."""
    match event:
        case domain.MessageUndelivered(message_id, address, failure, explanation):
            return MessageUndelivered(
                message_key=message_id, address=address, failure=failure, explanation=explanation, **shared
            )
        case domain.AutomaticReplyReceived(sender, text):
            return AutomaticReplyReceived(sender=sender, text=text, **shared)
    return None
