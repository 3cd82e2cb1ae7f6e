"""Sources, articles and imports as rows: loaded under a lock, saved with their events in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, delete, exists, func, insert, select, tuple_, update

from domain.base import NotFoundError, stream_of
from domain.knowledge.aggregate import Article, Source
from domain.knowledge.content import Content
from domain.knowledge.embeddings import Embeddings
from domain.knowledge.events import ArticleState, Audience, ImportOptions, ImportState, Problem, Progress
from domain.knowledge.importing import Import
from domain.knowledge.passages import Index, outline_of
from domain.knowledge.ports import StoredFile
from infra.knowledge.rows import article_versions, articles, import_documents, imports, passages, phrases, sources
from infra.repositories import Unit
from infra.rows import events
from infra.storage.codec import dump

_options = TypeAdapter(ImportOptions)
_progress = TypeAdapter(Progress)
_problems = TypeAdapter(tuple[Problem, ...])


class SqlSources:
    """Sources; their version is the length of their stream."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._held: list[Source] = []

    async def get(self, source_id: UUID) -> Source:
        """The source, locked, or `NotFoundError`."""
        if source := await self._one(sources.c.id == source_id):
            return source
        raise NotFoundError("source")

    async def named(self, name: str) -> Source | None:
        """The source with a name, locked."""
        return await self._one(sources.c.name == name)

    async def has_articles(self, source: Source) -> bool:
        """Whether any article still belongs to it."""
        found = select(exists().where(articles.c.source_id == source.id))
        return bool(await self._unit.connection.scalar(found))

    def add(self, source: Source) -> None:
        """Take a new source in."""
        self._held.append(source)

    async def save(self) -> None:
        """Write the rows and the events of what changed."""
        for source in self._held:
            if source.pending:
                await self._write(source)
                await self._unit.journal(source)

    async def _one(self, which: ColumnElement[bool]) -> Source | None:
        c = sources.c
        wanted = select(c.id, c.name).where(which, c.organization_id == self._unit.actor.tenant).with_for_update()
        row = (await self._unit.connection.execute(wanted)).one_or_none()
        if row is None:
            return None
        newest = select(func.max(events.c.version)).where(events.c.stream == stream_of("source", row.id))
        version = await self._unit.connection.scalar(newest) or 0
        source = Source(row.id, self._unit.actor.tenant, version, name=row.name)
        self._held.append(source)
        return source

    async def _write(self, source: Source) -> None:
        mine = sources.c.id == source.id
        statements: list[Any] = [update(sources).where(mine).values(name=source.name)]
        if source.deleted:
            statements = [delete(imports).where(imports.c.source_id == source.id), delete(sources).where(mine)]
        elif source.version == 0:
            row = {"id": source.id, "organization_id": source.organization_id, "name": source.name}
            statements = [insert(sources).values(row | {"created_at": self._unit.at})]
        for statement in statements:
            await self._unit.connection.execute(statement)


