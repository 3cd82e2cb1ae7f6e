"""What people do about who gets what: being there, taking, declining, giving back, passing on, and the rules of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.account.stored import Opening
from domain.base import (
    STAFF,
    Actor,
    ActorKind,
    Clock,
    FieldProblem,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
)
from domain.conversation.desk_events import ReturnCause
from domain.conversation.interrupting import interrupted
from domain.ports import IdempotencyKey, Receipt, Replies
from domain.retry import retried_once
from domain.routing.availability import Skills
from domain.routing.draining import Draining
from domain.routing.events import Status
from domain.routing.policy import Terms
from domain.routing.ports import RoutingUnit, Workplaces

FULL = "They have as many conversations as they are to have at once. Say why they should have one more."
NOT_THEIRS = "Their rights, or their teams, do not let them answer in the inbox of this conversation."
Decision = Callable[[RoutingUnit], Awaitable[None]]


@dataclass(frozen=True)
class Routing:
    """The commands about who gets what."""

    units: Opening[RoutingUnit]
    replies: Replies
    workplaces: Workplaces
    draining: Draining
    clock: Clock

    @retried_once
    async def set_availability(self, actor: Actor, status: Status, *, key: IdempotencyKey | None = None) -> Receipt:
        """Take conversations from now on, or do not; what one has one keeps."""
        _require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            availability = await unit.availabilities.of(actor.identity)
            availability.be(status, self.clock())
            return await unit.commit(Receipt(actor.identity))

    async def be_present(self, actor: Actor, *, key: IdempotencyKey | None = None) -> Receipt:
        """Be there, for the next while; who is not heard of any more is not asked, and gives back what they have."""
        _require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await unit.floor.saw(actor.identity, self.clock())
            return await unit.commit(Receipt(actor.identity))

    @retried_once
    async def qualify(
        self,
        actor: Actor,
        agent_id: UUID,
        skills: Skills,
        capacity: int,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Decide which conversations an agent is asked to take, and how many they have at once."""

        async def qualify(unit: RoutingUnit) -> None:
            (await unit.availabilities.of(agent_id)).qualify(skills, capacity, reason=reason)

        return await self._decide(actor, qualify, agent_id, reason, key)

    @retried_once
    async def set_needs(
        self,
        actor: Actor,
        inbox_id: UUID,
        language: str | None,
        topic: str | None,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Decide which skills an inbox needs by itself."""

        async def need(unit: RoutingUnit) -> None:
            (await unit.inbox_needs.of(inbox_id)).decide(language, topic, reason=reason)

        return await self._decide(actor, need, inbox_id, reason, key)

    @retried_once
    async def set_terms(
        self, actor: Actor, terms: Terms, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Decide how long everything takes."""

        async def agree(unit: RoutingUnit) -> None:
            (await unit.routing_policies.own()).decide(terms, reason=reason)

        return await self._decide(actor, agree, actor.tenant, reason, key)

    @retried_once
    async def accept(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Take what one is asked to take, in time."""
        _require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            (await unit.conversations.get(conversation_id)).accept(actor, self.clock())
            return await unit.commit(Receipt(conversation_id))

    @retried_once
    async def decline(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Do not take what one is asked to take."""
        _require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get(conversation_id)
            conversation.decline(actor, self.clock() + await _pause(unit))
            return await unit.commit(Receipt(conversation_id))

    @retried_once
    async def give_back(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Have a conversation no more: it waits for somebody else, as long as it has waited already."""
        _require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get(conversation_id)
            not_before = self.clock() + await _pause(unit)
            conversation.give_back(actor.identity, ReturnCause.GIVEN_BACK, not_before)
            return await unit.commit(Receipt(conversation_id))

    @retried_once
    async def assign(
        self,
        actor: Actor,
        conversation_id: UUID,
        agent_id: UUID,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Give a conversation to somebody; with a reason also to who has enough already."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*STAFF, ActorKind.SYSTEM)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await unit.floor.lock()  # so that nobody is asked to take something between the count and the gift
            conversation = await unit.conversations.get(conversation_id)
            person = await unit.floor.person(agent_id)
            if person is None:
                raise NotFoundError("agent")
            if not (person.everywhere or conversation.inbox_id in person.inbox_ids):
                raise ForbiddenError(NOT_THEIRS)
            if reason is None and person.load >= person.capacity and agent_id != conversation.offering.agent_id:
                raise InvalidInputError(FieldProblem("input.reason", FULL))
            partial = await interrupted(self.replies, conversation)
            conversation.assign(actor, agent_id, partial, reason)
            return await unit.commit(Receipt(conversation_id))

    async def _decide(
        self, actor: Actor, decision: Decision, subject_id: UUID, reason: str | None, key: IdempotencyKey | None
    ) -> Receipt:
        actor.require(Permission.MANAGE_ROUTING)
        checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await decision(unit)
            return await unit.commit(Receipt(subject_id))

    async def drain(self, organization_id: UUID) -> int:
        """Let everything happen that is due in the queue; how many offers were made."""
        return await self.draining.drain(organization_id)


def _require_at_work(actor: Actor) -> None:
    actor.require(Permission.REPLY_TO_CONVERSATIONS)
    actor.require_kind(*STAFF)


async def _pause(unit: RoutingUnit) -> timedelta:
    return timedelta(seconds=(await unit.floor.house()).terms.pause)
