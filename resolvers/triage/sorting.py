"""The root fields that sort conversations."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.ports import Receipt
from domain.triage.service import TriageServices
from resolvers.context import RequestContext, mutation
from resolvers.conversation import shown_conversation
from resolvers.idempotency import key_of
from schema.base import parse_key
from schema.triage import triage_command as c
from schema.triage.attribute import values_of
from schema.triage.filter import moment

Info = strawberry.Info[RequestContext, None]
S = TypeVar("S")
REPLYING = Permission.REPLY_TO_CONVERSATIONS


def triage(info: Info) -> TriageServices:
    return info.context.services.desk.triage


def conversation_key(input: Any) -> UUID:
    return parse_key(input.conversation_id, "Conversation", "input.conversationId")


def keys(ids: list[strawberry.ID] | None, concept: str, path: str) -> list[UUID]:
    """The inner ids of a list, which may be left out."""
    return [parse_key(each, concept, f"{path}.{place}") for place, each in enumerate(ids or ())]


async def _sorted(info: Info, receipt: Receipt, success: Callable[..., S]) -> S:
    return success(conversation=await shown_conversation(info, receipt.id))


@strawberry.type
class SortingMutation:
    """What people at work do to a conversation's place; its customer is told nothing of it."""

    @mutation("Have a conversation seen to sooner or later. For people at work.", needs=REPLYING)
    async def set_conversation_priority(
        self, info: Info, input: c.SetConversationPriorityInput
    ) -> c.SetConversationPriorityPayload | None:
        key = conversation_key(input)
        done = await triage(info).sorting.set_priority(info.context.actor, key, input.priority, key=key_of(input))
        return await _sorted(info, done, c.SetConversationPrioritySuccess)

    @mutation("Mark a conversation with these tags and no others. For people at work.", needs=REPLYING)
    async def set_conversation_tags(
        self, info: Info, input: c.SetConversationTagsInput
    ) -> c.SetConversationTagsPayload | None:
        tags = keys(input.tag_ids, "Tag", "input.tagIds")
        key = conversation_key(input)
        done = await triage(info).sorting.set_tags(info.context.actor, key, tags, key=key_of(input))
        return await _sorted(info, done, c.SetConversationTagsSuccess)

    @mutation(
        "Give a conversation some tags and take some away, whatever others do meanwhile. For people at work.",
        needs=REPLYING,
    )
    async def tag_conversation(self, info: Info, input: c.TagConversationInput) -> c.TagConversationPayload | None:
        add = keys(input.add_tag_ids, "Tag", "input.addTagIds")
        remove = keys(input.remove_tag_ids, "Tag", "input.removeTagIds")
        done = await triage(info).sorting.tag(
            info.context.actor, conversation_key(input), add=add, remove=remove, key=key_of(input)
        )
        return await _sorted(info, done, c.TagConversationSuccess)

    @mutation("Say something of a conversation, as your company defined it. For people at work.", needs=REPLYING)
    async def set_conversation_attributes(
        self, info: Info, input: c.SetConversationAttributesInput
    ) -> c.SetConversationAttributesPayload | None:
        values = values_of(input.attributes)
        key = conversation_key(input)
        done = await triage(info).sorting.set_attributes(info.context.actor, key, values, key=key_of(input))
        return await _sorted(info, done, c.SetConversationAttributesSuccess)

    @mutation(
        "Call a conversation otherwise. Its customer goes on reading their own words. For people at work.",
        needs=REPLYING,
    )
    async def rename_conversation(
        self, info: Info, input: c.RenameConversationInput
    ) -> c.RenameConversationPayload | None:
        key = conversation_key(input)
        done = await triage(info).sorting.rename(info.context.actor, key, input.subject, key=key_of(input))
        return await _sorted(info, done, c.RenameConversationSuccess)

    @mutation(
        "Have a conversation out of sight until a time or until its customer writes. For people at work.",
        needs=REPLYING,
    )
    async def snooze_conversation(
        self, info: Info, input: c.SnoozeConversationInput
    ) -> c.SnoozeConversationPayload | None:
        until = moment(input.until, "input.until")
        key = conversation_key(input)
        done = await triage(info).sorting.snooze(info.context.actor, key, until, key=key_of(input))
        return await _sorted(info, done, c.SnoozeConversationSuccess)

    @mutation("Have a conversation in sight again. For people at work.", needs=REPLYING)
    async def wake_conversation(self, info: Info, input: c.WakeConversationInput) -> c.WakeConversationPayload | None:
        done = await triage(info).sorting.wake(info.context.actor, conversation_key(input), key=key_of(input))
        return await _sorted(info, done, c.WakeConversationSuccess)

    @mutation(
        "Say that a conversation is spam: lists leave it out, and the assistant answers no more. For people at work.",
        needs=REPLYING,
    )
    async def mark_conversation_as_spam(
        self, info: Info, input: c.MarkConversationAsSpamInput
    ) -> c.MarkConversationAsSpamPayload | None:
        key = conversation_key(input)
        done = await triage(info).sorting.mark_as_spam(info.context.actor, key, is_spam=True, key=key_of(input))
        return await _sorted(info, done, c.MarkConversationAsSpamSuccess)

    @mutation("Say that a conversation is no spam after all. For people at work.", needs=REPLYING)
    async def unmark_conversation_as_spam(
        self, info: Info, input: c.UnmarkConversationAsSpamInput
    ) -> c.UnmarkConversationAsSpamPayload | None:
        key = conversation_key(input)
        done = await triage(info).sorting.mark_as_spam(info.context.actor, key, is_spam=False, key=key_of(input))
        return await _sorted(info, done, c.UnmarkConversationAsSpamSuccess)

    @mutation(
        "Let a conversation go on in another one of the same customer: it is resolved, its messages stay in it, and"
        " what is said in it from now on is refused with a word on where to go. For people at work.",
        needs=REPLYING,
    )
    async def merge_conversations(
        self, info: Info, input: c.MergeConversationsInput
    ) -> c.MergeConversationsPayload | None:
        target = parse_key(input.into_id, "Conversation", "input.intoId")
        done = await triage(info).joining.merge(info.context.actor, conversation_key(input), target, key=key_of(input))
        return await _sorted(info, done, c.MergeConversationsSuccess)

    @mutation("Let two conversations name each other. For people at work.", needs=REPLYING)
    async def link_conversations(
        self, info: Info, input: c.LinkConversationsInput
    ) -> c.LinkConversationsPayload | None:
        other = parse_key(input.other_id, "Conversation", "input.otherId")
        done = await triage(info).joining.link(info.context.actor, conversation_key(input), other, key=key_of(input))
        return await _sorted(info, done, c.LinkConversationsSuccess)

    @mutation("Let two conversations name each other no more. For people at work.", needs=REPLYING)
    async def unlink_conversations(
        self, info: Info, input: c.UnlinkConversationsInput
    ) -> c.UnlinkConversationsPayload | None:
        other = parse_key(input.other_id, "Conversation", "input.otherId")
        done = await triage(info).joining.link(
            info.context.actor, conversation_key(input), other, is_linked=False, key=key_of(input)
        )
        return await _sorted(info, done, c.UnlinkConversationsSuccess)
