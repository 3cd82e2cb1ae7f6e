"""A model server that costs next to nothing: it writes tokens at a steady pace and remembers when it wrote them.

`python -m bench.steady PORT DELAY TOKENS PAUSE` answers each chat completion `DELAY` seconds after it came, by a call
of the outcome `clarify`, a token of text every `PAUSE` seconds. `GET /times` tells of each question, by the word
`question-…` in it, when it came and when its first and last token were written, by the clock that processes share.
"""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import cast

import orjson
import uvloop

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
QUESTION = re.compile(rb"question-[\w-]+")
TOKEN = "a "
FULL = 1_000_000
"""Bytes of a request that nobody sends here."""


@dataclass
class Pace:
    """How replies are written."""

    delay: float
    tokens: int
    pause: float


Times = dict[str, list[float]]
ALL = "tokens"
"""Under this name, how many tokens were written to anybody."""


class Connection(asyncio.Protocol):
    """One connection, one request after the other."""

    def __init__(self, pace: Pace, times: Times) -> None:
        self._pace = pace
        self._times = times
        self._buffer = b""
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, ends, body = self._buffer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if len(self._buffer) > FULL:
            self._transport.abort()
        elif ends and len(body) >= int(length[1] if length else 0):
            self._buffer = b""
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /times"):
            said = orjson.dumps(self._times)
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(said) + said)
            return
        came = self._loop.time()
        names = QUESTION.findall(body)
        self._written = self._times[names[-1].decode() if names else "?"] = [perf_counter()]
        self._begins = came + self._pace.delay
        self._timer = self._loop.call_at(self._begins, self._begin)

    def _begin(self) -> None:
        call = {
            "index": 0,
            "id": "call_1",
            "type": "function",
            "function": {"name": "clarify", "arguments": '{"text": "'},
        }
        self._transport.write(HEAD + _chunk({"tool_calls": [call]}))
        self._token(1)

    def _token(self, number: int) -> None:
        """Token by token against the clock, so that a late one does not make the following ones later."""
        self._written[1:] = [self._written[1] if number > 1 else perf_counter(), perf_counter()]
        self._times[ALL][0] += 1
        if number == self._pace.tokens:
            return self._end()
        self._transport.write(PIECE)
        at = self._begins + number * self._pace.pause
        self._timer = self._loop.call_at(at, self._token, number + 1)
        return None

    def _end(self) -> None:
        last = _chunk({"tool_calls": [{"index": 0, "function": {"arguments": '?", "choices": []}'}}]})
        self._transport.write(last + _chunk({}, "tool_calls") + _data(b"[DONE]") + b"0\r\n\r\n")


def _chunk(delta: dict[str, object], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    about = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "steady"}
    return _data(orjson.dumps({**about, "choices": [choice]}))


def _data(said: bytes) -> bytes:
    line = b"data: " + said + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(line), line)


PIECE = _chunk({"tool_calls": [{"index": 0, "function": {"arguments": TOKEN}}]})


async def serve(port: int, pace: Pace) -> None:
    """Serve until stopped."""
    times: Times = {ALL: [0]}
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(pace, times), "127.0.0.1", port, backlog=1_000
    )
    async with server:
        await server.serve_forever()


def main() -> None:
    """The entry of `python -m bench.steady`."""
    port, delay, tokens, pause = sys.argv[1:]
    uvloop.run(serve(int(port), Pace(float(delay), int(tokens), float(pause))))


if __name__ == "__main__":
    main()
