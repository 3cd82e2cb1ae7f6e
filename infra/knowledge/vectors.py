"""The vectors of a chosen model as they are stored: which are missing, and when they count."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from domain.knowledge.passages import Vector, meaning
from domain.knowledge.ports import Unindexed
from infra.database import Database
from infra.knowledge.rows import knowledge_models, passage_vectors, passages, phrase_vectors, phrases
from infra.knowledge.spaces import BUILT_IN, Space
from infra.matching.learning import Learning
from infra.rows import jobs, organizations

JOB = "embed_knowledge"
KINDS = ((passages, passage_vectors, "passage_id"), (phrases, phrase_vectors, "phrase_id"))


class SqlVectors:
    """See `domain.knowledge.embeddings.Vectors`. Each method is one short transaction of one organization."""

    def __init__(self, database: Database, space: Space, learning: Learning) -> None:
        self._database = database
        self._space = space
        self._learning = learning

    async def count(self, organization_id: UUID) -> bool:
        """Whether something was learned from them."""
        c = knowledge_models.c
        learned = (c.organization_id == organization_id) & (c.model == self._space.model)
        async with self._database.tenant(organization_id) as connection:
            return bool(await connection.scalar(select(exists().where(learned))))

    async def are_awaited(self, organization_id: UUID) -> bool:
        """Whether there is a job for them."""
        return await self._has_job(organization_id)

    async def are_made(self, organization_id: UUID) -> bool:
        """Whether one of them is not dead."""
        return await self._has_job(organization_id, jobs.c.state != "dead")

    async def _has_job(self, organization_id: UUID, *conditions: ColumnElement[bool]) -> bool:
        wanted = exists().where(jobs.c.organization_id == organization_id, jobs.c.name == JOB, *conditions)
        async with self._database.tenant(organization_id) as connection:
            return bool(await connection.scalar(select(wanted)))

    async def missing(self, organization_id: UUID, most: int) -> Sequence[Unindexed]:
        """Texts without a vector of this model: passages, then phrases."""
        p, f = passages.c, phrases.c
        found: list[Unindexed] = []
        async with self._database.tenant(organization_id) as connection:
            wanted = self._without(select(p.id, p.title, p.headings, p.text), *KINDS[0]).limit(most)
            rows = await connection.execute(wanted)
            found += [Unindexed(row.id, meaning(row.title, row.headings, row.text)) for row in rows]
            if len(found) < most:
                asked = self._without(select(f.id, f.text), *KINDS[1]).limit(most - len(found))
                found += [Unindexed(row.id, (row.text,)) for row in await connection.execute(asked)]
        return found

    async def keep(self, organization_id: UUID, vectors: Sequence[tuple[UUID, Vector]]) -> None:
        """Store vectors where their texts still are: a text that goes meanwhile takes its vector with it."""
        given = dict(vectors)
        async with self._database.tenant(organization_id) as connection:
            for texts, table, key in KINDS:
                there = select(texts.c.id).where(texts.c.id.in_(given)).with_for_update(key_share=True)
                rows = [self._row(organization_id, key, one, given[one]) for one in await connection.scalars(there)]
                if rows:
                    await connection.execute(insert(table).on_conflict_do_nothing(), rows)
            await connection.commit()

    async def learn(self, organization_id: UUID) -> None:
        """Learn from them, unless that was done."""
        await self._learning.learn(organization_id, self._space)

    def _row(self, organization_id: UUID, key: str, text_id: UUID, vector: Vector) -> dict[str, object]:
        made = {"model": self._space.model, "dimensions": self._space.dimensions, "vector": list(vector)}
        return {key: text_id, "organization_id": organization_id, **made}

    def _without(
        self, wanted: Select[tuple[object, ...]], texts: Table, table: Table, key: str
    ) -> Select[tuple[object, ...]]:
        made = exists().where(table.c[key] == texts.c.id, table.c.model == self._space.model)
        return wanted.where(~made).order_by(texts.c.id)


class EveryOrganization:
    """All there are, and what they keep of models."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self) -> Sequence[UUID]:
        """Their ids."""
        async with self._database.accounts() as connection:
            return list(await connection.scalars(select(organizations.c.id).order_by(organizations.c.id)))

    async def forget(self, organization_id: UUID, but: Sequence[str]) -> None:
        """Throw away an organization's vectors by models that are not named, and what was learned from them."""
        named = [*but, BUILT_IN.model]
        async with self._database.tenant(organization_id) as connection:
            for table in (knowledge_models, passage_vectors, phrase_vectors):
                await connection.execute(delete(table).where(table.c.model.not_in(named)))
            await connection.commit()
