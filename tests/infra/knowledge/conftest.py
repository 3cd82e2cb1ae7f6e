"""The services of knowledge on a real Postgres, with the real embedding model."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from redis.asyncio import Redis

from domain.base import Actor
from domain.knowledge.imports import Imports
from domain.knowledge.service import Articles, Indexing, Sources
from infra.bootstrap import new_id, now
from infra.database import Database
from infra.documents import parse
from infra.documents.markdown import blocks
from infra.journal import SqlJournal
from infra.knowledge.catalog import SqlCatalog
from infra.knowledge.reads import SqlKnowledgeReads
from infra.knowledge.retrieval import Retrieval
from infra.live.signals import Sender
from infra.matching.embedding import MiniLM
from infra.unit_of_work import SqlUnits
from tests.stack import Company, found_company


@dataclass
class Knowledge:
    """Everything for one organization."""

    company: Company
    database: Database
    journal: SqlJournal
    catalog: SqlCatalog
    sources: Sources
    articles: Articles
    imports: Imports
    indexing: Indexing

    def seen_by(self, actor: Actor) -> SqlKnowledgeReads:
        return SqlKnowledgeReads(self.database, actor, Retrieval(self.imports.embedder))

    async def kinds(self, stream: str) -> list[str]:
        """The kinds of the events of a stream, in order."""
        return [one.event.kind for one in await self.journal.of_stream(self.company.id, stream, 0)]

    async def source(self, name: str = "Help centre") -> UUID:
        return (await self.sources.create(self.company.agent, name)).id


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    cache: Path = tmp_path_factory.mktemp("models")
    return MiniLM(cache)


@pytest.fixture
async def knowledge(database_url: str, embedder: MiniLM) -> AsyncIterator[Knowledge]:
    """Nobody listens to the signals here, so that nothing runs beside the test."""
    database = Database(database_url, pool_size=4)
    sender = Sender(Redis())
    units = SqlUnits(database, sender, now)
    catalog = SqlCatalog(database)
    yield Knowledge(
        company=await found_company(database_url),
        database=database,
        journal=SqlJournal(database, sender),
        catalog=catalog,
        sources=Sources(units, new_id),
        articles=Articles(units, new_id, blocks),
        imports=Imports(units, new_id, catalog, embedder, blocks, parse),
        indexing=Indexing(catalog, embedder),
    )
    await database.close()
