"""Gaps: questions without a good answer."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.learning import events, gap
from schema.base import Connection, Node, edge, pages
from schema.conversation import Conversation, Message
from schema.needs import needing

strawberry.enum(events.GapState, description="Whether questions without a good answer still are.")
strawberry.enum(events.MissReason, description="Why a question counts as one without a good answer.")


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A question that got no good answer.")
class GapQuestion:
    """One of a gap's."""

    message_key: strawberry.Private[UUID]
    conversation_key: strawberry.Private[UUID]
    text: str = strawberry.field(description="What the customer wrote.")
    reason: events.MissReason = strawberry.field(description="Why it counts.")
    asked_at: datetime = strawberry.field(description="When.")
    message: Message | None = edge("messages", "message_key", of=Message.of, description="The customer's message.")
    conversation: Conversation | None = edge(
        "conversations", "conversation_key", of=Conversation.of, description="Where it was asked."
    )

    @classmethod
    def of(cls, view: gap.GapQuestionView) -> "GapQuestion":
        """Built from its view."""
        return cls(
            message_key=view.message_id,
            conversation_key=view.conversation_id,
            text=view.text,
            reason=view.reason,
            asked_at=view.asked_at,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="Questions alike that got no good answer.")
class Gap(Node):
    """A gap as it stands."""

    label: str = strawberry.field(description="The question that stands for all of them: the most central one.")
    state: events.GapState = strawberry.field(description="Whether it still is one.")
    size: int = strawberry.field(description="How many questions it has.")
    last_seen_at: datetime = strawberry.field(description="When such a question was asked last.")
    created_at: datetime = strawberry.field(description="When it was found.")
    questions: Connection[GapQuestion] = pages(
        "gap_question_pages",
        of=GapQuestion.of,
        description="Its questions in conversations that you may see, newest first.",
    )

    @classmethod
    def of(cls, view: gap.GapView) -> "Gap":
        """Built from its view."""
        return cls(
            key=view.id,
            label=view.label,
            state=view.state,
            size=view.size,
            last_seen_at=view.last_seen_at,
            created_at=view.created_at,
        )
