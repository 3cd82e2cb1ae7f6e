"""Runs rules: each once for an event, none on what it caused itself, and not without end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.account.permission import everything
from domain.account.stored import Opening
from domain.automation.action import Action, Acts
from domain.automation.condition import evaluate
from domain.automation.fact import facts_of
from domain.automation.rule import RuleView, Trigger, trigger_of
from domain.automation.run import AutomationUnit, Run, RunOutcome
from domain.base import Actor, ActorKind, Clock, DomainError, Recorded, UnavailableError, system_of
from domain.conversation.aggregate import Conversation
from domain.conversation.desk_events import RuleApplied
from domain.hours import is_open
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

DEEPEST = 3
"""How many rules can lead from one to the next."""
MOST_RUNS = 10
WITHIN = timedelta(minutes=1)
"""How often rules may do something in one conversation in that time."""
UNKNOWN = "This failed for a reason that only the logs tell."


@dataclass(frozen=True, slots=True)
class Cause:
    """What a rule is to look at: an event, what it is to rules, and the rules that led to it one by another."""

    recorded: Recorded
    trigger: Trigger
    conversation_id: UUID
    chain: tuple[UUID, ...]


@dataclass(frozen=True)
class Automation:
    """Runs the rules of an organization.

    What a rule does is done by an actor whose id is that of the run, so that the journal itself says what each rule
    caused. The id of a run comes from its rule and its event: a job that is done again finds what it did before, and
    its actions' idempotency keys let none be done twice. A rule that is blocked stays so in this conversation until
    somebody changes it.
    """

    units: Opening[AutomationUnit]
    acts: Acts
    now: Clock
    failed: Callable[[Exception], None] = lambda _: None

    async def run(self, recorded: Recorded) -> None:
        """Run all rules that wait for an event, in their order, up to one that stops."""
        trigger = trigger_of(recorded.event)
        if trigger is None:
            return
        async with self.units(system_of(recorded.organization_id)) as unit:
            rules = await unit.rule_runs.rules(trigger)
            chain = await _led_by(unit, recorded.actor) if rules else ()
        cause = Cause(recorded, trigger, UUID(recorded.stream.partition(":")[2]), chain)
        for rule in rules:
            run = await self._begin(rule, cause)
            if run is not None and run.outcome is RunOutcome.APPLIED:
                await self._apply(run, recorded.organization_id)
                if rule.recipe.stops:
                    return

    @retried_once
    async def _begin(self, rule: RuleView, cause: Cause) -> Run | None:
        """Decide, once; None where the rule is blocked here."""
        recorded = cause.recorded
        run_id = uuid5(rule.id, str(recorded.id))
        async with self.units(system_of(recorded.organization_id)) as unit:
            if found := await unit.rule_runs.find(run_id):
                return found
            if await unit.rule_runs.is_blocked(rule, cause.conversation_id):
                return None
            conversation = await unit.conversations.get(cause.conversation_id)
            outcome, reason = await self._decided(unit, rule, cause, conversation)
            actions = [action.stored() for action in rule.recipe.actions] if outcome is RunOutcome.APPLIED else []
            run = Run(
                id=run_id,
                rule_id=rule.id,
                rule_version=rule.version,
                event_id=recorded.id,
                event_kind=cause.trigger,
                conversation_id=cause.conversation_id,
                outcome=outcome,
                reason=reason,
                actions=actions,
                chain=(*cause.chain, rule.id),
                at=self.now(),
            )
            await unit.rule_runs.add(run)
            await unit.commit(Receipt(run.id))
        return run

    async def _decided(
        self, unit: AutomationUnit, rule: RuleView, cause: Cause, conversation: Conversation
    ) -> tuple[RunOutcome, str | None]:
        if rule.id in cause.chain:
            return RunOutcome.LOOPED, "This rule itself made this happen."
        if len(cause.chain) >= DEEPEST:
            return RunOutcome.BLOCKED, f"{DEEPEST} rules led here, one by another."
        if await unit.rule_runs.recent(conversation.id, self.now() - WITHIN) >= MOST_RUNS:
            return RunOutcome.BLOCKED, f"Rules did something here {MOST_RUNS} times within a minute."
        known = {
            **await unit.rule_runs.known(conversation),
            "organization.is_open": is_open(await unit.rule_runs.hours(), cause.recorded.at),
        }
        outcome = evaluate(rule.recipe.condition, facts_of(cause.recorded.event, conversation, known))
        reason = "; ".join(outcome.reasons) or None
        return (RunOutcome.APPLIED if outcome.is_true else RunOutcome.NOT_APPLIED), reason

    async def _apply(self, run: Run, organization_id: UUID) -> None:
        if run.finished_at is not None:
            return
        actor = Actor(ActorKind.SYSTEM, run.id, organization_id, everything())
        done = [await self._done(actor, run, place) for place in range(len(run.actions))]
        await self._finish(actor, replace(run, actions=done))

    async def _done(self, actor: Actor, run: Run, place: int) -> Mapping[str, Any]:
        """Do one action; one that fails says so, and undoes none of the others."""
        kept = run.actions[place]
        action = Action.of(kept)
        key = IdempotencyKey(f"rule {place}", f"{run.id} {place}")
        try:
            await self.acts[action.kind](actor, run.conversation_id, action, key)
        except UnavailableError:
            raise
        except DomainError as error:
            return {**kept, "error": error.message}
        except Exception as error:
            self.failed(error)
            return {**kept, "error": UNKNOWN}
        return {**kept, "error": None}

    @retried_once
    async def _finish(self, actor: Actor, run: Run) -> None:
        async with self.units(actor) as unit:
            conversation = await unit.conversations.get(run.conversation_id)
            conversation.note(RuleApplied(run.rule_id, run.id))
            await unit.rule_runs.finish(replace(run, finished_at=self.now()))
            await unit.commit(Receipt(run.id))


async def _led_by(unit: AutomationUnit, actor: Actor) -> tuple[UUID, ...]:
    """The rules that led to what an actor did; none where it is no run of a rule."""
    if actor.kind is not ActorKind.SYSTEM or actor.id in (None, actor.organization_id):
        return ()
    run = await unit.rule_runs.find(actor.identity)
    return run.chain if run else ()
