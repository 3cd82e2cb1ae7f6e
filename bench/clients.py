"""Small GraphQL clients over Parley's public API: HTTP, one socket, and a watch that goes on after any cut."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx2
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

Json = dict[str, Any]
OPEN_SECONDS = 5.0
LARGEST_MESSAGE = 16_000_000

MESSAGE = "fragment M on Message { id number kind text }"
SEND = f"""mutation($input: SendMessageInput!) {{ sendMessage(input: $input) {{ __typename
  ... on SendMessageSuccess {{ sentMessage {{ ...M }} }} ... on Error {{ code message }} }} }} {MESSAGE}"""
START = f"""mutation($input: StartConversationInput!) {{ startConversation(input: $input) {{ __typename
  ... on StartConversationSuccess {{ conversation {{ id cursor }} sentMessage {{ ...M }} }}
  ... on Error {{ code message }} }} }} {MESSAGE}"""
MESSAGES = f"""query($id: ID!, $after: String) {{ conversation(id: $id) {{ cursor state isAnswering
  messages(first: 100, after: $after) {{ nodes {{ ...M }} pageInfo {{ hasNextPage endCursor }} }} }} }} {MESSAGE}"""
WATCH = f"""subscription($id: ID!, $after: String) {{ conversationChanged(id: $id, after: $after) {{ __typename
  ... on ConversationEvent {{ cursor at }}
  ... on AnswerFrame {{ messageId attempt offset text }}
  ... on MessageSent {{ message {{ ...M }} }}
  ... on AnswerStarted {{ messageId attempt }}
  ... on AnswerCompleted {{ message {{ ...M }} }}
  ... on AnswerStopped {{ partialMessage {{ ...M }} }}
  ... on HandoffRequested {{ reason message {{ ...M }} }}
  ... on ConversationResolved {{ episode }}
  ... on ConversationReopened {{ episode }}
  ... on ResyncRequired {{ cursor explanation }} }} }} {MESSAGE}"""


def command(name: str) -> str:
    """The document of a mutation that names only a conversation, such as `stopAnswer`."""
    kind = name[0].upper() + name[1:]
    return (
        f"mutation($input: {kind}Input!) {{ {name}(input: $input) "
        f"{{ __typename ... on {kind}Success {{ conversation {{ cursor }} }} ... on Error {{ code message }} }} }}"
    )


class CutOffError(Exception):
    """The connection failed, or the answer did not come; whether the operation ran is unknown."""


class RefusedError(Exception):
    """Top-level errors; `codes` are their codes."""

    def __init__(self, errors: list[Json]) -> None:
        super().__init__("; ".join(str(error.get("message")) for error in errors))
        self.codes = {str(error.get("extensions", {}).get("code")) for error in errors}

    @property
    def is_momentary(self) -> bool:
        """A retry is what the server asks for."""
        return self.codes == {"UNAVAILABLE"}


class Transport(Protocol):
    """Anything that runs a query or a mutation."""

    async def execute(self, document: str, variables: Json, *, within: float = 10.0) -> Json:
        """The `data` of the answer. Raises `CutOffError` and `RefusedError`."""
        ...


class Http:
    """GraphQL over HTTP for one caller, on connections shared by all."""

    def __init__(self, client: httpx2.AsyncClient, url: str, token: str) -> None:
        self._client = client
        self._url = url
        self._headers = {
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
            "accept": "application/graphql-response+json",
        }

    async def execute(self, document: str, variables: Json, *, within: float = 10.0) -> Json:
        """The `data` of the answer. Raises `CutOffError` and `RefusedError`."""
        body = orjson.dumps({"query": document, "variables": variables})
        try:
            async with asyncio.timeout(within):
                response = await self._client.post(self._url, content=body, headers=self._headers)
            answer = orjson.loads(response.content)
        except (httpx2.HTTPError, TimeoutError, orjson.JSONDecodeError) as error:
            raise CutOffError(repr(error)) from error
        return _data(answer)


@asynccontextmanager
async def http_client() -> AsyncIterator[httpx2.AsyncClient]:
    """Connections for many callers; nothing of the environment, such as a proxy, changes them."""
    limits = httpx2.Limits(max_connections=300, max_keepalive_connections=300)
    async with httpx2.AsyncClient(limits=limits, timeout=None, trust_env=False) as client:
        yield client


class Socket:
    """One graphql-transport-ws connection with any number of operations on it."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._operations: dict[str, asyncio.Queue[tuple[float, Json] | None]] = {}
        self._number = 0
        self.close_code: int | None = None

    async def subscribe(self, document: str, variables: Json) -> AsyncGenerator[tuple[float, Json], None]:
        """Results of an operation with the time (`time.perf_counter`) of their arrival, until the server completes it.

        Raises `CutOffError` when the connection ends and `RefusedError` when the operation does with errors.
        """
        self._number += 1
        name = str(self._number)
        queue = self._operations[name] = asyncio.Queue()
        payload = {"query": document, "variables": variables}
        try:
            await self._send({"id": name, "type": "subscribe", "payload": payload})
            while (item := await queue.get()) is not None:
                at, message = item
                if message["type"] == "complete":
                    return
                if message["type"] == "error":
                    raise RefusedError(message["payload"])
                yield at, message["payload"]
            raise CutOffError(f"closed with {self.close_code}")
        finally:
            del self._operations[name]

    async def execute(self, document: str, variables: Json, *, within: float = 10.0) -> Json:
        """The `data` of a query or mutation. Raises `CutOffError` and `RefusedError`."""
        try:
            async with asyncio.timeout(within):
                async for _, payload in self.subscribe(document, variables):
                    return _data(payload)
        except TimeoutError as error:
            raise CutOffError("no answer in time") from error
        raise CutOffError("no result")

    def abort(self) -> None:
        """Cut the TCP connection without a word."""
        self._connection.transport.abort()

    async def listen(self) -> None:
        """Hand out what comes, until the connection ends."""
        try:
            async for text in self._connection:
                at = time.perf_counter()
                message = orjson.loads(text)
                if message["type"] == "ping":
                    await self._send({"type": "pong"})
                elif queue := self._operations.get(message.get("id", "")):
                    queue.put_nowait((at, message))
        except (WebSocketException, OSError, CutOffError):
            pass
        finally:
            self.close_code = self._connection.close_code
            for queue in self._operations.values():
                queue.put_nowait(None)

    async def _send(self, message: Json) -> None:
        try:
            await self._connection.send(orjson.dumps(message).decode())
        except (ConnectionClosed, OSError) as error:
            raise CutOffError(repr(error)) from error

    async def greet(self, token: str) -> None:
        """The handshake of the protocol."""
        await self._send({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        while orjson.loads(await self._connection.recv())["type"] != "connection_ack":
            pass


@asynccontextmanager
async def opened(url: str, token: str) -> AsyncIterator[Socket]:
    """A socket that is ready for operations. Raises `CutOffError` when there is none to be had, then or later."""
    connection = None
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            connection = await connect(
                url,
                subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
                compression=None,
                ping_interval=None,
                max_size=LARGEST_MESSAGE,
                max_queue=None,
                proxy=None,
                open_timeout=None,
                close_timeout=0.5,
            )
            socket = Socket(connection)
            await socket.greet(token)
    except (WebSocketException, OSError, TimeoutError, EOFError, CutOffError) as error:
        if connection is not None:
            connection.transport.abort()
        raise CutOffError(repr(error)) from error
    listening = asyncio.create_task(socket.listen())
    try:
        yield socket
    finally:
        listening.cancel()
        await asyncio.wait([listening])
        await connection.close()


def _data(answer: Mapping[str, Any]) -> Json:
    if errors := answer.get("errors"):
        raise RefusedError(errors)
    data: Json = answer["data"]
    return data
