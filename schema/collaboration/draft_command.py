"""What goes into and comes out of the mutations on drafts."""

from typing import Annotated

import strawberry

from schema.command import ConversationInput
from schema.conversation import Conversation
from schema.errors import CommonError


@strawberry.input(description="What you are about to say.")
class SaveDraftInput(ConversationInput):
    """Input of `saveDraft`."""

    text: str = strawberry.field(description="What, at most 20,000 bytes.")


@strawberry.input(description="The conversation that you say nothing in after all.")
class DiscardDraftInput(ConversationInput):
    """Input of `discardDraft`."""


@strawberry.type(description="The draft is kept until you send a message there.")
class SaveDraftSuccess:
    """Success of `saveDraft`."""

    conversation: Conversation = strawberry.field(description="The conversation, with your draft.")


@strawberry.type(description="There is no draft.")
class DiscardDraftSuccess:
    """Success of `discardDraft`."""

    conversation: Conversation = strawberry.field(description="The conversation, without.")


SaveDraftPayload = Annotated[
    SaveDraftSuccess | CommonError, strawberry.union("SaveDraftPayload", description="What came of `saveDraft`.")
]
DiscardDraftPayload = Annotated[
    DiscardDraftSuccess | CommonError,
    strawberry.union("DiscardDraftPayload", description="What came of `discardDraft`."),
]
