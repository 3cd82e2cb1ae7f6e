"""Rules as rows, their log, and what they go by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, Uuid, cast, func, select

from domain.account.permission import Permission
from domain.account.settings import BusinessHours, Settings
from domain.automation.condition import tests_of
from domain.automation.fact import FACTS, Facts
from domain.automation.rule import Recipe, Rule, RuleView, Trigger, recipe_of
from domain.automation.run import Past, Run, RunOutcome
from domain.base import Actor, Event, Recorded
from domain.conversation.aggregate import Conversation
from infra.accounts.repository import SqlNamed
from infra.accounts.rows import inboxes
from infra.assist.rows import classifications
from infra.automation.rows import rule_runs, rules
from infra.repositories import Unit
from infra.rows import agents, conversations, customers, events, organizations
from infra.storage.codec import recorded
from infra.storage.known import require_known
from infra.storage.sight import reached
from infra.triage.rows import tags

NAMED: Mapping[str, Table] = {"Inbox": inboxes, "Agent": agents, "Tag": tags}
"""Where the things are that rules name by an id."""
FARTHEST = 20_000
"""How many of the newest events are looked through for those that a rule waits for."""


class SqlRules(SqlNamed[Rule]):
    """Rules."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, rules, Rule, triggers=tuple)

    async def require_known(self, recipe: Recipe) -> None:
        """`NotFoundError` where the organization has not all that a recipe names by an id."""
        for concept, ids in named_by(recipe).items():
            await require_known(self._unit, NAMED[concept], ids)


def named_by(recipe: Recipe) -> Mapping[str, Collection[UUID]]:
    """The ids that a recipe names, by the concept that they are of."""
    named: dict[str, set[UUID]] = {concept: set() for concept in NAMED}
    for name, operator, values in tests_of(recipe.condition):
        fact = FACTS.get(name)
        if fact and fact.concept and operator != "exists":
            named[fact.concept].update(map(UUID, values))
    for action in recipe.actions:
        named["Tag"].update(action.tag_ids or ())
        named["Agent"].update([action.agent_id] if action.agent_id else ())
    return named


