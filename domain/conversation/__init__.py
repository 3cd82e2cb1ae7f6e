"""Conversations: their events, their rules, and what people and the assistant do with them."""

from domain.conversation.aggregate import Conversation
from domain.conversation.events import AlreadyAssignedError, ConversationState, Message, MessageKind

__all__ = ["AlreadyAssignedError", "Conversation", "ConversationState", "Message", "MessageKind"]
