"""Actions: what the assistant may only do once an agent has agreed, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.account.permission import Permission
from domain.account.role import allowed_now, checked_reason
from domain.account.stored import Opening
from domain.base import STAFF, Actor, Clock, Identifiers, assistant_of, system_of
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.tool.call import MOST_ATTEMPTS, Call, CallUnit, told
from domain.tool.calling import UNSURE, Caller
from domain.tool.events import CallState
from domain.tool.ports import Behalf, Catalog, Offer, Reply, Seals

GONE = "The tool is gone, or switched off."


class UnknownOutcomeError(Exception):
    """Nobody knows whether an approved call was done: it is to be made again, under the same key."""


@dataclass(frozen=True)
class Actions:
    """What agents decide, and what Parley does then."""

    units: Opening[CallUnit]
    catalog: Catalog
    caller: Caller
    seals: Seals
    new_id: Identifiers
    clock: Clock

    @retried_once
    async def approve(self, actor: Actor, call_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Let the assistant do it; `ConflictError` when a colleague decided first."""
        _require_decider(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.APPROVE_ACTIONS)
            call = await unit.calls.seen(call_id)
            call.approve(actor, at=self.clock())
            return await unit.commit(Receipt(call.id))

    @retried_once
    async def reject(
        self, actor: Actor, call_id: UUID, reason: str | None = None, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Do not let the assistant do it; the reason is for colleagues, the customer is told only that."""
        _require_decider(actor)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.APPROVE_ACTIONS)
            call = await unit.calls.seen(call_id)
            call.reject(actor, reason, at=self.clock())
            return await unit.commit(Receipt(call.id))

    async def settle(self, organization_id: UUID, call_id: UUID) -> None:
        """Do what was approved, and tell the customer what came of an action that is over.

        Safe to run again at any point: the call has one idempotency key, and the customer is told in the transaction
        that says so. Raises `UnknownOutcomeError` where it should be run again.
        """
        offer = await self.catalog.of_call(organization_id, call_id)
        call = await self._begin(organization_id, call_id, offer) if offer and offer.tool.enabled else None
        if offer and call and call.arguments is not None:
            await self._perform(call, offer, call.arguments)
        else:
            await self._tell(organization_id, call_id, None, 0.0)

    async def give_up(self, organization_id: UUID, call_id: UUID) -> None:
        """Say that nobody knows, when trying has come to an end."""
        await self._tell(organization_id, call_id, Reply(CallState.UNKNOWN, UNSURE), 0.0)

    async def lapse(self) -> int:
        """End the calls whose time is up; how many those were."""
        due = await self.catalog.due(self.clock())
        for organization_id, call_id in due:
            async with self.units(system_of(organization_id)) as unit:
                call = await unit.calls.by_id(call_id)
                if call is not None:
                    call.lapse(at=self.clock())
                    await unit.commit(Receipt(call_id))
        return len(due)

    @retried_once
    async def _begin(self, organization_id: UUID, call_id: UUID, offer: Offer) -> Call | None:
        """Put on record that an approved call is about to be made; None where there is nothing to make."""
        async with self.units(assistant_of(organization_id)) as unit:
            call = await unit.calls.by_id(call_id)
            if call is None or not call.is_action or call.state not in (CallState.APPROVED, CallState.RUNNING):
                return None
            interrupted = call.state is CallState.RUNNING
            if interrupted and (call.attempts >= MOST_ATTEMPTS or not offer.is_repeatable):
                return None
            call.start(at=self.clock())
            await unit.commit(Receipt(call_id))
        return call

    async def _perform(self, call: Call, offer: Offer, sealed: bytes) -> None:
        tenant, where = call.organization_id, call.conversation_id
        asker = call.customer_id and await self.catalog.asker(tenant, call.customer_id, where)
        behalf = Behalf(tenant, call.id, asker or None, where)
        arguments = self.seals.open_arguments(call.id, sealed)
        reply, took_ms = await self.caller.call(offer, arguments, behalf)
        if reply.state is CallState.UNKNOWN and offer.is_repeatable and call.attempts < MOST_ATTEMPTS:
            raise UnknownOutcomeError(f"The call {call.id} may or may not have been done.")
        await self._tell(call.organization_id, call.id, reply, took_ms)

    @retried_once
    async def _tell(self, organization_id: UUID, call_id: UUID, reply: Reply | None, took_ms: float) -> None:
        """End the call, and tell the customer, once, in one transaction."""
        actor = assistant_of(organization_id)
        async with self.units(actor) as unit:
            call = await unit.calls.by_id(call_id)
            if call is None or not call.is_action or call.settled or call.state is CallState.PROPOSED:
                return
            if call.state in (CallState.APPROVED, CallState.RUNNING):
                _end(call, reply, took_ms)
            if call.conversation_id is not None:
                message_id = self.new_id()
                conversation = await unit.conversations.get(call.conversation_id)
                conversation.tell(actor, told(call), message_id, call.id)
                call.settle(message_id)
            await unit.commit(Receipt(call_id))


def _require_decider(actor: Actor) -> None:
    """Whoever decides on an action must be a person, and see what it is."""
    actor.require(Permission.APPROVE_ACTIONS)
    actor.require(Permission.READ_ASSISTANT)
    actor.require_kind(*STAFF)


def _end(call: Call, reply: Reply | None, took_ms: float) -> None:
    """What nobody has a reply to was not begun, or nobody knows what came of it."""
    if call.state is CallState.APPROVED:
        call.state = CallState.RUNNING
        reply = reply or Reply(CallState.FAILED, GONE)
    call.finish(reply or Reply(CallState.UNKNOWN, UNSURE), took_ms=took_ms)
