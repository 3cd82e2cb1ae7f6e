"""What of an event is somebody's words: everything that is not known to be something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from domain.base import Event

ERASED = "[erased]"
"""What stands where somebody's words stood."""
E = TypeVar("E", bound=Event)

FACTS = (Enum, UUID, datetime, date, timedelta, bool, int, float, type(None))
"""What is never somebody's words; an enum's value may be text as well, so that it is asked for first."""

KEPT = {
    "Provenance": {"model"},
    "ConsideredPassage": {"title"},
    "Citation": {"title", "headings", "link"},
    "ModelAttempt": {"name", "error"},
    "ToolUse": {"name"},
    "ToolCallStarted": {"tool"},
    "ToolCalled": {"tool"},
    "ActionProposed": {"tool"},
    "ActionApproved": {"tool"},
    "ActionRejected": {"tool"},
    "ActionExpired": {"tool"},
    "ConversationClassified": {"topic", "language", "made_by"},
    "ConversationSummarized": {"made_by"},
    "CustomerChanged": {"language"},
    "SessionStarted": {"strategy"},
    "SessionEnded": {"cause"},
    "FileAnnounced": {"owner", "content_type"},
    "FileApproved": {"content_type"},
    "DeliveryFailed": {"about"},
}
"""Texts that the company or Parley itself wrote, by which things are counted; `owner` and `about` are ids."""


def erased(event: E) -> E:
    """The same event without anybody's words: its kind, ids, times, numbers and choices stay, lists keep their length.

    A mapping loses everything: its keys may be words too.
    """
    found: E = _of_record(event)
    return found


def erased_value(value: Any) -> Any:
    """A value without words, as it stands in an event; `TypeError` for one of a kind that no event has."""
    match value:
        case _ if isinstance(value, FACTS):
            return value
        case str():
            return ERASED if value else value
        case Mapping():
            return value if all(isinstance(key, Enum) for key in value) else {}
        case list() | tuple():
            return tuple(erased_value(each) for each in value)
    if not is_dataclass(value):
        raise TypeError(f"Nobody knows what of a {type(value).__name__} is somebody's words.")
    return _of_record(value)


def _of_record(record: Any) -> Any:
    kept = KEPT.get(type(record).__name__, set())
    named = [each.name for each in fields(record) if each.name not in kept]
    return replace(record, **{name: erased_value(getattr(record, name)) for name in named})


def erased_json(value: Any) -> Any:
    """JSON of an event that this code does not know: all texts go but ids and times."""
    if isinstance(value, dict):
        return {key: erased_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [erased_json(each) for each in value]
    return value if not isinstance(value, str) or _is_fact(value) else ERASED


def _is_fact(text: str) -> bool:
    for read in (UUID, datetime.fromisoformat):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return not text
