"""What an organization's answers may come from: a digest of all of it, and how sure it is of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from domain.assistant import Question
from domain.base import Identifiers
from domain.learning.gap import Sureness
from infra.ai.local import THRESHOLD, Search, Thresholds
from infra.learning.curated import CuratedSearch
from infra.matching.learning import Tenants

# Ids of passages and phrases come from their texts, so the same ids mean the same knowledge.
DIGEST = text("""
SELECT md5(concat_ws(' ',
    (SELECT string_agg(id::text || title || coalesce(link, ''), ',' ORDER BY id) FROM passage
     WHERE organization_id = :organization AND audience = 'everyone'),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM phrase
     WHERE organization_id = :organization AND audience = 'everyone'),
    (SELECT string_agg(id::text || ':' || version, ',' ORDER BY id) FROM curated_answer
     WHERE organization_id = :organization AND enabled)))
""")


class KnowledgeDigest:
    """The digest of what customers may be told, as of now: articles for everyone in use, and curated answers."""

    def __init__(self, tenant: Tenants) -> None:
        self._tenant = tenant

    async def __call__(self, organization_id: UUID) -> str:
        """The same for the same knowledge."""
        async with self._tenant(organization_id) as connection:
            found = await connection.scalar(DIGEST, {"organization": organization_id})
        return str(found)


@dataclass(frozen=True)
class KnowledgeAnswers:
    """How sure the knowledge is of an answer: of the best article that everyone may read, or of a curated answer."""

    search: Search
    curated: CuratedSearch
    threshold_of: Thresholds
    new_id: Identifiers

    async def __call__(self, organization_id: UUID, question: str) -> Sureness:
        """As of now; a curated answer that matches is sure."""
        chosen = await self.threshold_of(organization_id)
        threshold = THRESHOLD if chosen is None else chosen
        if await self.curated(organization_id, question):
            return Sureness(1.0, threshold)
        found = await self.search(Question(self.new_id(), organization_id, question))
        return Sureness(found.passages[0].confidence if found.passages else 0.0, threshold)
