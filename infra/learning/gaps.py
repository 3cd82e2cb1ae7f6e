"""Gaps as rows, with the vectors by which questions are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import insert, select, text, update

from domain.learning.curated import Vector
from domain.learning.events import GapState
from domain.learning.gap import Asked, Gap, Miss
from infra.accounts.repository import SqlStored
from infra.learning.rows import gap_questions, gaps
from infra.repositories import Unit
from infra.rows import messages

ALIKE = 0.65
"""The cosine to the mean of a gap's questions from which another one is of the same gap, by the built-in model.

Of .5 to .75 the best on the 1,540 questions of BANKING77, in two random orders: adjusted Rand index .41 and .42,
70 of 100 questions in a gap whose most frequent topic is theirs.
"""
COMPARED = 200
"""Questions of a gap, the newest, that its mean and its label are of."""

TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
NEAREST = text("""
SELECT id FROM gap WHERE organization_id = :organization AND model = :model
AND 1 - (embedding <=> CAST(CAST(:vector AS real[]) AS vector)) >= :alike
ORDER BY embedding <=> CAST(CAST(:vector AS real[]) AS vector), id LIMIT 1
""")


@dataclass(frozen=True)
class _Placed:
    """A question, and the mean of its gap with it."""

    gap: Gap
    miss: Miss
    asked: Asked
    vector: Vector
    mean: Vector


class SqlGaps(SqlStored[Gap]):
    """Gaps, with the questions and vectors that they are made of."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, gaps, Gap, state=GapState)
        self._placed: list[_Placed] = []

    async def take_turn(self) -> None:
        """Wait until nobody else puts questions together in this organization."""
        await self._unit.connection.execute(TURN, {"name": f"gaps {self._unit.actor.tenant}"})

    async def asked(self, miss: Miss) -> Asked | None:
        """What was asked, unless it stands in a gap already."""
        said, asked, q = messages.alias(), messages.alias(), gap_questions.c
        joined = said.join(asked, asked.c.id == said.c.question_id)
        known = select(q.message_id).where(q.message_id == asked.c.id).exists()
        mine = (said.c.id == miss.message_id) & (said.c.organization_id == self._unit.actor.tenant)
        wanted = select(asked.c.id, asked.c.text, asked.c.created_at).select_from(joined).where(mine, ~known)
        row = (await self._unit.connection.execute(wanted)).one_or_none()
        return None if row is None else Asked(row.id, row.text, row.created_at)

    async def nearest(self, model: str, vector: Vector) -> Gap | None:
        """The gap whose mean is nearest, if it is near enough."""
        scope = {"organization": self._unit.actor.tenant, "model": model, "vector": list(vector), "alike": ALIKE}
        found = await self._unit.connection.scalar(NEAREST, scope)
        return None if found is None else await self.get(found)

    async def place(self, gap: Gap, miss: Miss, asked: Asked, vector: Vector) -> str:
        """Let a question be one of a gap's; the label is the question that is nearest to the mean of all."""
        q, m = gap_questions.c, messages.c
        joined = gap_questions.join(messages, m.id == q.message_id)
        newest = select(m.text, q.embedding).select_from(joined).where(q.gap_id == gap.id)
        rows = (await self._unit.connection.execute(newest.order_by(q.asked_at.desc(), m.id).limit(COMPARED))).all()
        texts: list[str] = [row.text for row in rows] + [asked.text]
        vectors = np.array([*(row.embedding for row in rows), vector], np.float32)
        mean = vectors.mean(axis=0)
        self._placed.append(_Placed(gap, miss, asked, vector, mean.tolist()))
        return texts[int((vectors @ mean).argmax())]

    async def open(self, most: int) -> Sequence[Gap]:
        """The largest open gaps, not locked: whoever changes one loads it again."""
        c = gaps.c
        mine = (c.organization_id == self._unit.actor.tenant) & (c.state == GapState.OPEN)
        wanted = select(gaps).where(mine).order_by(c.size.desc(), c.id).limit(most)
        return [self._hold(row) for row in await self._unit.connection.execute(wanted)]

    async def save(self) -> None:
        """Write the rows and the events of what changed, and then the questions."""
        await super().save()
        for one in self._placed:
            row = {
                "message_id": one.asked.message_id,
                "organization_id": one.gap.organization_id,
                "gap_id": one.gap.id,
                "conversation_id": one.miss.conversation_id,
                "reason": one.miss.reason,
                "asked_at": one.asked.at,
                "embedding": list(one.vector),
            }
            await self._unit.connection.execute(insert(gap_questions).values(row))
            mine = update(gaps).where(gaps.c.id == one.gap.id)
            await self._unit.connection.execute(mine.values(embedding=one.mean))
