"""The job that has an organization's knowledge read by another embedding model, and what asks for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from domain.base import UnavailableError
from domain.knowledge.embeddings import Reembedding
from domain.knowledge.events import EmbeddingsChosen
from domain.ports import Work

LOOK_EVERY = 10.0
"""Seconds between two looks at who is to be read next: a few organizations are at a time."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class EmbedKnowledge:
    """Runs on `EmbeddingsChosen`."""

    reembedding: Reembedding

    async def __call__(self, work: Work) -> None:
        """Read all that is unread; the old vectors serve meanwhile."""
        if isinstance(event := work.recorded.event, EmbeddingsChosen):
            await self.reembedding.work(work.recorded.organization_id, event.model)


async def keep_embedded(reembedding: Reembedding) -> None:
    """Ask for what the settings want and is not there, until cancelled."""
    while True:
        try:
            await reembedding.begin()
        except UnavailableError:
            log.warning("embedding.database_away")
        await asyncio.sleep(LOOK_EVERY)
