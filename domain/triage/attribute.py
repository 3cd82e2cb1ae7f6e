"""Custom attributes: what an organization defines, and whether a value fits its definition."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening, Stored
from domain.base import Actor, Aggregate, Event, FieldProblem, Identifiers, InvalidInputError, InvalidStateError
from domain.conversation.triage import AttributeValue
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import checked
from domain.triage.events import AttributeDefined, AttributeDeleted, AttributeRelabelled

LONGEST_LABEL = 100
LONGEST_TEXT = 1_000
LARGEST_NUMBER = 1e15
MOST_CHOICES = 100
MOST_DEFINITIONS = 100
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class AttributeOwner(StrEnum):
    """What has the attribute."""

    CONVERSATION = "conversation"
    CUSTOMER = "customer"


class AttributeKind(StrEnum):
    """What an attribute can hold."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"


CHOOSING = (AttributeKind.CHOICE, AttributeKind.CHOICES)


class Typed(Protocol):
    """What a definition says about values."""

    @property
    def key(self) -> str:
        """What the attribute is called in documents."""
        ...

    @property
    def kind(self) -> AttributeKind:
        """What it can hold."""
        ...

    @property
    def choices(self) -> Sequence[str]:
        """What can be chosen."""
        ...


@dataclass(frozen=True, slots=True)
class Definition:
    """What is to be defined."""

    applies_to: AttributeOwner
    key: str
    label: str
    kind: AttributeKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeDefinitionView:
    """A definition."""

    id: UUID
    applies_to: AttributeOwner
    key: str
    label: str
    kind: AttributeKind
    choices: tuple[str, ...]


def checked_attributes(
    definitions: Iterable[Typed], values: Mapping[str, object], path: str
) -> dict[str, AttributeValue | None]:
    """The values as they are kept, None for those to be taken away; `InvalidInputError` names each that does not fit.

    A problem's path is `path`, a dot and the attribute's key.
    """
    known = {each.key: each for each in definitions}
    problems: list[FieldProblem] = []
    fitting: dict[str, AttributeValue | None] = {}
    for key, value in values.items():
        try:
            if key not in known:
                raise ValueError("There is no attribute with this key.")
            fitting[key] = None if value is None else _fitting(known[key], value)
        except ValueError as error:
            problems.append(FieldProblem(f"{path}.{key}", str(error)))
    if problems:
        raise InvalidInputError(*problems)
    return fitting


def changed_attributes(
    definitions: Iterable[Typed], held: Mapping[str, AttributeValue], values: Mapping[str, object], path: str
) -> dict[str, AttributeValue]:
    """What something has once these values are set; what is defined no more goes. Raises as `checked_attributes`."""
    defined = list(definitions)
    keys = {each.key for each in defined}
    kept = {key: value for key, value in held.items() if key in keys}
    changed = kept | checked_attributes(defined, values, path)
    return {key: value for key, value in changed.items() if value is not None}


def _fitting(definition: Typed, value: object) -> AttributeValue:
    return _FITTING[definition.kind](value, definition.choices)


def _text(value: object, _: Sequence[str]) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise ValueError("Give a text that is not empty.")
    if len(value) > LONGEST_TEXT or any("\ud800" <= each <= "\udfff" for each in value):
        raise ValueError(f"Give a text of at most {LONGEST_TEXT:,} characters.")
    return value


def _number(value: object, _: Sequence[str]) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Give a number.")
    if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise ValueError(f"Give a number between -{LARGEST_NUMBER:.0e} and {LARGEST_NUMBER:.0e}.")
    return value


def _boolean(value: object, _: Sequence[str]) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Give true or false.")
    return value


def _date(value: object, _: Sequence[str]) -> str:
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise ValueError("Give a date such as 2026-01-31.")


def _choice(value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"Choose one of: {', '.join(choices)}.")
    return value


def _choices(value: object, choices: Sequence[str]) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(each in choices for each in value):
        raise ValueError(f"Give a list of some of: {', '.join(choices)}.")
    return tuple(each for each in choices if each in value)


_FITTING: Mapping[AttributeKind, Callable[[object, Sequence[str]], AttributeValue]] = {
    AttributeKind.TEXT: _text,
    AttributeKind.NUMBER: _number,
    AttributeKind.BOOLEAN: _boolean,
    AttributeKind.DATE: _date,
    AttributeKind.CHOICE: _choice,
    AttributeKind.CHOICES: _choices,
}


