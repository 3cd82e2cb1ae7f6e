"""The messages a client may send over graphql-transport-ws, and the closes that answer what is not one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resolvers.execution import GraphQLRequest
from resolvers.transport.request import BadRequest, TransportLimits, decode, shape

REASON_BYTES = 123  # the room RFC 6455 leaves in a close frame


class Closing(Exception):  # noqa: N818 - how a socket ends, not a fault of the program
    """Ends a socket with a code and a reason, which is clipped to what a close frame holds."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason.encode()[:REASON_BYTES].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class Init:
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ping:
    payload: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    request: GraphQLRequest


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


Message = Init | Ping | Pong | Subscribe | Complete


def read_message(text: str | None, limits: TransportLimits, most: int) -> Message:
    """A message of at most so many bytes. Raises: Closing with 4400 for anything that is not one of the protocol."""
    if text is None:
        raise Closing(4400, "Messages must be text, not binary.")
    raw = text.encode()
    if len(raw) > most:
        raise Closing(1009, f"A message may have {most} bytes.")
    try:
        return _message(decode(raw, limits.json_depth), limits)
    except BadRequest as error:
        raise Closing(4400, str(error)) from None


def _message(value: object, limits: TransportLimits) -> Message:
    if not isinstance(value, dict):
        raise BadRequest("A message must be a JSON object.")
    match value.get("type"):
        case "connection_init":
            return Init(_payload(value) or {})
        case "ping":
            return Ping(_payload(value))
        case "pong":
            _payload(value)
            return Pong()
        case "subscribe":
            return Subscribe(_id(value, limits), _request(value))
        case "complete":
            return Complete(_id(value, limits))
        case str(other):
            raise BadRequest(f"A client may not send messages of type '{other[:40]}'.")
        case _:
            raise BadRequest("A message needs a type, a string.")


def _payload(value: Mapping[str, Any]) -> dict[str, object] | None:
    payload = value.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise BadRequest("The payload must be an object or null.")
    return payload


def _id(value: Mapping[str, Any], limits: TransportLimits) -> str:
    given = value.get("id")
    if not isinstance(given, str) or not given:
        raise BadRequest("The id must be a string that is not empty.")
    if len(given) > limits.id_characters:
        raise BadRequest(f"The id may have {limits.id_characters} characters.")
    return given


def _request(value: Mapping[str, Any]) -> GraphQLRequest:
    payload = value.get("payload")
    if not isinstance(payload, dict):
        raise BadRequest("The payload of subscribe must be an object.")
    return shape(payload)
