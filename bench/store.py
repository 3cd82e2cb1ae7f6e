"""A database of the product filled with corpora, and asked through the product's own retrieval."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import asyncpg
from sqlalchemy import Table, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.corpora import Asked, Corpus, Entry
from bench.scores import Reply
from domain.knowledge.passages import Meaning, embedded, meaning, outline_of
from infra.database import Database
from infra.knowledge.retrieval import Found, Retrieval
from infra.knowledge.rows import articles, passages, phrases, sources
from infra.local.embedded import Postgres
from infra.local.supervisor import running
from infra.matching.embedding import MiniLM
from infra.matching.learning import Learning
from infra.rows import organizations
from infra.settings import Settings
from infra.storage import migrate

MODEL_CACHE = Path(os.environ.get("PARLEY_DATA_DIR") or ".parley") / "models"
BATCH = 1_000
FIRST = 10
EVERYONE = ["everyone"]
INDEXES = ("phrase", "passage")


@dataclass(frozen=True)
class Known:
    """A corpus as an organization of the product; `names` gives the corpus's ids of passages and articles back, and
    `internal` are the articles that customers must not see."""

    organization_id: UUID
    names: dict[UUID, str]
    sources: dict[str, UUID]
    internal: set[UUID] = field(default_factory=set)


class Store:
    """The product's tables, embedder, learning and retrieval."""

    def __init__(self, database: Database, embedder: MiniLM) -> None:
        self.embedder = embedder
        self._database = database
        self._retrieval = Retrieval(embedder)
        self._learning = Learning(database.tenant, lambda: datetime.now(UTC))

    async def index(self) -> None:
        """Make the vector indexes: after the rows, as any bulk load does, since one by one takes ten times as long."""
        for table in INDEXES:
            await self._execute(f"CREATE INDEX {table}_embedding ON {table} USING hnsw (embedding vector_ip_ops)")
        await self._execute("ANALYZE")

    async def unindex(self) -> None:
        """Drop the vector indexes before a bulk load."""
        for table in INDEXES:
            await self._execute(f"DROP INDEX {table}_embedding")

    async def _execute(self, statement: str) -> None:
        async with self._database.engine.connect() as connection:
            await connection.execute(text(statement))
            await connection.commit()

    async def ask(self, known: Known, questions: Sequence[Asked]) -> list[Reply]:
        """The questions, one after the other, of what was learned from the organization's knowledge."""
        await self._learning.learn(known.organization_id)
        async with self._database.tenant(known.organization_id) as connection:
            return [await self._ask(connection, known, one) for one in questions]

    async def _ask(self, connection: AsyncConnection, known: Known, one: Asked) -> Reply:
        started = time.perf_counter()
        found = await self._retrieval.find(
            connection,
            known.organization_id,
            one.text,
            history=one.history,
            audiences=EVERYONE,
            first=FIRST,
            sources=[known.sources[group] for group in sorted(one.groups)] or None,
        )
        took = time.perf_counter() - started
        best = found.topics[0] if found.topics else None
        return Reply(
            one,
            [known.names[passage.passage_id] for passage in found.passages],
            [known.names[topic.article_id] for topic in found.topics],
            best.evidence if best else 0.0,
            best.confidence if best else 0.0,
            took,
            len(known.internal & _articles_of(found)),
        )

    async def install(self, corpus: Corpus) -> Known:
        """A new organization with the corpus as published articles, a source a group."""
        organization, at = uuid4(), datetime.now(UTC)
        groups = {group: uuid4() for group in sorted({entry.group for entry in corpus.entries})}
        known = Known(organization, {}, groups)
        row = {"id": organization, "name": corpus.name, "slug": str(organization), "settings": {}, "created_at": at}
        async with self._database.tenant(organization) as connection:
            await connection.execute(insert(organizations).values(row))
            rows = [
                {"id": identity, "organization_id": organization, "name": group or "corpus", "created_at": at}
                for group, identity in groups.items()
            ]
            await connection.execute(insert(sources), rows)
            for start in range(0, len(corpus.entries), BATCH):
                await self._insert(connection, known, corpus.entries[start : start + BATCH], at)
            await connection.commit()
        return known

    async def _insert(self, connection: AsyncConnection, known: Known, entries: Sequence[Entry], at: datetime) -> None:
        made = [(entry, uuid5(known.organization_id, entry.id)) for entry in entries]
        known.names.update({identity: entry.id for entry, identity in made})
        known.internal.update(identity for entry, identity in made if entry.internal)
        await connection.execute(insert(articles), [_article(known, *one, at) for one in made])
        found = [row for one in made for row in _passages(known, *one)]
        await self._embedded(connection, passages, found, [row.pop("meaning") for row in found])
        asked = [row for one in made for row in _phrases(known, *one)]
        await self._embedded(connection, phrases, asked, [(row["text"],) for row in asked])

    async def _embedded(
        self, connection: AsyncConnection, table: Table, rows: list[dict[str, Any]], meanings: Sequence[Meaning]
    ) -> None:
        for row, vector in zip(rows, await embedded(self.embedder, meanings), strict=True):
            row["embedding"] = vector
        if rows:
            await connection.execute(insert(table), rows)


