"""What people decide about service levels, and how conversations are held to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.account.settings import BusinessHours
from domain.account.stored import Opening, Stored
from domain.base import Actor, Clock, Event, Identifiers, InvalidStateError, system_of
from domain.conversation.aggregate import Conversation
from domain.level.clock import Happening
from domain.level.level import Verdict, judge
from domain.level.policy import ServiceLevelPolicy, ServiceLevelPolicyView, Terms
from domain.ports import ConversationView, IdempotencyKey, Page, PageRequest, Receipt
from domain.retry import retried_once
from domain.timer import TimerUnit

MOST_POLICIES = 50
TIMER = "service_level"
BATCH = 100


@dataclass(frozen=True, slots=True)
class ServiceLevelDue(Event):
    """It is time to look at the service levels of a conversation; by the database's clock it is `at` at least."""

    conversation_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ServiceLevelView:
    """How a conversation stands to one target, as it was when anything happened to it last."""

    target: str
    state: str
    due_at: datetime | None
    policy_id: UUID | None


class PolicyRepository(Stored[ServiceLevelPolicy], Protocol):
    """Policies, to change."""

    async def names(self) -> Mapping[str, UUID]:
        """Every policy's id by its name."""
        ...

    async def require_known(self, terms: Terms) -> None:
        """`NotFoundError` where the organization has not all the inboxes and tags that terms name."""
        ...


class LevelRepository(Protocol):
    """What conversations are held to, and how they stand to it."""

    async def policies(self) -> Sequence[ServiceLevelPolicyView]:
        """Every policy, in the order in which they count."""
        ...

    async def hours(self) -> BusinessHours | None:
        """When people are there."""
        ...

    async def languages(self) -> Sequence[str]:
        """The languages of the organization, the first its own."""
        ...

    async def is_known(self, conversation_id: UUID) -> bool:
        """Whether anything is kept of a conversation."""
        ...

    async def history(self, conversation_id: UUID) -> Sequence[Happening]:
        """All that happened in a conversation, in order."""
        ...

    async def keep(self, conversation_id: UUID, policy_id: UUID | None, verdict: Verdict) -> None:
        """Remember how a conversation stands; nothing of one that never had a level."""
        ...

    async def owed(self, after: UUID | None, *, most: int) -> Sequence[UUID]:
        """Conversations that people have, or that have an open level, by id after one."""
        ...


class LevelUnit(TimerUnit, Protocol):
    """A unit of work that holds service levels."""

    @property
    def level_policies(self) -> PolicyRepository:
        """Policies, to change."""
        ...

    @property
    def levels(self) -> LevelRepository:
        """How conversations stand."""
        ...


class LevelReads(Protocol):
    """What one actor may see of service levels."""

    async def service_level_policies(self, ids: Sequence[UUID]) -> Sequence[ServiceLevelPolicyView | None]:
        """Policies by id; none for customers."""
        ...

    async def all_service_level_policies(self) -> Sequence[ServiceLevelPolicyView]:
        """Every policy, in the order in which they count."""
        ...

    async def service_levels(self, ids: Sequence[UUID]) -> Sequence[Sequence[ServiceLevelView] | None]:
        """How conversations stand, by their ids; None for customers."""
        ...

    async def due_page(self, page: PageRequest) -> Page[ConversationView]:
        """Conversations in which somebody has to act by a time, the most urgent first."""
        ...


@dataclass(frozen=True)
class ServiceLevels:
    """The commands on policies, and the one way in which a conversation is held to them.

    How it stands is found anew from its journal each time: whatever comes twice, late or after an outage comes to the
    same, and what was told is never told again, since it stands in the journal too.
    """

    units: Opening[LevelUnit]
    new_id: Identifiers
    now: Clock

    @retried_once
    async def create(self, actor: Actor, terms: Terms, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make a policy; `InvalidStateError` when there is one of this name, or too many."""
        actor.require(Permission.MANAGE_ROUTING)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if len(await unit.level_policies.names()) >= MOST_POLICIES:
                raise InvalidStateError(f"There are {MOST_POLICIES} policies already. Delete one first.")
            policy = ServiceLevelPolicy(self.new_id(), actor.tenant)
            policy.create(terms)
            await _check(unit, policy)
            unit.level_policies.add(policy)
            return await unit.commit(Receipt(policy.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        policy_id: UUID,
        changes: Mapping[str, Any],
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Let a policy say something else; open clocks go by it at once."""
        actor.require(Permission.MANAGE_ROUTING)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            policy = await unit.level_policies.get(policy_id)
            policy.change(changes, reason=reason)
            await _check(unit, policy)
            return await unit.commit(Receipt(policy.id))

    async def delete(
        self, actor: Actor, policy_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take a policy away; what was told of it stays in the journal."""
        actor.require(Permission.MANAGE_ROUTING)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            policy = await unit.level_policies.get(policy_id)
            policy.delete(reason=reason)
            return await unit.commit(Receipt(policy.id))

    @retried_once
    async def follow(self, organization_id: UUID, conversation_id: UUID, *, at: datetime | None = None) -> None:
        """Hold a conversation to the policy that is about it, and let it be looked at again when that changes.

        `at` is what the database's clock said at least, when this process's was set back.
        """
        async with self.units(system_of(organization_id)) as unit:
            policies = await unit.levels.policies()
            if not policies and not await unit.levels.is_known(conversation_id):
                return
            conversation = await unit.conversations.get(conversation_id)
            policy = _policy_of(conversation, policies)
            verdict = await self._verdict(unit, conversation, policy, at)
            for news in verdict.news:
                conversation.note(news)
            await unit.levels.keep(conversation_id, policy.id if policy else None, verdict)
            if verdict.rings_at is None:
                await unit.timers.cancel(TIMER, conversation_id)
            else:
                due = ServiceLevelDue(conversation_id, verdict.rings_at)
                await unit.timers.set(TIMER, conversation_id, verdict.rings_at, due)
            await unit.commit(Receipt(conversation_id))

    async def follow_all(self, organization_id: UUID) -> None:
        """Hold all conversations that people have to policies or hours that are others now."""
        last: UUID | None = None
        while True:
            async with self.units(system_of(organization_id)) as unit:
                owed = await unit.levels.owed(last, most=BATCH)
            for conversation_id in owed:
                await self.follow(organization_id, conversation_id)
            if len(owed) < BATCH:
                return
            last = owed[-1]

    async def _verdict(
        self, unit: LevelUnit, conversation: Conversation, policy: ServiceLevelPolicyView | None, at: datetime | None
    ) -> Verdict:
        if policy is None:
            return Verdict((), (), None)
        history, hours = await unit.levels.history(conversation.id), await unit.levels.hours()
        now = max(self.now(), at) if at else self.now()
        return judge(history, policy, conversation.triage.priority, hours, now)


def _policy_of(conversation: Conversation, policies: Sequence[ServiceLevelPolicyView]) -> ServiceLevelPolicyView | None:
    about = (conversation.triage.priority, conversation.inbox_id, conversation.triage.tag_ids)
    return next((policy for policy in policies if policy.terms.is_about(*about)), None)


async def _check(unit: LevelUnit, policy: ServiceLevelPolicy) -> None:
    if (await unit.level_policies.names()).get(policy.name, policy.id) != policy.id:
        raise InvalidStateError(f"There is a policy with the name “{policy.name}” already.")
    await unit.level_policies.require_known(policy.terms)
