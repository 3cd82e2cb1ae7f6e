"""What the transports share: who asks, what a request looks like, and how much of everything is allowed."""

import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import orjson
from starlette.requests import HTTPConnection

from resolvers.execution import GraphQLRequest

CallerT = TypeVar("CallerT")
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)  # to the end if it does not close: else quadratic
ONE_KIND = bytes.maketrans(b"{}", b"[]")
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
MOST_CONTAINERS = 20_000
DIGEST = re.compile(r"[0-9a-f]{64}")


class Contexts(Protocol[CallerT]):
    """Who asks, and the Strawberry context of each of their operations."""

    async def connect(self, connection: HTTPConnection, params: Mapping[str, object]) -> CallerT:
        """Identify the caller.

        `params` is the payload of `connection_init` for sockets and empty for HTTP, where the headers say who asks.
        Raises: an exception that the engine exposes (HTTP answers 401, or what its code stands for; a socket closes
        with 4403).
        A caller may have `expires_at: float | None`, seconds since 1970: its sockets are closed with 4401 then, and its
        event streams end. One that has `is_known = False` is a stranger, who gets little of both.
        """
        ...

    def operation(self, caller: CallerT) -> AbstractAsyncContextManager[object]:
        """The context of one operation, closed when the operation ends; never shared between operations.

        When the client leaves, the task is cancelled, once; what closes the context may await.
        """
        ...

    async def until_lost(self, caller: CallerT) -> None:
        """Return when what the caller may do has changed; raise as `connect` does when they may nothing any more.

        A socket closes then, with 4403, and with 4401 for an error of the code `UNAUTHENTICATED`; a stream ends.
        """
        ...


@dataclass(frozen=True, slots=True)
class TransportLimits:
    """How much one client may send, hold and delay. Sizes in bytes, times in seconds.

    uvicorn needs the same `ws_max_size`, as `Server` gives it, to refuse a large message before it is in memory. A full
    queue makes a socket's operations wait; `send_seconds` without room, or in one send, close it with 1013. Event
    streams count as `sockets`; strangers may hold a share of them, at least one, each for `stranger_seconds`. One
    address may have `address_sockets` that are strangers' or do not say yet whose they are; a caller, `caller_sockets`.
    """

    body_bytes: int = 1_048_576
    body_seconds: float = 10.0
    message_bytes: int = 1_048_576
    json_depth: int = 64
    init_bytes: int = 16_384
    init_seconds: float = 5.0
    ping_seconds: float = 20.0
    operations: int = 20
    sockets: int = 5_000
    caller_sockets: int = 100
    address_sockets: int = 200
    stranger_share: float = 0.1
    stranger_operations: int = 5
    stranger_seconds: float = 60.0
    id_characters: int = 128
    queue_messages: int = 256
    queue_bytes: int = 4_194_304
    send_seconds: float = 10.0
    comment_seconds: float = 12.0


class BadRequest(Exception):  # noqa: N818 - an answer, not a fault of the program
    """A request that is not well formed; the message is for the client."""


def decode(raw: bytes | str, depth: int) -> object:
    """A JSON value. Raises: BadRequest when it is not JSON in UTF-8, nested deeper than `depth`, or made of too much.

    Brackets are looked at in the text, because a walk over the values of a megabyte takes 0.2 s, and so does making
    them if they are lists.
    """
    brackets = STRING.sub(b"", raw.encode() if isinstance(raw, str) else raw).translate(ONE_KIND, NOT_BRACKETS)
    if len(brackets) > 2 * MOST_CONTAINERS:
        raise BadRequest(f"The JSON has more than {MOST_CONTAINERS} lists and objects.")
    try:
        value: object = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"This is not JSON in UTF-8: {error.msg}.") from None
    for _ in range(depth):
        brackets = brackets.replace(b"[]", b"")  # the innermost level
    if brackets:
        raise BadRequest(f"The JSON is nested deeper than {depth} levels.")
    return value


def shape(value: object) -> GraphQLRequest:
    """A request from decoded JSON. Raises: BadRequest that names the parameter that is wrong."""
    if isinstance(value, list):
        raise BadRequest("Batches are not supported: send one operation per request.")
    if not isinstance(value, dict):
        raise BadRequest("A request must be a JSON object.")
    extensions = _map(value, "extensions")
    digest = _digest(value.get("documentId"), extensions.get("persistedQuery"))
    query = value.get("query")
    if query is None and digest is not None:
        query = ""
    if not isinstance(query, str):
        raise BadRequest("The parameter query must be a string with a GraphQL document.")
    name = value.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadRequest("The parameter operationName must be a string or null.")
    return GraphQLRequest(query, name, _map(value, "variables"), extensions, digest)


def _digest(document_id: object, persisted: object) -> str | None:
    """The hash by which a document is named: `documentId`, or `persistedQuery` as Apollo's clients send it."""
    if document_id is None and persisted is None:
        return None
    if document_id is None:
        if not isinstance(persisted, dict) or persisted.get("version") != 1:
            raise BadRequest("The extension persistedQuery must be an object of version 1.")
        document_id = persisted.get("sha256Hash")
    digest = str(document_id).removeprefix("sha256:").lower()
    if DIGEST.fullmatch(digest) is None:
        raise BadRequest("A document is named by its SHA-256, 64 hexadecimal digits.")
    return digest


def _map(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadRequest(f"The parameter {name} must be an object or null.")
    return found
