"""Rules: what happens by itself, and the log of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from domain.account.permission import Permission
from domain.automation.action import Action, ActionKind
from domain.automation.condition import TAKES
from domain.automation.fact import FACTS, Fact, FactKind
from domain.automation.rule import RuleView, Trigger
from domain.automation.run import Run, RunOutcome
from domain.automation.service import Rehearsal
from domain.conversation.triage import Priority
from schema.account import Agent
from schema.base import Node, edge, edges_by_key, global_id
from schema.conversation import Conversation
from schema.needs import needing
from schema.triage.tag import Tag

strawberry.enum(Trigger, name="RuleTrigger", description="What a rule can wait for.")
strawberry.enum(ActionKind, name="RuleActionKind", description="What a rule can do.")
strawberry.enum(RunOutcome, name="RuleOutcome", description="What came of a rule and an event.")
strawberry.enum(FactKind, name="RuleFactKind", description="What a fact is, which says what can be asked of it.")


def shown_condition(tree: Any) -> Any:
    """A kept condition as clients write it: ids as this API gives them out."""
    if isinstance(tree, list):
        return [shown_condition(one) for one in tree]
    if not isinstance(tree, Mapping):
        return tree
    fact = FACTS.get(tree.get("fact", ""))
    if fact is None or fact.concept is None:
        return {name: shown_condition(below) for name, below in tree.items()}
    concept = fact.concept
    return {
        name: [global_id(concept, one) for one in below] if name not in ("fact", "exists") else below
        for name, below in tree.items()
    }


@strawberry.type(description="One thing that a rule does.")
class RuleAction:
    """An action."""

    agent_key: strawberry.Private[UUID | None]
    tag_keys: strawberry.Private[tuple[UUID, ...]]
    kind: ActionKind = strawberry.field(description="What.")
    priority: Priority | None = strawberry.field(description="The priority that it sets.")
    tags: list[Tag | None] = edges_by_key(
        "tags", "tag_keys", of=Tag.of, description="The tags that it adds or removes; null for one that is gone."
    )
    attribute: str | None = strawberry.field(description="The key of the custom attribute that it sets.")
    value: JSON | None = strawberry.field(description="The attribute's value; null takes it away.")
    text: str | None = strawberry.field(description="What it sends, or notes.")
    minutes: int | None = strawberry.field(description="How long it snoozes; null is until the customer writes.")
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="The agent whom it assigns to.")

    @classmethod
    def of(cls, action: Action) -> "RuleAction":
        """Built from an action."""
        plain = {name: getattr(action, name) for name in ("kind", "priority", "attribute", "value", "text", "minutes")}
        return cls(agent_key=action.agent_id, tag_keys=tuple(action.tag_ids or ()), **plain)


@needing(Permission.MANAGE_AUTOMATION)
@strawberry.type(description="When one of some things happens, and something is so, then do something.")
class Rule(Node):
    """A rule."""

    name: str = strawberry.field(description="What people call it.")
    place: int = strawberry.field(description="Rules run in the order of their places.")
    enabled: bool = strawberry.field(description="Whether it runs.")
    triggers: list[Trigger] = strawberry.field(description="What it waits for.")
    condition: JSON = strawberry.field(description="What must be so, as `createRule` takes it; ids as they are here.")
    actions: list[RuleAction] = strawberry.field(description="What it does, in order.")
    stops: bool = strawberry.field(description="Whether no later rule runs after it did something.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def of(cls, view: RuleView) -> "Rule":
        """Built from its view."""
        recipe = view.recipe
        return cls(
            key=view.id,
            name=recipe.name,
            place=recipe.place,
            enabled=recipe.enabled,
            triggers=list(recipe.triggers),
            condition=shown_condition(recipe.condition),
            actions=[RuleAction.of(action) for action in recipe.actions],
            stops=recipe.stops,
            created_at=view.created_at,
        )


@strawberry.type(description="What came of one action of a rule.")
class RuleActionResult:
    """An action, as the rule had it then."""

    action: RuleAction = strawberry.field(description="What it was to do.")
    error: str | None = strawberry.field(description="Why it could not; null once it did, or while it has not yet.")


@needing(Permission.MANAGE_AUTOMATION)
@strawberry.type(description="What a rule made of an event. Kept for thirty days.")
class RuleRun(Node):
    """A line of the log."""

    rule_key: strawberry.Private[UUID]
    conversation_key: strawberry.Private[UUID]
    trigger: Trigger = strawberry.field(description="What happened.")
    outcome: RunOutcome = strawberry.field(description="What came of it.")
    reason: str | None = strawberry.field(description="The tests that decided, each with what was the case.")
    results: list[RuleActionResult] = strawberry.field(description="What it did; empty where it did nothing.")
    at: datetime = strawberry.field(description="When it began.")
    finished_at: datetime | None = strawberry.field(description="When it had done all; null where it does nothing.")
    rule: Rule | None = edge("rules", "rule_key", of=Rule.of, description="The rule as it is now.")
    conversation: Conversation | None = edge(
        "conversations", "conversation_key", of=Conversation.of, description="The conversation as it stands now."
    )

    @classmethod
    def of(cls, view: Run) -> "RuleRun":
        """Built from its view."""
        return cls(
            key=view.id,
            rule_key=view.rule_id,
            conversation_key=view.conversation_id,
            trigger=view.event_kind,
            outcome=view.outcome,
            reason=view.reason,
            results=[_result(kept) for kept in view.actions],
            at=view.at,
            finished_at=view.finished_at,
        )


def _result(kept: Mapping[str, Any]) -> RuleActionResult:
    return RuleActionResult(action=RuleAction.of(Action.of(kept)), error=kept.get("error"))


@strawberry.type(description="What a rule would have made of an event that has been.")
class RuleRehearsal:
    """A dry run."""

    conversation_key: strawberry.Private[UUID]
    trigger: Trigger = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    applies: bool = strawberry.field(description="Whether its condition was true.")
    reasons: list[str] = strawberry.field(description="The tests that decided, each with what was the case.")
    actions: list[RuleAction] = strawberry.field(description="What it would have done.")
    conversation: Conversation | None = edge(
        "conversations", "conversation_key", of=Conversation.of, description="The conversation as it stands now."
    )

    @classmethod
    def of(cls, view: Rehearsal) -> "RuleRehearsal":
        """Built from its view."""
        return cls(
            conversation_key=view.conversation_id,
            trigger=view.trigger,
            at=view.at,
            applies=view.outcome.is_true,
            reasons=list(view.outcome.reasons),
            actions=[RuleAction.of(action) for action in view.actions],
        )


@strawberry.type(description="Something that conditions can be about.")
class RuleFact:
    """A fact, and what can be asked of it."""

    name: str = strawberry.field(description="What a test calls it.")
    kind: FactKind = strawberry.field(description="What it is.")
    description: str = strawberry.field(description="What it says.")
    operators: list[str] = strawberry.field(description="The operators that it takes.")
    choices: list[str] = strawberry.field(description="What can be chosen; empty where anything can.")

    @classmethod
    def of(cls, name: str, fact: Fact) -> "RuleFact":
        """Built from the table of facts."""
        return cls(
            name=name,
            kind=fact.kind,
            description=fact.description,
            operators=list(TAKES[fact.kind]),
            choices=list(fact.choices),
        )
