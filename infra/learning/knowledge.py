"""What an organization's answers may come from, in one digest: a run remembers it, and is old once it has changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from infra.ai.learning import Tenants

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
