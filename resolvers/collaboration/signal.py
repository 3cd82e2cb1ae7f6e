"""The root fields about what is true for seconds only."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.collaboration.signal import LASTS, SignalKind
from resolvers.context import RequestContext, mutation, subscription
from schema.base import IdArgument, parse_key
from schema.collaboration import signal_command as c
from schema.collaboration.signal import ConversationSignal
from schema.command import ConversationInput

Info = strawberry.Info[RequestContext, None]


async def _tell(info: Info, input: ConversationInput, kind: SignalKind) -> UUID:
    key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
    await info.context.services.desk.signals.send(info.context.actor, key, kind)
    return key


@strawberry.type
class SignalMutation:
    """What one can tell others without saying anything."""

    @mutation("You are about to say something; say so every few seconds.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def set_typing(self, info: Info, input: c.SetTypingInput) -> c.SetTypingPayload | None:
        key = await _tell(info, input, SignalKind.TYPING)
        return c.SetTypingSuccess(conversation_key=key, lasts_seconds=LASTS[SignalKind.TYPING])

    @mutation("You have a conversation before your eyes; say so now and then.", needs=Permission.READ_CONVERSATIONS)
    async def set_viewing(self, info: Info, input: c.SetViewingInput) -> c.SetViewingPayload | None:
        key = await _tell(info, input, SignalKind.VIEWING)
        return c.SetViewingSuccess(conversation_key=key, lasts_seconds=LASTS[SignalKind.VIEWING])

    @mutation("You look at it no longer, and type nothing.", needs=Permission.READ_CONVERSATIONS)
    async def stop_viewing(self, info: Info, input: c.StopViewingInput) -> c.StopViewingPayload | None:
        return c.StopViewingSuccess(conversation_key=await _tell(info, input, SignalKind.LEFT))


@strawberry.type
class SignalSubscription:
    """What can be watched of it."""

    @subscription(
        "What others do in a conversation right now, first what holds already. Customers hear of typing only.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def conversation_signals(self, info: Info, id: IdArgument) -> AsyncGenerator[ConversationSignal, None]:
        key = parse_key(id, "Conversation", "id")
        following = info.context.services.desk.signals.follow(info.context.actor, key)
        async with aclosing(following) as signals:
            async for signal in signals:
                yield ConversationSignal.of(signal)
