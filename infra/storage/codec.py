"""Events to JSON and back, by the types of their dataclasses."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
import structlog
from pydantic import TypeAdapter, ValidationError

from domain.base import Actor, Event, Recorded, UnknownEvent

log = structlog.get_logger(__name__)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(value: Any) -> Any:
    """A dataclass as JSON-ready values: ids and times as text, tuples as lists."""
    kind: Any = type(value)
    return _adapter(kind).dump_python(value, mode="json")


def encode(value: Any) -> bytes:
    """JSON as it travels between processes; asyncpg's own UUIDs become text like all others."""
    return orjson.dumps(value, default=str)


def load_event(kind: str, payload: dict[str, Any]) -> Event:
    """The event that was stored; `UnknownEvent` for a kind, or for contents of a kind, that this code does not know."""
    known: Any = Event.kinds.get(kind, UnknownEvent)
    try:
        event: Event = _adapter(known).validate_python(payload)
    except ValidationError as error:
        places = [".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)]
        log.warning("event.unreadable", kind=kind, places=places)  # and never its values, which people wrote
        return UnknownEvent()
    return event


def recorded(row: Any) -> Recorded:
    """A row of the journal, or the same as it travels in a signal, as an event with its place."""
    organization_id = _adapter(UUID).validate_python(row["organization_id"])
    return Recorded(
        id=row["id"],
        organization_id=organization_id,
        stream=row["stream"],
        version=row["version"],
        event=load_event(row["kind"], row["payload"]),
        actor=Actor.parse(row["actor"], organization_id),
        at=_adapter(datetime).validate_python(row["at"]),
        position=row["delivered_position"],
        correlation_id=row["correlation_id"],
        traceparent=row["traceparent"],
        address=row["address"],
    )
