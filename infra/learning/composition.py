"""Learning, put together: curated answers before the assistant, and rehearsals of both."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.assistant import Assistant, Embedder
from domain.base import Identifiers
from domain.learning.curated import CuratedAnswers
from domain.learning.rehearsing import Rehearsals
from domain.learning.run import SuiteRuns, Surroundings
from domain.learning.service import Learning
from domain.learning.suite import Suites
from infra.ai.intent import Intents
from infra.database import Database
from infra.learning.curated import Curated, CuratedSearch
from infra.learning.feed import SqlRunFeed
from infra.learning.knowledge import KnowledgeDigest
from infra.learning.patterns import LinearPatterns
from infra.unit_of_work import SqlUnits


async def no_prompts(_: UUID) -> int:
    """The number of the published prompt where organizations have none of their own: Parley's."""
    return 0


@dataclass(frozen=True)
class LearningGround:
    """What learning stands on; `time_limit` is for one rehearsed dialogue, in seconds."""

    database: Database
    units: SqlUnits
    embedder: Embedder
    intents: Intents
    new_id: Identifiers
    time_limit: float
    run_feed: SqlRunFeed


def curated(ground: LearningGround, behind: Assistant) -> Curated:
    """The assistant with curated answers in front of it."""
    return Curated(CuratedSearch(ground.database.tenant, ground.embedder), ground.intents, behind)


def learning(ground: LearningGround, assistant: Assistant) -> Learning:
    """The services; test cases are answered by this assistant."""
    patterns = LinearPatterns()
    around = Surroundings(KnowledgeDigest(ground.database.tenant), no_prompts)
    rehearsals = Rehearsals(assistant, ground.new_id, patterns, ground.time_limit)
    return Learning(
        curated_answers=CuratedAnswers(ground.units, ground.new_id, ground.embedder),
        suites=Suites(ground.units, ground.new_id, patterns),
        runs=SuiteRuns(ground.units, ground.new_id, around, rehearsals),
        run_feed=ground.run_feed,
    )
