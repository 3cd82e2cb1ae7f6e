"""What is said when a conversation goes to a person, and where it cannot."""

from __future__ import annotations

from domain.assistant import HandoffReason
from domain.base import STAFF, ActorKind
from domain.conversation.events import ConversationState

HANDOFF_LINE = (
    "You asked for a person. Someone from our team will answer here; everything you wrote is in front of them."
)

COLLEAGUE_LINE = "Someone else from our team will go on with this here; they have everything in front of them."
RULE_LINE = "Someone from our team will go on with this here; they have everything in front of them."

BY_CUSTOMER = (HandoffReason.CUSTOMER_ASKED, HANDOFF_LINE)
ASKED = {
    **dict.fromkeys(STAFF, (HandoffReason.AGENT_ASKED, COLLEAGUE_LINE)),
    ActorKind.SYSTEM: (HandoffReason.RULE, RULE_LINE),
}
NO_HANDOFF = {
    ConversationState.WAITING: "This conversation is waiting for a person already.",
    ConversationState.WITH_PERSON: "A person has this conversation already.",
    ConversationState.RESOLVED: "This conversation is resolved. Reopen it first.",
}
