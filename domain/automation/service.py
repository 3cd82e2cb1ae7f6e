"""What people do with rules, and trying one on what has been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.account.permission import Permission, Scope
from domain.account.role import checked_reason
from domain.account.settings import BusinessHours
from domain.account.stored import Opening
from domain.automation.action import Action, Acts
from domain.automation.condition import Outcome, evaluate
from domain.automation.fact import facts_of
from domain.automation.rule import KINDS, Recipe, Rule, Trigger, trigger_of
from domain.automation.run import AutomationUnit, Past
from domain.base import Actor, Clock, FieldProblem, ForbiddenError, Identifiers, InvalidInputError, InvalidStateError
from domain.hours import is_open
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

MOST_RULES = 100
MOST_PAST = range(1, 101)
LONGEST_AGO = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rule would have made of an event that has been."""

    conversation_id: UUID
    trigger: Trigger
    at: datetime
    outcome: Outcome
    actions: Sequence[Action]
    """What it would have done: nothing where its condition was not true."""


@dataclass(frozen=True)
class Rules:
    """The commands on rules."""

    units: Opening[AutomationUnit]
    acts: Acts
    new_id: Identifiers
    now: Clock

    @retried_once
    async def create(self, actor: Actor, recipe: Recipe, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make a rule; `InvalidStateError` when there is one of this name, or too many."""
        _require_maker(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if len(await unit.rules.names()) >= MOST_RULES:
                raise InvalidStateError(f"There are {MOST_RULES} rules already. Delete one first.")
            rule = Rule(self.new_id(), actor.tenant)
            rule.create(recipe)
            await self._check(unit, rule)
            unit.rules.add(rule)
            return await unit.commit(Receipt(rule.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        rule_id: UUID,
        changes: Mapping[str, Any],
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Let a rule say something else; it is not blocked anywhere any more."""
        _require_maker(actor)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            rule = await unit.rules.get(rule_id)
            rule.change(changes, reason=reason)
            await self._check(unit, rule)
            return await unit.commit(Receipt(rule.id))

    async def delete(
        self, actor: Actor, rule_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take a rule away, with its log."""
        actor.require(Permission.MANAGE_AUTOMATION)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            rule = await unit.rules.get(rule_id)
            rule.delete(reason=reason)
            return await unit.commit(Receipt(rule.id))

    async def rehearse(self, actor: Actor, recipe: Recipe, since: datetime, most: int) -> Sequence[Rehearsal]:
        """What a rule would have made of the newest events since then; nothing is done, and nothing logged.

        A conversation is as it was right after each event; of its customer and its classification only is known what
        they are now, and business hours are today's.
        """
        actor.require(Permission.MANAGE_AUTOMATION)
        actor.require(Permission.READ_CONVERSATIONS)
        recipe = recipe.checked()
        if most not in MOST_PAST:
            raise InvalidInputError(FieldProblem("input.most", f"Ask for 1 to {MOST_PAST.stop - 1} events."))
        since = max(since, self.now() - LONGEST_AGO)
        kinds = list(dict.fromkeys(KINDS[trigger] for trigger in recipe.triggers))
        async with self.units(actor) as unit:
            await unit.rules.require_known(recipe)
            hours = await unit.rule_runs.hours()
            past = await unit.rule_runs.past(actor, kinds, since, most)
            return [await _rehearsed(unit, recipe, each, hours) for each in past if _waits_for(recipe, each)]

    async def _check(self, unit: AutomationUnit, rule: Rule) -> None:
        if (await unit.rules.names()).get(rule.name, rule.id) != rule.id:
            raise InvalidStateError(f"There is a rule with the name “{rule.name}” already.")
        recipe = rule.recipe
        for place, action in enumerate(recipe.actions):
            if action.kind not in self.acts:
                problem = f"'{action.kind}' cannot be done here."
                raise InvalidInputError(FieldProblem(f"input.actions.{place}.kind", problem))
        await unit.rules.require_known(recipe)


def _require_maker(actor: Actor) -> None:
    """A rule acts in every conversation: nobody reaches further by one than they do themselves."""
    actor.require(Permission.MANAGE_AUTOMATION)
    if actor.require(Permission.REPLY_TO_CONVERSATIONS) is not Scope.ALL:
        raise ForbiddenError("Only who may act in all conversations makes rules, which act in all.")


def _waits_for(recipe: Recipe, past: Past) -> bool:
    return trigger_of(past.recorded.event) in recipe.triggers


async def _rehearsed(unit: AutomationUnit, recipe: Recipe, past: Past, hours: BusinessHours | None) -> Rehearsal:
    event, at, conversation = past.recorded.event, past.recorded.at, past.conversation
    known = {**await unit.rule_runs.known(conversation), "organization.is_open": is_open(hours, at)}
    outcome = evaluate(recipe.condition, facts_of(event, conversation, known))
    trigger = next(one for one in recipe.triggers if one is trigger_of(event))
    return Rehearsal(conversation.id, trigger, at, outcome, recipe.actions if outcome.is_true else ())
