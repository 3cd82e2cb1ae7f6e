"""Search for people: what the assistant would find, within what the asker may see."""

from __future__ import annotations

from collections.abc import Sequence

from domain.base import Actor
from domain.knowledge.events import Audience
from domain.knowledge.ports import Hit
from infra.database import Database
from infra.knowledge_reads import INSIDERS
from infra.retrieval import Retrieval


class SqlKnowledgeSearch:
    """The retrieval in a short transaction of the asker's organization."""

    def __init__(self, database: Database, retrieval: Retrieval) -> None:
        self._database = database
        self._retrieval = retrieval

    async def __call__(self, actor: Actor, text: str, first: int) -> Sequence[Hit]:
        """The best passages, best first; internal ones for staff only."""
        audiences = tuple(Audience) if actor.kind in INSIDERS else (Audience.EVERYONE,)
        async with self._database.tenant(actor.tenant) as connection:
            found = await self._retrieval.find(connection, actor.tenant, text, audiences=audiences, first=first)
        return [Hit(one.passage_id, one.score, one.confidence) for one in found.passages]
