"""Learns from an organization's published knowledge, after it changed: a head from its phrases, and its rare words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, TextClause, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.knowledge.rows import knowledge_models
from infra.knowledge.spaces import BUILT_IN, UNSCALED, Scale, Space
from infra.matching.head import MOST_PHRASES, Matrix, train
from infra.matching.learned import FORMAT, Learned
from infra.matching.terms import Terms

Tenants = Callable[[UUID], AbstractAsyncContextManager[AsyncConnection]]
"""Opens a transaction of one organization; undone unless it is committed."""

MOST_TERMS = 100_000
"""Lexemes counted, the most frequent first: those that are left out count as rare, which they are."""

# Ids of passages and phrases come from their texts, so the same ids mean the same knowledge.
FINGERPRINT = """
SELECT md5(concat_ws(' ', (SELECT string_agg(phrase.id::text, ',' ORDER BY phrase.id) FROM {source}
        WHERE {vector} IS NOT NULL),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM passage)))
"""
STORED = text("SELECT fingerprint FROM knowledge_model WHERE organization_id = :organization AND model = :model")
PHRASES = """
SELECT phrase.article_id, phrase.text, vector_send(CAST({vector} AS vector)) AS vector
FROM {source} WHERE {vector} IS NOT NULL
ORDER BY phrase.id LIMIT {most}
"""
BOTH = """
SELECT vector_send(CAST({vector} AS vector)) AS made, vector_send({table}.embedding) AS own FROM {source}
WHERE {table}.embedding IS NOT NULL ORDER BY {table}.id LIMIT {most}
"""
COMPARED = 300
"""Texts of each kind by which two models' cosines are compared."""
TERMS = text(f"""
SELECT word, ndoc FROM ts_stat('SELECT search FROM passage') ORDER BY ndoc DESC, word LIMIT {MOST_TERMS}
""")  # noqa: S608
LENGTH = text("SELECT count(*) AS passages, coalesce(avg(length(search)), 60) AS length FROM passage")


class Learning:
    """One job: read, fit in a thread without holding a connection, store."""

    def __init__(self, tenant: Tenants, now: Callable[[], datetime]) -> None:
        self._tenant = tenant
        self._now = now

    async def learn(self, organization_id: UUID, space: Space = BUILT_IN) -> bool:
        """Learn again if the knowledge is not what was last learned from; whether it was not.

        From the built-in model's vectors, or those of another `space`, which count from then on. Safe to run at any
        time and twice at once: the same knowledge gives the same result.
        """
        of_model = {"organization": organization_id, "model": space.model}
        async with self._tenant(organization_id) as connection:
            known = await connection.scalar(_of(FINGERPRINT, space, "phrase"), of_model)
            fingerprint = f"{FORMAT.decode().strip()} {known}"
            if fingerprint == await connection.scalar(STORED, of_model):
                return False
            phrases, texts = await _phrases(connection, space)
            terms = await _terms(connection)
            scale = await _scale(connection, space) if space.beside else UNSCALED
        head = await asyncio.to_thread(train, phrases, texts)
        metrics = {"phrases": len(phrases), "topics": len(head.topics) if head else 0, "passages": terms.passages}
        row = {
            "organization_id": organization_id,
            "model": space.model,
            "fingerprint": fingerprint,
            "weights": Learned(head, terms, scale).to_bytes(),
            "metrics": metrics,
            "trained_at": self._now(),
        }
        async with self._tenant(organization_id) as connection:
            key = ["organization_id", "model"]
            stored = insert(knowledge_models).values(row).on_conflict_do_update(index_elements=key, set_=row)
            await connection.execute(stored)
            await connection.commit()
        return True


def _of(statement: str, space: Space, table: str, most: int = 0) -> TextClause:
    parts = {"source": space.source(table), "vector": space.compared(table)}
    return text(statement.format(table=table, most=most, **parts))


async def _phrases(
    connection: AsyncConnection, space: Space
) -> tuple[Sequence[tuple[UUID, Matrix]], Sequence[tuple[UUID, str]]]:
    """Article and vector, and article and text, of each phrase."""
    wanted = _of(PHRASES, space, "phrase", MOST_PHRASES + 1)
    rows = (await connection.execute(wanted, {"model": space.model} if space.beside else {})).all()
    return [(row.article_id, _vector(row.vector)) for row in rows], [(row.article_id, row.text) for row in rows]


async def _scale(connection: AsyncConnection, space: Space) -> Scale:
    """How the cosines of a space become those of the built-in model, from texts that both have read."""
    rows: list[Row[Any]] = []
    for table in ("phrase", "passage"):
        rows += (await connection.execute(_of(BOTH, space, table, COMPARED), {"model": space.model})).all()
    if not rows:
        return UNSCALED
    made, own = (np.stack([_vector(row[place]) for row in rows]) for place in (0, 1))
    return Scale.between(made, own)


def _vector(sent: bytes) -> Matrix:
    """Postgres sends a vector as its length, two bytes, big-endian floats."""
    return np.frombuffer(sent, ">f4", offset=4).astype(np.float32)


async def _terms(connection: AsyncConnection) -> Terms:
    counted = (await connection.execute(LENGTH)).one()
    frequency = {row.word: row.ndoc for row in await connection.execute(TERMS)}
    return Terms(counted.passages, float(counted.length), frequency)