def _articles_of(found: Found) -> set[UUID]:
    return {topic.article_id for topic in found.topics} | {passage.article_id for passage in found.passages}


def _belonging(known: Known, entry: Entry, article: UUID, ordinal: int) -> dict[str, Any]:
    return {
        "organization_id": known.organization_id,
        "article_id": article,
        "source_id": known.sources[entry.group],
        "ordinal": ordinal,
        "audience": _audience(entry),
    }


def _audience(entry: Entry) -> str:
    return "internal" if entry.internal else "everyone"


def _article(known: Known, entry: Entry, identity: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": identity,
        "organization_id": known.organization_id,
        "source_id": known.sources[entry.group],
        "external_id": entry.id,
        "title": entry.title,
        "audience": _audience(entry),
        "state": "published",
        "content_hash": "",
        "number": 1,
        "published_number": 1,
        "version": 1,
        "created_at": at,
        "updated_at": at,
    }


def _passages(known: Known, entry: Entry, article: UUID) -> Iterator[dict[str, Any]]:
    for ordinal, piece in enumerate(entry.pieces):
        identity = uuid5(article, piece.id)
        known.names[identity] = piece.id
        yield _belonging(known, entry, article, ordinal) | {
            "id": identity,
            "title": entry.title,
            "headings": list(piece.headings),
            "outline": outline_of(entry.title, piece.headings),
            "text": piece.text,
            "meaning": meaning(entry.title, piece.headings, piece.text),
        }


def _phrases(known: Known, entry: Entry, article: UUID) -> Iterator[dict[str, Any]]:
    for ordinal, phrase in enumerate(dict.fromkeys((entry.title, *entry.phrases))):
        yield _belonging(known, entry, article, ordinal) | {"id": uuid5(article, f"? {phrase}"), "text": phrase}


@contextmanager
def server(keep: Path | None = None) -> Iterator[str]:
    """The Postgres of PARLEY_DATABASE_URL, or one of our own for as long as it takes; `keep` is where it stays."""
    if outside := os.environ.get("PARLEY_DATABASE_URL"):
        yield Settings(database_url=outside).sqlalchemy_url
        return
    with nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        postgres = Postgres(Path(folder))
        postgres.prepare()
        with running(postgres.part(), Path(folder, "postgres.log")):
            yield postgres.url


@asynccontextmanager
async def store(address: str) -> AsyncIterator[Store]:
    """A database of its own on that server, dropped at the end."""
    name = f"parley_bench_{os.getpid()}"
    await _execute(address, f'CREATE DATABASE "{name}"')
    own = make_url(address).set(database=name).render_as_string(hide_password=False)
    await asyncio.to_thread(migrate.upgrade, own)
    database = Database(own, pool_size=2)
    try:
        yield Store(database, MiniLM(MODEL_CACHE))
    finally:
        await database.close()
        await _execute(address, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _execute(address: str, statement: str) -> None:
    connection = await asyncpg.connect(Settings(database_url=address).asyncpg_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
