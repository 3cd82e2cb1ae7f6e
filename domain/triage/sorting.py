"""What people do to a conversation's place in their work; nobody but them is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import (
    STAFF,
    Actor,
    ActorKind,
    Clock,
    FieldProblem,
    InvalidInputError,
    InvalidStateError,
    NotFoundError,
    system_of,
)
from domain.conversation.aggregate import Conversation
from domain.conversation.events import ConversationState
from domain.conversation.interrupting import interrupted
from domain.conversation.triage import (
    AttributesChanged,
    ConversationSnoozed,
    ConversationWoken,
    Priority,
    PriorityChanged,
    SpamMarked,
    SubjectChanged,
    TagsChanged,
)
from domain.ports import IdempotencyKey, Receipt, Replies
from domain.retry import retried_once
from domain.text import checked
from domain.triage.attribute import AttributeOwner, changed_attributes
from domain.triage.events import SnoozeEnded
from domain.triage.ports import TriageUnit

AT_WORK = (*STAFF, ActorKind.API_KEY, ActorKind.ASSISTANT, ActorKind.SYSTEM)
SNOOZE = "snooze"
LONGEST_SUBJECT = 200
LONGEST_SNOOZE = timedelta(days=365)
MOST_TAGS = 50

Change = Callable[[TriageUnit, Conversation], Awaitable[None]]


@dataclass(frozen=True)
class Sorting:
    """The commands. The actor comes first; a repeated idempotency key repeats the receipt."""

    units: Opening[TriageUnit]
    replies: Replies
    now: Clock

    async def set_priority(
        self, actor: Actor, conversation_id: UUID, priority: Priority, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Have it seen to sooner or later."""

        async def change(_: TriageUnit, conversation: Conversation) -> None:
            conversation.sort(PriorityChanged(priority))

        return await self._change(actor, conversation_id, change, key)

    async def set_tags(
        self, actor: Actor, conversation_id: UUID, tag_ids: Collection[UUID], *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Have these tags and no others; `NotFoundError` for one that is none."""

        async def change(unit: TriageUnit, conversation: Conversation) -> None:
            await require_tags(unit, tag_ids)
            conversation.sort(TagsChanged(_ordered(tag_ids)))

        return await self._change(actor, conversation_id, change, key)

    async def tag(
        self,
        actor: Actor,
        conversation_id: UUID,
        *,
        add: Collection[UUID] = (),
        remove: Collection[UUID] = (),
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Have some more tags and some no more, whatever others do meanwhile."""

        async def change(unit: TriageUnit, conversation: Conversation) -> None:
            await require_tags(unit, add)
            await retag(unit, conversation, add, remove)

        return await self._change(actor, conversation_id, change, key)

    async def set_attributes(
        self, actor: Actor, conversation_id: UUID, values: Mapping[str, object], *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Have these values, None for none; the others stay. `InvalidInputError` names what does not fit."""

        async def change(unit: TriageUnit, conversation: Conversation) -> None:
            await reattribute(unit, conversation, values)

        return await self._change(actor, conversation_id, change, key)

    async def rename(
        self, actor: Actor, conversation_id: UUID, subject: str, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Call it otherwise, for the people at work: its customer goes on reading their own words."""
        subject = " ".join(checked(subject, "input.subject", longest=LONGEST_SUBJECT).split())

        async def change(_: TriageUnit, conversation: Conversation) -> None:
            conversation.sort(SubjectChanged(subject))

        return await self._change(actor, conversation_id, change, key)

    async def snooze(
        self, actor: Actor, conversation_id: UUID, until: datetime | None, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Have it out of sight until a time or until its customer writes, whichever is first; None waits for them."""
        now = self.now()
        if until is not None and not now < until <= now + LONGEST_SNOOZE:
            raise InvalidInputError(FieldProblem("input.until", "Give a time within the next 365 days."))

        async def change(unit: TriageUnit, conversation: Conversation) -> None:
            await put_to_sleep(unit, conversation, until)

        return await self._change(actor, conversation_id, change, key)

    async def wake(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Have it in sight again; one that is changes nothing."""

        async def change(unit: TriageUnit, conversation: Conversation) -> None:
            conversation.sort(ConversationWoken())
            await unit.timers.cancel(SNOOZE, conversation.id)

        return await self._change(actor, conversation_id, change, key)

    async def end_snooze(self, organization_id: UUID, ended: SnoozeEnded) -> None:
        """Its time has come: wake it, unless it was woken or snoozed anew meanwhile."""

        async def change(_: TriageUnit, conversation: Conversation) -> None:
            if conversation.triage.snoozed_until == ended.until:
                conversation.sort(ConversationWoken())

        await self._change(system_of(organization_id), ended.conversation_id, change, None)

    async def mark_as_spam(
        self, actor: Actor, conversation_id: UUID, *, is_spam: bool, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Say that it is spam, so that lists leave it out and the assistant does not answer in it; or that it is not.

        An answer that is being written ends there.
        """

        async def change(_: TriageUnit, conversation: Conversation) -> None:
            if is_spam:
                conversation.hush(actor, await interrupted(self.replies, conversation))
            conversation.sort(SpamMarked(is_spam))

        return await self._change(actor, conversation_id, change, key)

    @retried_once
    async def _change(self, actor: Actor, conversation_id: UUID, change: Change, key: IdempotencyKey | None) -> Receipt:
        require_sorter(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get(conversation_id)
            await change(unit, conversation)
            return await unit.commit(Receipt(conversation.id))


def require_sorter(actor: Actor) -> None:
    """Refuse customers, and who may not act in conversations."""
    actor.require(Permission.REPLY_TO_CONVERSATIONS)
    actor.require_kind(*AT_WORK)


async def require_tags(unit: TriageUnit, tag_ids: Collection[UUID]) -> None:
    """`NotFoundError` where one of them is no tag."""
    if len(tag_ids) > MOST_TAGS:
        raise InvalidInputError(FieldProblem("input.tagIds", f"At most {MOST_TAGS} are allowed."))
    if set(tag_ids) - await unit.tags.known(tag_ids):
        raise NotFoundError("tag")


async def retag(
    unit: TriageUnit, conversation: Conversation, add: Collection[UUID], remove: Collection[UUID] = ()
) -> None:
    """Give a conversation some tags and take some away; what was deleted since goes too."""
    wanted = [each for each in dict.fromkeys((*conversation.triage.tag_ids, *add)) if each not in remove]
    known = await unit.tags.known(wanted)
    if len(known) > MOST_TAGS:
        raise InvalidStateError(f"A conversation has at most {MOST_TAGS} tags. Take some away first.")
    conversation.sort(TagsChanged(tuple(each for each in wanted if each in known)))


async def reattribute(unit: TriageUnit, conversation: Conversation, values: Mapping[str, object]) -> None:
    """Give a conversation some values of attributes."""
    definitions = await unit.attributes.of(AttributeOwner.CONVERSATION)
    held = conversation.triage.attributes
    conversation.sort(AttributesChanged(changed_attributes(definitions, held, values, "input.attributes")))


async def put_to_sleep(unit: TriageUnit, conversation: Conversation, until: datetime | None) -> None:
    """Snooze a conversation, and have it woken in time."""
    if conversation.state is ConversationState.RESOLVED:
        raise InvalidStateError("This conversation is resolved: there is nothing to be reminded of.")
    conversation.sort(ConversationSnoozed(until))
    if until is None:
        await unit.timers.cancel(SNOOZE, conversation.id)
    else:
        await unit.timers.set(SNOOZE, conversation.id, until, SnoozeEnded(conversation.id, until))


def _ordered(tag_ids: Collection[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(tag_ids))
