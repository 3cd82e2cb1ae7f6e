"""The root fields of help for agents."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, cast

import strawberry

from domain.account.permission import Permission
from domain.assist.ports import Length, NeedsLanguageModelError, Tone, Wish
from domain.assist.service import Assist
from domain.assistant import Delta, Restarted
from domain.base import NotFoundError
from resolvers.context import RequestContext, mutation, subscription
from resolvers.idempotency import key_of
from schema import assist as c
from schema.base import parse_key
from schema.conversation import Conversation

Info = strawberry.Info[RequestContext, None]

ConversationId = Annotated[strawberry.ID, strawberry.argument(description="The conversation.")]
Text = Annotated[str, strawberry.argument(description="What you would send, 1 to 10,000 characters.")]
NewTone = Annotated[Tone | None, strawberry.argument(description="How it is to sound.")]
NewLength = Annotated[Length | None, strawberry.argument(description="What it is to become.")]
Language = Annotated[str | None, strawberry.argument(description="Two letters by ISO 639-1, such as `de`.")]


def _assist(info: Info) -> Assist:
    return info.context.services.assistants.assist


def _closing(pieces: AsyncIterator[Any]) -> Any:
    return aclosing(cast(AsyncGenerator[Any, None], pieces))


@strawberry.type
class AssistMutation:
    """What can be made anew."""

    @mutation(
        "Tell a conversation in a few sentences, now. It happens by itself when it changes hands, and as it goes on"
        " with a person. For staff.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def summarize_conversation(
        self, info: Info, input: c.SummarizeConversationInput
    ) -> c.SummarizeConversationPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        await _assist(info).summarize(info.context.actor, key, key=key_of(input))
        return c.SummarizeConversationSuccess(conversation=await _shown(info, key))

    @mutation(
        "Find out anew what a conversation is about and how it sounds. It happens by itself. For staff.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def classify_conversation(
        self, info: Info, input: c.ClassifyConversationInput
    ) -> c.ClassifyConversationPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        await _assist(info).classify(info.context.actor, key, key=key_of(input))
        return c.ClassifyConversationSuccess(conversation=await _shown(info, key))


async def _shown(info: Info, conversation_id: Any) -> Conversation:
    await info.context.renew()
    view = await info.context.load("conversations", conversation_id)
    if view is None:
        raise NotFoundError("conversation")
    return Conversation.of(view)


@strawberry.type
class AssistSubscription:
    """Texts as they are written."""

    @subscription(
        "A reply to the customer's last words, as it is written, with what it rests on. For staff; nothing is sent.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def suggest_reply(
        self, info: Info, conversation_id: ConversationId
    ) -> AsyncGenerator[c.SuggestionChange, None]:
        key = parse_key(conversation_id, "Conversation", "conversationId")
        attempt = 1
        async with _closing(await _assist(info).suggest(info.context.actor, key)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Delta):
                    yield c.WrittenText(text=piece.text)
                elif isinstance(piece, Restarted):
                    attempt += 1
                    yield c.TextRestarted(attempt=attempt)
                else:
                    yield c.suggestion(piece)

    @subscription(
        "A text of yours, written anew by a language model: in another tone, shorter or longer, or in another"
        " language. For staff.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def rewrite_text(
        self, info: Info, text: Text, tone: NewTone = None, length: NewLength = None, translate_to: Language = None
    ) -> AsyncGenerator[c.RewritingChange, None]:
        written = ""
        wish = Wish(tone, length, translate_to)
        try:
            async with _closing(await _assist(info).rewrite(info.context.actor, text, wish)) as pieces:
                async for piece in pieces:
                    written += piece
                    yield c.WrittenText(text=piece)
        except NeedsLanguageModelError as error:
            yield c.NeedsLanguageModelError(message=error.message, code=error.code)
        else:
            yield c.RewrittenText(text=written)
