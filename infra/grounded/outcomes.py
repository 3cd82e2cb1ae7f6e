"""The tools by which a model says what its reply is, and its calls of them and of others, as they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jiter

from domain.model import CallPiece, ModelDone, ModelPiece, ModelReplyError, ModelRequest, ToolCall, ToolSpec

ANSWER, CLARIFY, HAND_OVER, REFUSE = "answer", "clarify", "hand_over", "refuse"
CUSTOMER_ASKED, NOT_IN_KNOWLEDGE = "customer_asked", "not_in_knowledge"

MOST_CALLS = 8
"""Calls in one reply."""
LONGEST_CALL = 32_000
"""Bytes of a call's arguments."""


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _list_of(items: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": description}


OUTCOMES = (
    ToolSpec(
        ANSWER,
        "Answer the customer. Only with what passages or results of tools say.",
        _object(
            sources=_list_of(
                {"type": "integer"}, "The numbers of the passages that the answer rests on. Write them first."
            ),
            text=_text("What the customer reads. After each statement the number of its passage, such as [1]."),
        ),
    ),
    ToolSpec(
        CLARIFY,
        "Ask the customer one question back; also to return a greeting or thanks by asking how you can help.",
        _object(
            text=_text("The question that the customer reads. It states nothing."),
            choices=_list_of({"type": "string"}, "Two to five short choices, or none."),
        ),
    ),
    ToolSpec(
        HAND_OVER,
        "Pass the conversation on to a person.",
        _object(
            reason={"type": "string", "enum": [CUSTOMER_ASKED, NOT_IN_KNOWLEDGE]},
            summary=_text("For the person: what the customer wants and what was said, in two sentences."),
            text=_text("One sentence to the customer, in their language: somebody from the team will answer here."),
        ),
    ),
    ToolSpec(
        REFUSE,
        "Refuse what neither you nor a person of the company would answer.",
        _object(text=_text("What the customer reads: that you cannot help with this, without more about it.")),
    ),
)
"""Every outcome is a call of one of these; what a text says about calls is text."""

NAMES = frozenset(each.name for each in OUTCOMES)


@dataclass
class Growing:
    """A call that is being written; its arguments are JSON as far as it goes."""

    id: str
    name: str
    written: bytearray = field(default_factory=bytearray)

    def so_far(self) -> dict[str, Any]:
        """The arguments as far as they are written, the last text of them cut short; raises ModelReplyError."""
        return self._parsed("trailing-strings") if self.written else {}

    def complete(self) -> dict[str, Any]:
        """All arguments; raises ModelReplyError where they are no whole JSON object."""
        return self._parsed("off")

    def call(self) -> ToolCall:
        """The call as the port takes it."""
        return ToolCall(self.id, self.name, self.written.decode(errors="replace"))

    def _parsed(self, partial: Any) -> dict[str, Any]:
        try:
            found = jiter.from_json(bytes(self.written), partial_mode=partial, cache_mode="none")
        except ValueError as error:
            raise ModelReplyError(f"The arguments of '{self.name}' are not JSON: {error}.") from None
        if not isinstance(found, dict):
            raise ModelReplyError(f"The arguments of '{self.name}' are no object.")
        return found


@dataclass
class Reply:
    """What a model has said so far in one reply: its calls, in order. Text beside them counts for nothing."""

    calls: dict[int, Growing] = field(default_factory=dict)
    done: ModelDone | None = None

    def take(self, piece: ModelPiece) -> Growing | None:
        """Take the next piece in, and give the call that it belongs to, if any; raises ModelReplyError."""
        if isinstance(piece, ModelDone):
            self.done = piece
        if not isinstance(piece, CallPiece):
            return None
        call = self.calls.setdefault(piece.index, Growing(piece.id or f"call-{piece.index}", piece.name))
        call.written += piece.arguments.encode(errors="replace")
        if len(call.written) > LONGEST_CALL or len(self.calls) > MOST_CALLS:
            raise ModelReplyError("The reply calls for more than anybody could want.")
        return call

    @property
    def outcome(self) -> Growing | None:
        """The first call, if it is an outcome: one that comes after others was made without their results."""
        first = self.calls[min(self.calls)] if self.calls else None
        return first if first and first.name in NAMES else None

    def require_plain(self, request: ModelRequest) -> None:
        """Raise ModelReplyError where it means nothing, or two things at once."""
        offered = {each.name for each in request.tools}
        if not self.calls:
            raise ModelReplyError("The reply calls no tool, so it has no outcome.")
        if unknown := [each.name for each in self.calls.values() if each.name not in offered]:
            raise ModelReplyError(f"The reply calls '{unknown[0][:60]}', which was not offered.")
        if sum(each.name in NAMES for each in self.calls.values()) > 1:
            raise ModelReplyError("The reply has more than one outcome.")
