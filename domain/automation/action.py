"""What rules can do: a table of kinds, with what each needs to be told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.base import Actor, FieldProblem, InvalidInputError
from domain.conversation.triage import Priority
from domain.ports import IdempotencyKey
from domain.text import checked

LONGEST_TEXT = 5_000
MINUTES = range(1, 60 * 24 * 365)
MOST_TAGS = 50
MOST_ACTIONS = 20


class ActionKind(StrEnum):
    """What is done."""

    SET_PRIORITY = "set_priority"
    ADD_TAGS = "add_tags"
    REMOVE_TAGS = "remove_tags"
    SET_ATTRIBUTE = "set_attribute"
    ASSIGN = "assign"
    SEND_MESSAGE = "send_message"
    ADD_NOTE = "add_note"
    SNOOZE = "snooze"
    WAKE = "wake"
    RESOLVE = "resolve"
    HAND_OVER = "hand_over"
    MARK_AS_SPAM = "mark_as_spam"


NEEDS: Mapping[ActionKind, tuple[str, ...]] = {
    ActionKind.SET_PRIORITY: ("priority",),
    ActionKind.ADD_TAGS: ("tag_ids",),
    ActionKind.REMOVE_TAGS: ("tag_ids",),
    ActionKind.SET_ATTRIBUTE: ("attribute",),
    ActionKind.ASSIGN: ("agent_id",),
    ActionKind.SEND_MESSAGE: ("text",),
    ActionKind.ADD_NOTE: ("text",),
}
"""What an action of a kind must be told; all else is told nothing but perhaps `minutes` or a `value`."""
MAY: Mapping[ActionKind, tuple[str, ...]] = {
    ActionKind.SNOOZE: ("minutes",),
    ActionKind.SET_ATTRIBUTE: ("attribute", "value"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. Without `minutes` a snooze waits for the customer, without `value` an attribute goes."""

    kind: ActionKind
    priority: Priority | None = None
    tag_ids: tuple[UUID, ...] | None = None
    attribute: str | None = None
    value: Any = None
    agent_id: UUID | None = None
    text: str | None = None
    minutes: int | None = None

    def problems(self, path: str) -> Iterator[FieldProblem]:
        """What is wrong with it."""
        needed = NEEDS.get(self.kind, ())
        allowed = (*needed, *MAY.get(self.kind, ()))
        for each in fields(self):
            value = getattr(self, each.name)
            if value is None and each.name in needed:
                yield FieldProblem(f"{path}.{each.name}", f"'{self.kind}' needs this.")
            if value is not None and each.name not in ("kind", *allowed):
                yield FieldProblem(f"{path}.{each.name}", f"'{self.kind}' does not take this.")
        if self.minutes is not None and self.minutes not in MINUTES:
            yield FieldProblem(f"{path}.minutes", "This must be 1 minute to a year.")
        if self.tag_ids is not None and not 0 < len(self.tag_ids) <= MOST_TAGS:
            yield FieldProblem(f"{path}.tag_ids", f"Give 1 to {MOST_TAGS} tags.")
        for name, longest in (("text", LONGEST_TEXT), ("attribute", 100)):
            yield from _text_problems(getattr(self, name), f"{path}.{name}", longest)

    def stored(self) -> dict[str, Any]:
        """As it is kept: what it is told, without the rest."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        plain = {name: value for name, value in given.items() if value is not None}
        if self.tag_ids is not None:
            plain["tag_ids"] = [str(one) for one in self.tag_ids]
        if self.agent_id is not None:
            plain["agent_id"] = str(self.agent_id)
        return plain | {"kind": str(self.kind)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Action:
        """From what is kept."""
        read: Mapping[str, Callable[[Any], Any]] = {
            "kind": ActionKind,
            "priority": Priority,
            "tag_ids": lambda ids: tuple(map(UUID, ids)),
            "agent_id": UUID,
        }
        mine = {each.name for each in fields(cls)} & stored.keys()  # a log has what came of it, too
        return cls(**{name: read.get(name, _same)(stored[name]) for name in mine})


def _same(value: Any) -> Any:
    return value


def _text_problems(text: str | None, path: str, longest: int) -> Iterator[FieldProblem]:
    try:
        if text is not None:
            checked(text, path, longest=longest)
    except InvalidInputError as error:
        yield from error.fields


Act = Callable[[Actor, UUID, Action, IdempotencyKey], Awaitable[None]]
"""Does one thing to a conversation, once for a key; raises a `DomainError` that says why it could not."""
Acts = Mapping[ActionKind, Act]
