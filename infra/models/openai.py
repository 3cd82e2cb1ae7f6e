"""A language model behind any endpoint that speaks chat completions, streamed, by the `openai` package."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, AsyncOpenAI, AsyncStream, OpenAIError

from domain.model import (
    CallPiece,
    ModelBrokeOffError,
    ModelDone,
    ModelError,
    ModelMessage,
    ModelPiece,
    ModelRefusedError,
    ModelReplyError,
    ModelRequest,
    ModelTimedOutError,
    ModelUnavailableError,
    TextPiece,
    ToolSpec,
    Usage,
)
from infra.models.declared import DeclaredModel, expect_allowed, is_loopback

Json = dict[str, Any]

CHARACTERS_PER_TOKEN = 4
"""A guess for endpoints that do not count tokens."""

LONGEST_LINE = 1_000_000
"""Bytes of a chunk."""

MOST_PER_TOKEN = 16
"""Characters: a reply that is longer than so many for each token it may have is no reply."""

NOT_NOW = frozenset({408, 409, 425, 429})
"""Statuses below 500 after which another try may do."""

NEVER = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Codes that come with such a status, and mean that no other try will do."""


class OpenAIModel:
    """See `domain.model.LanguageModel`. Asks once: tries, time limits and the rest are for `Guarded`.

    Raises RealModelError when it is made for another machine while real models are off.
    """

    def __init__(self, name: str, declared: DeclaredModel) -> None:
        expect_allowed(declared.base_url)
        self.name = name
        self._declared = declared
        self._client = AsyncOpenAI(
            api_key=declared.key or "none",
            base_url=declared.base_url,
            organization="",
            project="",
            max_retries=0,
            http_client=httpx2.AsyncClient(
                timeout=httpx2.Timeout(None, connect=declared.limits.connect),
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=declared.limits.concurrency),
                follow_redirects=False,
                trust_env=not is_loopback(declared.base_url),
            ),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def is_there(self) -> None:
        """Ask the endpoint for its models, which costs nothing. Raises: ModelError."""
        with translated(Reply(self._declared.limits.most_characters)):
            await self._client.get("/models", cast_to=object, options={"timeout": self._declared.limits.connect})

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        """The reply, piece by piece, as it comes."""
        reply = Reply(_most_characters(request, self._declared.limits.most_characters))
        with translated(reply):
            async with await self._open(request) as stream:
                reply.has_begun = True
                async with aclosing(_chunks(stream.response)) as chunks:
                    async for chunk in chunks:
                        for piece in reply.pieces(chunk):
                            yield piece
        yield reply.done(request, self._declared.model)

    async def _open(self, request: ModelRequest) -> AsyncStream[object]:
        """The package makes and checks the request; its reading of chunks costs several times what ours does."""
        return await self._client.post(
            "/chat/completions",
            body=_body(request, self._declared),
            cast_to=object,
            stream=True,
            stream_cls=AsyncStream[object],
        )


@dataclass
class Reply:
    """What came of a reply so far."""

    most_characters: int
    has_begun: bool = False
    has_piece: bool = False
    characters: int = 0
    reason: str = ""
    usage: Usage | None = None
    calls: list[tuple[object, str]] = field(default_factory=list)
    """The index and the id of each call."""

    def pieces(self, chunk: object) -> Iterator[TextPiece | CallPiece]:
        """What a chunk says. Raises ModelReplyError for one that says nothing anybody could mean."""
        try:
            yield from self._pieces(chunk)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ModelReplyError(f"A chunk is malformed: {type(error).__name__}.") from None
        if self.characters > self.most_characters:
            raise ModelReplyError(f"The reply is longer than {self.most_characters} characters.")

    def _pieces(self, chunk: Any) -> Iterator[TextPiece | CallPiece]:
        if chunk.get("error"):
            raise ModelBrokeOffError("The endpoint broke off with an error.")
        if usage := chunk.get("usage"):
            self.usage = _usage(usage)
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            if text := delta.get("content"):
                yield TextPiece(self._counted(text))
            for call in delta.get("tool_calls") or ():
                yield self._call(call)
            self.reason = choice.get("finish_reason") or self.reason

    def _call(self, call: Any) -> CallPiece:
        """Some endpoints leave the index out, and some have 0 for every call: a new id is a new call then."""
        function, identity = call.get("function") or {}, call.get("id") or ""
        key = (call.get("index"), identity)
        known = [number for number, one in enumerate(self.calls) if one[0] == key[0] and identity in ("", one[1])]
        arguments = self._counted(function.get("arguments") or "")
        if known:
            return CallPiece(known[-1], arguments)
        self.calls.append(key)
        number = len(self.calls) - 1
        return CallPiece(number, arguments, identity or f"call_{number}", function["name"])

    def _counted(self, text: str) -> str:
        self.characters += len(text)
        self.has_piece = True
        return text

    def done(self, request: ModelRequest, model: str) -> ModelDone:
        """The end of a reply that is whole. Raises: ModelError."""
        if not self.reason:
            raise ModelBrokeOffError("The stream ended without a finish reason.")
        if not self.has_piece:
            if self.reason == "content_filter":
                raise ModelRefusedError("The endpoint's content filter let nothing through.")
            raise ModelReplyError("The reply is empty.")
        return ModelDone(self.reason, model, self.usage or _estimate(request, self.characters))


