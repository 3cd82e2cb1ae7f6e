"""The root fields about drafts."""

import strawberry

from domain.account.permission import Permission
from resolvers.context import RequestContext, mutation
from resolvers.conversation import shown_conversation
from resolvers.idempotency import key_of
from schema.base import parse_key
from schema.collaboration import draft_command as c

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class DraftMutation:
    """What can be done with drafts."""

    @mutation(
        "Keep what you are about to say; the last one counts, and only you see it.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def save_draft(self, info: Info, input: c.SaveDraftInput) -> c.SaveDraftPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        await info.context.services.desk.drafts.save(info.context.actor, key, input.text, key=key_of(input))
        return c.SaveDraftSuccess(conversation=await shown_conversation(info, key))

    @mutation("Keep your draft no longer.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def discard_draft(self, info: Info, input: c.DiscardDraftInput) -> c.DiscardDraftPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        await info.context.services.desk.drafts.discard(info.context.actor, key, key=key_of(input))
        return c.DiscardDraftSuccess(conversation=await shown_conversation(info, key))
