"""One call of a tool, from the wish to what came of it; an action is a call that an agent is asked about first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from domain.account.role import RoleUnit
from domain.account.stored import Stored
from domain.base import Actor, Aggregate, ConflictError, Event, InvalidStateError
from domain.text import clipped
from domain.tool.events import (
    ActionApproved,
    ActionExpired,
    ActionProposed,
    ActionRejected,
    ActionSettled,
    CallState,
    ToolCalled,
    ToolCallStarted,
)
from domain.tool.ports import Reply

LEFT_OUT = "[redacted]"
PROPOSED_FOR = timedelta(hours=24)
"""For how long an action waits for an agent."""
RUNS_FOR = timedelta(minutes=10)
"""After so long a call without an outcome is one that nobody knows the outcome of."""
MOST_ATTEMPTS = 3
LONGEST_OUTPUT = 8_000
CUT = " [cut off here]"
OPEN = (CallState.PROPOSED, CallState.APPROVED, CallState.RUNNING)
DECIDED = "A colleague has decided this already. Look at the action again."


@dataclass
class Call(Aggregate):
    """A call. Its id is its idempotency key; `digest` tells calls apart that would do the same.

    `arguments` are sealed, and kept only while the call may still be made; `input` and `output` are what may be shown.
    `due_at` is when the call is over without anybody's doing, `proposed_at` is there for actions only.
    """

    tool_id: UUID | None = None
    tool: str = ""
    title: str = ""
    conversation_id: UUID | None = None
    customer_id: UUID | None = None
    question_id: UUID | None = None
    attempt_id: UUID | None = None
    agent_id: UUID | None = None
    digest: str = ""
    input: Mapping[str, Any] = field(default_factory=dict)
    arguments: bytes | None = None
    output: str = ""
    state: CallState = CallState.RUNNING
    attempts: int = 0
    took_ms: int = 0
    due_at: datetime | None = None
    proposed_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    reason: str | None = None
    settled: bool = False

    @property
    def is_action(self) -> bool:
        """Whether an agent is asked about it."""
        return self.proposed_at is not None

    def propose(self, *, at: datetime) -> None:
        """Wait for an agent."""
        self.state, self.proposed_at, self.due_at = CallState.PROPOSED, at, at + PROPOSED_FOR
        self._record(ActionProposed(self.tool, self.conversation_id, self.question_id, self.input))

    def start(self, *, at: datetime) -> None:
        """Be about to be made, for the first time or once more."""
        self.state, self.attempts = CallState.RUNNING, self.attempts + 1
        self.due_at = None if self.is_action else at + RUNS_FOR
        self._record(ToolCallStarted(self.tool, self.conversation_id, self.attempts, self.input))

    def finish(self, reply: Reply, *, took_ms: float) -> None:
        """Be over; what is over stays as it is."""
        if self.state is not CallState.RUNNING:
            return
        self.output, self.took_ms = _cut(reply.text), round(took_ms)
        self._close(reply.state)
        self._record(
            ToolCalled(self.tool, self.conversation_id, self.question_id, reply.state, took_ms, self.input, self.output)
        )

    def approve(self, actor: Actor, *, at: datetime) -> None:
        """Be allowed by an agent; the same agent may say so again."""
        if self.decided_by == actor.identity and self.state is not CallState.REJECTED:
            return
        self._decide(actor, CallState.APPROVED, None, at)
        self._record(ActionApproved(tool=self.tool, conversation_id=self.conversation_id))

    def reject(self, actor: Actor, reason: str | None, *, at: datetime) -> None:
        """Not be allowed; the same agent may say so again."""
        if self.state is CallState.REJECTED and self.decided_by == actor.identity:
            return
        self._decide(actor, CallState.REJECTED, reason, at)
        self._close(CallState.REJECTED)
        self._record(ActionRejected(tool=self.tool, conversation_id=self.conversation_id, reason=reason))

    def lapse(self, *, at: datetime) -> None:
        """Be over because its time is up, if it is."""
        if self.due_at is None or at < self.due_at:
            return
        if self.state is CallState.PROPOSED:
            self._close(CallState.EXPIRED)
            self._record(ActionExpired(self.tool, self.conversation_id))
        elif self.state is CallState.RUNNING:
            self.finish(Reply(CallState.UNKNOWN, "Nobody knows whether this was done."), took_ms=0.0)

    def settle(self, message_id: UUID) -> None:
        """The customer is told of it."""
        self.settled = True
        self._record(ActionSettled(message_id))

    def _decide(self, actor: Actor, state: CallState, reason: str | None, at: datetime) -> None:
        if not self.is_action:
            raise InvalidStateError("Nobody is asked about this call.")
        if self.state is CallState.EXPIRED or (self.state is CallState.PROPOSED and self.due_at and at >= self.due_at):
            raise InvalidStateError("This action has expired. The customer can ask for it again.")
        if self.state is not CallState.PROPOSED:
            raise ConflictError(DECIDED)
        self.state, self.decided_by, self.decided_at, self.reason = state, actor.identity, at, reason
        self.due_at = None

    def _close(self, state: CallState) -> None:
        self.state, self.due_at, self.arguments = state, None, None

    def _apply(self, event: Event) -> None:
        """Everything is kept in the row; an event only tells of it."""


def told(call: Call) -> str:
    """What a customer is told of an action that is over; the tool's own words only where it has some for them."""
    what = f"“{clipped(call.title, 100)}”"
    match call.state:
        case CallState.SUCCEEDED:
            return f"Our team agreed: {what} is done."
        case CallState.REJECTED:
            return f"Our team decided not to do {what}. Tell me if you would like to speak to a person."
        case CallState.EXPIRED:
            return f"Nobody of our team could look at {what} in time, so nothing was done. Ask again if you wish."
        case CallState.FAILED:
            return f"Our team agreed to {what}, but it did not work. Tell me if you would like to speak to a person."
    return f"Our team agreed to {what}, but I do not know whether it was done. Someone will have to look."


