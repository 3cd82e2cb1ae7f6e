"""What watchers are told when a customer is erased."""

from collections.abc import Mapping
from typing import Any

import strawberry

from domain.base import Event
from domain.conversation import desk_events as domain
from schema.event import ConversationEvent


@strawberry.type(description="Its customer was erased: load it again, nothing that was said in it is there any more.")
class ConversationErased(ConversationEvent):
    """See `conversation`."""


def privacy_event(event: Event, shared: Mapping[str, Any]) -> ConversationEvent | None:
    """The type of an event about people's data."""
    return ConversationErased(**shared) if isinstance(event, domain.ConversationErased) else None
