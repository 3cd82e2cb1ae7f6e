"""What watchers of conversations are told: small events, each with the cursor to go on from."""

from dataclasses import replace
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from domain import conversation as domain
from domain import ports
from domain.assistant import HandoffReason
from domain.base import Recorded
from domain.conversation import events
from schema.account import Agent
from schema.base import edge, encode_cursor, global_id
from schema.channels.channel_change import AutomaticReplyReceived, MessageUndelivered, channel_event
from schema.collaboration.note_change import NoteAdded, NoteDeleted, note_event
from schema.conversation import Message
from schema.desk.survey_change import SurveyAnswered, SurveyAsked, survey_event
from schema.event import ConversationEvent, Shown
from schema.levels.level_change import (
    EmailLeft,
    RuleApplied,
    ServiceLevelBreached,
    ServiceLevelMet,
    ServiceLevelWarned,
    level_event,
)
from schema.privacy.change import ConversationErased, privacy_event
from schema.routing.routing_change import (
    ConversationAssigned,
    ConversationReturned,
    OfferEnded,
    OfferMade,
    routing_event,
)
from schema.triage.triage_change import (
    AttributesChanged,
    ConversationLinked,
    ConversationMerged,
    ConversationSnoozed,
    ConversationWoken,
    PriorityChanged,
    SpamMarked,
    SubjectChanged,
    TagsChanged,
    triage_event,
)


@strawberry.type(description="A customer began a conversation.")
class ConversationStarted(ConversationEvent):
    """The first event."""


@strawberry.type(description="A customer or an agent said something.")
class MessageSent(ConversationEvent):
    """New words."""

    message: Message = strawberry.field(description="What was said.")


@strawberry.type(description="The assistant began to write. A later attempt replaces all text of the earlier ones.")
class AnswerStarted(ConversationEvent):
    """Frames follow."""

    message_id: strawberry.ID = strawberry.field(description="The id that the finished message will have.")
    question_id: strawberry.ID = strawberry.field(description="The message that is answered.")
    attempt: int = strawberry.field(description="1, or more after a failure: then throw away the text so far.")


@strawberry.type(description="The assistant answered, asked back or refused: this is the whole of it.")
class AnswerCompleted(ConversationEvent):
    """The stored message, the truth about all frames before it."""

    message: Message = strawberry.field(description="The stored message.")


@strawberry.type(description="Somebody ended the answer before its time.")
class AnswerStopped(ConversationEvent):
    """The partial text stays."""

    partial_message: Message | None = strawberry.field(description="What had been written; null when that was nothing.")


@strawberry.type(description="The customer said whether an answer helped.")
class AnswerRated(ConversationEvent):
    """See `message.rating`."""

    message_key: strawberry.Private[UUID]
    rated_message: Message | None = edge(
        "messages", "message_key", of=Message.of, description="The answer, with its newest rating."
    )


@strawberry.type(description="A person is needed; the conversation waits for one.")
class HandoffRequested(ConversationEvent):
    """Into the queue."""

    reason: HandoffReason = strawberry.field(description="Why.")
    message: Message = strawberry.field(description="The line that the customer sees.")


@strawberry.type(description="An agent has the conversation now.")
class ConversationTakenOver(ConversationEvent):
    """Out of the queue."""

    agent_key: strawberry.Private[UUID]
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="Who.")


@strawberry.type(description="The matter is settled.")
class ConversationResolved(ConversationEvent):
    """The end of an episode."""

    episode: int = strawberry.field(description="Which spell ended.")


@strawberry.type(description="The conversation goes on, with the assistant.")
class ConversationReopened(ConversationEvent):
    """A new episode."""

    episode: int = strawberry.field(description="Which spell began.")


@strawberry.type(description="The visitor turned out to be a known customer, whose conversation this is now.")
class CustomerIdentified(ConversationEvent):
    """See `conversation.customer`."""


@strawberry.type(
    description="A piece of an answer that is being written. It has no cursor: after a reconnect all of it comes again."
)
class AnswerFrame:
    """Text on its way."""

    message_id: strawberry.ID = strawberry.field(description="The answer's id.")
    attempt: int = strawberry.field(description="Which attempt at the answer.")
    offset: int = strawberry.field(
        description="Where `text` goes, in Unicode code points: keep that much of what you have, then append this."
    )
    text: str = strawberry.field(description="The piece.")


