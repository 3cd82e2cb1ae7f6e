"""What the assistant says beside its text: sources, and why it said it."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from domain import assistant
from domain.model import Usage
from schema.base import Node, edge, global_id
from schema.number import BigInt
from schema.prompt import PromptVersion
from schema.tool import ToolCall

if TYPE_CHECKING:  # whose type leads to conversations, and so back here
    from schema.curated import CuratedAnswer

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


@strawberry.type(description="An assistant that was asked for an answer, and how it went.")
class ModelAttempt:
    """One try."""

    name: str = strawberry.field(description="Who was asked.")
    took_ms: float = strawberry.field(description="Milliseconds that it took.")
    error: str | None = strawberry.field(description="What went wrong, as a code; null where it answered.")

    @classmethod
    def of(cls, attempt: assistant.ModelAttempt) -> "ModelAttempt":
        """Built from the domain's record."""
        return cls(name=attempt.name, took_ms=attempt.took_ms, error=attempt.error)


@strawberry.type(description="A tool that was called for an answer.")
class ToolUse:
    """One call."""

    name: str = strawberry.field(description="Which tool.")
    call_key: strawberry.Private[UUID]
    succeeded: bool = strawberry.field(description="Whether it did what it was called for.")
    took_ms: float = strawberry.field(description="Milliseconds that it took.")
    call: ToolCall | None = edge(
        "tool_calls", "call_key", of=ToolCall.of, description="The call, with its input and output."
    )

    @classmethod
    def of(cls, use: assistant.ToolUse) -> "ToolUse":
        """Built from the domain's record."""
        return cls(name=use.name, call_key=use.call_id, succeeded=use.succeeded, took_ms=use.took_ms)


@strawberry.type(description="Tokens of calls of models.")
class TokenUsage:
    """A count."""

    read: int = strawberry.field(description="Tokens of prompts.")
    written: int = strawberry.field(description="Tokens of replies.")
    cached: int = strawberry.field(description="Those of the read ones that the endpoint knew already.")
    estimated: bool = strawberry.field(description="Whether some were estimated, since the endpoint did not count.")

    @classmethod
    def of(cls, usage: Usage) -> "TokenUsage":
        """Built from the domain's count."""
        return cls(read=usage.read, written=usage.written, cached=usage.cached, estimated=usage.estimated)


@strawberry.type(description="Why the assistant said what it said.")
class Provenance:
    """The grounds of a decision."""

    curated_answer_key: strawberry.Private[UUID | None]
    model: str = strawberry.field(description="Who answered.")
    decision: str = strawberry.field(description="What was decided, in a word or two.")
    confidence: float = strawberry.field(description="How sure it was, from 0 to 1.")
    threshold: float = strawberry.field(description="Below this it hands over.")
    retrieval_ms: float = strawberry.field(description="Milliseconds spent on finding passages.")
    total_ms: float = strawberry.field(description="Milliseconds until the decision was made.")
    passages: list[ConsideredPassage] = strawberry.field(description="The passages that were looked at, best first.")
    prompt_number: int | None = strawberry.field(
        description="The number of `promptVersion`; 0 is Parley's own, null where no model was asked."
    )
    attempts: list[ModelAttempt] = strawberry.field(description="Who was asked, in order; the last one answered.")
    tools: list[ToolUse] = strawberry.field(description="The tools that were called for it, in order.")
    usage: TokenUsage | None = strawberry.field(description="Tokens of all calls of models for it; null without one.")
    cost_micros: BigInt | None = strawberry.field(
        description="What they cost, in millionths of the currency; null where no price is known."
    )
    first_text_ms: float | None = strawberry.field(description="Milliseconds until the first text could be read.")
    unsupported: list[str] = strawberry.field(description="Statements of it that nothing in its prompt bears out.")
    removed_citations: int = strawberry.field(description="Sources that the model named and that it was not given.")
    prompt_version: PromptVersion | None = edge(
        "prompt_versions_by_number", "prompt_number", of=PromptVersion.of, description="The prompt it was answered by."
    )
    curated_answer: Annotated["CuratedAnswer", strawberry.lazy("schema.curated")] | None = edge(
        "curated_answers",
        "curated_answer_key",
        of=Node.named("CuratedAnswer"),
        description="The curated answer that was given, as it is now; null where none was, or it is deleted.",
    )

    @classmethod
    def of(cls, grounds: assistant.Provenance) -> "Provenance":
        """Built from the domain's record."""
        return cls(
            curated_answer_key=grounds.curated_answer_id,
            model=grounds.model,
            decision=grounds.decision,
            confidence=grounds.confidence,
            threshold=grounds.threshold,
            retrieval_ms=grounds.retrieval_ms,
            total_ms=grounds.total_ms,
            passages=[ConsideredPassage.of(passage) for passage in grounds.passages],
            prompt_number=grounds.prompt_number,
            attempts=[ModelAttempt.of(attempt) for attempt in grounds.attempts],
            tools=[ToolUse.of(use) for use in grounds.tools],
            usage=TokenUsage.of(grounds.usage) if grounds.usage else None,
            cost_micros=None if grounds.cost_micros is None else BigInt(grounds.cost_micros),
            first_text_ms=grounds.first_text_ms,
            unsupported=list(grounds.unsupported),
            removed_citations=grounds.removed_citations,
        )
