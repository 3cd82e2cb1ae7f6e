"""The jobs after a change of the knowledge: vectors for what came in, and what is learned from all of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.knowledge.embeddings import Reembedding
from domain.knowledge.service import Indexing, Training
from domain.ports import Work


@dataclass(frozen=True)
class IndexArticle:
    """Runs on `ArticlePublished`; an import indexes what it brings by itself."""

    indexing: Indexing
    training: Training
    reembedding: Reembedding

    async def __call__(self, work: Work) -> None:
        """Compute the vectors that the article lacks, then learn from them too."""
        organization_id = work.recorded.organization_id
        await self.indexing.index(organization_id, UUID(work.recorded.stream.partition(":")[2]))
        await self.training.refresh(organization_id)
        await self.reembedding.follow(organization_id)


@dataclass(frozen=True)
class TrainKnowledge:
    """Runs when articles went out of use, and at the end of an import."""

    training: Training
    reembedding: Reembedding

    async def __call__(self, work: Work) -> None:
        """Learn from the knowledge as it is now."""
        await self.training.refresh(work.recorded.organization_id)
        await self.reembedding.follow(work.recorded.organization_id)
