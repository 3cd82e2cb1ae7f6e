"""What happens in a conversation while people work on it: noted in its stream, untold to its customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.base import Audited, Internal


class Aside(Internal):
    """Something noted about a conversation that changes nothing of its state."""


@dataclass(frozen=True, slots=True)
class NoteAdded(Aside):
    """Somebody wrote an internal note, perhaps with colleagues named in it who are to be told."""

    note_id: UUID
    author_id: UUID
    text: str
    mentioned_ids: tuple[UUID, ...] = ()
    file_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDeleted(Aside, Audited):
    """Its author took a note back: nobody reads its text any more."""

    note_id: UUID


class Target(StrEnum):
    """What a service level is about."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class ServiceLevelWarned(Aside):
    """A target will be missed unless somebody acts; `due_at` is when, `began_at` tells its clock from others."""

    policy_id: UUID
    target: Target
    due_at: datetime
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServiceLevelBreached(Aside):
    """A target was missed; `due_at` is when."""

    policy_id: UUID
    target: Target
    due_at: datetime
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServiceLevelMet(Aside):
    """A target was reached in time."""

    policy_id: UUID
    target: Target
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleApplied(Aside):
    """An automation rule did something here; its log says what and why."""

    rule_id: UUID
    run_id: UUID


@dataclass(frozen=True, slots=True)
class ConversationErased(Aside):
    """Its customer was erased: nothing of what anybody said in it is there any more, here or in its history."""


@dataclass(frozen=True, slots=True)
class EmailLeft(Aside):
    """The customer wants the answer by mail too, at an address that nobody has verified."""

    email: str


@dataclass(frozen=True, slots=True)
class SurveyAsked(Aside):
    """The customer was asked how it went, about one episode."""

    survey_id: UUID
    episode: int


@dataclass(frozen=True, slots=True)
class SurveyAnswered(Aside):
    """The customer said how it went, 1 to 5; a later answer replaces it."""

    survey_id: UUID
    episode: int
    score: int
    comment: str | None = None


class OfferEnd(StrEnum):
    """How an offer ended without being accepted."""

    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class OfferEvent(Internal):
    """Something about who may have the conversation next."""


@dataclass(frozen=True, slots=True)
class OfferMade(OfferEvent):
    """An agent is asked to take it, until a time; accepting is `ConversationTakenOver`."""

    agent_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class OfferEnded(OfferEvent):
    """The agent does not take it, and is not asked again before a time, if there is one."""

    agent_id: UUID
    end: OfferEnd
    not_before: datetime | None = None


class ReturnCause(StrEnum):
    """Why somebody does not have a conversation any more."""

    VANISHED = "vanished"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True, slots=True)
class ConversationReturned(OfferEvent):
    """The agent who had it has it no more: it waits for a person again, and not for them before a time."""

    agent_id: UUID
    cause: ReturnCause
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConversationAssigned(OfferEvent):
    """Somebody gave it to an agent, who has it now; `reason` is why, where it was more than they are to have."""

    agent_id: UUID
    reason: str | None = None
