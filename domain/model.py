"""What Parley needs of a language model: messages in, pieces of text and tool calls out.

The exception tree; whatever calls a model raises one of these and nothing else:

    ModelError
    ├── ModelUnavailableError    too busy, failing or not reachable: another try, or another model, may do
    │   └── ModelTimedOutError   a time limit passed
    ├── ModelBrokeOffError       the stream ended before its end
    ├── ModelReplyError          a whole reply that cannot be used: malformed, empty, endless, a call that means nothing
    ├── ModelRefusedError        the request itself was refused: a wrong key, an unknown model, a content filter
    ├── BudgetExhaustedError     there is no money left for the call
    └── BudgetUnknownError       nobody can say what is left, the database being away
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID


class Role(StrEnum):
    """Who a message to a model is from."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Purpose(StrEnum):
    """What a model is called for; budgets and metrics tell calls apart by it."""

    ANSWER = "answer"
    SEARCH = "search"
    SUGGEST = "suggest"
    SUMMARIZE = "summarize"
    REWRITE = "rewrite"
    CLASSIFY = "classify"
    REHEARSE = "rehearse"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model made; `arguments` is JSON as the model wrote it, which may be wrong in any way."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ModelMessage:
    """One message of the dialogue with a model; `call_id` says which call a message of `Role.TOOL` answers."""

    role: Role
    text: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that a model may call; `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call of a model.

    `must_call` asks for a tool call instead of text. `temperature` (0 to 2) and `most_tokens` (of the reply) of None
    are the model's own. The ids are for budgets and traces, and are not sent.
    """

    organization_id: UUID
    purpose: Purpose
    messages: Sequence[ModelMessage]
    tools: Sequence[ToolSpec] = ()
    must_call: bool = False
    temperature: float | None = None
    most_tokens: int | None = None
    conversation_id: UUID | None = None
    api_key_id: UUID | None = None
    correlation_id: str = ""


@dataclass(frozen=True, slots=True)
class TextPiece:
    """The next piece of the reply's text."""

    text: str


@dataclass(frozen=True, slots=True)
class CallPiece:
    """The next piece of the call number `index` of a reply, from 0; `id` and `name` are in its first piece only."""

    index: int
    arguments: str
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model counted them, or as they were estimated where it does not say; `cached` are of `read`."""

    read: int = 0
    written: int = 0
    cached: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.read + other.read,
            self.written + other.written,
            self.cached + other.cached,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class ModelDone:
    """The end of a reply, always last.

    `reason` is the protocol's finish reason (`stop`, `tool_calls`, `length`, `content_filter`); `cost_micros` is in
    millionths of the budget's currency, None where no price is known.
    """

    reason: str
    model: str
    usage: Usage | None = None
    cost_micros: int | None = None


ModelPiece = TextPiece | CallPiece | ModelDone


class LanguageModel(Protocol):
    """Anything that completes a dialogue: yields pieces, then exactly one `ModelDone`, last; or raises `ModelError`.

    Closing the generator ends the request to the model within half a second.
    """

    name: str

    def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        """The reply to one request, piece by piece."""
        ...


class ModelError(Exception):
    """A model gave no usable reply; `code` stands in provenance and metrics, the message is for operators."""

    code: ClassVar[str] = "failed"


class ModelUnavailableError(ModelError):
    """The model cannot answer now; `retry_after` is its own wish in seconds, None where it has none."""

    code = "unavailable"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelTimedOutError(ModelUnavailableError):
    """A time limit passed; `limit` is `connect`, `first_token`, `between_tokens` or `total`."""

    code = "timed_out"

    def __init__(self, limit: str) -> None:
        super().__init__(f"The model took longer than its limit for '{limit}'.")
        self.limit = limit


class ModelBrokeOffError(ModelError):
    """The stream ended before its end."""

    code = "broke_off"


class ModelReplyError(ModelError):
    """The reply is complete, and of no use."""

    code = "bad_reply"


class ModelRefusedError(ModelError):
    """The request was refused, and would be refused again."""

    code = "refused"


class BudgetExhaustedError(ModelError):
    """No money or tokens are left for this call; `budget` names the one that is spent."""

    code = "budget_exhausted"

    def __init__(self, budget: str) -> None:
        super().__init__(f"The budget '{budget}' is spent.")
        self.budget = budget


class BudgetUnknownError(ModelError):
    """The books could not be asked: no fault of the model's, and no use to ask the same books for another."""

    code = "budget_unknown"


@dataclass
class ScriptedModel:
    """A model for tests: plays the given replies in turn, the last one again and again; an exception is raised.

    A reply may mix pieces and exceptions: what stands before an exception is yielded first.
    """

    replies: list[Sequence[ModelPiece | Exception]]
    name: str = "scripted"
    asked: list[ModelRequest] = field(default_factory=list)

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        """The next reply."""
        self.asked.append(request)
        for piece in self.replies[min(len(self.asked), len(self.replies)) - 1]:
            if isinstance(piece, Exception):
                raise piece
            yield piece
