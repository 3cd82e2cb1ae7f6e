"""A bell that rings in all processes that listen, over Redis; what it says may also be found out by looking."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from infra.live.signals import Listener


class RedisBell:
    """Rings when a signal comes on its channel."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self._rang = asyncio.Event()
        self._listener = Listener(redis, {channel: self.ring}, back=self.ring)

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._listener.run()

    def ring(self, message: bytes = b"") -> None:
        """It is worth looking."""
        self._rang.set()

    async def rung(self, *, within: float) -> None:
        """Return when it rang, or after so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._rang.wait()
        except TimeoutError:
            return
        finally:
            self._rang.clear()
