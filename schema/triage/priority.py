"""How soon something needs somebody."""

import strawberry

from domain.conversation.triage import Priority

__all__ = ["Priority"]

strawberry.enum(Priority, description="How soon a conversation needs somebody.")
