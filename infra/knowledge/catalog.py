"""What imports and indexing look up and keep beside commands: digests, stored files, missing vectors."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select, update

from domain.knowledge.events import ArticleState
from domain.knowledge.passages import Vector, meaning
from domain.knowledge.ports import Known, StoredFile, Unindexed
from infra.database import Database
from infra.knowledge.rows import articles, import_documents, passages, phrases
from infra.rows import jobs

TRAINING_JOBS = ("index_article", "train_knowledge")
"""Jobs that end with a training."""


class SqlCatalog:
    """Each method is one short transaction of one organization."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, organization_id: UUID, source_id: UUID, external_ids: Sequence[str]) -> dict[str, Known]:
        """The articles of a source by external id."""
        c = articles.c
        wanted = select(c.external_id, c.content_hash, c.state)
        wanted = wanted.where(c.source_id == source_id, c.external_id.in_(external_ids))
        async with self._database.tenant(organization_id) as connection:
            rows = await connection.execute(wanted)
        return {row.external_id: Known(row.content_hash, ArticleState(row.state)) for row in rows}

    async def in_use(self, organization_id: UUID, source_id: UUID, after: str, most: int) -> Sequence[str]:
        """External ids of imported articles that are published, in the database's order."""
        c = articles.c
        imported = (c.source_id == source_id) & (c.state == ArticleState.PUBLISHED) & (c.content_hash != "")
        wanted = select(c.external_id).where(imported, c.external_id > after).order_by(c.external_id).limit(most)
        async with self._database.tenant(organization_id) as connection:
            return list(await connection.scalars(wanted))

    async def file(self, organization_id: UUID, import_id: UUID, number: int) -> StoredFile | None:
        """One stored file of an import."""
        c = import_documents.c
        wanted = select(c.name, c.content).where(c.import_id == import_id, c.ordinal == number)
        async with self._database.tenant(organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return None if row is None else StoredFile(row.name, row.content)

    async def unindexed(self, organization_id: UUID, article_id: UUID) -> Sequence[Unindexed]:
        """The texts of an article that have no vector yet."""
        p, f = passages.c, phrases.c
        pieces = (
            select(p.id, p.title, p.headings, p.text)
            .where(p.article_id == article_id, p.embedding.is_(None))
            .order_by(p.ordinal)
        )
        asked = select(f.id, f.text).where(f.article_id == article_id, f.embedding.is_(None)).order_by(f.ordinal)
        async with self._database.tenant(organization_id) as connection:
            found = await connection.execute(pieces)
            missing = [Unindexed(row.id, meaning(row.title, row.headings, row.text)) for row in found]
            return missing + [Unindexed(row.id, (row.text,)) for row in await connection.execute(asked)]

    async def keep(self, organization_id: UUID, vectors: Sequence[tuple[UUID, Vector]]) -> None:
        """Store vectors where their texts still are."""
        rows = [{"wanted": identity, "vector": vector} for identity, vector in vectors]
        async with self._database.tenant(organization_id) as connection:
            for table in (passages, phrases):
                vector = bindparam("vector", type_=table.c.embedding.type)
                found = update(table).where(table.c.id == bindparam("wanted"))
                await connection.execute(found.values(embedding=vector), rows)
            await connection.commit()

    async def awaits_training(self, organization_id: UUID) -> bool:
        """Whether a job that ends with a training is due and has not begun; one that failed is not waited for."""
        c = jobs.c
        waiting = (c.organization_id == organization_id) & (c.state == "queued") & (c.run_at <= func.now())
        async with self._database.tenant(organization_id) as connection:
            return bool(await connection.scalar(select(exists().where(waiting, c.name.in_(TRAINING_JOBS)))))
