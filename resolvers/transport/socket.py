"""The graphql-transport-ws protocol over WebSockets: many operations, each in its own task and its own context."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from math import ceil
from typing import Any

import orjson
import structlog
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from resolvers.edge.address import address_of
from resolvers.execution import Engine, Result
from resolvers.transport.charging import Charges, Payer
from resolvers.transport.library import Library
from resolvers.transport.message import Closing, Complete, Init, Message, Ping, Subscribe, read_message
from resolvers.transport.metrics import CLOSED, MESSAGES, SOCKETS
from resolvers.transport.operation import Operations
from resolvers.transport.outbox import Outbox
from resolvers.transport.places import FullError, Place, Places, Stay
from resolvers.transport.request import Contexts, TransportLimits

PROTOCOL = "graphql-transport-ws"
SENT = MESSAGES.labels("socket")
CLOSE_SECONDS = 2.0
DEBT_SECONDS = 1.0

log = structlog.get_logger("parley.graphql")


class SocketEndpoint:
    """The ASGI application of the GraphQL path for WebSockets."""

    def __init__(
        self,
        engine: Engine,
        contexts: Contexts[Any],
        limits: TransportLimits,
        places: Places,
        *,
        library: Library,
        charges: Charges | None,
        stopping: asyncio.Event,
    ) -> None:
        self._operations = Operations(engine, contexts, "socket", library, charges)
        self._contexts = contexts
        self._limits = limits
        self._places = places
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, f"Subprotocol not acceptable: use {PROTOCOL}")
        else:
            await websocket.accept(PROTOCOL)
            await self._serve(websocket)

    async def _serve(self, websocket: WebSocket) -> None:
        parts = (self._operations, self._contexts, self._limits)
        try:
            with self._places.take(address_of(websocket)) as place, SOCKETS.track_inprogress():
                await Socket(websocket, *parts, place=place, stopping=self._stopping).run()
        except FullError as full:
            await websocket.close(1013, str(full))


class Active:
    """An operation that has not ended. Once `dropped`, it is cancelled, and nothing more of it is sent."""

    def __init__(self) -> None:
        self.dropped = False
        self.task: asyncio.Task[None] | None = None

    def drop(self) -> None:
        """Cancel it, once only: a second time would interrupt it while it closes its context.

        A task's own count of cancellations does not tell, because `asyncio.timeout` cancels too.
        """
        if not self.dropped and self.task is not None:
            self.task.cancel()
        self.dropped = True


class Socket:
    """One accepted connection: a reader, a writer, a watch, and a task for each operation.

    The first of them that has a reason to end the connection says so in `_over`. Then all are cancelled, each operation
    once only, so that nothing interrupts it while it closes its context; after that the close frame is sent.
    """

    def __init__(
        self,
        websocket: WebSocket,
        operations: Operations,
        contexts: Contexts[Any],
        limits: TransportLimits,
        *,
        place: Place,
        stopping: asyncio.Event,
    ) -> None:
        self._websocket = websocket
        self._operations = operations
        self._contexts = contexts
        self._limits = limits
        self._place = place
        self._stopping = stopping
        self._outbox = Outbox(limits)
        self._active: dict[str, Active] = {}
        self._operating: dict[asyncio.Task[None], Active] = {}
        self._parts: list[asyncio.Task[None]] = []
        self._over: asyncio.Future[Closing | None] = asyncio.get_running_loop().create_future()
        self._heard = time.monotonic()

    async def run(self) -> None:
        self._parts += [self._start(self._write()), self._start(self._read())]
        try:
            closing = await self._over
        finally:
            await self._end_tasks()
        if closing is not None:
            await self._close(closing)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.create_task(self._guard(work))

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Closing as closing:
            self._finish(closing)
        except FullError as full:
            self._finish(Closing(1013, str(full)))
        except WebSocketDisconnect:
            self._finish(None)
        except Exception:
            log.exception("graphql.socket_failed")
            self._finish(Closing(1011, "internal error"))

    def _finish(self, closing: Closing | None) -> None:
        if not self._over.done():
            self._over.set_result(closing)

    async def _end_tasks(self) -> None:
        for part in self._parts:
            part.cancel()
        for active in self._operating.values():
            active.drop()
        await asyncio.wait([*self._parts, *self._operating])

    async def _close(self, closing: Closing) -> None:
        CLOSED.labels(str(closing.code)).inc()
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(CLOSE_SECONDS):  # a client that does not read does not get the frame either
                await self._websocket.close(closing.code, closing.reason)

    async def _write(self) -> None:
        while True:
            message = await self._outbox.get()
            try:
                async with asyncio.timeout(self._limits.send_seconds):
                    await self._websocket.send({"type": "websocket.send", "text": message.decode()})
            except TimeoutError:
                raise Closing(1013, "slow consumer") from None
            SENT.inc()

    async def _read(self) -> None:
        caller = await self._handshake()
        payer = self._operations.payer(caller, self._websocket)
        if payer and (wait := payer.connect().retry_after):
            raise Closing(1013, f"Too many connections: try again in {ceil(wait)} seconds.")
        stay = self._place.admit(caller, payer.budget.key if payer else None)
        await self._send({"type": "connection_ack"})
        self._parts += [self._start(self._watch(stay)), self._start(self._lose(caller))]
        await self._listen(caller, stay, payer)

    async def _listen(self, caller: object, stay: Stay, payer: Payer | None) -> None:
        while True:
            message = await self._receive(self._limits.message_bytes, payer)
            match message:
                case Init():
                    raise Closing(4429, "Too many initialisation requests")
                case Subscribe():
                    await self._subscribe(message, caller, stay)
                case Complete(id) if id in self._active:
                    self._active.pop(id).drop()
                case _:
                    await self._answer_ping(message)

    async def _receive(self, most: int, payer: Payer | None = None) -> Message:
        """The next message of at most so many bytes; from a caller in debt, one each second."""
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        self._heard = time.monotonic()
        text = event.get("text")
        if payer and payer.receive(len(text or "")).retry_after:
            await asyncio.sleep(DEBT_SECONDS)
        return read_message(text, self._limits, most)

    async def _answer_ping(self, message: Message) -> None:
        if isinstance(message, Ping):
            payload = {} if message.payload is None else {"payload": message.payload}
            await self._send({"type": "pong", **payload})

    async def _handshake(self) -> object:
        try:
            async with asyncio.timeout(self._limits.init_seconds):
                return await self._connect(await self._init())
        except TimeoutError:
            raise Closing(4408, "Connection initialisation timeout") from None

    async def _init(self) -> Init:
        while True:
            message = await self._receive(min(self._limits.init_bytes, self._limits.message_bytes))
            if isinstance(message, Init):
                return message
            if isinstance(message, Subscribe):
                raise Closing(4401, "Unauthorized: send connection_init first")
            await self._answer_ping(message)

    async def _connect(self, init: Init) -> object:
        engine = self._operations.engine
        try:
            caller: object = await self._contexts.connect(self._websocket, init.params)
        except Exception as error:
            code = 4403 if isinstance(error, engine.expose) else 4500
            raise Closing(code, engine.failure(error).errors[0]["message"]) from None
        return caller

    async def _watch(self, stay: Stay) -> None:
        """Pings, and ends the socket when the client is silent, its time is up, or the server stops."""
        ping_at = time.monotonic() + self._limits.ping_seconds
        while True:
            waits = [ping_at - time.monotonic()]
            if stay.until is not None:
                waits.append(stay.until - time.time())
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(waits))):
                    await self._stopping.wait()
                    raise Closing(1012, "service restart")
            if stay.until is not None and time.time() >= stay.until:
                raise Closing(4401, stay.reason)
            if time.monotonic() >= ping_at:
                ping_at += self._limits.ping_seconds
                await self._ping()

    async def _lose(self, caller: object) -> None:
        """Ends the socket when its caller's rights change or end."""
        engine = self._operations.engine
        try:
            await self._contexts.until_lost(caller)
        except Exception as error:
            failure = engine.failure(error).errors[0]
            code = 4401 if failure.get("extensions", {}).get("code") == "UNAUTHENTICATED" else 4403
            raise Closing(code, failure["message"]) from None
        raise Closing(4403, "Your rights have changed: connect again.")

    async def _ping(self) -> None:
        if time.monotonic() - self._heard > 2 * self._limits.ping_seconds:
            raise Closing(1001, "no answer to ping")
        await self._send({"type": "ping"})

    async def _subscribe(self, message: Subscribe, caller: object, stay: Stay) -> None:
        if message.id in self._active:
            raise Closing(4409, f"Subscriber for {message.id} already exists")
        if len(self._operating) >= stay.operations:
            sentence = f"This socket may have {stay.operations} operations at a time."
            error = {"message": sentence, "extensions": {"code": "TOO_MANY_OPERATIONS"}}
            await self._send({"id": message.id, "type": "error", "payload": [error]})
            return
        active = self._active[message.id] = Active()
        active.task = self._start(self._operate(message, caller, active))
        self._operating[active.task] = active
        active.task.add_done_callback(self._operating.pop)

    async def _operate(self, message: Subscribe, caller: object, active: Active) -> None:
        payer = self._operations.payer(caller, self._websocket)
        prepared = await self._operations.prepare(message.request, caller, payer)
        if isinstance(prepared, Result):
            await self._end(message.id, active, {"type": "error", "payload": prepared.errors})
            return
        async with aclosing(self._operations.results(prepared, caller, payer)) as results:
            async for result in results:
                shown, body = self._operations.encode(result)
                if not shown.executed:
                    await self._end(message.id, active, {"type": "error", "payload": shown.errors})
                    return
                await self._send({"id": message.id, "type": "next", "payload": orjson.Fragment(body)}, active)
        await self._end(message.id, active, {"type": "complete"})

    async def _end(self, id: str, active: Active, message: dict[str, object]) -> None:
        """The last message of an operation; from here on its id is free again."""
        if self._active.get(id) is active:
            del self._active[id]
        await self._send({"id": id, **message}, active)

    async def _send(self, message: dict[str, object], owner: Active | None = None) -> None:
        try:
            await self._outbox.put(orjson.dumps(message), owner)
        except Closing as closing:
            self._finish(closing)
            await asyncio.Event().wait()  # until this task is cancelled like all the others
