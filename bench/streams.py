"""What one subscribed client saw, checked as it comes: no gap, no repeat, no wrong byte."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

Json = dict[str, Any]
Detail = tuple[object, ...]
"""What an event says, in the same form whether it came over a socket or from the journal."""


@dataclass
class Findings:
    """What was wrong, in sentences, and how often everything happened."""

    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def violation(self, sentence: str) -> None:
        """Remember that something must not have happened."""
        self.violations.append(sentence)


@dataclass(frozen=True, slots=True)
class Seen:
    """A durable event as a client got it; `delay` is in seconds, from the start of its transaction to its arrival."""

    version: int
    kind: str
    detail: Detail
    delay: float


@dataclass
class Writing:
    """The text of an answer, collected from its frames in one subscription."""

    message_id: str
    attempt: int
    text: str = ""


@dataclass
class Stream:
    """One client's view of one conversation. `cursor` is where a new subscription goes on."""

    client: str
    conversation_id: str
    cursor: str
    findings: Findings
    heard: Callable[[str, datetime], None]
    """Told of each durable event: its kind and when its transaction began."""
    seen: list[Seen] = field(default_factory=list)
    state: str = "WITH_ASSISTANT"
    writing: Writing | None = None
    started: tuple[str, int] | None = None
    """The answer that the events say is being written: its message id and attempt."""

    def __post_init__(self) -> None:
        self.first = self.version = version_of(self.cursor)

    @property
    def is_customer(self) -> bool:
        """Whether this is somebody who asks, or another device of theirs."""
        return self.client.startswith("customer")

    def reopened(self) -> None:
        """A new subscription begins: frames come again from their beginning."""
        self.writing = None

    def take(self, change: Json) -> None:
        """Check the next thing that came."""
        kind = change["__typename"]
        if kind == "AnswerFrame":
            self._frame(change)
        elif kind == "ResyncRequired":
            self._wrong(f"got ResyncRequired although its cursor was good: {change['explanation']}")
        else:
            self._event(kind, change)

    def _event(self, kind: str, change: Json) -> None:
        version, at = version_of(change["cursor"]), datetime.fromisoformat(change["at"])
        if version <= self.version:
            return self._wrong(f"got version {version} ({kind}) again after {self.version}")
        if version > self.version + 1 and not self.is_customer:  # who is not told what is between people at work
            self._wrong(f"got version {version} ({kind}) after {self.version}: a gap")
        self.version, self.cursor = version, change["cursor"]
        delay = datetime.now(at.tzinfo).timestamp() - at.timestamp()
        self.seen.append(Seen(version, kind, detail(kind, change), delay))
        self.findings.counts[kind] += 1
        self._follow(kind, change)
        self.heard(kind, at)
        return None

    def _follow(self, kind: str, change: Json) -> None:
        if kind == "AnswerStarted":
            self.started, self.writing = (change["messageId"], change["attempt"]), None
        elif kind in ("AnswerCompleted", "AnswerStopped"):
            self._compare(kind, change["message"] if kind == "AnswerCompleted" else change["partialMessage"])
        self.state = STATES.get(kind, self.state)
        if kind in ENDS:
            self.started = self.writing = None

    def _compare(self, kind: str, message: Json | None) -> None:
        """The frames of this subscription, joined, are the stored text."""
        if self.writing is None or message is None or message["id"] != self.writing.message_id:
            return
        if self.writing.text == message["text"]:
            self.findings.counts[f"texts equal at {kind}"] += 1
        else:
            self._wrong(f"collected {self.writing.text!r} but {kind} stored {message['text']!r}")

    def _frame(self, change: Json) -> None:
        self.findings.counts["AnswerFrame"] += 1
        if self.started is None and not self.seen:
            self.started = (change["messageId"], change["attempt"])  # it had begun before we looked
        if (change["messageId"], change["attempt"]) != self.started:
            self._wrong(f"got a frame of attempt {change['attempt']} while {self.started} was being written")
        if self.writing is None:
            self.writing = Writing(change["messageId"], change["attempt"])
        if change["offset"] != len(self.writing.text):
            self._wrong(f"got a frame at {change['offset']} after {len(self.writing.text)} code points")
        self.writing.text = self.writing.text[: change["offset"]] + change["text"]

    def _wrong(self, what: str) -> None:
        self.findings.violation(f"{self.client} {what} (conversation {inner(self.conversation_id)})")


STATES = {
    "HandoffRequested": "WAITING",
    "ConversationTakenOver": "WITH_PERSON",
    "ConversationResolved": "RESOLVED",
    "ConversationReopened": "WITH_ASSISTANT",
}
ENDS = ("AnswerCompleted", "AnswerStopped", "HandoffRequested", "ConversationTakenOver", "ConversationResolved")


def detail(kind: str, change: Json) -> Detail:
    """What an event of the subscription says."""
    match kind:
        case "MessageSent" | "AnswerCompleted" | "HandoffRequested":
            return message_detail(change["message"])
        case "AnswerStopped":
            return message_detail(change["partialMessage"]) if change["partialMessage"] else ()
        case "AnswerStarted":
            return (inner(change["messageId"]), change["attempt"])
        case "ConversationResolved" | "ConversationReopened":
            return (change["episode"],)
    return ()


def message_detail(message: Json) -> Detail:
    """What a message says."""
    return (inner(message["id"]), message["number"], message["kind"].lower(), message["text"])


def stored_detail(kind: str, payload: Json) -> Detail:
    """What an event of the journal says, in the same form."""
    if message := payload.get("message"):
        return (message["id"], message["number"], message["kind"], message["text"])
    if kind == "AnswerStarted":
        return (payload["answer_id"], payload["attempt"])
    return (payload["episode"],) if "episode" in payload else ()


def decoded(opaque: str) -> str:
    """The inside of an id or a cursor, which only a test may look at."""
    return base64.urlsafe_b64decode(opaque + "=" * (-len(opaque) % 4)).decode()


def inner(global_id: str) -> str:
    """The id inside a global id."""
    return decoded(global_id).partition(":")[2]


def version_of(cursor: str) -> int:
    """The version that a cursor of a conversation stands for."""
    (version,) = orjson.loads(decoded(cursor))
    return int(version)
