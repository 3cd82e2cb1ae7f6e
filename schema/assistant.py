"""What the assistant says beside its text: sources, and why it said it."""

import strawberry

from domain import assistant
from schema.base import global_id

strawberry.enum(assistant.HandoffReason, description="Why a person is needed.")


@strawberry.type(description="Where a statement of an answer comes from.")
class Citation:
    """A source."""

    article_id: strawberry.ID = strawberry.field(description="The article's id.")
    passage_id: strawberry.ID = strawberry.field(description="The passage's id.")
    title: str = strawberry.field(description="The article's title.")
    headings: list[str] = strawberry.field(description="From the top of the article down to the passage.")
    link: str | None = strawberry.field(description="Where people can read the article, if anywhere.")

    @classmethod
    def of(cls, citation: assistant.Citation) -> "Citation":
        """Built from the domain's citation."""
        return cls(
            article_id=global_id("Article", citation.article_id),
            passage_id=global_id("Passage", citation.passage_id),
            title=citation.title,
            headings=list(citation.headings),
            link=citation.link,
        )


@strawberry.type(description="A passage that was looked at for an answer.")
class ConsideredPassage:
    """A passage with its scores."""

    article_id: strawberry.ID = strawberry.field(description="The article's id.")
    passage_id: strawberry.ID = strawberry.field(description="The passage's id.")
    title: str = strawberry.field(description="The article's title.")
    score: float = strawberry.field(description="What it was ranked by; higher is better.")
    similarity: float = strawberry.field(description="Closeness in meaning to the question, from -1 to 1.")

    @classmethod
    def of(cls, passage: assistant.ConsideredPassage) -> "ConsideredPassage":
        """Built from the domain's record."""
        return cls(
            article_id=global_id("Article", passage.article_id),
            passage_id=global_id("Passage", passage.passage_id),
            title=passage.title,
            score=passage.score,
            similarity=passage.similarity,
        )


@strawberry.type(description="Why the assistant said what it said.")
class Provenance:
    """The grounds of a decision."""

    model: str = strawberry.field(description="Who answered.")
    decision: str = strawberry.field(description="What was decided, in a word or two.")
    confidence: float = strawberry.field(description="How sure it was, from 0 to 1.")
    threshold: float = strawberry.field(description="Below this it hands over.")
    retrieval_ms: float = strawberry.field(description="Milliseconds spent on finding passages.")
    total_ms: float = strawberry.field(description="Milliseconds until the decision was made.")
    passages: list[ConsideredPassage] = strawberry.field(description="The passages that were looked at, best first.")

    @classmethod
    def of(cls, grounds: assistant.Provenance) -> "Provenance":
        """Built from the domain's record."""
        return cls(
            model=grounds.model,
            decision=grounds.decision,
            confidence=grounds.confidence,
            threshold=grounds.threshold,
            retrieval_ms=grounds.retrieval_ms,
            total_ms=grounds.total_ms,
            passages=[ConsideredPassage.of(passage) for passage in grounds.passages],
        )
