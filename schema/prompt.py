"""The versions of the company's prompt: how its assistant answers where a language model speaks for it."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.prompt.prompt import PromptVersionView
from schema.account import Agent
from schema.base import Node, edge
from schema.needs import needing


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="A version of the prompt. What it says never changes.")
class PromptVersion(Node):
    """A version."""

    creator_id: strawberry.Private[UUID | None]
    number: int = strawberry.field(description="Counts from 1; 0 is Parley's own, for those who publish no other.")
    note: str = strawberry.field(description="What its author noted about it.")
    instructions: str = strawberry.field(description="The company's own instructions.")
    tone: str = strawberry.field(description="How replies should sound.")
    languages: list[str] = strawberry.field(description="What replies may be in; the customer's own language if none.")
    forbidden_topics: list[str] = strawberry.field(description="What the assistant refuses to talk about.")
    model: str | None = strawberry.field(description="The model that is asked first; null leaves them in their order.")
    temperature: float | None = strawberry.field(description="0 to 2; null is the model's own.")
    most_tokens: int = strawberry.field(description="The most that one reply may be long.")
    least_support: float = strawberry.field(
        description="The share of an answer's statements that passages must bear out, below which a person gets the"
        " question; at 0 such statements are only flagged."
    )
    is_published: bool = strawberry.field(description="The assistant answers by it.")
    created_at: datetime | None = strawberry.field(description="When it was written; null for Parley's own.")
    creator: Agent | None = edge("agents", "creator_id", of=Agent.of, description="Who wrote it, if an agent.")

    @classmethod
    def of(cls, view: PromptVersionView) -> "PromptVersion":
        """Built from its view."""
        version, content = view.version, view.version.content
        return cls(
            key=version.id,
            creator_id=view.creator_id,
            number=version.number,
            note=version.note,
            instructions=content.instructions,
            tone=content.tone,
            languages=list(content.languages),
            forbidden_topics=list(content.forbidden_topics),
            model=content.model,
            temperature=content.temperature,
            most_tokens=content.most_tokens,
            least_support=content.least_support,
            is_published=view.is_published,
            created_at=view.created_at,
        )
