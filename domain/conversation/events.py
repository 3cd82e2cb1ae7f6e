"""What a conversation consists of, what can happen to it, and what can be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.assistant import Citation, HandoffReason, Provenance
from domain.base import ActorKind, DomainError, Event


class ConversationState(StrEnum):
    """Who has the conversation now."""

    WITH_ASSISTANT = "with_assistant"
    WAITING = "waiting"
    WITH_PERSON = "with_person"
    RESOLVED = "resolved"


class MessageKind(StrEnum):
    """What a message is: somebody's words, or one of the outcomes of an assistant's answer."""

    TEXT = "text"
    ANSWER = "answer"
    PARTIAL_ANSWER = "partial_answer"
    CLARIFICATION = "clarification"
    HANDOFF = "handoff"
    REFUSAL = "refusal"
    ACTION_PROPOSAL = "action_proposal"
    ACTION_RESULT = "action_result"
    SURVEY = "survey"
    AUTOMATIC = "automatic"
    OUT_OF_HOURS = "out_of_hours"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was said; `number` counts from 1 within the conversation and never changes.

    `action_id` is the call that an action's proposal or result is about; with `needs_code` a mailed code is awaited.
    `attachments` are files.
    """

    id: UUID
    number: int
    episode: int
    author_kind: ActorKind
    author_id: UUID | None
    kind: MessageKind
    text: str
    question_id: UUID | None = None
    citations: tuple[Citation, ...] = ()
    choices: tuple[str, ...] = ()
    provenance: Provenance | None = None
    action_id: UUID | None = None
    needs_code: bool = False
    attachments: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationStarted(Event):
    """A customer began a conversation."""

    customer_id: UUID
    subject: str
    inbox_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A customer or an agent said something, or the assistant told what came of an action."""

    message: Message


@dataclass(frozen=True, slots=True)
class AnswerStarted(Event):
    """An assistant began to write; a later attempt at the same question replaces all text of the earlier ones."""

    answer_id: UUID
    question_id: UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class AnswerCompleted(Event):
    """The assistant answered, asked back or refused: `message` is the whole of it."""

    message: Message


@dataclass(frozen=True, slots=True)
class AnswerStopped(Event):
    """Somebody ended the answer before its time; `message` is what readers had seen, None when that was nothing."""

    answer_id: UUID | None
    question_id: UUID
    message: Message | None


@dataclass(frozen=True, slots=True)
class HandoffRequested(Event):
    """A person is needed: from now on the conversation waits. `message` is the line that the customer sees."""

    reason: HandoffReason
    summary: str
    message: Message


@dataclass(frozen=True, slots=True)
class ConversationTakenOver(Event):
    """An agent has the conversation now."""

    agent_id: UUID


@dataclass(frozen=True, slots=True)
class ConversationResolved(Event):
    """The spell is over; `summary` is the line that the assistant sees of it later."""

    episode: int
    summary: str


@dataclass(frozen=True, slots=True)
class ConversationReopened(Event):
    """A new spell begins, with the assistant."""

    episode: int


@dataclass(frozen=True, slots=True)
class CustomerIdentified(Event):
    """Who began the conversation turned out to be a known customer: it is theirs now, with what they said in it."""

    customer_id: UUID


@dataclass(frozen=True, slots=True)
class AnswerRated(Event):
    """The customer says whether an answer helped; a later rating of it replaces the one before."""

    message_id: UUID
    helpful: bool
    comment: str | None = None


class AlreadyAssignedError(DomainError):
    """Another agent has the conversation; `assignee_id` says who."""

    code: ClassVar[str] = "ALREADY_ASSIGNED"

    def __init__(self, assignee_id: UUID) -> None:
        super().__init__("Another agent has this conversation. Ask them, or an admin, to pass it on.")
        self.assignee_id = assignee_id


class AttemptSupersededError(DomainError):
    """The answer was stopped, or another attempt at it has begun: what this one made is not wanted."""

    code: ClassVar[str] = "ATTEMPT_SUPERSEDED"


@dataclass(frozen=True, slots=True)
class Answering:
    """The answer that is being written."""

    answer_id: UUID
    question_id: UUID
    attempt: int
