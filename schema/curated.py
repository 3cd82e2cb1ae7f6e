"""Curated answers: what people wrote, and who asks for it."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.learning import curated
from schema.base import Node, edge, edges
from schema.conversation import Conversation
from schema.knowledge import Article
from schema.needs import needing


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="An answer that people wrote. Where it matches what is asked, it is said word for word.")
class CuratedAnswer(Node):
    """A curated answer as it stands."""

    article_keys: strawberry.Private[tuple[UUID, ...]]
    conversation_key: strawberry.Private[UUID | None]
    questions: list[str] = strawberry.field(description="Ways of asking for it.")
    text: str = strawberry.field(description="What is said.")
    enabled: bool = strawberry.field(description="Whether customers are told it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    articles: list[Article] = edges(
        "article_lists",
        "article_keys",
        of=Article.of,
        description="What it rests on; cited in the answer as far as everyone may read them.",
    )
    conversation: Conversation | None = edge(
        "conversations",
        "conversation_key",
        of=Conversation.of,
        description="Where it was learned, if you may see that.",
    )
    similar: list["SimilarAnswer"] = edges(
        "similar_to",
        "key",
        of=lambda found: SimilarAnswer.of(found),  # noqa: PLW0108  the class is made below
        description="Others that are asked for alike, nearest first: at most 5.",
    )

    @classmethod
    def of(cls, view: curated.CuratedAnswerView) -> "CuratedAnswer":
        """Built from its view."""
        return cls(
            key=view.id,
            article_keys=view.article_ids,
            conversation_key=view.conversation_id,
            questions=list(view.questions),
            text=view.text,
            enabled=view.enabled,
            created_at=view.created_at,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="A curated answer beside a text.")
class SimilarAnswer:
    """How near it is."""

    similarity: float = strawberry.field(description="Closeness in meaning of its nearest way of asking, at most 1.")
    answer: CuratedAnswer = strawberry.field(description="The answer.")

    @classmethod
    def of(cls, found: curated.SimilarAnswer) -> "SimilarAnswer":
        """Built from the domain's."""
        return cls(similarity=found.similarity, answer=CuratedAnswer.of(found.answer))
