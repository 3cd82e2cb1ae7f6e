"""News between processes over Redis: fast, in order for each sender, and allowed to get lost.

Nothing depends on a signal for its truth: whoever listens also looks into the journal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

COMMITTED = "parley:committed"
"""Rows of the journal right after their commit, before they have a position."""
DELIVERED = "parley:delivered"
"""The same rows with their positions, in order."""
FRAMES = "parley:frames"
"""Pieces of answers that are being written."""
CLOSED = "parley:closed"
"""Replies that somebody ended."""

LOST = (RedisError, OSError, asyncio.TimeoutError)
log = structlog.get_logger(__name__)


class Sender:
    """Publishes in the background, in order; while Redis is away signals are dropped, callers never wait."""

    def __init__(self, redis: Redis, *, backlog: int = 10_000) -> None:
        self._redis = redis
        self._queue: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(backlog)
        self._is_full = False

    def send(self, channel: str, message: bytes) -> None:
        """Publish soon; a burst that is too much for the backlog is logged once."""
        if not self._queue.full():
            self._queue.put_nowait((channel, message))
        elif not self._is_full:
            self._is_full = True
            log.warning("signals.backlog_full", size=self._queue.qsize())

    async def run(self) -> None:
        """Publish what was sent, as much as is there in one round trip, until cancelled."""
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            self._is_full = False
            try:
                await self._publish(batch)
            except LOST as error:
                log.warning("signals.dropped", count=len(batch), error=repr(error))
            for _ in batch:
                self._queue.task_done()

    async def drained(self) -> None:
        """Return when all that was sent until now is published, or dropped: for processes that end at once."""
        await self._queue.join()

    async def _publish(self, batch: list[tuple[str, bytes]]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for channel, message in batch:
                pipe.publish(channel, message)
            await pipe.execute()


Handler = Callable[[bytes], None]


class Listener:
    """The one connection of a process on which it hears signals; comes back by itself after an outage."""

    def __init__(
        self, redis: Redis, handlers: Mapping[str, Handler], *, back: Callable[[], None] | None = None
    ) -> None:
        self._redis = redis
        self._handlers = handlers
        self._back = back or (lambda: None)

    async def run(self) -> None:
        """Listen until cancelled; `back` is called after each (re)connection, since signals may have been missed."""
        pause = 0.05
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(*self._handlers)
                    self._back()
                    pause = 0.05
                    await self._hear(pubsub)
            except LOST as error:
                log.warning("signals.lost", error=repr(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def _hear(self, pubsub: Any) -> None:
        while True:
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5.0)
            if message is None:
                await asyncio.wait_for(pubsub.ping(), 2.0)
            elif message["type"] == "message":
                self._handle(message["channel"].decode(), message["data"])

    def _handle(self, channel: str, data: bytes) -> None:
        try:
            self._handlers[channel](data)
        except Exception:
            log.exception("signals.handler_failed", channel=channel)


async def quietly(awaitable: Awaitable[Any]) -> Any:
    """The result, or None while Redis is away."""
    try:
        return await awaitable
    except LOST as error:
        log.warning("redis.away", error=repr(error))
        return None
