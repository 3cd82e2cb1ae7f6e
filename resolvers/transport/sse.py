"""GraphQL over server-sent events, one connection per operation."""

import asyncio
from contextlib import aclosing, suppress

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from resolvers.edge.address import address_of
from resolvers.execution import Operation, Result
from resolvers.transport.charging import Payer
from resolvers.transport.metrics import MESSAGES
from resolvers.transport.operation import Operations
from resolvers.transport.places import Places
from resolvers.transport.race import disconnected, race, until
from resolvers.transport.request import TransportLimits

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept"),
    (b"x-accel-buffering", b"no"),  # proxies must not collect events
]
COMMENT = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"


class EventStream:
    """The answer to one operation: `next` for each result, then `complete`.

    It ends without `complete` when the server stops or the caller's time is up, so that clients reconnect, and when
    the client has not taken an event for `send_seconds`.
    """

    def __init__(
        self,
        operations: Operations,
        prepared: Operation | Result,
        caller: object,
        payer: Payer | None,
        limits: TransportLimits,
        *,
        places: Places,
        stopping: asyncio.Event,
    ) -> None:
        self._operations = operations
        self._prepared = prepared
        self._caller = caller
        self._payer = payer
        self._limits = limits
        self._places = places
        self._stopping = stopping
        self._events: asyncio.Queue[bytes] = asyncio.Queue(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises: FullError, before anything is sent."""
        with self._places.take(address_of(HTTPConnection(scope))) as place:
            stay = place.admit(self._caller, self._payer.budget.key if self._payer else None)
            await self._stream(receive, send, stay.until)

    async def _stream(self, receive: Receive, send: Send, end: float | None) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        with suppress(TimeoutError):  # the client does not read: the server closes what we leave unfinished
            await race(self._write(send), self._stopping.wait(), disconnected(receive), until(end), self._lost())
            async with asyncio.timeout(self._limits.send_seconds):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _lost(self) -> None:
        """Return when the caller's rights change or end."""
        with suppress(Exception):
            await self._operations.contexts.until_lost(self._caller)

    async def _write(self, send: Send) -> None:
        producing = asyncio.create_task(self._produce())
        try:
            event = b""
            while event != COMPLETE:
                event = await self._next()
                async with asyncio.timeout(self._limits.send_seconds):
                    await send({"type": "http.response.body", "body": event, "more_body": True})
        finally:
            producing.cancel()
            await asyncio.wait({producing})

    async def _next(self) -> bytes:
        """The next event, or a comment that keeps the connection alive while nothing happens."""
        try:
            async with asyncio.timeout(self._limits.comment_seconds):
                return await self._events.get()
        except TimeoutError:
            return COMMENT

    async def _produce(self) -> None:
        if isinstance(self._prepared, Result):
            await self._put(self._prepared)
        else:
            async with aclosing(self._operations.results(self._prepared, self._caller, self._payer)) as results:
                async for result in results:
                    await self._put(result)
        await self._events.put(COMPLETE)

    async def _put(self, result: Result) -> None:
        _, body = self._operations.encode(result)
        MESSAGES.labels("sse").inc()
        await self._events.put(b"event: next\ndata: %b\n\n" % body)
