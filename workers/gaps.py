"""The jobs about gaps: questions without a good answer are collected, and closed once the knowledge answers them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.knowledge.ports import Catalog
from domain.learning.gap import Gaps, miss_of
from domain.ports import Work
from workers.runner import Job


@dataclass(frozen=True)
class CollectMiss:
    """Runs on `AnswerCompleted` and `HandoffRequested`; most of them leave nothing open."""

    gaps: Gaps

    async def __call__(self, work: Work) -> None:
        """Take the question in that the outcome left without a good answer."""
        recorded = work.recorded
        miss = miss_of(UUID(recorded.stream.partition(":")[2]), recorded.event)
        if miss is not None:
            await self.gaps.collect(recorded.organization_id, miss)


@dataclass(frozen=True)
class ReviewGaps:
    """Runs when there is another curated answer."""

    gaps: Gaps

    async def __call__(self, work: Work) -> None:
        """Close what is answered by now."""
        await self.gaps.review(work.recorded.organization_id)


@dataclass(frozen=True)
class ThenReview:
    """A job on the knowledge, after the last of which the gaps are looked at again."""

    job: Job
    gaps: Gaps
    catalog: Catalog

    async def __call__(self, work: Work) -> None:
        """Do it, and close what is answered by now, unless another such job is about to."""
        await self.job(work)
        organization_id = work.recorded.organization_id
        if not await self.catalog.awaits_training(organization_id):
            await self.gaps.review(organization_id)
