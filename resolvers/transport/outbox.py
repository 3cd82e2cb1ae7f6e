"""What one socket still has to send, bounded in messages and bytes."""

import asyncio
from collections import deque
from typing import Protocol

from resolvers.transport.message import Closing
from resolvers.transport.request import TransportLimits


class Owner(Protocol):
    """Whoever a message belongs to; once it is `dropped`, its messages are left out instead of sent."""

    dropped: bool


class Outbox:
    """Messages in the order they were put; who puts waits while there is no room."""

    def __init__(self, limits: TransportLimits) -> None:
        self._limits = limits
        self._messages: deque[tuple[bytes, Owner | None]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._room = asyncio.Event()

    async def put(self, message: bytes, owner: Owner | None = None) -> None:
        """Raises: Closing with 1013 when no room comes for `send_seconds`."""
        if self._full():
            await self._wait_for_room()
        self._messages.append((message, owner))
        self._bytes += len(message)
        self._filled.set()

    async def get(self) -> bytes:
        while True:
            while not self._messages:
                self._filled.clear()
                await self._filled.wait()
            message, owner = self._messages.popleft()
            self._bytes -= len(message)
            self._room.set()
            if owner is None or not owner.dropped:
                return message

    def _full(self) -> bool:
        return len(self._messages) >= self._limits.queue_messages or self._bytes >= self._limits.queue_bytes

    async def _wait_for_room(self) -> None:
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                while self._full():
                    self._room.clear()
                    await self._room.wait()
        except TimeoutError:
            raise Closing(1013, "slow consumer") from None
