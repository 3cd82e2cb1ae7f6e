"""What happens to the things that conversations are sorted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.base import Event


@dataclass(frozen=True, slots=True)
class TagSaved(Event):
    """There is a tag of this name and colour."""

    name: str
    color: str


@dataclass(frozen=True, slots=True)
class TagDeleted(Event):
    """The tag is gone, from all conversations too."""


@dataclass(frozen=True, slots=True)
class AttributeDefined(Event):
    """There is a custom attribute; its key, its kind and what it applies to never change."""

    applies_to: str
    key: str
    label: str
    value_kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeRelabelled(Event):
    """The attribute is called otherwise, or offers other choices."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributeDeleted(Event):
    """Nothing has the attribute any more."""


@dataclass(frozen=True, slots=True)
class ViewSaved(Event):
    """Somebody saved a filter under a name; without an agent it is everybody's."""

    agent_id: UUID | None
    name: str
    filter: Mapping[str, Any]
    ordering: str


@dataclass(frozen=True, slots=True)
class ViewDeleted(Event):
    """The view is gone."""


@dataclass(frozen=True, slots=True)
class MacroSaved(Event):
    """Somebody saved a text with what is done along with it; without an agent it is everybody's."""

    agent_id: UUID | None
    name: str
    text: str | None
    actions: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MacroDeleted(Event):
    """The macro is gone."""


@dataclass(frozen=True, slots=True)
class SnoozeEnded(Event):
    """The time has come that a conversation was snoozed until, unless it was woken or snoozed anew meanwhile."""

    conversation_id: UUID
    until: datetime
