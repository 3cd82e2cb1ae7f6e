"""What goes into and comes out of the mutations on conversations."""

from typing import Annotated, Any

import strawberry

from schema.conversation import Conversation, Message
from schema.errors import (
    AlreadyAssignedError,
    CommonError,
    ConflictError,
    ConversationMergedError,
    ConversationMovedOnError,
    ForbiddenError,
    IdempotencyKeyReusedError,
    InvalidInputError,
    InvalidStateError,
    NotFoundError,
)


def idempotency_key_field() -> Any:
    """The key that every mutation takes."""
    return strawberry.field(
        default=None,
        description="Made by you, at most 200 characters: a repeated request with the same key is the same request,"
        " for seven days.",
    )


def file_ids_field() -> Any:
    """The files that go with a message."""
    return strawberry.field(default=None, description="Files of yours for messages, at most 10: see `requestUpload`.")


@strawberry.input(description="A first question.")
class StartConversationInput:
    """Input of `startConversation`."""

    text: str = strawberry.field(description="The question, 1 to 10,000 characters.")
    inbox_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where it comes in; the company's own inbox if unset."
    )
    file_ids: list[strawberry.ID] | None = file_ids_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Something to say in a conversation.")
class SendMessageInput:
    """Input of `sendMessage`."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    text: str = strawberry.field(description="What, 1 to 10,000 characters.")
    file_ids: list[strawberry.ID] | None = file_ids_field()
    seen_cursor: str | None = strawberry.field(
        default=None,
        description="The conversation's `cursor` that you have before your eyes: if others have replied since, nothing"
        " is sent and you get a `ConversationMovedOnError`.",
    )
    send_anyway: bool = strawberry.field(default=False, description="Send it whatever others have replied.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Whether an answer helped.")
class RateAnswerInput:
    """Input of `rateAnswer`."""

    message_id: strawberry.ID = strawberry.field(description="Which answer of the assistant.")
    helpful: bool = strawberry.field(description="Whether it helped.")
    comment: str | None = strawberry.field(default=None, description="Anything to say about it, 1 to 1,000 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A conversation to do something with.")
class ConversationInput:
    """Shared shape of inputs that only name a conversation."""

    conversation_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The conversation whose answer is to end.")
class StopAnswerInput(ConversationInput):
    """Input of `stopAnswer`."""


@strawberry.input(description="The conversation that needs a person.")
class RequestHandoffInput(ConversationInput):
    """Input of `requestHandoff`."""


@strawberry.input(description="The conversation to have.")
class TakeOverConversationInput(ConversationInput):
    """Input of `takeOverConversation`."""


@strawberry.input(description="The conversation that is settled.")
class ResolveConversationInput(ConversationInput):
    """Input of `resolveConversation`."""


@strawberry.input(description="The conversation that goes on.")
class ReopenConversationInput(ConversationInput):
    """Input of `reopenConversation`."""


@strawberry.input(description="The conversation that you have read.")
class MarkConversationReadInput(ConversationInput):
    """Input of `markConversationRead`."""


@strawberry.type(description="The conversation has begun; the answer comes by `conversationChanged`.")
class StartConversationSuccess:
    """Success of `startConversation`."""

    conversation: Conversation = strawberry.field(description="The new conversation.")
    sent_message: Message = strawberry.field(description="Its first message.")


@strawberry.type(description="The message is stored.")
class SendMessageSuccess:
    """Success of `sendMessage`."""

    conversation: Conversation = strawberry.field(description="The conversation, with it.")
    sent_message: Message = strawberry.field(description="The stored message.")


@strawberry.type(description="The rating is stored, in place of an earlier one.")
class RateAnswerSuccess:
    """Success of `rateAnswer`."""

    rated_message: Message = strawberry.field(description="The answer, with its rating.")


@strawberry.type(description="The answer has ended; what was written of it is kept.")
class StopAnswerSuccess:
    """Success of `stopAnswer`."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")


@strawberry.type(description="The conversation waits for a person.")
class RequestHandoffSuccess:
    """Success of `requestHandoff`."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")


@strawberry.type(description="The conversation is yours.")
class TakeOverConversationSuccess:
    """Success of `takeOverConversation`."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")


@strawberry.type(description="The conversation is resolved.")
class ResolveConversationSuccess:
    """Success of `resolveConversation`."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")


@strawberry.type(description="The conversation is open again, with the assistant.")
class ReopenConversationSuccess:
    """Success of `reopenConversation`."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")


@strawberry.type(description="Nothing in the conversation is unread for you.")
class MarkConversationReadSuccess:
    """Success of `markConversationRead`."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")


StartConversationPayload = Annotated[
    StartConversationSuccess
    | InvalidInputError
    | NotFoundError
    | ForbiddenError
    | ConflictError
    | IdempotencyKeyReusedError,
    strawberry.union("StartConversationPayload", description="What came of `startConversation`."),
]
SendMessagePayload = Annotated[
    SendMessageSuccess
    | ConversationMovedOnError
    | ConversationMergedError
    | InvalidInputError
    | NotFoundError
    | ForbiddenError
    | ConflictError
    | IdempotencyKeyReusedError,
    strawberry.union("SendMessagePayload", description="What came of `sendMessage`."),
]
RateAnswerPayload = Annotated[
    RateAnswerSuccess | CommonError,
    strawberry.union("RateAnswerPayload", description="What came of `rateAnswer`."),
]
StopAnswerPayload = Annotated[
    StopAnswerSuccess | CommonError,
    strawberry.union("StopAnswerPayload", description="What came of `stopAnswer`."),
]
RequestHandoffPayload = Annotated[
    RequestHandoffSuccess | CommonError,
    strawberry.union("RequestHandoffPayload", description="What came of `requestHandoff`."),
]
TakeOverConversationPayload = Annotated[
    TakeOverConversationSuccess
    | InvalidInputError
    | NotFoundError
    | ForbiddenError
    | InvalidStateError
    | AlreadyAssignedError
    | ConflictError
    | IdempotencyKeyReusedError,
    strawberry.union("TakeOverConversationPayload", description="What came of `takeOverConversation`."),
]
ResolveConversationPayload = Annotated[
    ResolveConversationSuccess | CommonError,
    strawberry.union("ResolveConversationPayload", description="What came of `resolveConversation`."),
]
ReopenConversationPayload = Annotated[
    ReopenConversationSuccess | ConversationMergedError | CommonError,
    strawberry.union("ReopenConversationPayload", description="What came of `reopenConversation`."),
]
MarkConversationReadPayload = Annotated[
    MarkConversationReadSuccess | InvalidInputError | NotFoundError | ForbiddenError | IdempotencyKeyReusedError,
    strawberry.union("MarkConversationReadPayload", description="What came of `markConversationRead`."),
]