class SqlArticles:
    """Articles with their newest content; what they bring into use replaces their passages and phrases."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._held: list[tuple[Article, int]] = []

    async def get(self, article_id: UUID) -> Article:
        """The article, locked, or `NotFoundError`."""
        found = await self._load(articles.c.id == article_id)
        if not found:
            raise NotFoundError("article")
        return found[0]

    async def of_source(self, source_id: UUID, external_ids: Sequence[str]) -> dict[str, Article]:
        """Articles of a source by external id, locked in one order so that rivals do not block each other for good."""
        if not external_ids:
            return {}
        c = articles.c
        found = await self._load((c.source_id == source_id) & c.external_id.in_(external_ids))
        return {article.external_id: article for article in found}

    def add(self, article: Article) -> None:
        """Take a new article in."""
        self._held.append((article, 0))

    async def save(self) -> None:
        """Write the rows and the events of what changed."""
        changed = [(article, stored) for article, stored in self._held if article.pending]
        made = [self._row(article) | {"created_at": self._unit.at} for article, _ in changed if not article.version]
        await self._insert(articles, made)
        for article, _ in changed:
            if article.version:
                await self._rewrite(article)
        await self._insert(article_versions, [self._version_row(one) for one, before in changed if one.number > before])
        await self._replace_indexes([one for one, _ in changed if one.index or one.published_number is None])
        for article, _ in changed:
            await self._unit.journal(article)

    async def _load(self, which: ColumnElement[bool]) -> list[Article]:
        """Lock first, then read: what a statement joins to a row that it had to wait for is not looked up again."""
        a, v = articles.c, article_versions.c
        locked = select(articles).where(which, a.organization_id == self._unit.actor.tenant).order_by(a.id)
        rows = (await self._unit.connection.execute(locked.with_for_update())).all()
        newest = tuple_(v.article_id, v.number).in_([(row.id, row.number) for row in rows])
        contents = await self._unit.connection.execute(select(article_versions).where(newest)) if rows else ()
        by_article = {row.article_id: _content(row) for row in contents}
        found = [_article(row, by_article[row.id]) for row in rows]
        self._held += [(article, article.number) for article in found]
        return found

    async def _rewrite(self, article: Article) -> None:
        mine = articles.c.id == article.id
        changed: Any = delete(articles) if article.deleted else update(articles).values(self._row(article))
        await self._unit.connection.execute(changed.where(mine))

    def _row(self, article: Article) -> dict[str, Any]:
        row = {
            "id": article.id,
            "organization_id": article.organization_id,
            "source_id": article.source_id,
            "external_id": article.external_id,
            "state": article.state,
            "content_hash": article.origin,
            "number": article.number,
            "published_number": article.published_number,
            "version": article.version + len(article.pending),
            "updated_at": self._unit.at,
        }
        return row | (_shown(article.content) if article.published_number in (None, article.number) else {})

    def _version_row(self, article: Article) -> dict[str, Any]:
        return _shown(article.content) | {
            "article_id": article.id,
            "number": article.number,
            "organization_id": article.organization_id,
            "body": article.content.body,
            "questions": list(article.content.questions),
            "author": str(self._unit.actor),
            "created_at": self._unit.at,
        }

    async def _replace_indexes(self, changed: Sequence[Article]) -> None:
        ids = [article.id for article in changed if article.version]
        for table in (passages, phrases) if ids else ():
            await self._unit.connection.execute(delete(table).where(table.c.article_id.in_(ids)))
        indexed = [(article, article.index) for article in changed if article.index]
        await self._insert(passages, [row for one, index in indexed for row in _passage_rows(one, index)])
        await self._insert(phrases, [row for one, index in indexed for row in _phrase_rows(one, index)])

    async def _insert(self, table: Any, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            await self._unit.connection.execute(insert(table), rows)


class SqlImports:
    """Imports, with the files that a worker is to read."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._held: list[tuple[Import, Sequence[StoredFile]]] = []

    async def get(self, import_id: UUID) -> Import:
        """The import, locked, or `NotFoundError`."""
        c = imports.c
        wanted = select(imports).where(c.id == import_id, c.organization_id == self._unit.actor.tenant)
        row = (await self._unit.connection.execute(wanted.with_for_update())).one_or_none()
        if row is None:
            raise NotFoundError("import")
        self._held.append((_import(row), ()))
        return self._held[-1][0]

    def add(self, one: Import, files: Sequence[StoredFile] = ()) -> None:
        """Take a new import in, with its files."""
        self._held.append((one, files))

    async def save(self) -> None:
        """Write the rows and the events of what changed; an import that is over needs its files no more."""
        execute = self._unit.connection.execute
        for one, files in self._held:
            if not one.pending:
                continue
            if one.version == 0:
                await execute(insert(imports).values(self._row(one) | {"created_at": self._unit.at}))
            else:
                await execute(update(imports).where(imports.c.id == one.id).values(self._row(one)))
            if files:
                await execute(insert(import_documents), _file_rows(one, files))
            if one.state is not ImportState.RUNNING:
                await execute(delete(import_documents).where(import_documents.c.import_id == one.id))
            await self._unit.journal(one)

    def _row(self, one: Import) -> dict[str, Any]:
        return {
            "id": one.id,
            "organization_id": one.organization_id,
            "source_id": one.source_id,
            "state": one.state,
            "options": dump(one.options),
            "total": one.progress.total,
            "counts": dump(one.progress),
            "problems": [dump(problem) for problem in one.problems],
            "version": one.version + len(one.pending),
            "finished_at": None if one.state is ImportState.RUNNING else self._unit.at,
        }


