"""Macros: a text with variables, and what is done with a conversation along with sending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from domain.account.stored import Opening, Stored
from domain.base import Actor, Aggregate, Event, FieldProblem, Identifiers, InvalidInputError, NotFoundError
from domain.conversation.triage import AttributeValue, Priority
from domain.macro.template import checked_template
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked
from domain.triage.attribute import AttributeOwner, AttributeUnit, checked_attributes
from domain.triage.events import MacroDeleted, MacroSaved
from domain.triage.owned import named, require_at_work, require_owned, require_room, required_owner
from domain.triage.tag import TagUnit

MOST_MINUTES = 60 * 24 * 365


class Handling(StrEnum):
    """Who has the conversation afterwards: whoever uses the macro, or the next who is free."""

    TAKE_OVER = "take_over"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroActions:
    """What is done with the conversation, beside sending the text; an unset part is left as it is."""

    priority: Priority | None = None
    add_tag_ids: tuple[UUID, ...] = ()
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    handling: Handling | None = None
    snooze_minutes: int | None = None
    snooze_until_reply: bool = False
    resolve: bool = False

    @property
    def snoozes(self) -> bool:
        """Whether it is out of sight afterwards."""
        return self.snooze_until_reply or self.snooze_minutes is not None


@dataclass(frozen=True, slots=True)
class MacroView:
    """A macro as people see it; without an agent it is everybody's."""

    id: UUID
    agent_id: UUID | None
    name: str
    text: str | None
    actions: MacroActions


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a macro is to be: None leaves a part as it is, an empty text sends nothing."""

    name: str | None = None
    text: str | None = None
    actions: MacroActions | None = None


class ActionsCodec(Protocol):
    """Actions as JSON and back."""

    def encode(self, actions: MacroActions) -> Mapping[str, Any]:
        """Ids as text."""
        ...

    def decode(self, stored: Mapping[str, Any]) -> MacroActions:
        """The actions that were encoded."""
        ...


@dataclass
class Macro(Aggregate):
    """A name for a text and for actions, which are kept as JSON."""

    agent_id: UUID | None = None
    name: str = ""
    text: str | None = None
    actions: Mapping[str, Any] = field(default_factory=dict)
    deleted: bool = False

    def save(self, name: str, text: str | None, actions: Mapping[str, Any]) -> None:
        """Be this; what changes nothing is no event."""
        saved = MacroSaved(self.agent_id, named(name), text, actions)
        if (saved.name, saved.text, saved.actions) != (self.name, self.text, self.actions):
            self._record(saved)

    def delete(self) -> None:
        """End."""
        self._record(MacroDeleted())

    def _apply(self, event: Event) -> None:
        match event:
            case MacroSaved():
                self.agent_id, self.name = event.agent_id, event.name
                self.text, self.actions = event.text, event.actions
            case MacroDeleted():
                self.deleted = True


class MacroRepository(Stored[Macro], Protocol):
    """Macros of the actor's organization, to change."""

    async def count(self, agent_id: UUID | None) -> int:
        """How many an agent has, or everybody shares."""
        ...


class MacroReads(Protocol):
    """What one actor may see of macros: shared ones, and their own."""

    async def macros(self, ids: Sequence[UUID]) -> Sequence[MacroView | None]:
        """Macros by id: shared ones and one's own."""
        ...

    async def all_macros(self) -> Sequence[MacroView]:
        """Shared macros and one's own, by name, shared ones first."""
        ...


class MacroUnit(TagUnit, AttributeUnit, Protocol):
    """A unit of work that holds macros, and what they name."""

    @property
    def macros(self) -> MacroRepository:
        """Macros, to change."""
        ...


@dataclass(frozen=True)
class Macros:
    """The commands on macros: one's own, and shared ones for who may share."""

    units: Opening[MacroUnit]
    new_id: Identifiers
    codec: ActionsCodec

    @retried_once
    async def create(
        self, actor: Actor, wanted: Recipe, *, is_shared: bool = False, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Make a macro; `InvalidInputError` for variables and values that are none, or actions that exclude others."""
        owner = required_owner(actor, is_shared=is_shared)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            require_room(await unit.macros.count(owner), "macro")
            macro = Macro(self.new_id(), actor.tenant, agent_id=owner)
            await self._save(unit, macro, wanted)
            unit.macros.add(macro)
            return await unit.commit(Receipt(macro.id))

    @retried_once
    async def change(
        self, actor: Actor, macro_id: UUID, wanted: Recipe, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Change a macro; raises as `create`."""
        require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            macro = await unit.macros.get(macro_id)
            require_owned(actor, macro.agent_id, "macro")
            await self._save(unit, macro, wanted)
            return await unit.commit(Receipt(macro.id))

    async def delete(self, actor: Actor, macro_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove a macro."""
        require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            macro = await unit.macros.get(macro_id)
            require_owned(actor, macro.agent_id, "macro")
            macro.delete()
            return await unit.commit(Receipt(macro.id))

    async def _save(self, unit: MacroUnit, macro: Macro, wanted: Recipe) -> None:
        definitions = await unit.attributes.of(AttributeOwner.CONVERSATION)
        keys = {each.key for each in definitions}
        actions = wanted.actions or self.codec.decode(macro.actions)
        text = macro.text if wanted.text is None else wanted.text or None
        if text is not None:
            checked_template(checked(text, "input.text"), keys.__contains__, "input.text")
        checked_attributes(definitions, actions.attributes, "input.actions.attributes")
        _require_sense(actions, text)
        if wanted.actions and set(actions.add_tag_ids) - await unit.tags.known(actions.add_tag_ids):
            raise NotFoundError("tag")
        macro.save(macro.name if wanted.name is None else wanted.name, text, self.codec.encode(actions))


def _require_sense(actions: MacroActions, text: str | None) -> None:
    """Refuse what cannot be done in one go, and what does nothing."""
    ends = [actions.handling is Handling.HAND_OVER, actions.snoozes, actions.resolve]
    minutes = actions.snooze_minutes
    if sum(ends) > 1:
        problem = "Hand it over, snooze it or resolve it: one of these."
    elif minutes is not None and (actions.snooze_until_reply or not 1 <= minutes <= MOST_MINUTES):
        problem = f"Snooze it until a reply, or for 1 to {MOST_MINUTES} minutes."
    elif text is None and actions == MacroActions():
        problem = "Give a text or something to do."
    else:
        return
    raise InvalidInputError(FieldProblem("input.actions", problem))
