"""What people can do with conversations: each method is one command, in one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.organization import default_inbox_of
from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import PEOPLE, STAFF, Actor, ActorKind, Identifiers
from domain.collaboration.draft import DraftUnit
from domain.conversation.aggregate import Conversation
from domain.conversation.events import AnswerRated
from domain.conversation.interrupting import interrupted
from domain.file.file import FilePurpose
from domain.file.ports import FileUnit, claimed
from domain.ports import IdempotencyKey, Receipt, Replies
from domain.retry import retried_once

Change = Callable[[Conversation, str], UUID | None]
"""Changes a conversation, given the partial text of its answer; gives the id of the message it made, if any."""


class TalkUnit(FileUnit, DraftUnit, Protocol):
    """A unit of work that holds what goes with messages: files, and the drafts that become them."""


@dataclass(frozen=True)
class Conversations:
    """The commands on conversations. The actor comes first; a repeated idempotency key repeats the receipt."""

    units: Opening[TalkUnit]
    replies: Replies
    new_id: Identifiers

    @retried_once
    async def start(
        self,
        actor: Actor,
        text: str,
        *,
        inbox_id: UUID | None = None,
        file_ids: Sequence[UUID] = (),
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Begin a conversation with its first question, in the organization's own inbox if in no other."""
        actor.require(Permission.START_CONVERSATIONS)
        actor.require_kind(ActorKind.CUSTOMER)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if inbox_id is not None:
                await unit.conversations.require_inbox(inbox_id)
            conversation = Conversation(self.new_id(), actor.tenant)
            message_id = self.new_id()
            files = await claimed(unit, actor, file_ids, conversation.id, FilePurpose.MESSAGE)
            conversation.start(actor, text, message_id, inbox_id or default_inbox_of(actor.tenant), files)
            unit.conversations.add(conversation)
            return await unit.commit(Receipt(conversation.id, message_id))

    @retried_once
    async def send(
        self,
        actor: Actor,
        conversation_id: UUID,
        text: str,
        *,
        file_ids: Sequence[UUID] = (),
        seen: int | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Say something; a customer's word reopens a resolved conversation. The actor's draft is gone then.

        With `seen`, the version that the writer has before their eyes, `ConversationMovedOnError` tells what others
        have replied since, and nothing is said.
        """
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*PEOPLE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get(conversation_id)
            message_id = self.new_id()
            files = await claimed(unit, actor, file_ids, conversation_id, FilePurpose.MESSAGE)
            conversation.send(actor, text, message_id, files, seen=seen)
            await unit.drafts.discard(conversation_id)
            return await unit.commit(Receipt(conversation_id, message_id))

    @retried_once
    async def rate_answer(
        self,
        actor: Actor,
        message_id: UUID,
        *,
        helpful: bool,
        comment: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Say whether an answer helped, or say it otherwise; for the customer whose conversation it is in."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(ActorKind.CUSTOMER)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.holding(message_id)
            conversation.rate(actor, AnswerRated(message_id, helpful, comment))
            return await unit.commit(Receipt(conversation.id, message_id))

    async def stop_answer(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """End the answer that is being written; what was seen of it stays, labelled as partial."""

        def change(conversation: Conversation, partial: str) -> None:
            conversation.stop_answer(actor, partial)

        return await self._change(actor, conversation_id, change, key, PEOPLE)

    async def request_handoff(
        self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Ask for a person."""

        def change(conversation: Conversation, partial: str) -> UUID:
            message_id = self.new_id()
            conversation.request_handoff(actor, message_id, partial)
            return message_id

        return await self._change(actor, conversation_id, change, key, PEOPLE)

    async def take_over(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Become the one who answers; `AlreadyAssignedError` when a colleague was faster."""

        def change(conversation: Conversation, partial: str) -> None:
            conversation.take_over(actor, partial)

        return await self._change(actor, conversation_id, change, key, STAFF)

    async def resolve(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """End this episode."""

        def change(conversation: Conversation, partial: str) -> None:
            conversation.resolve(actor, partial)

        return await self._change(actor, conversation_id, change, key, PEOPLE)

    async def reopen(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Begin a new episode of a resolved conversation, with the assistant."""

        def change(conversation: Conversation, _: str) -> None:
            conversation.reopen()

        return await self._change(actor, conversation_id, change, key, PEOPLE, interrupts=False)

    @retried_once
    async def _change(
        self,
        actor: Actor,
        conversation_id: UUID,
        change: Change,
        key: IdempotencyKey | None,
        allowed: tuple[ActorKind, ...],
        *,
        interrupts: bool = True,
    ) -> Receipt:
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*allowed)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get(conversation_id)
            partial = await interrupted(self.replies, conversation) if interrupts else ""
            part_id = change(conversation, partial)
            return await unit.commit(Receipt(conversation.id, part_id))
