"""Learns from an organization's published knowledge, after it changed: a head from its phrases, and its rare words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.ai.head import MOST_PHRASES, Matrix, train
from infra.ai.learned import FORMAT, Learned
from infra.ai.terms import Terms
from infra.rows import knowledge_models

Tenants = Callable[[UUID], AbstractAsyncContextManager[AsyncConnection]]
"""Opens a transaction of one organization; undone unless it is committed."""

MOST_TERMS = 100_000
"""Lexemes counted, the most frequent first: those that are left out count as rare, which they are."""

# Ids of passages and phrases come from their texts, so the same ids mean the same knowledge.
FINGERPRINT = text("""
SELECT md5(concat_ws(' ', (SELECT string_agg(id::text, ',' ORDER BY id) FROM phrase WHERE embedding IS NOT NULL),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM passage)))
""")
STORED = text("SELECT fingerprint FROM knowledge_model WHERE organization_id = :organization")
PHRASES = text(f"""
SELECT article_id, vector_send(embedding) AS vector FROM phrase WHERE embedding IS NOT NULL
ORDER BY id LIMIT {MOST_PHRASES + 1}
""")  # noqa: S608
TERMS = text(f"""
SELECT word, ndoc FROM ts_stat('SELECT search FROM passage') ORDER BY ndoc DESC, word LIMIT {MOST_TERMS}
""")  # noqa: S608
LENGTH = text("SELECT count(*) AS passages, coalesce(avg(length(search)), 60) AS length FROM passage")


class Learning:
    """One job: read, fit in a thread without holding a connection, store."""

    def __init__(self, tenant: Tenants, now: Callable[[], datetime]) -> None:
        self._tenant = tenant
        self._now = now

    async def learn(self, organization_id: UUID) -> bool:
        """Learn again if the knowledge is not what was last learned from; whether it was not.

        Safe to run at any time and twice at once: the same knowledge gives the same result.
        """
        async with self._tenant(organization_id) as connection:
            fingerprint = f"{FORMAT.decode().strip()} {await connection.scalar(FINGERPRINT)}"
            if fingerprint == await connection.scalar(STORED, {"organization": organization_id}):
                return False
            phrases = await _phrases(connection)
            terms = await _terms(connection)
        head = await asyncio.to_thread(train, phrases)
        metrics = {"phrases": len(phrases), "topics": len(head.topics) if head else 0, "passages": terms.passages}
        row = {
            "organization_id": organization_id,
            "fingerprint": fingerprint,
            "weights": Learned(head, terms).to_bytes(),
            "metrics": metrics,
            "trained_at": self._now(),
        }
        async with self._tenant(organization_id) as connection:
            stored = insert(knowledge_models).values(row)
            await connection.execute(stored.on_conflict_do_update(index_elements=["organization_id"], set_=row))
            await connection.commit()
        return True


async def _phrases(connection: AsyncConnection) -> Sequence[tuple[UUID, Matrix]]:
    """Article and vector of each phrase; Postgres sends a vector as its length, two bytes, big-endian floats."""
    rows = await connection.execute(PHRASES)
    return [(row.article_id, np.frombuffer(row.vector, ">f4", offset=4).astype(np.float32)) for row in rows]


async def _terms(connection: AsyncConnection) -> Terms:
    counted = (await connection.execute(LENGTH)).one()
    frequency = {row.word: row.ndoc for row in await connection.execute(TERMS)}
    return Terms(counted.passages, float(counted.length), frequency)
