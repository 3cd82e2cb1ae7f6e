"""What goes into and comes out of the mutations that tell others what one does."""

from typing import Annotated
from uuid import UUID

import strawberry

from schema.base import edge
from schema.command import ConversationInput
from schema.conversation import Conversation
from schema.errors import ForbiddenError, InvalidInputError, NotFoundError


@strawberry.input(description="Where you are about to say something. The key does nothing: it can be said again.")
class SetTypingInput(ConversationInput):
    """Input of `setTyping`."""


@strawberry.input(description="What you have before your eyes. The key does nothing: it can be said again.")
class SetViewingInput(ConversationInput):
    """Input of `setViewing`."""


@strawberry.input(description="What you look at no longer. The key does nothing: it can be said again.")
class StopViewingInput(ConversationInput):
    """Input of `stopViewing`."""


@strawberry.type(description="The others are told.")
class Told:
    """Shared part of what comes of them."""

    conversation_key: strawberry.Private[UUID]
    conversation: Conversation | None = edge(
        "conversations", "conversation_key", of=Conversation.of, description="The conversation."
    )


@strawberry.type(description="The others are told, unless they were within the last second.")
class SetTypingSuccess(Told):
    """Success of `setTyping`."""

    lasts_seconds: int = strawberry.field(description="It is over after so many seconds: say it again before.")


@strawberry.type(description="The others are told, unless they were within the last second.")
class SetViewingSuccess(Told):
    """Success of `setViewing`."""

    lasts_seconds: int = strawberry.field(description="It is over after so many seconds: say it again before.")


@strawberry.type(description="The others are told.")
class StopViewingSuccess(Told):
    """Success of `stopViewing`."""


SetTypingPayload = Annotated[
    SetTypingSuccess | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("SetTypingPayload", description="What came of `setTyping`."),
]
SetViewingPayload = Annotated[
    SetViewingSuccess | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("SetViewingPayload", description="What came of `setViewing`."),
]
StopViewingPayload = Annotated[
    StopViewingSuccess | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("StopViewingPayload", description="What came of `stopViewing`."),
]
