"""Does what rules say, by the services that people do it by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from domain.automation.action import Action, ActionKind, Acts
from domain.base import Actor, Clock, Identifiers, assistant_of
from domain.collaboration.note import Notes
from domain.conversation.aggregate import Conversation
from domain.conversation.events import MessageKind
from domain.conversation.interrupting import interrupted
from domain.ports import IdempotencyKey, Receipt, Replies, Units
from domain.retry import retried_once
from domain.triage.sorting import Sorting


class Assigning(Protocol):
    """Gives conversations to agents."""

    async def assign(
        self,
        actor: Actor,
        conversation_id: UUID,
        agent_id: UUID,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Give one to an agent."""
        ...


REASON = "By a rule."
"""Why somebody gets a conversation who has enough already: whoever made the rule wanted that."""


@dataclass(frozen=True)
class Acting:
    """The ways to do each kind of action."""

    units: Units
    replies: Replies
    sorting: Sorting
    notes: Notes
    routing: Assigning
    new_id: Identifiers
    now: Clock

    def table(self) -> Acts:
        """What there is a way to do, by its kind."""
        return {
            ActionKind.SET_PRIORITY: self._set_priority,
            ActionKind.ADD_TAGS: self._add_tags,
            ActionKind.REMOVE_TAGS: self._remove_tags,
            ActionKind.SET_ATTRIBUTE: self._set_attribute,
            ActionKind.ASSIGN: self._assign,
            ActionKind.SEND_MESSAGE: self._send_message,
            ActionKind.ADD_NOTE: self._add_note,
            ActionKind.SNOOZE: self._snooze,
            ActionKind.WAKE: self._wake,
            ActionKind.RESOLVE: self._resolve,
            ActionKind.HAND_OVER: self._hand_over,
            ActionKind.MARK_AS_SPAM: self._mark_as_spam,
        }

    async def _set_priority(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        if action.priority:
            await self.sorting.set_priority(actor, where, action.priority, key=key)

    async def _add_tags(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        await self.sorting.tag(actor, where, add=action.tag_ids or (), key=key)

    async def _remove_tags(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        await self.sorting.tag(actor, where, remove=action.tag_ids or (), key=key)

    async def _set_attribute(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        await self.sorting.set_attributes(actor, where, {action.attribute or "": action.value}, key=key)

    async def _assign(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        if action.agent_id:
            await self.routing.assign(actor, where, action.agent_id, reason=REASON, key=key)

    async def _add_note(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        await self.notes.add(actor, where, action.text or "", key=key)

    async def _snooze(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        until = self.now() + timedelta(minutes=action.minutes) if action.minutes else None
        await self.sorting.snooze(actor, where, until, key=key)

    async def _wake(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        await self.sorting.wake(actor, where, key=key)

    async def _mark_as_spam(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        await self.sorting.mark_as_spam(actor, where, is_spam=True, key=key)

    async def _send_message(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        """The customer reads it as the assistant's, of a kind of its own."""

        async def change(conversation: Conversation) -> None:
            conversation.require_going_on()
            speaker = assistant_of(conversation.organization_id)
            conversation.tell(speaker, action.text or "", self.new_id(), kind=MessageKind.AUTOMATIC)

        await self._change(actor, where, change, key)

    async def _resolve(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        async def change(conversation: Conversation) -> None:
            conversation.resolve(actor, await interrupted(self.replies, conversation))

        await self._change(actor, where, change, key)

    async def _hand_over(self, actor: Actor, where: UUID, action: Action, key: IdempotencyKey) -> None:
        async def change(conversation: Conversation) -> None:
            partial = await interrupted(self.replies, conversation)
            conversation.request_handoff(actor, self.new_id(), partial)

        await self._change(actor, where, change, key)

    @retried_once
    async def _change(
        self, actor: Actor, where: UUID, change: Callable[[Conversation], Awaitable[None]], key: IdempotencyKey
    ) -> None:
        async with self.units(actor, key) as unit:
            if unit.earlier is None:
                conversation = await unit.conversations.get(where)
                await change(conversation)
                await unit.commit(Receipt(where))
