"""Surveys: what customers say of how it went."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.survey import survey as domain
from schema.base import Node, edge
from schema.needs import needing

if TYPE_CHECKING:
    from schema.conversation import Conversation


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A customer asked how it went, about one spell of a conversation, once it was settled.")
class Survey(Node):
    """One question, one answer."""

    conversation_key: strawberry.Private[UUID]
    episode: int = strawberry.field(description="Which spell of the conversation it is about.")
    asked_at: datetime = strawberry.field(description="When the customer was asked.")
    reminded_at: datetime | None = strawberry.field(description="When they were asked again, if they were.")
    score: int | None = strawberry.field(description="1 (bad) to 5 (good); null while they said nothing.")
    comment: str | None = strawberry.field(description="What they wrote about it, if anything.")
    answered_at: datetime | None = strawberry.field(description="When they said so last.")
    conversation: Annotated["Conversation", strawberry.lazy("schema.conversation")] | None = edge(
        "conversations", "conversation_key", of=Node.named("Conversation"), description="What it is about."
    )

    @classmethod
    def of(cls, view: domain.Survey) -> "Survey":
        """Built from its view."""
        return cls(
            key=view.id,
            conversation_key=view.conversation_id,
            episode=view.episode,
            asked_at=view.asked_at,
            reminded_at=view.reminded_at,
            score=view.score,
            comment=view.comment,
            answered_at=view.answered_at,
        )
