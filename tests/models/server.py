"""A model server on loopback that speaks chat completions and embeddings, and misbehaves on command.

    async def test_something(model_server: ModelServer) -> None:
        model_server.say(call("answer", {"text": "Within 45 days."}))   # the next reply; the last one repeats
        model_server.say(status(500), text("Hello"), model="other")     # for the model of that name only
        ... a client with base_url=model_server.base_url ...
        (received,) = model_server.received                             # headers, body, when the client hung up
        await model_server.until(lambda: received.closed_at is not None)

`tests/models/replies.py` makes replies. It runs in a thread with a loop of its own, so that a busy test does not slow
it. Without a script it says "Hello there.". The fixture `model_server` has forgotten the tests before.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
import uvicorn

from tests.models.replies import Ending, Json, Reply, Script, call, text

Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]

BESIDE = {
    "summarize": call("summarize", {"summary": "A customer asks something."}),
    "classify": call(
        "classify", {"topic": "none of these", "language": "en", "sentiment": "neutral", "urgency": "normal"}
    ),
}
"""What is said to requests that help agents, by their tool, where no script says otherwise."""
DIMENSIONS = 8
"""Of the vectors that `/v1/embeddings` gives where the request names no number."""


@dataclass
class Received:
    """One request, with `monotonic` times: when it came, its first token went out, the client hung up, all was said."""

    path: str
    headers: dict[str, str]
    body: Json
    at: float = field(default_factory=monotonic)
    first_token_at: float | None = None
    closed_at: float | None = None
    finished_at: float | None = None


@dataclass
class ModelServer:
    """What it was asked, and what it will say."""

    base_url: str = ""
    received: list[Received] = field(default_factory=list)
    beside: list[Received] = field(default_factory=list)
    """Requests that help agents, which come by themselves and not with a customer's question."""
    scripts: dict[str | None, list[Script]] = field(default_factory=lambda: defaultdict(list))

    def say(self, *replies: Script, model: str | None = None) -> None:
        """Forget the script of a model (None: of all that have none) and begin this one; its last reply repeats.

        A tool of `BESIDE` in place of the model scripts the requests that help agents by it.
        """
        self.scripts[model] = list(replies)

    def forget(self) -> None:
        """Begin anew: no script, and nothing received."""
        self.scripts.clear()
        self.received, self.beside = [], []

    async def until(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait for something to be true. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.005)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        received = Received(scope["path"], headers, json.loads(body) if body else {})
        (self.beside if _beside(received.body) else self.received).append(received)
        saying = asyncio.create_task(self._answer(received, send))
        leaving = asyncio.create_task(_disconnected(receive))
        await asyncio.wait([saying, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not saying.done():
            received.closed_at = monotonic()
        for task in (saying, leaving):
            task.cancel()
        await asyncio.wait([saying, leaving])

    async def _answer(self, received: Received, send: Send) -> None:
        if received.path.endswith("/embeddings"):
            await _json(send, 200, {}, embeddings(received.body))
        elif received.path.endswith("/chat/completions"):
            await Saying(received, send, self._next(received.body)).say()
        else:
            await _json(send, 200, {}, {"object": "list", "data": []})
        received.finished_at = monotonic()

    def _next(self, body: Json) -> Reply:
        if tool := _beside(body):
            script = self.scripts[tool] or [BESIDE[tool]]
        else:
            script = self.scripts[body.get("model")] or self.scripts[None]
        said = (script.pop(0) if len(script) > 1 else script[0]) if script else text("Hello there.")
        return said if isinstance(said, Reply) else said(body)


def _beside(body: Json) -> str | None:
    """The tool by which a request helps agents, if it does."""
    tools = body.get("tools") or [{}]
    name = tools[0].get("function", {}).get("name")
    return name if name in BESIDE else None


@dataclass
class Saying:
    """One reply on its way."""

    received: Received
    send: Send
    reply: Reply

    async def say(self) -> None:
        """All of it, with its ending."""
        if self.reply.before is None:
            await asyncio.Event().wait()
        await asyncio.sleep(self.reply.before or 0)
        if self.reply.status != 200:
            return await _json(self.send, self.reply.status, self.reply.headers, self.reply.body)
        await _start(self.send, 200, {"content-type": "text/event-stream"})
        for delta in self.reply.deltas:
            await self._delta(delta)
        return await self._end()

    async def _delta(self, delta: Json) -> None:
        await asyncio.sleep(self.reply.pause)
        if self.received.first_token_at is None:
            self.received.first_token_at = monotonic()
        await self._chunk({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})

    async def _end(self) -> None:
        match self.reply.ending:
            case Ending.HANG:
                await self._data(b": nothing")
                await asyncio.Event().wait()
            case Ending.ENDLESS:
                while True:
                    await self._delta(self.reply.deltas[-1])
            case Ending.CUT:
                return  # uvicorn closes the connection of a response that has no end
            case Ending.MALFORMED:
                await self._data(b'data: {"choices": [{"del')
            case Ending.ERROR:
                await self._chunk({"error": {"message": "Overloaded.", "type": "server_error"}})
            case Ending.DONE:
                await self._chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": self.reply.finish}]})
                if self.reply.usage is not None:
                    await self._chunk({"choices": [], "usage": self.reply.usage})
        await self._data(b"data: [DONE]")
        await self.send({"type": "http.response.body", "body": b""})

    async def _chunk(self, rest: Json) -> None:
        about = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "served"}
        await self._data(b"data: " + json.dumps(about | rest).encode())

    async def _data(self, line: bytes) -> None:
        await self.send({"type": "http.response.body", "body": line + b"\n\n", "more_body": True})


def embeddings(body: Json) -> Json:
    """A vector for each text that depends on nothing but the text, in the encoding that is asked for."""
    given = body["input"]
    texts: list[str] = [given] if isinstance(given, str) else given
    vectors = [_vector(one, int(body.get("dimensions") or DIMENSIONS)) for one in texts]
    encode = _base64 if body.get("encoding_format") == "base64" else _numbers
    data = [{"object": "embedding", "index": index, "embedding": encode(one)} for index, one in enumerate(vectors)]
    tokens = sum(len(one.split()) for one in texts)
    return {"object": "list", "model": body["model"], "data": data, "usage": {"prompt_tokens": tokens}}


def _vector(of: str, dimensions: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    seed = int.from_bytes(hashlib.sha256(of.encode()).digest()[:8])
    vector = np.random.default_rng(seed).normal(size=dimensions).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def _base64(vector: np.ndarray[Any, np.dtype[np.float32]]) -> str:
    return base64.b64encode(vector.tobytes()).decode()


def _numbers(vector: np.ndarray[Any, np.dtype[np.float32]]) -> list[float]:
    return [float(number) for number in vector]


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, code: int, headers: Any) -> None:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": code, "headers": encoded})


async def _json(send: Send, code: int, headers: Any, body: Json) -> None:
    await _start(send, code, {"content-type": "application/json", **headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


@contextmanager
def serving(port: int = 0) -> Iterator[ModelServer]:
    """A server on a free port, or this one, in a thread; stopped at the end with every connection closed."""
    made = ModelServer()
    config = uvicorn.Config(made, port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=lambda: asyncio.run(_serve(server)), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the model server did not start"
        threading.Event().wait(0.01)
    made.base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
    try:
        yield made
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


async def _serve(server: uvicorn.Server) -> None:
    with suppress(asyncio.CancelledError):
        await server._serve()
