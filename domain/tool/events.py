"""What can happen to tools, to their calls, and to the proofs that they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.base import Audited, Event


class ToolKind(StrEnum):
    """Whether a tool only looks something up, or changes something."""

    READ = "read"
    ACTING = "acting"


class CallState(StrEnum):
    """How far a call is; `unknown` is for good: it was begun, and nobody can say whether it was done."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCreated(Audited):
    """The assistant has another tool, switched off or on; `url` is None for one of an MCP server."""

    name: str
    tool_kind: ToolKind
    url: str | None
    enabled: bool
    needs_approval: bool
    needs_verified_customer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolChanged(Audited):
    """A tool is another one now; `changed` names what is, never a secret's value."""

    name: str
    tool_kind: ToolKind
    url: str | None
    enabled: bool
    needs_approval: bool
    needs_verified_customer: bool
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolDeleted(Audited):
    """The assistant has the tool no more."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServerCreated(Audited):
    """A server whose tools the assistant can be given."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServerRefreshed(Audited):
    """The server was asked what it has: these tools came, changed, or went. What came or changed is switched off."""

    came: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServerDeleted(Audited):
    """The server is gone, with all its tools."""

    name: str


@dataclass(frozen=True, slots=True)
class ToolCallStarted(Event):
    """A call that may change something is about to be made; told before it, so that no crash hides it."""

    tool: str
    conversation_id: UUID | None
    attempt: int
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolCalled(Event):
    """A call is over: `state` is `succeeded`, `failed` or `unknown`; input and output without what is redacted."""

    tool: str
    conversation_id: UUID | None
    question_id: UUID | None
    state: CallState
    took_ms: float
    input: Mapping[str, Any] = field(default_factory=dict)
    output: str = ""


@dataclass(frozen=True, slots=True)
class ActionProposed(Event):
    """The assistant asks to be allowed a call."""

    tool: str
    conversation_id: UUID | None
    question_id: UUID | None
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionApproved(Audited):
    """An agent lets the assistant make the call."""

    tool: str
    conversation_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRejected(Audited):
    """An agent does not let the assistant make the call."""

    tool: str
    conversation_id: UUID | None


@dataclass(frozen=True, slots=True)
class ActionExpired(Event):
    """Nobody decided in time: the call is not made."""

    tool: str
    conversation_id: UUID | None


@dataclass(frozen=True, slots=True)
class ActionSettled(Event):
    """The customer was told what came of the action."""

    message_id: UUID


@dataclass(frozen=True, slots=True)
class CodeRequested(Event):
    """The customer of a conversation has to show who they are: a code is to be mailed."""

    customer_id: UUID


@dataclass(frozen=True, slots=True)
class CodeSent(Event):
    """A code is on its way; only its hash is kept, and that not here."""


@dataclass(frozen=True, slots=True)
class CodeEntered(Event):
    """The customer entered a code."""

    was_right: bool
