"""All that people do with what the assistant learns from, and what they see of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.base import Actor, Recorded
from domain.knowledge.ports import ArticleView
from domain.learning.case import RehearsedCase
from domain.learning.curated import CuratedAnswers, CuratedAnswerView, SimilarAnswer
from domain.learning.events import GapState
from domain.learning.gap import GapQuestionView, Gaps, GapView
from domain.learning.harvest import Harvest
from domain.learning.rehearsing import Trial
from domain.learning.run import SuiteRuns, SuiteRunView
from domain.learning.statistics import Tally
from domain.learning.suite import Suites, SuiteView, TestCaseView
from domain.ports import ConversationView, Page, PageRequest, Resync


class RunFeed(Protocol):
    """What happens to suite runs, as it happens."""

    def follow(self, actor: Actor, identity: UUID, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """Events of one run after a version, or from now on, until it ends."""
        ...


@dataclass(frozen=True)
class Learning:
    """The services."""

    curated_answers: CuratedAnswers
    gaps: Gaps
    harvest: Harvest
    suites: Suites
    runs: SuiteRuns
    run_feed: RunFeed


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case of a run: its tally, and each thing that was wrong in any of its trials."""

    case: RehearsedCase
    tally: Tally
    failures: tuple[str, ...]


class LearningReads(Protocol):
    """What one actor may see of it: those who may read how the assistant is set up everything, others nothing.

    Batch methods answer in the order of their keys, None where there is nothing to see.
    """

    async def curated_answers(self, ids: Sequence[UUID]) -> Sequence[CuratedAnswerView | None]:
        """Curated answers by id."""
        ...

    async def curated_answer_page(self, page: PageRequest) -> Page[CuratedAnswerView]:
        """Curated answers, newest first."""
        ...

    async def similar_answers(self, texts: Sequence[str]) -> Sequence[Sequence[SimilarAnswer]]:
        """For each text the curated answers that are asked for alike, nearest first: a few."""
        ...

    async def similar_to(self, ids: Sequence[UUID]) -> Sequence[Sequence[SimilarAnswer]]:
        """For each curated answer the others that are asked for alike, nearest first: a few."""
        ...

    async def article_lists(self, keys: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[ArticleView]]:
        """For each list of ids the articles that the actor may see, in its order."""
        ...

    async def gaps(self, ids: Sequence[UUID]) -> Sequence[GapView | None]:
        """Gaps by id."""
        ...

    async def gap_page(self, page: PageRequest, state: GapState) -> Page[GapView]:
        """Gaps in a state, the largest first."""
        ...

    async def gap_question_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[GapQuestionView]]:
        """For each gap a page of its questions in conversations that the actor may see, newest first."""
        ...

    async def article_origins(self, ids: Sequence[UUID]) -> Sequence[ConversationView | None]:
        """For each article the conversation that it was learned from, if there is one that the actor may see."""
        ...

    async def suites(self, ids: Sequence[UUID]) -> Sequence[SuiteView | None]:
        """Suites by id."""
        ...

    async def all_suites(self) -> Sequence[SuiteView]:
        """Every suite, by name."""
        ...

    async def test_cases(self, ids: Sequence[UUID]) -> Sequence[TestCaseView | None]:
        """Test cases by id."""
        ...

    async def suite_cases(self, ids: Sequence[UUID]) -> Sequence[Sequence[TestCaseView]]:
        """For each suite its test cases, oldest first."""
        ...

    async def suite_runs(self, ids: Sequence[UUID]) -> Sequence[SuiteRunView | None]:
        """Runs by id."""
        ...

    async def run_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[SuiteRunView]]:
        """For each suite a page of its runs, newest first; all requests of a call have the same shape."""
        ...

    async def run_results(self, ids: Sequence[UUID]) -> Sequence[Sequence[CaseResult]]:
        """For each run what came of its cases, in their order; those that were not tried yet are left out."""
        ...

    async def trial_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[Trial]]:
        """For each run a page of its trials, by case and number; all requests of a call have the same shape."""
        ...
