"""What goes into and comes out of the mutations that sort conversations."""

from datetime import datetime
from typing import Annotated

import strawberry

from schema.command import ConversationInput
from schema.conversation import Conversation
from schema.errors import CommonError, ConversationMergedError
from schema.triage.attribute import AttributeInput
from schema.triage.priority import Priority


@strawberry.input(description="How soon a conversation needs somebody.")
class SetConversationPriorityInput(ConversationInput):
    """Input of `setConversationPriority`."""

    priority: Priority = strawberry.field(description="How soon.")


@strawberry.input(description="All the tags that a conversation is to have.")
class SetConversationTagsInput(ConversationInput):
    """Input of `setConversationTags`."""

    tag_ids: list[strawberry.ID] = strawberry.field(description="All of them, at most 50; the others go.")


@strawberry.input(description="Tags that a conversation is to get, and to lose.")
class TagConversationInput(ConversationInput):
    """Input of `tagConversation`."""

    add_tag_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="The ones to get.")
    remove_tag_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="The ones to lose.")


@strawberry.input(description="Values of a conversation's attributes.")
class SetConversationAttributesInput(ConversationInput):
    """Input of `setConversationAttributes`."""

    attributes: list[AttributeInput] = strawberry.field(description="The values to set; the others stay.")


@strawberry.input(description="What to call a conversation.")
class RenameConversationInput(ConversationInput):
    """Input of `renameConversation`."""

    subject: str = strawberry.field(description="One line of 1 to 200 characters.")


@strawberry.input(description="How long a conversation is to be out of sight.")
class SnoozeConversationInput(ConversationInput):
    """Input of `snoozeConversation`."""

    until: datetime | None = strawberry.field(
        default=None, description="Until then or until the customer writes; null waits for them alone."
    )


@strawberry.input(description="The conversation that is to be in sight again.")
class WakeConversationInput(ConversationInput):
    """Input of `wakeConversation`."""


@strawberry.input(description="The conversation that is spam.")
class MarkConversationAsSpamInput(ConversationInput):
    """Input of `markConversationAsSpam`."""


@strawberry.input(description="The conversation that is no spam after all.")
class UnmarkConversationAsSpamInput(ConversationInput):
    """Input of `unmarkConversationAsSpam`."""


@strawberry.input(description="Two conversations of one customer that are to be one.")
class MergeConversationsInput(ConversationInput):
    """Input of `mergeConversations`."""

    into_id: strawberry.ID = strawberry.field(description="The conversation in which it goes on.")


@strawberry.input(description="Two conversations that belong together.")
class LinkConversationsInput(ConversationInput):
    """Input of `linkConversations`."""

    other_id: strawberry.ID = strawberry.field(description="The other conversation.")


@strawberry.input(description="Two conversations that do not belong together any more.")
class UnlinkConversationsInput(ConversationInput):
    """Input of `unlinkConversations`."""

    other_id: strawberry.ID = strawberry.field(description="The other conversation.")


@strawberry.type
class SortedSuccess:
    """Shared shape of what comes of sorting."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")


@strawberry.type(description="It has the priority.")
class SetConversationPrioritySuccess(SortedSuccess):
    """Success of `setConversationPriority`."""


@strawberry.type(description="It has these tags.")
class SetConversationTagsSuccess(SortedSuccess):
    """Success of `setConversationTags`."""


@strawberry.type(description="It has got the tags, and lost the others.")
class TagConversationSuccess(SortedSuccess):
    """Success of `tagConversation`."""


@strawberry.type(description="It has these values.")
class SetConversationAttributesSuccess(SortedSuccess):
    """Success of `setConversationAttributes`."""


@strawberry.type(description="It is called like this, for people at work.")
class RenameConversationSuccess(SortedSuccess):
    """Success of `renameConversation`."""


@strawberry.type(description="It is out of sight.")
class SnoozeConversationSuccess(SortedSuccess):
    """Success of `snoozeConversation`."""


@strawberry.type(description="It is in sight.")
class WakeConversationSuccess(SortedSuccess):
    """Success of `wakeConversation`."""


@strawberry.type(description="It is spam.")
class MarkConversationAsSpamSuccess(SortedSuccess):
    """Success of `markConversationAsSpam`."""


@strawberry.type(description="It is no spam.")
class UnmarkConversationAsSpamSuccess(SortedSuccess):
    """Success of `unmarkConversationAsSpam`."""


@strawberry.type(description="It goes on in the other one, which is the conversation here.")
class MergeConversationsSuccess(SortedSuccess):
    """Success of `mergeConversations`."""


@strawberry.type(description="Each names the other.")
class LinkConversationsSuccess(SortedSuccess):
    """Success of `linkConversations`."""


@strawberry.type(description="Neither names the other.")
class UnlinkConversationsSuccess(SortedSuccess):
    """Success of `unlinkConversations`."""


SetConversationPriorityPayload = Annotated[
    SetConversationPrioritySuccess | CommonError,
    strawberry.union("SetConversationPriorityPayload", description="What came of `setConversationPriority`."),
]
SetConversationTagsPayload = Annotated[
    SetConversationTagsSuccess | CommonError,
    strawberry.union("SetConversationTagsPayload", description="What came of `setConversationTags`."),
]
TagConversationPayload = Annotated[
    TagConversationSuccess | CommonError,
    strawberry.union("TagConversationPayload", description="What came of `tagConversation`."),
]
SetConversationAttributesPayload = Annotated[
    SetConversationAttributesSuccess | CommonError,
    strawberry.union("SetConversationAttributesPayload", description="What came of `setConversationAttributes`."),
]
RenameConversationPayload = Annotated[
    RenameConversationSuccess | CommonError,
    strawberry.union("RenameConversationPayload", description="What came of `renameConversation`."),
]
SnoozeConversationPayload = Annotated[
    SnoozeConversationSuccess | CommonError,
    strawberry.union("SnoozeConversationPayload", description="What came of `snoozeConversation`."),
]
WakeConversationPayload = Annotated[
    WakeConversationSuccess | CommonError,
    strawberry.union("WakeConversationPayload", description="What came of `wakeConversation`."),
]
MarkConversationAsSpamPayload = Annotated[
    MarkConversationAsSpamSuccess | CommonError,
    strawberry.union("MarkConversationAsSpamPayload", description="What came of `markConversationAsSpam`."),
]
UnmarkConversationAsSpamPayload = Annotated[
    UnmarkConversationAsSpamSuccess | CommonError,
    strawberry.union("UnmarkConversationAsSpamPayload", description="What came of `unmarkConversationAsSpam`."),
]
MergeConversationsPayload = Annotated[
    MergeConversationsSuccess | ConversationMergedError | CommonError,
    strawberry.union("MergeConversationsPayload", description="What came of `mergeConversations`."),
]
LinkConversationsPayload = Annotated[
    LinkConversationsSuccess | CommonError,
    strawberry.union("LinkConversationsPayload", description="What came of `linkConversations`."),
]
UnlinkConversationsPayload = Annotated[
    UnlinkConversationsSuccess | CommonError,
    strawberry.union("UnlinkConversationsPayload", description="What came of `unlinkConversations`."),
]
