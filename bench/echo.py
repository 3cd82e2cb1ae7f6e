"""The least that delivery can cost: one Redis channel, forwarded to sockets by a bare uvicorn process.

`python -m bench.echo REDIS_URL PORT` serves sockets at any path; what is published on `CHANNEL` as an address, a space
and a text goes as that text to the sockets at the path of that address.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from typing import Any

import uvicorn
from redis.asyncio import Redis

CHANNEL = "parley:bench:echo"


class Echo:
    """The ASGI application."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._sockets: dict[str, set[Any]] = defaultdict(set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._serve(scope["path"][1:], receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        listening = asyncio.create_task(self._listen())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        listening.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, address: str, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self._sockets[address].add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self._sockets[address].discard(send)

    async def _listen(self) -> None:
        async with Redis.from_url(self._redis_url) as redis, redis.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            while True:
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=None)
                if message is not None:
                    address, _, text = message["data"].decode().partition(" ")
                    for send in list(self._sockets[address]):
                        await send({"type": "websocket.send", "text": text})


def main() -> None:
    """Serve until stopped."""
    uvicorn.run(
        Echo(sys.argv[1]),
        port=int(sys.argv[2]),
        log_level="error",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
    )


if __name__ == "__main__":
    main()
