"""Every way in which a model misbehaves, before and after its first token, and what a customer sees of it.

`endure` plays one of them on a running Parley whose chain is `first,second`, two models of one model server of which
the second is well; `first` alone is for the case that nobody answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from infra.models.declared import DeclaredModel, Limits
from tests.documents import CHANGED, START
from tests.models.replies import (
    Ending,
    Reply,
    Script,
    call,
    empty,
    endless,
    first,
    hang,
    hang_after_headers,
    status,
    text,
)
from tests.models.server import ModelServer

QUESTION = "Which one is it?"
LIMITS = Limits(
    connect=1, first_token=1.5, between_tokens=1, total=4, tries=2, failures=1_000, most_characters=400, queue=1
)
"""Small, so that a table takes seconds; each time in it is due to one of these."""

WELL = call("clarify", {"text": "Do you mean the green coat or the blue one?", "choices": []})
SHOWN = "Well, do you mean your"
BEGUN = call("clarify", {"text": SHOWN + " last order, or the one before?", "choices": []})
TOKENS = 6
"""Pieces of `BEGUN` after which its reader sees text."""
WORDS_WITHOUT_END = Reply(
    (
        {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "clarify", "arguments": '{"text": "'}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": "and "}}]},
    ),
    ending=Ending.ENDLESS,
    pause=0.002,
)


@dataclass(frozen=True)
class Fault:
    """How the first model misbehaves; `is_seen` where it has said something before. `second` is what the other says."""

    name: str
    replies: tuple[Script, ...]
    is_seen: bool = False
    second: Script = WELL


FAULTS: Sequence[Fault] = (
    Fault("429, Retry-After within the limits", (status(429, retry_after=0.3), WELL)),
    Fault("429, Retry-After of a minute", (status(429, retry_after=60),)),
    Fault("429, quota used up", (status(429, kind="insufficient_quota"),)),
    Fault("500, once", (status(500), WELL)),
    Fault("500, always", (status(500),)),
    Fault("401, wrong key", (status(401),)),
    Fault("hangs before the status line", (hang(),)),
    Fault("hangs after the status line", (hang_after_headers(),)),
    Fault("cut off", (Reply(ending=Ending.CUT),)),
    Fault("malformed chunk", (Reply(ending=Ending.MALFORMED),)),
    Fault("error in the stream", (Reply(ending=Ending.ERROR),)),
    Fault("empty answer", (empty(),)),
    Fault("no finish reason", (Reply(ending=Ending.UNFINISHED),)),
    Fault("text instead of an outcome", (text("Do you mean the green coat?"),)),
    Fault("text without end", (endless(0.002),)),
    Fault("unknown tool", (call("transfer_money", {"amount": 7}),)),
    Fault("call with bad JSON", (call("clarify", '{"text": 7, '),)),
    Fault("wrong citation", (call("answer", {"sources": [99], "text": "It is the green coat [99]."}),)),
    Fault("hangs", (first(BEGUN, TOKENS, Ending.HANG),), is_seen=True),
    Fault("cut off", (first(BEGUN, TOKENS, Ending.CUT),), is_seen=True),
    Fault("malformed chunk", (first(BEGUN, TOKENS, Ending.MALFORMED),), is_seen=True),
    Fault("error in the stream", (first(BEGUN, TOKENS, Ending.ERROR),), is_seen=True),
    Fault("no finish reason", (first(BEGUN, TOKENS, Ending.UNFINISHED),), is_seen=True),
    Fault("call with bad JSON", (first(BEGUN, TOKENS, Ending.DONE),), is_seen=True),
    Fault("answer without end", (WORDS_WITHOUT_END,), is_seen=True),
    Fault("slower than the whole time", (BEGUN.slowly(0.6),), is_seen=True),
)
ALL_FAIL = (
    Fault("both models: 500", (status(500),), second=status(500)),
    Fault("both models: cut off", (first(BEGUN, TOKENS, Ending.CUT),), True, first(BEGUN, TOKENS, Ending.CUT)),
)


class Speaker(Protocol):
    """A customer's client."""

    async def ask(self, document: str, **variables: Any) -> Any: ...

    def watch(self, document: str, **variables: Any) -> AsyncIterator[Any]: ...


@dataclass
class Endured:
    """What the customer saw: `attempts` are the texts as they were written, the last of them the one that stays."""

    seconds: float = 0.0
    ending: str = ""
    text: str = ""
    attempts: dict[int, str] = field(default_factory=dict)
    outcomes: int = 0
    calls: tuple[int, int] = (0, 0)

    @property
    def sight(self) -> str:
        """In words."""
        what = "handed over" if self.ending == "HandoffRequested" else "answer of the second model"
        if self.text.startswith(SHOWN) or (self.calls[1] == 0 and self.ending == "AnswerCompleted"):
            what = "answer of the first model"
        return f"{what}, after a text that was taken back" if self.is_restarted else what

    @property
    def is_restarted(self) -> bool:
        """Whether there was text that did not stay."""
        return len([one for one in self.attempts.values() if one]) > 1


def models_at(server: ModelServer) -> dict[str, DeclaredModel]:
    """`first` and `second`."""
    return {name: DeclaredModel(base_url=server.base_url, model=name, limits=LIMITS) for name in ("first", "second")}


async def endure(client: Speaker, server: ModelServer, fault: Fault, seconds: float = 30) -> Endured:
    """Ask a question of it. Raises TimeoutError for silence, and AssertionError for a text that does not hold."""
    server.forget()
    server.say(*fault.replies, model="first")
    server.say(fault.second, model="second")
    seen, began = Endured(), monotonic()
    started = (await client.ask(START, text=QUESTION))["startConversation"]["conversation"]
    async with asyncio.timeout(seconds):
        async for data in client.watch(CHANGED, id=started["id"], after=started["cursor"]):
            if _take(seen, data["conversationChanged"]):
                break
    seen.seconds = monotonic() - began
    counts = [sum(one.body["model"] == name for one in server.received) for name in ("first", "second")]
    seen.calls = (counts[0], counts[1])
    return seen


def _take(seen: Endured, change: Any) -> bool:
    """Whether this was the end."""
    kind = change["__typename"]
    if kind == "AnswerStarted":
        seen.attempts[change["attempt"]] = ""
    elif kind == "AnswerFrame":
        written = seen.attempts.get(change["attempt"], "")
        assert change["offset"] <= len(written), "a hole in the text"
        seen.attempts[change["attempt"]] = written[: change["offset"]] + change["text"]
    elif kind in ("AnswerCompleted", "HandoffRequested"):
        seen.ending, seen.text = kind, change["message"]["text"]
        seen.outcomes += 1
        return True
    return False
