"""What all durable events of a conversation share."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import Event
from schema.base import edge
from schema.conversation import Conversation
from schema.needs import needing


@needing(Permission.READ_CONVERSATIONS)
@strawberry.interface(description="Something that happened in a conversation, and is never lost.")
class ConversationEvent:
    """What all durable events share."""

    conversation_key: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="Pass it as `after` to go on from here.")
    at: datetime = strawberry.field(description="When it was committed.")
    conversation: Conversation | None = edge(
        "conversations", "conversation_key", of=Conversation.of, description="The conversation as it stands now."
    )


Shown = Callable[[Event, Mapping[str, Any]], ConversationEvent | None]
"""Makes the type of an event, given what all durable events share; None for an event that it does not know."""
