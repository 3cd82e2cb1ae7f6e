"""What can happen to curated answers, gaps, suites and their runs, and the words for the states they are in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.base import Audited, Event


class GapState(StrEnum):
    """Whether a gap is still one: knowledge may answer it now, or somebody may have said that it needs no answer."""

    OPEN = "open"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class MissReason(StrEnum):
    """Why a question counts as one without a good answer."""

    NOT_IN_KNOWLEDGE = "not_in_knowledge"
    REFUSED = "refused"
    UNSURE = "unsure"
    NOT_HELPFUL = "not_helpful"


class RunState(StrEnum):
    """How far a suite run is; a cancelled one keeps the trials that it had."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratedAnswerCreated(Audited):
    """There is a new answer written by people; `conversation_id` is where it was learned, if anywhere."""

    questions: tuple[str, ...]
    text: str
    article_ids: tuple[UUID, ...] = ()
    enabled: bool
    conversation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratedAnswerChanged(Audited):
    """It is asked for, or says, something else, or rests on other articles."""

    questions: tuple[str, ...]
    text: str
    article_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratedAnswerEnabled(Audited):
    """Customers are told it from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratedAnswerDisabled(Audited):
    """Customers are not told it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratedAnswerDeleted(Audited):
    """It is gone."""


@dataclass(frozen=True, slots=True)
class GapFound(Event):
    """A question without a good answer that is like none before it."""

    label: str


@dataclass(frozen=True, slots=True)
class GapGrew(Event):
    """One more question like it; `label` is the one that stands for all of them now."""

    label: str
    size: int


@dataclass(frozen=True, slots=True)
class GapClosed(Event):
    """The knowledge answers it now, with this confidence."""

    confidence: float


@dataclass(frozen=True, slots=True)
class GapReopened(Event):
    """It was closed, and yet somebody has asked in vain again."""


@dataclass(frozen=True, slots=True)
class GapDismissed(Event):
    """Somebody has said that it needs no answer."""


@dataclass(frozen=True, slots=True)
class SuiteCreated(Event):
    """There is a new suite of test cases."""

    name: str
    trials: int


@dataclass(frozen=True, slots=True)
class SuiteChanged(Event):
    """It has another name, or tries each case another number of times."""

    name: str
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GateChosen(Audited):
    """What is published has to pass this suite from now on, or not any more."""

    is_gate: bool


@dataclass(frozen=True, slots=True)
class SuiteDeleted(Event):
    """It is gone, with its test cases and runs."""

    name: str


@dataclass(frozen=True, slots=True)
class TestCaseCreated(Event):
    """A suite has one more test case."""

    suite_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class TestCaseChanged(Event):
    """Something else is said in it, or expected."""

    name: str


@dataclass(frozen=True, slots=True)
class TestCaseDeleted(Event):
    """It is gone; runs keep what they had of it."""

    name: str


@dataclass(frozen=True, slots=True)
class SuiteRunStarted(Event):
    """A suite is being rehearsed by a version of the prompt, with the knowledge of this moment."""

    suite_id: UUID
    prompt_number: int
    trials: int
    cases: int


@dataclass(frozen=True, slots=True)
class SuiteRunProgressed(Event):
    """Some more trials are over: this many of all, and this many of these passed."""

    done: int
    passed: int


@dataclass(frozen=True, slots=True)
class SuiteRunFinished(Event):
    """All trials are over."""

    done: int
    passed: int


@dataclass(frozen=True, slots=True)
class SuiteRunCancelled(Event):
    """Somebody ended it early."""

    done: int
    passed: int
