"""The job that lets a published article be found by its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.knowledge.service import Indexing
from domain.ports import Work


@dataclass(frozen=True)
class IndexArticle:
    """Runs on `ArticlePublished`; an import indexes what it brings by itself."""

    indexing: Indexing

    async def __call__(self, work: Work) -> None:
        """Compute the vectors that the article lacks."""
        await self.indexing.index(work.recorded.organization_id, UUID(work.recorded.stream.partition(":")[2]))