async def _chunks(response: httpx2.Response) -> AsyncGenerator[object, None]:
    """The chunks of a stream as the JSON that they are, up to its end mark."""
    rest = b""
    async with aclosing(response.aiter_bytes()) as read:
        async for data in read:
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if not line.startswith(b"data:"):
                    continue
                if line[5:].strip() == b"[DONE]":
                    await _drain(read)
                    return
                yield orjson.loads(line[5:])
            if len(rest) > LONGEST_LINE:
                raise ModelReplyError("A chunk has no end.")


async def _drain(read: AsyncGenerator[bytes, None]) -> None:
    """Read what is left, which should be nothing: only then is the connection there for another call."""
    with suppress(TimeoutError, httpx2.HTTPError):
        async with asyncio.timeout(0.1):
            async for _ in read:
                pass


@contextmanager
def translated(reply: Reply) -> Iterator[None]:
    """Let out nothing but the errors of the port.

    What the endpoint wrote stays out of them, and of their tracebacks: it may quote the prompt, or a part of the key.
    """
    try:
        yield
    except APIStatusError as error:
        raise _of_status(error) from None
    except APITimeoutError:
        raise ModelTimedOutError("connect") from None
    except (APIError, OpenAIError, httpx2.HTTPError) as error:
        if reply.has_begun:
            raise ModelBrokeOffError(f"The stream broke off: {type(error).__name__}.") from None
        if isinstance(error, APIConnectionError):
            raise ModelUnavailableError(f"The endpoint cannot be reached: {type(error.__cause__).__name__}.") from None
        raise ModelReplyError(f"The reply cannot be read: {type(error).__name__}.") from None
    except ValueError:
        raise ModelReplyError("A chunk is not JSON.") from None


def _of_status(error: APIStatusError) -> ModelError:
    status, said = error.status_code, f"The endpoint answered {error.status_code}."
    if status >= 500 or (status in NOT_NOW and error.code not in NEVER):
        return ModelUnavailableError(said, retry_after=_seconds(error.response.headers.get("retry-after")))
    return ModelRefusedError(said if error.code not in NEVER else f"{said} The account's quota is used up.")


def _seconds(header: str | None) -> float | None:
    """`Retry-After` as seconds; its other form, a date, is left to our own patience."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None


def _most_characters(request: ModelRequest, most: int) -> int:
    return most if request.most_tokens is None else min(most, request.most_tokens * MOST_PER_TOKEN)


def _body(request: ModelRequest, declared: DeclaredModel) -> Json:
    body: Json = {
        "model": declared.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.most_tokens is not None:
        body[declared.tokens_field] = request.most_tokens
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
        body["tool_choice"] = "required" if request.must_call else "auto"
    return {name: value for name, value in body.items() if name not in declared.without}


def _message(message: ModelMessage) -> Json:
    said: Json = {"role": message.role.value, "content": message.text}
    if message.calls:
        called = [(call.id, {"name": call.name, "arguments": call.arguments}) for call in message.calls]
        said["tool_calls"] = [{"id": id_, "type": "function", "function": function} for id_, function in called]
    if message.call_id is not None:
        said["tool_call_id"] = message.call_id
    return said


def _tool(tool: ToolSpec) -> Json:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def _usage(usage: Mapping[str, Any]) -> Usage:
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    return Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"]), int(cached))


def _estimate(request: ModelRequest, written: int) -> Usage:
    read = sum(len(message.text) + sum(len(call.arguments) for call in message.calls) for message in request.messages)
    read += sum(len(json.dumps(_tool(tool))) for tool in request.tools)
    return Usage(read // CHARACTERS_PER_TOKEN + 1, written // CHARACTERS_PER_TOKEN + 1, estimated=True)
