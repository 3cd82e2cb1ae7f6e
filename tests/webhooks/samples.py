"""An event of every kind that watchers of all conversations are told of, made from the types of its fields."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

from domain.base import Actor, ActorKind, Event, Recorded
from infra.bootstrap import now
from schema.change import change

PLAIN: Mapping[Any, Any] = {str: "text", int: 1, float: 1.0, bool: True, bytes: b"bytes", Any: "anything"}


def sample(kind: Any) -> Any:
    """A value of a type; of an optional one, not None."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is UUID:
        return uuid4()
    if kind in (datetime, date):
        return now() if kind is datetime else now().date()
    if origin in (Union, types.UnionType):
        return sample(next(each for each in arguments if each is not type(None)))
    if origin is Literal:
        return arguments[0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{each.name: sample(hints[each.name]) for each in fields(kind) if each.init})
    if origin in (tuple, list, frozenset):
        return origin([sample(arguments[0])])
    return {}


def samples() -> dict[str, Event]:
    """For each type of change an event that becomes one."""
    found: dict[str, Event] = {}
    for kind in Event.kinds.values():
        try:
            event = sample(kind)
        except (TypeError, NameError, StopIteration):
            continue  # none that conversations have
        actor = Actor(ActorKind.SYSTEM, uuid4(), uuid4())
        recorded = Recorded(1, uuid4(), f"conversation:{uuid4()}", 1, event, actor, now(), 1)
        shown = change(recorded, 1, staff=False)
        if shown is not None:
            found[type(shown).__name__] = event
    return found