class SqlEmbeddings:
    """The embeddings of the unit's organization: a stream, and no row."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._held: Embeddings | None = None

    async def get(self) -> Embeddings:
        """The aggregate at its newest version."""
        tenant = self._unit.actor.tenant
        stream = stream_of(Embeddings.__name__, tenant)
        newest = select(func.max(events.c.version)).where(events.c.stream == stream)
        self._held = Embeddings(tenant, tenant, await self._unit.connection.scalar(newest) or 0)
        return self._held

    async def save(self) -> None:
        """Write the events."""
        if self._held and self._held.pending:
            await self._unit.journal(self._held)


def import_progress(row: Row[Any]) -> tuple[Progress, tuple[Problem, ...]]:
    """How far an import is, and its problems, from its row."""
    return _progress.validate_python(row.counts), _problems.validate_python(row.problems)


def _content(row: Row[Any]) -> Content:
    return Content(row.title, row.body, tuple(row.questions), Audience(row.audience), row.link)


def _article(row: Row[Any], content: Content) -> Article:
    return Article(
        row.id,
        row.organization_id,
        row.version,
        source_id=row.source_id,
        external_id=row.external_id,
        content=content,
        state=ArticleState(row.state),
        number=row.number,
        published_number=row.published_number,
        origin=row.content_hash,
    )


def _shown(content: Content) -> dict[str, Any]:
    return {"title": content.title, "audience": content.audience, "link": content.link}


def _passage_rows(article: Article, index: Index) -> list[dict[str, Any]]:
    """A passage that stays as it was keeps its id, so that citations of it do too."""
    vectors = index.vectors[: len(index.passages)] or [None] * len(index.passages)
    content, ids = article.content, set[UUID]()
    rows = []
    for ordinal, (passage, vector) in enumerate(zip(index.passages, vectors, strict=True)):
        outline = outline_of(content.title, passage.headings)
        identity = uuid5(article.id, f"{outline}\n{passage.text}")
        identity = uuid5(article.id, f"{ordinal}\n{passage.text}") if identity in ids else identity
        ids.add(identity)
        row = _belonging(article, ordinal) | {"id": identity, "title": content.title, "link": content.link}
        row |= {"headings": list(passage.headings), "outline": outline, "text": passage.text, "embedding": vector}
        rows.append(row)
    return rows


def _phrase_rows(article: Article, index: Index) -> list[dict[str, Any]]:
    vectors = index.vectors[len(index.passages) :] or [None] * len(index.phrases)
    return [
        _belonging(article, ordinal) | {"id": uuid5(article.id, phrase), "text": phrase, "embedding": vector}
        for ordinal, (phrase, vector) in enumerate(zip(index.phrases, vectors, strict=True))
    ]


def _belonging(article: Article, ordinal: int) -> dict[str, Any]:
    return {
        "organization_id": article.organization_id,
        "article_id": article.id,
        "source_id": article.source_id,
        "ordinal": ordinal,
        "audience": article.content.audience,
    }


def _import(row: Row[Any]) -> Import:
    progress, problems = import_progress(row)
    return Import(
        row.id,
        row.organization_id,
        row.version,
        source_id=row.source_id,
        options=_options.validate_python(row.options),
        state=ImportState(row.state),
        progress=progress,
        problems=problems,
    )


def _file_rows(one: Import, files: Sequence[StoredFile]) -> list[dict[str, Any]]:
    return [
        {
            "import_id": one.id,
            "ordinal": ordinal,
            "organization_id": one.organization_id,
            "name": file.name,
            "content": file.content,
        }
        for ordinal, file in enumerate(files)
    ]
