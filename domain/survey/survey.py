"""A survey: one customer, asked about one episode of one conversation, by one link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.account.settings import SurveySettings
from domain.base import Event, FieldProblem, InvalidInputError, InvalidStateError
from domain.ports import Page, PageRequest
from domain.text import checked
from domain.timer import TimerUnit

SCORES = range(1, 6)
LONGEST_COMMENT = 1_000
OPEN_FOR = timedelta(days=30)
"""How long a survey can be answered, and its answer changed."""


@dataclass(frozen=True, slots=True)
class SurveyDue(Event):
    """A conversation was resolved a while ago: its customer is to be asked, unless it goes on by now."""

    conversation_id: UUID
    episode: int


@dataclass(frozen=True, slots=True)
class SurveyReminderDue(Event):
    """A customer was asked a while ago, and is to be reminded if they have said nothing."""

    survey_id: UUID
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class Survey:
    """What was asked, and what the customer said: `score` 1 to 5, None while they said nothing."""

    id: UUID
    organization_id: UUID
    conversation_id: UUID
    episode: int
    customer_id: UUID
    asked_at: datetime
    reminded_at: datetime | None = None
    score: int | None = None
    comment: str | None = None
    answered_at: datetime | None = None

    def require_open(self, at: datetime) -> None:
        """`InvalidStateError` when it was asked too long ago."""
        if at >= self.asked_at + OPEN_FOR:
            raise InvalidStateError(f"This was asked more than {OPEN_FOR.days} days ago and cannot be answered now.")

    def says(self, score: int, comment: str | None) -> bool:
        """Whether this is what the customer said already."""
        return (self.score, self.comment) == (score, comment)


def checked_answer(score: int, comment: str | None) -> str | None:
    """The comment as it is kept, None for an empty one; `InvalidInputError` for what cannot be."""
    if score not in SCORES:
        raise InvalidInputError(FieldProblem("input.score", "Give 1 (bad) to 5 (good)."))
    if comment is None or not comment.strip():
        return None
    return checked(comment, "input.comment", longest=LONGEST_COMMENT)


@dataclass(frozen=True, slots=True)
class SurveyFilter:
    """Which surveys: by whether they were answered, and the score."""

    answered: bool | None = None
    scores: tuple[int, ...] | None = None


class SurveyRepository(Protocol):
    """Surveys of the actor's organization, to change; the conversation is locked before."""

    async def get(self, survey_id: UUID) -> Survey:
        """The survey; `NotFoundError` where the organization has none, or the actor is another customer."""
        ...

    async def of(self, conversation_id: UUID, episode: int) -> Survey | None:
        """The survey about an episode."""
        ...

    async def put(self, survey: Survey) -> None:
        """Write it, new or changed."""
        ...


class SurveyUnit(TimerUnit, Protocol):
    """A unit of work that holds surveys."""

    @property
    def surveys(self) -> SurveyRepository:
        """Surveys, to change."""
        ...


class SurveyPlans(Protocol):
    """What organizations decided about surveys."""

    async def __call__(self, organization_id: UUID) -> SurveyPlan:
        """The organization's decision, with what its texts need."""
        ...


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """When to ask, in whose name and in which language (a tag, or None for no preference)."""

    settings: SurveySettings
    organization: str
    language: str | None


class SurveyLinks(Protocol):
    """Links by which somebody answers without signing in: whoever has one answers that survey and sees nothing else."""

    def link(self, survey: Survey) -> str:
        """The address of the page."""
        ...

    def read(self, token: str) -> tuple[UUID, UUID] | None:
        """The organization and the survey of a token; None for one that was not made here."""
        ...


class SurveyWords(Protocol):
    """What the customer reads, in the organization's language."""

    def asking(self, plan: SurveyPlan, link: str, *, again: bool) -> str:
        """The message with the link."""
        ...


class SurveyReads(Protocol):
    """What one actor may see of surveys."""

    async def latest_surveys(self, conversation_ids: Sequence[UUID]) -> Sequence[Survey | None]:
        """The newest survey of each conversation."""
        ...

    async def surveys(self, ids: Sequence[UUID]) -> Sequence[Survey | None]:
        """Surveys by id."""
        ...

    async def survey_page(self, page: PageRequest, wanted: SurveyFilter) -> Page[Survey]:
        """Surveys, newest first."""
        ...