@dataclass
class AttributeDefinition(Aggregate):
    """What can be said of conversations or customers, in which form."""

    applies_to: AttributeOwner = AttributeOwner.CONVERSATION
    key: str = ""
    label: str = ""
    kind: AttributeKind = AttributeKind.TEXT
    choices: tuple[str, ...] = ()
    deleted: bool = False

    def define(self, wanted: Definition) -> None:
        """Begin."""
        if not KEY.fullmatch(wanted.key):
            raise InvalidInputError(FieldProblem("input.key", "Use 1 to 40 of a-z, 0-9 and _, a letter first."))
        label, choices = _label(wanted.label), _offered(wanted.kind, wanted.choices)
        self._record(AttributeDefined(wanted.applies_to, wanted.key, label, wanted.kind, choices))

    def relabel(self, label: str | None, choices: Sequence[str] | None) -> None:
        """Be called otherwise, or offer other choices; values that were chosen before stay."""
        label = self.label if label is None else _label(label)
        offered = self.choices if choices is None else _offered(self.kind, choices)
        if (label, offered) != (self.label, self.choices):
            self._record(AttributeRelabelled(label, offered))

    def delete(self) -> None:
        """End."""
        self._record(AttributeDeleted())

    def _apply(self, event: Event) -> None:
        match event:
            case AttributeDefined():
                self.applies_to, self.kind = AttributeOwner(event.applies_to), AttributeKind(event.value_kind)
                self.key, self.label, self.choices = event.key, event.label, event.choices
            case AttributeRelabelled():
                self.label, self.choices = event.label, event.choices
            case AttributeDeleted():
                self.deleted = True


def _label(label: str) -> str:
    return checked(label, "input.label", longest=LONGEST_LABEL)


def _offered(kind: AttributeKind, choices: Iterable[str]) -> tuple[str, ...]:
    """Each choice once, in the order given; other kinds offer none."""
    if kind not in CHOOSING:
        return ()
    offered = tuple(dict.fromkeys(checked(each, "input.choices", longest=LONGEST_LABEL) for each in choices))
    if not 1 <= len(offered) <= MOST_CHOICES:
        raise InvalidInputError(FieldProblem("input.choices", f"Offer 1 to {MOST_CHOICES} choices."))
    return offered


class AttributeRepository(Stored[AttributeDefinition], Protocol):
    """Definitions of the actor's organization, to change."""

    async def of(self, owner: AttributeOwner) -> Sequence[AttributeDefinitionView]:
        """All that apply to something, by key; nothing is locked."""
        ...


class AttributeUnit(UnitOfWork, Protocol):
    """A unit of work that holds definitions."""

    @property
    def attributes(self) -> AttributeRepository:
        """Definitions, to change."""
        ...


@dataclass(frozen=True)
class Attributes:
    """The commands on definitions."""

    units: Opening[AttributeUnit]
    new_id: Identifiers

    @retried_once
    async def define(self, actor: Actor, wanted: Definition, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make an attribute; `InvalidStateError` when there is one of this key."""
        actor.require(Permission.MANAGE_DESK)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            held = await unit.attributes.of(wanted.applies_to)
            if len(held) >= MOST_DEFINITIONS:
                raise InvalidStateError(f"There are {MOST_DEFINITIONS} of these already. Delete one first.")
            if wanted.key in {each.key for each in held}:
                raise InvalidStateError(f"There is an attribute with the key “{wanted.key}” already.")
            definition = AttributeDefinition(self.new_id(), actor.tenant)
            definition.define(wanted)
            unit.attributes.add(definition)
            return await unit.commit(Receipt(definition.id))

    @retried_once
    async def relabel(
        self,
        actor: Actor,
        definition_id: UUID,
        *,
        label: str | None = None,
        choices: Sequence[str] | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Call an attribute otherwise, or offer other choices; None leaves a part as it is."""
        actor.require(Permission.MANAGE_DESK)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            definition = await unit.attributes.get(definition_id)
            definition.relabel(label, choices)
            return await unit.commit(Receipt(definition.id))

    async def delete(self, actor: Actor, definition_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove an attribute; a value that was set goes when the attributes beside it are set next."""
        actor.require(Permission.MANAGE_DESK)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            definition = await unit.attributes.get(definition_id)
            definition.delete()
            return await unit.commit(Receipt(definition.id))
