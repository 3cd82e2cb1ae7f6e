"""What an assistant is asked, what it may say, and how it says it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.model import ToolCall, ToolSpec, Usage


class Speaker(StrEnum):
    """Who said a turn of the conversation."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the current episode."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """All that an assistant gets to see: no internal articles.

    `history` holds the current episode before `text`, oldest first; `summary` is one line about the
    former episodes, empty where there were none; `correlation_id` goes out with each model call. The other ids say
    for whom tools act and whose budget pays; no model is told them. `rehearsal` is there where nobody is waiting for
    the answer and nothing may come of it. `attempt_id` tells the attempts at one answer apart: what one has done for
    the customer another does not do again.
    """

    id: UUID
    organization_id: UUID
    text: str
    history: Sequence[Turn] = ()
    summary: str = ""
    correlation_id: str = ""
    conversation_id: UUID | None = None
    customer_id: UUID | None = None
    inbox_id: UUID | None = None
    rehearsal: Rehearsal | None = None
    attempt_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a test case is answered: by which version of the prompt, and with which results in place of tools' own.

    `prompt_number` of None is the published version; a tool that is not in `results` (name → text) is not offered.
    """

    prompt_number: int | None = None
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement of an answer comes from; `headings` lead from the article's top to the passage."""

    passage_id: UUID
    article_id: UUID
    title: str
    headings: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class ConsideredPassage:
    """A passage that was looked at for an answer, with its scores (higher is better)."""

    passage_id: UUID
    article_id: UUID
    title: str
    score: float
    similarity: float


@dataclass(frozen=True, slots=True)
class ModelAttempt:
    """One assistant that was asked, and how it went: `error` is a `ModelError.code`, None where it answered."""

    name: str
    took_ms: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that was called for an answer; `call_id` names its record, with input and output."""

    name: str
    call_id: UUID
    succeeded: bool
    took_ms: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why the assistant said what it said.

    `confidence` and `threshold` share the scale 0 to 1 and decide between answering and handing over; times are in
    milliseconds. `prompt_number` is the version of the organization's prompt, `cost_micros` in millionths of the
    budget's currency. `unsupported` are the sentences of the answer that no passage of the prompt bears out,
    `removed_citations` counts the sources that the model named and that were not in the prompt.
    """

    model: str
    confidence: float
    threshold: float
    passages: tuple[ConsideredPassage, ...] = ()
    retrieval_ms: float = 0.0
    total_ms: float = 0.0
    decision: str = ""
    prompt_number: int | None = None
    attempts: tuple[ModelAttempt, ...] = ()
    tools: tuple[ToolUse, ...] = ()
    usage: Usage | None = None
    cost_micros: int | None = None
    first_text_ms: float | None = None
    unsupported: tuple[str, ...] = ()
    removed_citations: int = 0
    curated_answer_id: UUID | None = None


class HandoffReason(StrEnum):
    """Why a person is needed."""

    CUSTOMER_ASKED = "customer_asked"
    NOT_IN_KNOWLEDGE = "not_in_knowledge"
    ASSISTANT_FAILED = "assistant_failed"
    ASSISTANT_OFF = "assistant_off"
    AGENT_ASKED = "agent_asked"
    NOT_VERIFIED = "not_verified"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of text, as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """All the text so far is void: another try begins the answer anew."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The question is answered; `text` is all the deltas joined, to the byte."""

    text: str
    citations: tuple[Citation, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Clarification:
    """One question back, with the choices the customer has; `text` is all the deltas joined.

    With `needs_code` the customer is to enter the code that was mailed to them.
    """

    text: str
    choices: tuple[str, ...]
    provenance: Provenance
    citations: tuple[Citation, ...] = ()
    needs_code: bool = False


@dataclass(frozen=True, slots=True)
class Handoff:
    """A person must take over: why, the story so far in a line or two, and what the customer is told."""

    reason: HandoffReason
    summary: str
    text: str
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The assistant will not answer this, nor would a person; `text` is all the deltas joined."""

    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ActionProposal:
    """An agent must agree first: `action_id` names the call that waits; `text` is what the customer is told."""

    text: str
    action_id: UUID
    provenance: Provenance


Outcome = Answer | Clarification | Handoff | Refusal | ActionProposal


Piece = Delta | Restarted | Outcome


class Assistant(Protocol):
    """Anything that answers: yields deltas, then exactly one outcome, last, which holds all deltas since `Restarted`.

    Closing the generator must stop all work on it, requests to a model included, within half a second.
    An assistant that cannot answer for technical reasons raises; the caller retries or hands over.
    """

    @property
    def name(self) -> str:
        """What provenance and metrics call it."""
        ...

    def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The answer to one question, piece by piece."""
        ...


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a call: `text` for the model, which must not trust it; with `outcome` the answer ends there."""

    text: str
    use: ToolUse
    outcome: Outcome | None = None


class Tools(Protocol):
    """What the organization lets its assistant do; for whom, the question says and never the model."""

    async def offered(self, question: Question) -> Sequence[ToolSpec]:
        """The tools that may be called while this question is answered."""
        ...

    async def call(self, question: Question, call: ToolCall) -> ToolResult:
        """Do it, or say in the result why not; raises nothing for what a model wrote."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors of unit length, whose dot product is their closeness in meaning."""

    name: str
    dimensions: int

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector of `dimensions` numbers a text, in order; runs off the event loop."""
        ...


@dataclass
class ScriptedAssistant:
    """An assistant for tests and demonstrations: says the given outcomes in turn, a word at a time.

    `pause` is awaited before each delta, so that a test holds the answer wherever it likes.
    """

    outcomes: list[Outcome | Exception]
    pause: Pause | None = None
    name: str = "scripted"
    asked: list[Question] = field(default_factory=list)

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The next outcome of the script; the last one repeats."""
        self.asked.append(question)
        outcome = self.outcomes[min(len(self.asked), len(self.outcomes)) - 1]
        if isinstance(outcome, Exception):
            raise outcome
        for piece in pieces(outcome.text):
            if self.pause is not None:
                await self.pause()
            yield Delta(piece)
        yield outcome


@dataclass
class EchoAssistant:
    """An assistant for benchmarks: says each question back, so that no answer can pass for another's.

    The first word comes at once; `pause` is awaited before each further one.
    """

    pause: Pause
    name: str = "echo"

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The question's own words."""
        for number, piece in enumerate(pieces(question.text)):
            if number:
                await self.pause()
            yield Delta(piece)
        yield Answer(question.text, (), Provenance(self.name, 1.0, 0.0))


class Pause(Protocol):
    """Something to wait for between two deltas."""

    async def __call__(self) -> None:
        """Return when the next delta may go out."""
        ...


def pieces(text: str) -> list[str]:
    """The text cut before each word, so that joining gives it back to the byte."""
    found: list[str] = []
    start = 0
    for index in range(1, len(text)):
        if text[index - 1].isspace() and not text[index].isspace():
            found.append(text[start:index])
            start = index
    return [*found, text[start:]] if text else found
