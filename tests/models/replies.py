"""What the model server of tests says, and how it misbehaves: data, made by a few short functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

WRITTEN = 7
"""Tokens that each reply says it has written, so that tests can count them."""


class Ending(StrEnum):
    """What comes after a reply's pieces."""

    DONE = "done"
    HANG = "hang"
    CUT = "cut"
    MALFORMED = "malformed"
    ENDLESS = "endless"
    UNFINISHED = "unfinished"
    """`[DONE]`, but no finish reason before it."""
    ERROR = "error"
    """An error object in the stream, as servers send when they fail half-way."""


@dataclass(frozen=True)
class Reply:
    """One answer to one request.

    `deltas` are the `delta` objects of the chunks; `pause` is in seconds, before each of them; `before` is the wait
    before the status line, None for ever. A `status` other than 200 is an error with `body`.
    """

    deltas: tuple[Json, ...] = ()
    finish: str = "stop"
    ending: Ending = Ending.DONE
    usage: Mapping[str, object] | None = field(
        default_factory=lambda: {
            "prompt_tokens": 11,
            "completion_tokens": WRITTEN,
            "prompt_tokens_details": {"cached_tokens": 3},
        }
    )
    pause: float = 0.0
    before: float | None = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)

    def then(self, ending: Ending) -> Reply:
        """The same pieces with another ending."""
        return replace(self, ending=ending)

    def slowly(self, pause: float) -> Reply:
        """The same pieces with a pause, in seconds, before each."""
        return replace(self, pause=pause)


Script = Reply | Callable[[Json], Reply]
"""A reply, or what makes one of a request's body: for citing the passages that stand in the prompt."""


def text(said: str, **options: Any) -> Reply:
    """Plain text, a word at a time."""
    words = said.split(" ")
    pieces = [word + " " for word in words[:-1]] + words[-1:]
    return Reply(tuple({"content": piece} for piece in pieces if piece), **options)


def call(name: str, arguments: Mapping[str, object] | str, *, size: int = 6, **options: Any) -> Reply:
    """One tool call whose arguments come `size` characters at a time; a `str` is sent as it is, right or wrong."""
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    begin = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}
    rest = [written[at : at + size] for at in range(0, len(written), size)]
    pieces = [begin, *({"index": 0, "function": {"arguments": piece}} for piece in rest)]
    return Reply(tuple({"tool_calls": [piece]} for piece in pieces), finish="tool_calls", **options)


def first(reply: Reply, deltas: int, ending: Ending) -> Reply:
    """The beginning of a reply, and then something else."""
    return replace(reply, deltas=reply.deltas[:deltas], ending=ending)


def status(code: int, *, retry_after: float | None = None, kind: str | None = None) -> Reply:
    """An HTTP error, as the protocol words it."""
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return Reply(status=code, headers=headers, body={"error": {"message": "No.", "type": kind, "code": kind}})


def empty() -> Reply:
    """A reply without a word."""
    return Reply()


def hang() -> Reply:
    """Not even a status line."""
    return Reply(before=None)


def hang_after_headers() -> Reply:
    """A status line, and nothing more."""
    return Reply(ending=Ending.HANG)


def endless(pause: float = 0.001) -> Reply:
    """Words without end."""
    return Reply(({"content": "and "},), ending=Ending.ENDLESS, pause=pause)
