"""Labels: what a conversation is found by, whether it is a tag or the value of a custom attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from domain.conversation.triage import AttributeValue, Triage

ATTRIBUTES = UUID("6b1d6c0e-58a5-5d53-9a51-6f1f6f0a7a31")
"""The namespace of labels that are made of a key and a value."""


class TagColor(StrEnum):
    """What a tag is painted in; each client has its own shades."""

    GRAY = "gray"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"
    PINK = "pink"


@dataclass(frozen=True, slots=True)
class TagView:
    """A tag."""

    id: UUID
    name: str
    color: TagColor


def labels_of(triage: Triage) -> frozenset[UUID]:
    """Everything that a conversation is found by."""
    values = (label for key, value in triage.attributes.items() for label in value_labels(key, value))
    return frozenset((*triage.tag_ids, *values))


def value_labels(key: str, value: AttributeValue) -> Iterator[UUID]:
    """The labels of one attribute: one for its value, or one for each of several choices."""
    for each in value if isinstance(value, tuple | list) else (value,):
        yield uuid5(ATTRIBUTES, f"{key}={_plain(each)}")


def wanted_labels(attributes: Mapping[str, AttributeValue]) -> Iterator[UUID]:
    """The labels that a conversation has all of if its attributes have these values."""
    for key, value in attributes.items():
        yield from value_labels(key, value)


def _plain(value: bool | int | float | str) -> str:
    """One text for equal values, so that 3 and 3.0 are found by each other."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(float(value)) if isinstance(value, int | float) else value
