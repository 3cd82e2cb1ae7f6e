"""Learning, put together: curated answers before the assistant, rehearsals of both, and what they leave open."""

from __future__ import annotations

from dataclasses import dataclass

from domain.assistant import Assistant
from domain.base import Identifiers
from domain.learning.curated import CuratedAnswers
from domain.learning.gap import Gaps
from domain.learning.gate import SuiteGate
from domain.learning.harvest import Harvest
from domain.learning.rehearsing import Rehearsals
from domain.learning.run import SuiteRuns
from domain.learning.service import Learning
from domain.learning.suite import Suites
from infra.ai.intent import Intents
from infra.ai.local import Search, Thresholds
from infra.database import Database
from infra.knowledge.retrieval import Retrieval
from infra.learning.curated import Curated, CuratedSearch
from infra.learning.feed import SqlRunFeed
from infra.learning.knowledge import KnowledgeAnswers, KnowledgeDigest
from infra.learning.patterns import LinearPatterns
from infra.unit_of_work import SqlUnits


@dataclass(frozen=True)
class LearningGround:
    """What learning stands on; `time_limit` is for one rehearsed dialogue, in seconds."""

    database: Database
    units: SqlUnits
    retrieval: Retrieval
    search: Search
    threshold_of: Thresholds
    intents: Intents
    new_id: Identifiers
    time_limit: float
    run_feed: SqlRunFeed

    @property
    def curated(self) -> CuratedSearch:
        """Finds curated answers."""
        return CuratedSearch(self.database.tenant, self.retrieval.embedder)


def curated(ground: LearningGround, behind: Assistant) -> Curated:
    """The assistant with curated answers in front of it."""
    return Curated(ground.curated, ground.intents, behind)


def gate_of(ground: LearningGround) -> SuiteGate:
    """What a version of the prompt has to pass."""
    return SuiteGate(ground.units, KnowledgeDigest(ground.database.tenant))


def learning(ground: LearningGround, assistant: Assistant) -> Learning:
    """The services; test cases are answered by this assistant."""
    units, new_id, embedder, patterns = ground.units, ground.new_id, ground.retrieval.embedder, LinearPatterns()
    rehearsals = Rehearsals(assistant, new_id, patterns, ground.time_limit)
    answerable = KnowledgeAnswers(ground.search, ground.curated, ground.threshold_of, new_id)
    return Learning(
        curated_answers=CuratedAnswers(units, new_id, embedder),
        gaps=Gaps(units, new_id, embedder, answerable),
        harvest=Harvest(units, new_id, embedder, patterns),
        suites=Suites(units, new_id, patterns),
        runs=SuiteRuns(units, new_id, KnowledgeDigest(ground.database.tenant), rehearsals),
        run_feed=ground.run_feed,
    )