def redacted(value: Any, paths: Collection[str]) -> Any:
    """The same JSON value without what is at the dotted paths; a list stands for each of its items.

    `card.number` means `{"card": {"number": …}}` and also `{"card": [{"number": …}, …]}`.
    """
    for path in paths:
        value = _without(value, path.split("."))
    return value


def shown(reply: Reply, paths: Collection[str]) -> Any:
    """What a tool said without what is at the paths: of a text nobody knows what stands where, so all of it goes.

    A text beside a failure is Parley's own; what the tool said of one is under `output`.
    """
    if not paths or (reply.state is not CallState.SUCCEEDED and not isinstance(reply.output, dict)):
        return reply.output
    if reply.state is CallState.SUCCEEDED:
        return _fields(reply.output, paths)
    return reply.output | {"output": _fields(reply.output.get("output"), paths)}


def _fields(value: Any, paths: Collection[str]) -> Any:
    return LEFT_OUT if isinstance(value, str) else redacted(value, paths)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_OUTPUT else text[: LONGEST_OUTPUT - len(CUT)] + CUT


def _without(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, path) for each in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    rest = path[1:]
    return value | {path[0]: _without(value[path[0]], rest) if rest else LEFT_OUT}


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as staff see it."""

    id: UUID
    tool_id: UUID | None
    tool: str
    title: str
    conversation_id: UUID | None
    question_id: UUID | None
    agent_id: UUID | None
    input: Mapping[str, Any]
    output: str
    state: CallState
    attempts: int
    took_ms: int
    created_at: datetime
    due_at: datetime | None
    proposed_at: datetime | None
    decided_at: datetime | None
    decided_by: UUID | None
    reason: str | None


class CallRepository(Stored[Call], Protocol):
    """Calls of the actor's organization, to change."""

    async def by_id(self, call_id: UUID) -> Call | None:
        """The call, locked, if there is one."""
        ...

    async def open_like(self, conversation_id: UUID, digest: str) -> Call | None:
        """A call of the conversation, not over yet, that would do the same; locked."""
        ...

    async def of_other_attempt(self, question_id: UUID, tool_id: UUID, attempt_id: UUID) -> Call | None:
        """A call of the tool that another attempt at this answer made and that did not fail; locked."""
        ...

    async def of_question(self, question_id: UUID) -> int:
        """How many calls were made for a question."""
        ...

    async def seen(self, call_id: UUID) -> Call:
        """The call, locked, if the actor may read its conversation; otherwise `NotFoundError`."""
        ...


class CallUnit(RoleUnit, Protocol):
    """A unit of work that holds calls."""

    @property
    def calls(self) -> CallRepository:
        """Calls, to change."""
        ...