class SqlRuleRuns:
    """The log of rules, in one unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def rules(self, trigger: Trigger) -> Sequence[RuleView]:
        """The rules that wait for something and are switched on, in order."""
        wanted = in_order().where(rules.c.organization_id == self._unit.actor.tenant, rules.c.enabled)
        found = [rule_view(row) for row in await self._unit.connection.execute(wanted)]
        return [rule for rule in found if trigger in rule.recipe.triggers]

    async def find(self, run_id: UUID) -> Run | None:
        """A run by its id."""
        row = (await self._unit.connection.execute(self._runs().where(rule_runs.c.id == run_id))).one_or_none()
        return run_of(row) if row else None

    async def recent(self, conversation_id: UUID, since: datetime) -> int:
        """How many rules did something in a conversation since then."""
        c = rule_runs.c
        mine = (c.conversation_id == conversation_id) & (c.at > since) & (c.outcome == RunOutcome.APPLIED)
        return await self._unit.connection.scalar(select(func.count()).where(mine)) or 0

    async def is_blocked(self, rule: RuleView, conversation_id: UUID) -> bool:
        """Whether a rule, as it says now, was blocked in a conversation."""
        c = rule_runs.c
        blocked = (c.conversation_id == conversation_id) & (c.outcome == RunOutcome.BLOCKED) & (c.rule_id == rule.id)
        wanted = select(c.id).where(blocked, c.rule_version == rule.version).limit(1)
        return await self._unit.connection.scalar(wanted) is not None

    async def add(self, run: Run) -> None:
        """Take a new one in."""
        row = asdict(run) | {"organization_id": self._unit.actor.tenant, "chain": list(run.chain)}
        await self._unit.connection.execute(rule_runs.insert().values(row | {"actions": list(run.actions)}))

    async def finish(self, run: Run) -> None:
        """Keep what came of its actions."""
        done = {"actions": list(run.actions), "finished_at": run.finished_at}
        await self._unit.connection.execute(rule_runs.update().where(rule_runs.c.id == run.id).values(done))

    async def known(self, conversation: Conversation) -> Facts:
        """The facts about a conversation that are not in its stream, as they are now."""
        c, k = customers.c, classifications.c
        tenant = self._unit.actor.tenant
        about = customers.outerjoin(classifications, k.id == conversation.id)
        wanted = select(c.name, c.email, c.external_id, k.topic, k.language, k.sentiment, k.urgency).select_from(about)
        mine = wanted.where(c.id == conversation.customer_id, c.organization_id == tenant)
        row = (await self._unit.connection.execute(mine)).one_or_none()
        if row is None:
            return {}
        return {
            "customer.name": row.name,
            "customer.email": row.email,
            "customer.is_known": row.external_id is not None,
            "conversation.topic": row.topic,
            "conversation.language": row.language,
            "conversation.sentiment": row.sentiment,
            "conversation.urgency": row.urgency,
        }

    async def hours(self) -> BusinessHours | None:
        """When people are there."""
        o = organizations.c
        stored = await self._unit.connection.scalar(select(o.settings).where(o.id == self._unit.actor.tenant))
        return Settings.of(stored or {}).business_hours

    async def past(self, actor: Actor, kinds: Sequence[type[Event]], since: datetime, most: int) -> Sequence[Past]:
        """The newest events of some kinds, in conversations that the actor may read, newest first."""
        e, c = events.c, conversations.c
        newest = (
            select(events)
            .where(e.organization_id == actor.tenant, e.delivered_position.is_not(None))
            .order_by(e.delivered_position.desc())
            .limit(FARTHEST)
            .subquery()
        )
        n = newest.c
        whose = cast(func.substr(n.stream, len("conversation:") + 1), Uuid)
        readable = select(c.id).where(c.id == whose, reached(actor, Permission.READ_CONVERSATIONS)).exists()
        names = [kind.__name__ for kind in kinds]
        wanted = (
            select(newest)
            .where(n.kind.in_(names), n.at >= since, n.stream.startswith("conversation:"), readable)
            .order_by(n.delivered_position.desc())
            .limit(most)
        )
        found = [recorded(row._mapping) for row in await self._unit.connection.execute(wanted)]
        return await self._replayed(found)

    async def _replayed(self, wanted: Sequence[Recorded]) -> Sequence[Past]:
        """Each event with its conversation as it was right after it: one statement for all their streams."""
        e = events.c
        streams = sorted({one.stream for one in wanted})
        rows = await self._unit.connection.execute(
            select(events).where(e.stream.in_(streams)).order_by(e.stream, e.version)
        )
        histories: dict[str, list[Recorded]] = {stream: [] for stream in streams}
        for row in rows:
            histories[row.stream].append(recorded(row._mapping))
        return [Past(one, _as_it_was(one, histories[one.stream])) for one in wanted]

    def _runs(self) -> Select[Any]:
        return select(rule_runs).where(rule_runs.c.organization_id == self._unit.actor.tenant)


def _as_it_was(one: Recorded, history: Sequence[Recorded]) -> Conversation:
    conversation = Conversation(UUID(one.stream.partition(":")[2]), one.organization_id)
    conversation.replay([each.event for each in history if each.version <= one.version])
    return conversation


def in_order() -> Select[Any]:
    """Rules, in the order in which they run."""
    return select(rules).order_by(rules.c.place, rules.c.created_at, rules.c.id)


def rule_view(row: Row[Any]) -> RuleView:
    """A rule's row as people see it."""
    return RuleView(row.id, row.version, recipe_of(row), row.created_at)


def run_of(row: Row[Any]) -> Run:
    """A run from its row."""
    return Run(
        id=row.id,
        rule_id=row.rule_id,
        rule_version=row.rule_version,
        event_id=row.event_id,
        event_kind=Trigger(row.event_kind),
        conversation_id=row.conversation_id,
        outcome=RunOutcome(row.outcome),
        reason=row.reason,
        actions=row.actions,
        chain=tuple(row.chain),
        at=row.at,
        finished_at=row.finished_at,
    )
