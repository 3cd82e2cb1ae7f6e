"""The root fields about conversations: what is asked, what is done, and what is watched."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError, NotFoundError, Recorded
from domain.collaboration.signal import SignalKind
from domain.conversation import ConversationState
from domain.ports import Frame, Receipt, Resync
from domain.triage.filter import ConversationOrder
from resolvers.context import RequestContext, mutation, subscription
from resolvers.idempotency import key_of
from schema import command as c
from schema.base import (
    After,
    Connection,
    First,
    IdArgument,
    connection,
    decode_cursor,
    field,
    page_request,
    parse_key,
    parse_keys,
)
from schema.change import ConversationChange, InboxChange, change, frame, resync
from schema.conversation import Conversation, Message
from schema.triage.filter import ConversationFilterInput, given
from schema.webhooks.replay import Kinds, is_among

Info = strawberry.Info[RequestContext, None]
S = TypeVar("S")

Command = Callable[..., Awaitable[Receipt]]
States = Annotated[
    list[ConversationState] | None, strawberry.argument(description="Only conversations in one of these states.")
]
Filter = Annotated[
    ConversationFilterInput | None, strawberry.argument(description="Only conversations that it lets through.")
]
Order = Annotated[ConversationOrder, strawberry.argument(description="What comes first.")]
Cursor = Annotated[
    str | None, strawberry.argument(description="Go on after this cursor; from now on when it is not given.")
]


@strawberry.type
class ConversationQuery:
    """Questions about conversations."""

    @field("A conversation by its id; null when there is none that you may see.", needs=Permission.READ_CONVERSATIONS)
    async def conversation(self, info: Info, id: IdArgument) -> Conversation | None:
        view = await info.context.load("conversations", parse_key(id, "Conversation", "id"))
        return Conversation.of(view) if view else None

    @field(
        "The conversations that you may see, latest activity first unless you say otherwise.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def conversations(
        self,
        info: Info,
        *,
        states: States = None,
        filter: Filter = None,
        order: Order = ConversationOrder.ACTIVITY,
        first: First = None,
        after: After = None,
    ) -> Connection[Conversation]:
        wanted = given(filter, "filter")
        if states is not None:
            wanted = replace(wanted, states=tuple(states))
        page = await info.context.reads.conversation_page(page_request(first, after), wanted, order)
        return connection(page, Conversation.of)


async def _done(info: Info, command: Command, input: Any, success: Callable[..., S]) -> S:
    """Run a command that names only a conversation, and show the conversation after it."""
    key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
    await command(info.context.actor, key, key=key_of(input))
    return success(conversation=await shown_conversation(info, key))


async def shown_conversation(info: Info, conversation_id: UUID) -> Conversation:
    """The conversation after a command; `NotFoundError` for who does not see it any more, having passed it on."""
    await info.context.renew()
    view = await info.context.load("conversations", conversation_id)
    if view is None:
        raise NotFoundError("conversation")
    return Conversation.of(view)


async def _said(info: Info, receipt: Receipt) -> Message:
    return Message.of(await info.context.load("messages", receipt.part_id))


@strawberry.type
class ConversationMutation:
    """What can be done with conversations."""

    @mutation("Begin a conversation with a question. For customers.", needs=Permission.START_CONVERSATIONS)
    async def start_conversation(
        self, info: Info, input: c.StartConversationInput
    ) -> c.StartConversationPayload | None:
        inbox_id = parse_key(input.inbox_id, "Inbox", "input.inboxId") if input.inbox_id is not None else None
        receipt = await info.context.services.conversations.start(
            info.context.actor,
            input.text,
            inbox_id=inbox_id,
            file_ids=parse_keys(input.file_ids, "File", "input.fileIds"),
            key=key_of(input),
        )
        return c.StartConversationSuccess(
            conversation=await shown_conversation(info, receipt.id), sent_message=await _said(info, receipt)
        )

    @mutation(
        "Say something. A customer's message reopens a resolved conversation; agents must have taken over first.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def send_message(self, info: Info, input: c.SendMessageInput) -> c.SendMessagePayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        receipt = await info.context.services.conversations.send(
            info.context.actor,
            key,
            input.text,
            file_ids=parse_keys(input.file_ids, "File", "input.fileIds"),
            seen=None if input.send_anyway else seen_version(input.seen_cursor),
            key=key_of(input),
        )
        return c.SendMessageSuccess(
            conversation=await shown_conversation(info, key), sent_message=await _said(info, receipt)
        )

    @mutation(
        "Say whether an answer helped; a later rating replaces it. For the customer whose conversation it is.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def rate_answer(self, info: Info, input: c.RateAnswerInput) -> c.RateAnswerPayload | None:
        key = parse_key(input.message_id, "Message", "input.messageId")
        receipt = await info.context.services.conversations.rate_answer(
            info.context.actor, key, helpful=input.helpful, comment=input.comment, key=key_of(input)
        )
        await info.context.renew()
        return c.RateAnswerSuccess(rated_message=await _said(info, receipt))

    @mutation(
        "End the answer that is being written; what was written stays, labelled as partial.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def stop_answer(self, info: Info, input: c.StopAnswerInput) -> c.StopAnswerPayload | None:
        return await _done(info, info.context.services.conversations.stop_answer, input, c.StopAnswerSuccess)

    @mutation("Ask for a person.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def request_handoff(self, info: Info, input: c.RequestHandoffInput) -> c.RequestHandoffPayload | None:
        return await _done(info, info.context.services.conversations.request_handoff, input, c.RequestHandoffSuccess)

    @mutation(
        "Have the conversation yourself, in the middle of an answer too. For agents.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def take_over_conversation(
        self, info: Info, input: c.TakeOverConversationInput
    ) -> c.TakeOverConversationPayload | None:
        command = info.context.services.conversations.take_over
        return await _done(info, command, input, c.TakeOverConversationSuccess)

    @mutation("The matter is settled: end the episode.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def resolve_conversation(
        self, info: Info, input: c.ResolveConversationInput
    ) -> c.ResolveConversationPayload | None:
        return await _done(info, info.context.services.conversations.resolve, input, c.ResolveConversationSuccess)

    @mutation(
        "Go on with a resolved conversation, in a new episode with the assistant.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def reopen_conversation(
        self, info: Info, input: c.ReopenConversationInput
    ) -> c.ReopenConversationPayload | None:
        return await _done(info, info.context.services.conversations.reopen, input, c.ReopenConversationSuccess)

    @mutation(
        "Nothing that the customer wrote until now is unread for you any more. For agents.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def mark_conversation_read(
        self, info: Info, input: c.MarkConversationReadInput
    ) -> c.MarkConversationReadPayload | None:
        done = await _done(info, info.context.services.read_marks.mark, input, c.MarkConversationReadSuccess)
        await info.context.services.desk.signals.send(info.context.actor, done.conversation.key, SignalKind.READ)
        return done


@strawberry.type
class ConversationSubscription:
    """What can be watched."""

    @subscription(
        "What happens in one conversation, and its answers as they are written.", needs=Permission.READ_CONVERSATIONS
    )
    async def conversation_changed(
        self, info: Info, id: IdArgument, after: Cursor = None
    ) -> AsyncGenerator[ConversationChange, None]:
        context = info.context
        key = parse_key(id, "Conversation", "id")
        feed = context.services.feed.conversation(context.actor, key, place_of(after))
        async with aclosing(feed) as items:
            async for item in items:
                cursor = item.version if isinstance(item, Recorded) else 0
                if (shown := _change(context, item, cursor)) is not None:
                    yield shown

    @subscription(
        "What happens in all conversations, without the frames of answers. For agents.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def inbox_changed(
        self, info: Info, after: Cursor = None, kinds: Kinds = None
    ) -> AsyncGenerator[InboxChange, None]:
        context = info.context
        async with aclosing(context.services.feed.inbox(context.actor, place_of(after))) as items:
            async for item in items:
                cursor = (item.position or 0) if isinstance(item, Recorded) else 0
                shown = _change(context, item, cursor)
                if shown is not None and is_among(shown, kinds):
                    yield shown


def _change(context: RequestContext, item: Recorded | Frame | Resync, cursor: int) -> Any:
    if isinstance(item, Resync):
        return resync(item)
    if isinstance(item, Frame):
        return frame(item)
    return change(item, cursor, staff=context.actor.is_staff)


UNKNOWN = -1
"""A place that no stream has: what a cursor of something else means."""


def seen_version(cursor: str | None) -> int | None:
    """The version of a conversation's cursor; `InvalidInputError` for one that is not ours."""
    place = place_of(cursor)
    if place == UNKNOWN:
        raise InvalidInputError(FieldProblem("input.seenCursor", "This is not a cursor that this API gave out."))
    return place


def place_of(after: str | None) -> int | None:
    """The version or position of a cursor; one that is not ours gets a `ResyncRequired`, as an unknown one does."""
    if after is None:
        return None
    try:
        (place,) = decode_cursor(after, "after")
        return int(place) if place.isascii() and place.isdigit() and len(place) < 19 else UNKNOWN
    except (InvalidInputError, ValueError):
        return UNKNOWN