@strawberry.type(
    description="The cursor cannot be used. Load the state again by query; what happens after `cursor` follows here."
)
class ResyncRequired:
    """Never silence."""

    cursor: str = strawberry.field(description="Where this stream goes on from.")
    explanation: str = strawberry.field(description="Why, in a sentence.")


DurableEvent: TypeAlias = (
    ConversationStarted
    | MessageSent
    | AnswerStarted
    | AnswerCompleted
    | AnswerStopped
    | AnswerRated
    | HandoffRequested
    | ConversationTakenOver
    | ConversationResolved
    | ConversationReopened
    | CustomerIdentified
    | NoteAdded
    | NoteDeleted
    | MessageUndelivered
    | AutomaticReplyReceived
    | OfferMade
    | OfferEnded
    | ConversationReturned
    | ConversationAssigned
    | SurveyAsked
    | SurveyAnswered
    | ServiceLevelWarned
    | ServiceLevelBreached
    | ServiceLevelMet
    | RuleApplied
    | EmailLeft
    | PriorityChanged
    | TagsChanged
    | AttributesChanged
    | SubjectChanged
    | ConversationSnoozed
    | ConversationWoken
    | SpamMarked
    | ConversationMerged
    | ConversationLinked
    | ConversationErased
)
"""Everything that happens in conversations; what is `Internal` never reaches customers."""
ConversationChange = Annotated[
    DurableEvent | AnswerFrame | ResyncRequired,
    strawberry.union("ConversationChange", description="What `conversationChanged` tells."),
]
InboxChange = Annotated[
    DurableEvent | ResyncRequired,
    strawberry.union("InboxChange", description="What `inboxChanged` tells."),
]
DESK: tuple[Shown, ...] = (
    channel_event,
    level_event,
    note_event,
    survey_event,
    routing_event,
    triage_event,
    privacy_event,
)
"""What makes the types of events at the desk: each gives None for events that are not its own."""


def resync(item: ports.Resync) -> ResyncRequired:
    """The event that asks a reader to load again."""
    return ResyncRequired(cursor=encode_cursor([str(item.cursor)]), explanation=item.reason)


def frame(item: ports.Frame) -> AnswerFrame:
    """A piece of text."""
    return AnswerFrame(
        message_id=global_id("Message", item.answer_id), attempt=item.attempt, offset=item.offset, text=item.text
    )


def change(item: Recorded, cursor: int, *, staff: bool) -> Any:  # noqa: PLR0911  one return a kind of event
    """The type of a recorded event, for somebody who may see provenance (`staff`) or not; None for unknown kinds."""
    key = UUID(item.stream.partition(":")[2])
    shared: dict[str, Any] = {"conversation_key": key, "cursor": encode_cursor([str(cursor)]), "at": item.at}

    def message(said: domain.Message) -> Message:
        shown = said if staff else replace(said, provenance=None)
        return Message.of(ports.MessageView(shown, key, item.at))

    match item.event:
        case events.ConversationStarted():
            return ConversationStarted(**shared)
        case events.MessageSent(said):
            return MessageSent(message=message(said), **shared)
        case events.AnswerStarted(answer_id, question_id, attempt):
            ids: dict[str, Any] = {
                "message_id": global_id("Message", answer_id),
                "question_id": global_id("Message", question_id),
            }
            return AnswerStarted(attempt=attempt, **ids, **shared)
        case events.AnswerCompleted(said):
            return AnswerCompleted(message=message(said), **shared)
        case events.AnswerRated(message_id):
            return AnswerRated(message_key=message_id, **shared)
        case events.AnswerStopped(message=partial):
            return AnswerStopped(partial_message=message(partial) if partial else None, **shared)
        case events.HandoffRequested(reason=reason, message=line):
            return HandoffRequested(reason=reason, message=message(line), **shared)
        case events.ConversationTakenOver(agent_id):
            return ConversationTakenOver(agent_key=agent_id, **shared)
        case events.ConversationResolved(episode=episode):
            return ConversationResolved(episode=episode, **shared)
        case events.ConversationReopened(episode):
            return ConversationReopened(episode=episode, **shared)
        case events.CustomerIdentified():
            return CustomerIdentified(**shared)
    shown = (show(item.event, shared) for show in DESK)
    return next((one for one in shown if one is not None), None)
