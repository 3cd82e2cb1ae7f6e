"""One attempt of a model at one question: what it is shown, and what is noted on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from domain.assistant import ConsideredPassage, Provenance, Question, ToolResult, ToolUse
from domain.model import ModelDone, ModelMessage, ModelRequest, Purpose, ToolSpec, Usage
from domain.prompt.prompt import PromptVersion
from infra.grounded.leaking import Leaks
from infra.grounded.outcomes import OUTCOMES
from infra.grounded.prompting import Fence, messages
from infra.grounded.writing import Written
from infra.knowledge.retrieval import Found


@dataclass
class Ledger:
    """What an attempt takes; times begin with it."""

    model: str
    started: float = field(default_factory=perf_counter)
    retrieval_ms: float = 0.0
    first_text_ms: float | None = None
    tools: list[ToolUse] = field(default_factory=list)
    usage: Usage | None = None
    cost_micros: int | None = None

    def paid(self, done: ModelDone | None) -> None:
        """A call of the model ended."""
        if done is None:
            return
        self.model = done.model or self.model
        if done.usage is not None:
            self.usage = done.usage if self.usage is None else self.usage + done.usage
        if done.cost_micros is not None:
            self.cost_micros = (self.cost_micros or 0) + done.cost_micros

    def shown(self) -> None:
        """Text went out."""
        if self.first_text_ms is None:
            self.first_text_ms = self.passed()

    def passed(self) -> float:
        """Milliseconds so far."""
        return 1000 * (perf_counter() - self.started)


@dataclass
class Attempt:
    """Everything about it. `is_talk` says that the customer's message asks nothing; `results` are tools' texts."""

    question: Question
    prompt: PromptVersion
    found: Found
    threshold: float
    ledger: Ledger
    is_talk: bool = False
    offered: Sequence[ToolSpec] = ()
    results: list[str] = field(default_factory=list)
    fence: Fence = field(default_factory=Fence.new)
    dialogue: list[ModelMessage] = field(init=False)

    def __post_init__(self) -> None:
        content, passages = self.prompt.content, self.found.passages
        is_sure = self.confidence >= self.threshold
        self.dialogue = messages(self.question, content, passages, self.fence, is_sure=is_sure)

    @property
    def confidence(self) -> float:
        """How well the best passage fits."""
        return self.found.passages[0].confidence if self.found.passages else 0.0

    @property
    def sources(self) -> Iterator[str]:
        """What statements may rest on."""
        for one in self.found.passages:
            yield "\n".join((one.title, *one.headings, one.text))
        yield from self.results

    def request(self, *, is_last: bool) -> ModelRequest:
        """The next call of the model; the last one is offered nothing but outcomes."""
        content = self.prompt.content
        return ModelRequest(
            organization_id=self.question.organization_id,
            purpose=Purpose.REHEARSE if self.question.rehearsal else Purpose.ANSWER,
            messages=tuple(self.dialogue),
            tools=OUTCOMES if is_last else (*OUTCOMES, *self.offered),
            must_call=True,
            temperature=content.temperature,
            most_tokens=content.most_tokens,
            conversation_id=self.question.conversation_id,
            correlation_id=self.question.correlation_id,
        )

    def writing(self) -> Written:
        """A text that may rest on what there is."""
        content, rests = self.prompt.content, bool(self.results)
        waits = content.least_support > 0
        return Written(self.found.passages, content.instructions, self.leaks(), rests=rests, waits=waits)

    def leaks(self) -> Leaks:
        """What watches a text for things that only the model was to read."""
        passages = [one.text for one in self.found.passages]
        return Leaks(self.prompt.content.instructions, passages, self.fence.key)

    def used(self, result: ToolResult) -> None:
        """A tool was called; what a call that failed says bears nothing out."""
        self.ledger.tools.append(result.use)
        if result.use.succeeded:
            self.results.append(result.text)

    def provenance(self, decision: str, *, unsupported: tuple[str, ...] = (), removed: int = 0) -> Provenance:
        """Everything that was noted."""
        considered = tuple(
            ConsideredPassage(one.passage_id, one.article_id, one.title, one.score, one.similarity)
            for one in self.found.passages
        )
        noted = self.ledger
        return Provenance(
            model=noted.model,
            confidence=self.confidence,
            threshold=self.threshold,
            passages=considered,
            retrieval_ms=noted.retrieval_ms,
            total_ms=noted.passed(),
            decision=decision,
            prompt_number=self.prompt.number,
            tools=tuple(noted.tools),
            usage=noted.usage,
            cost_micros=noted.cost_micros,
            first_text_ms=noted.first_text_ms,
            unsupported=unsupported,
            removed_citations=removed,
        )
