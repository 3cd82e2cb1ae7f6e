"""The text of answers while they are written: a bounded, expiring Redis stream for each attempt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, cast
from uuid import UUID

import orjson
from redis.asyncio import Redis

from domain.base import stream_of
from domain.ports import Frame, ReplyClosedError
from infra.live.signals import CLOSED, FRAMES, quietly
from infra.live.tasks import end
from infra.storage.codec import encode

KEPT_FOR = 900
"""Seconds that a reply can be read after its last frame; the stored message is the truth from then on."""
MOST_FRAMES = 20_000

APPEND = f"""
if redis.call('EXISTS', KEYS[2]) == 1 then return 'closed' end
if ARGV[1] ~= '0' and redis.call('EXISTS', KEYS[1]) == 0 then return 'lost' end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', {MOST_FRAMES}, '*', 'o', ARGV[1], 't', ARGV[2])
redis.call('EXPIRE', KEYS[1], {KEPT_FOR})
redis.call('PUBLISH', '{FRAMES}', ARGV[3])
return 'ok'
"""
"""Add a frame and tell the readers; refused once the reply is closed, or when the frames before it are lost."""

CLOSE = f"""
redis.call('SET', KEYS[2], '1', 'EX', {KEPT_FOR})
redis.call('PUBLISH', '{CLOSED}', KEYS[2])
return redis.call('XRANGE', KEYS[1], '-', '+')
"""
"""Close a reply and read it, at once: no reader ever sees more than what is read here."""


def _keys(answer_id: UUID, attempt: int) -> list[str]:
    stream = f"parley:reply:{{{answer_id}}}:{attempt}"
    return [stream, f"{stream}:closed"]


def _joined(entries: Any) -> str:
    """The text of a stream's entries; a frame that begins earlier replaces what came after that place."""
    text = ""
    for _, pairs in entries or ():
        values = pairs if isinstance(pairs, dict) else dict(zip(pairs[::2], pairs[1::2], strict=True))
        offset = int(values[b"o"])
        if offset <= len(text):
            text = text[:offset] + values[b"t"].decode()
    return text


def decode_frame(message: bytes) -> tuple[str, Frame]:
    """A frame as it was published, and the stream of its conversation."""
    conversation_id, answer_id, attempt, offset, text = orjson.loads(message)
    return stream_of("conversation", conversation_id), Frame(UUID(answer_id), attempt, offset, text)


@dataclass
class Writer:
    """Collects text and sends it as frames, at most so many a second; readers lose nothing by an outage of Redis."""

    append: Callable[[int, str], Any]
    interval: float
    text: str = ""
    sent: int = 0
    flushed_at: float = 0.0
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, text: str) -> None:
        """Add text."""
        self.text += text
        self.wake.set()

    async def run(self) -> None:
        """Send frames until cancelled: the first at once, then one every `interval` seconds while there is text."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            await asyncio.sleep(self.flushed_at + self.interval - monotonic())
            await self.flush()

    async def flush(self) -> None:
        """Send what was not sent yet; after an outage, or when the stream was lost, all of it again."""
        text = self.text
        if self.sent == len(text):
            return
        self.flushed_at = monotonic()
        outcome = await quietly(self.append(self.sent, text[self.sent :]))
        if outcome == b"lost":
            outcome = await quietly(self.append(0, text))
        if outcome == b"closed":
            raise ReplyClosedError
        self.sent = len(text) if outcome == b"ok" else 0


class RedisReplies:
    """Replies in Redis. Each attempt has a stream of its own, so that a new one never continues an old one's text."""

    def __init__(self, redis: Redis, *, frames_per_second: int) -> None:
        self._interval = 1 / frames_per_second
        self._redis = redis
        self._append = redis.register_script(APPEND)
        self._close = redis.register_script(CLOSE)
        self._writing: dict[str, Callable[[], None]] = {}

    @asynccontextmanager
    async def writing(self, conversation_id: UUID, answer_id: UUID, attempt: int) -> AsyncIterator[Writer]:
        """Open a reply for writing; the block is cancelled with `ReplyClosedError` once somebody closes the reply."""
        keys = _keys(answer_id, attempt)

        def append(offset: int, text: str) -> Any:
            published = encode([conversation_id, answer_id, attempt, offset, text])
            return self._append(keys=keys, args=[offset, text, published])

        writer = Writer(append, self._interval)
        body = cast("asyncio.Task[Any]", asyncio.current_task())
        closed = False

        def close() -> None:
            nonlocal closed
            if not closed:
                closed = True
                body.cancel()

        def ended(sending: asyncio.Task[None]) -> None:
            if not sending.cancelled() and isinstance(sending.exception(), ReplyClosedError):
                close()

        self._writing[keys[1]] = close
        sending = asyncio.create_task(writer.run())
        sending.add_done_callback(ended)
        try:
            try:
                yield writer
            finally:
                del self._writing[keys[1]]
                await end([sending], patience=0.5)
            await writer.flush()
            await asyncio.sleep(0)  # the cancellation by a `close` that is under way arrives here at the latest
        except asyncio.CancelledError:
            if closed and body.uncancel() == 0:
                raise ReplyClosedError from None
            raise

    def closed(self, message: bytes) -> None:
        """Hear that a reply was closed: stop its writer if it is one of ours."""
        if close := self._writing.get(message.decode()):
            close()

    async def close(self, conversation_id: UUID, answer_id: UUID, attempt: int) -> str:
        """End a reply and give back its text.

        Empty also while Redis is away: what readers have seen is lost then, and the event tells them so by having no
        message; an agent who takes over must not have to wait for Redis.
        """
        del conversation_id  # the readers follow the journal; only the writer needs to hear of this
        return _joined(await quietly(self._close(keys=_keys(answer_id, attempt))))

    async def read(self, answer_id: UUID, attempt: int) -> str:
        """The text so far."""
        return _joined(await quietly(self._redis.xrange(_keys(answer_id, attempt)[0])))

    async def forget(self, answer_id: UUID, attempt: int) -> None:
        """Keep none of its text; while Redis is away it goes by itself, a quarter of an hour after its last frame."""
        await quietly(self._redis.delete(_keys(answer_id, attempt)[0]))
