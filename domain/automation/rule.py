"""Rules: when one of some things happens, and something is so, then do something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.automation.action import MOST_ACTIONS, Action
from domain.automation.condition import Tree
from domain.base import ActorKind, Aggregate, Audited, Event, FieldProblem, InvalidInputError
from domain.conversation import desk_events as desk
from domain.conversation import events as conversation
from domain.conversation import triage
from domain.text import checked

LONGEST_NAME = 100
PLACES = range(1_000)


class Trigger(StrEnum):
    """What a rule can wait for."""

    CONVERSATION_STARTED = "conversation_started"
    CUSTOMER_WROTE = "customer_wrote"
    AGENT_WROTE = "agent_wrote"
    ASSISTANT_ANSWERED = "assistant_answered"
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    ANSWER_RATED = "answer_rated"
    PRIORITY_CHANGED = "priority_changed"
    TAGS_CHANGED = "tags_changed"
    ATTRIBUTES_CHANGED = "attributes_changed"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    NOTE_ADDED = "note_added"
    LEVEL_WARNED = "level_warned"
    LEVEL_BREACHED = "level_breached"
    SURVEY_ANSWERED = "survey_answered"


KINDS: Mapping[Trigger, type[Event]] = {
    Trigger.CONVERSATION_STARTED: conversation.ConversationStarted,
    Trigger.CUSTOMER_WROTE: conversation.MessageSent,
    Trigger.AGENT_WROTE: conversation.MessageSent,
    Trigger.ASSISTANT_ANSWERED: conversation.AnswerCompleted,
    Trigger.HANDED_OVER: conversation.HandoffRequested,
    Trigger.TAKEN_OVER: conversation.ConversationTakenOver,
    Trigger.RESOLVED: conversation.ConversationResolved,
    Trigger.REOPENED: conversation.ConversationReopened,
    Trigger.ANSWER_RATED: conversation.AnswerRated,
    Trigger.PRIORITY_CHANGED: triage.PriorityChanged,
    Trigger.TAGS_CHANGED: triage.TagsChanged,
    Trigger.ATTRIBUTES_CHANGED: triage.AttributesChanged,
    Trigger.SNOOZED: triage.ConversationSnoozed,
    Trigger.WOKEN: triage.ConversationWoken,
    Trigger.NOTE_ADDED: desk.NoteAdded,
    Trigger.LEVEL_WARNED: desk.ServiceLevelWarned,
    Trigger.LEVEL_BREACHED: desk.ServiceLevelBreached,
    Trigger.SURVEY_ANSWERED: desk.SurveyAnswered,
}
"""The event that each of them is."""
AUTHORS = {Trigger.CUSTOMER_WROTE: ActorKind.CUSTOMER, Trigger.AGENT_WROTE: ActorKind.AGENT}


def trigger_of(event: Event) -> Trigger | None:
    """What an event is to rules; None where it is nothing, such as what the assistant says beside its answers."""
    if isinstance(event, conversation.MessageSent):
        author = event.message.author_kind
        return next((trigger for trigger, kind in AUTHORS.items() if kind is author), None)
    return next((trigger for trigger, kind in KINDS.items() if kind is type(event)), None)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a rule says. Rules run by their `place`; after one that `stops` and did something no other one runs."""

    name: str
    triggers: tuple[Trigger, ...]
    condition: Tree
    actions: tuple[Action, ...]
    place: int = 0
    stops: bool = False
    enabled: bool = True

    def checked(self) -> Recipe:
        """The same, each trigger once; `InvalidInputError` where it cannot be. Its condition was read before."""
        checked(self.name, "input.name", longest=LONGEST_NAME)
        if problems := list(self._problems()):
            raise InvalidInputError(*problems)
        return replace(self, triggers=tuple(dict.fromkeys(self.triggers)))

    def _problems(self) -> Iterator[FieldProblem]:
        if not self.triggers:
            yield FieldProblem("input.triggers", "Give one at least.")
        if self.place not in PLACES:
            yield FieldProblem("input.place", f"This must be 0 to {PLACES.stop - 1}.")
        if not 0 < len(self.actions) <= MOST_ACTIONS:
            yield FieldProblem("input.actions", f"Give 1 to {MOST_ACTIONS}.")
        for place, action in enumerate(self.actions[:MOST_ACTIONS]):
            yield from action.problems(f"input.actions.{place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEvent(Audited):
    """Something about what happens by itself."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCreated(RuleEvent):
    """There is another rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChanged(RuleEvent):
    """A rule says something else; `changed` names what."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDeleted(RuleEvent):
    """A rule is no more."""


@dataclass
class Rule(Aggregate):
    """A rule; `actions` are kept as JSON."""

    name: str = ""
    triggers: tuple[str, ...] = ()
    condition: Tree = field(default_factory=dict)
    actions: Sequence[Mapping[str, Any]] = ()
    place: int = 0
    stops: bool = False
    enabled: bool = True
    deleted: bool = False

    @property
    def recipe(self) -> Recipe:
        """What it says."""
        return recipe_of(self)

    def create(self, recipe: Recipe) -> None:
        """Begin."""
        self._take(recipe.checked())
        self._record(RuleCreated(name=self.name))

    def change(self, changes: Mapping[str, Any], *, reason: str | None) -> None:
        """Say something else; what is not in `changes` stays."""
        before = self.recipe
        recipe = replace(before, **changes).checked()
        changed = tuple(
            each.name for each in fields(Recipe) if getattr(recipe, each.name) != getattr(before, each.name)
        )
        if changed:
            self._take(recipe)
            self._record(RuleChanged(name=self.name, changed=changed, reason=reason))

    def delete(self, *, reason: str | None) -> None:
        """End, and its log with it."""
        self._record(RuleDeleted(name=self.name, reason=reason))

    def _take(self, recipe: Recipe) -> None:
        self.name, self.condition, self.place = recipe.name, recipe.condition, recipe.place
        self.stops, self.enabled = recipe.stops, recipe.enabled
        self.triggers = tuple(str(trigger) for trigger in recipe.triggers)
        self.actions = [action.stored() for action in recipe.actions]

    def _apply(self, event: Event) -> None:
        if isinstance(event, RuleDeleted):
            self.deleted = True


def recipe_of(kept: Any) -> Recipe:
    """What a rule says, from its row or its aggregate."""
    return Recipe(
        name=kept.name,
        triggers=tuple(map(Trigger, kept.triggers)),
        condition=kept.condition,
        actions=tuple(map(Action.of, kept.actions)),
        place=kept.place,
        stops=kept.stops,
        enabled=kept.enabled,
    )


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as people see it."""

    id: UUID
    version: int
    recipe: Recipe
    created_at: datetime
