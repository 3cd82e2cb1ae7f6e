"""A GraphQL client on one graphql-transport-ws socket, which comes back by itself after the server went away."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Any, NoReturn

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
REFUSED_CODES = frozenset({4400, 4401, 4403, 4406})
"""Closes after which the same token and the same messages would fare no better."""
PASSING_CODES = frozenset({"UNAVAILABLE", "INTERNAL", "TOO_MANY_OPERATIONS"})
"""Errors of a moment: the operation is begun again."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
STEADY = 5.0
"""Seconds after which a connection counts as good, so that the next loss is answered quickly again."""
PATIENCE = 5.0
"""Seconds that the very first connection may take."""
LARGEST_MESSAGE = 16 * 1024 * 1024

Values = Mapping[str, object]


class RefusedError(Exception):
    """There is no talking to this server: a wrong address, protocol or token. The message is for a person."""


class RequestError(Exception):
    """The server answered an operation with errors; `code` is the first one's."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(str(errors[0].get("message", "The server gave no reason.")))
        self.code = str(errors[0].get("extensions", {}).get("code", ""))


@dataclass(eq=False)
class Operation:
    """What is asked of the server until it is answered; `variables` are taken anew each time it is sent."""

    document: str
    variables: Callable[[], Values]
    answers: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)


class Client:
    """Every operation that is not answered yet is sent again after a reconnection: mutations need idempotency keys.

    `tell` is given a sentence whenever the connection is lost or back.
    """

    def __init__(self, url: str, token: str, tell: Callable[[str], None]) -> None:
        self._url = url
        self._token = token
        self._tell = tell
        self._socket: ClientConnection | None = None
        self._operations: dict[str, Operation] = {}
        self._numbers = map(str, count(1))
        self._was_connected = False

    async def run(self) -> NoReturn:
        """Keep the connection until cancelled. Raises: RefusedError."""
        began, pauses = monotonic(), backoff()
        while True:
            opened = monotonic()
            try:
                await self._converse()
            except InvalidStatus as error:
                if error.response.status_code < 500:
                    raise RefusedError(f"{self._url} answers with HTTP {error.response.status_code}.") from None
            except (InvalidMessage, OSError, ConnectionClosed) as error:
                _refuse_if_final(error)
            except (InvalidURI, InvalidHandshake, ValueError) as error:
                raise RefusedError(f"There is no GraphQL socket at {self._url}: {error}.") from None
            if not self._was_connected and monotonic() - began > PATIENCE:
                raise RefusedError(f"Nothing answers at {self._url}. Is Parley running? `parley up` starts it.")
            if self._socket is not None:
                self._lose()
            if monotonic() - opened > STEADY:
                pauses = backoff()
            await asyncio.sleep(next(pauses))

    async def execute(self, document: str, variables: Values) -> dict[str, Any]:
        """The data of a query or a mutation, however long that takes. Raises: RequestError."""
        while True:
            async with aclosing(self._answers(document, lambda: variables)) as answers:
                answer: dict[str, Any] = await anext(answers, {})
            if "data" in answer and "errors" not in answer:
                data: dict[str, Any] = answer["data"]
                return data
            await self._pass_over(answer)

    async def subscribe(self, document: str, variables: Callable[[], Values]) -> AsyncGenerator[dict[str, Any], None]:
        """The data of each event, for ever; begun again when it ends. Raises: RequestError.

        An event counts as seen once it was given out: take what `variables` needs of it before you await anything.
        """
        while True:
            failed: dict[str, Any] = {}
            async with aclosing(self._answers(document, variables)) as answers:
                async for answer in answers:
                    if "errors" in answer:
                        failed = answer
                        break
                    yield answer["data"]
            await self._pass_over(failed)

    async def _pass_over(self, answer: Mapping[str, Any]) -> None:
        """Wait before another try. Raises: RequestError for what a further try would not change."""
        if errors := answer.get("errors"):
            error = RequestError(errors)
            if error.code not in PASSING_CODES:
                raise error
        await asyncio.sleep(random.uniform(0.2, 0.6))

    async def _answers(self, document: str, variables: Callable[[], Values]) -> AsyncGenerator[dict[str, Any], None]:
        identity, operation = next(self._numbers), Operation(document, variables)
        self._operations[identity] = operation
        try:
            await self._send(identity, operation)
            while (answer := await operation.answers.get()) is not None:
                yield answer
        finally:
            if self._operations.pop(identity, None) and self._socket is not None:
                with suppress(ConnectionClosed):
                    await self._socket.send(_encoded({"id": identity, "type": "complete"}))

    async def _send(self, identity: str, operation: Operation) -> None:
        """Send now, or leave it to the next connection."""
        if self._socket is not None:
            payload = {"query": operation.document, "variables": dict(operation.variables())}
            with suppress(ConnectionClosed):
                await self._socket.send(_encoded({"id": identity, "type": "subscribe", "payload": payload}))

    async def _converse(self) -> NoReturn:
        """One connection, from its opening to its loss."""
        async with connect(
            self._url,
            subprotocols=[PROTOCOL],
            max_size=LARGEST_MESSAGE,
            ping_interval=10,
            ping_timeout=10,
            close_timeout=1,
        ) as socket:
            await self._greet(socket)
            self._come_back(socket)
            for identity, operation in list(self._operations.items()):
                _emptied(operation.answers)  # what was not taken comes again after the same cursor
                await self._send(identity, operation)
            while True:
                await self._hear(socket, _decoded(await socket.recv()))

    async def _greet(self, socket: ClientConnection) -> None:
        payload = {"authorization": f"Bearer {self._token}"}
        await socket.send(_encoded({"type": "connection_init", "payload": payload}))
        async with asyncio.timeout(10):
            while _decoded(await socket.recv())["type"] != "connection_ack":
                pass

    async def _hear(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        if message["type"] == "ping":
            await socket.send(_encoded({"type": "pong"}))
        operation = self._operations.get(message.get("id", ""))
        if operation is None:
            return
        if message["type"] == "next":
            operation.answers.put_nowait(message["payload"])
        elif message["type"] in ("error", "complete"):
            del self._operations[message["id"]]
            if message["type"] == "error":
                operation.answers.put_nowait({"errors": message["payload"]})
            operation.answers.put_nowait(None)

    def _come_back(self, socket: ClientConnection) -> None:
        if self._was_connected:
            self._tell("connected again")
        self._socket, self._was_connected = socket, True

    def _lose(self) -> None:
        self._socket = None
        self._tell("the connection is lost; trying to get it back …")


def backoff() -> Iterator[float]:
    """Seconds to wait between attempts: a random part of a bound that doubles, so that clients do not come at once."""
    longest = FIRST_PAUSE
    while True:
        yield random.uniform(longest / 2, longest)
        longest = min(longest * 2, LONGEST_PAUSE)


def _refuse_if_final(error: Exception) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        raise RefusedError(f"The server's certificate is not good: {error.verify_message}.") from None
    if isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code in REFUSED_CODES:
        raise RefusedError(f"The server closed the socket: {error.rcvd.reason or error.rcvd.code}.") from None


def _emptied(queue: asyncio.Queue[Any]) -> None:
    while not queue.empty():
        queue.get_nowait()


def _decoded(raw: str | bytes) -> dict[str, Any]:
    message = orjson.loads(raw)
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ValueError("it does not speak graphql-transport-ws")
    return message


def _encoded(message: Mapping[str, object]) -> str:
    return orjson.dumps(message).decode()
