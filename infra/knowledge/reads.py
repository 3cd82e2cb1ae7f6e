"""What one actor may see of the knowledge: customers what is published for everyone, staff all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true, tuple_

from domain.account.permission import Permission
from domain.base import Actor
from domain.knowledge.events import ArticleState, Audience, ImportState
from domain.knowledge.ports import ArticleVersionView, ArticleView, Hit, ImportView, PassageView, SourceView
from domain.ports import Page, PageRequest
from infra.database import Database
from infra.knowledge.retrieval import Retrieval
from infra.knowledge.rows import article_versions, articles, imports, passages, sources
from infra.knowledge.stored import import_progress
from infra.reads import SqlReads
from infra.storage.paging import keyset, paged


class SqlKnowledgeReads(SqlReads):
    """The reads of one operation, knowledge included, in its one snapshot."""

    def __init__(self, database: Database, actor: Actor, retrieval: Retrieval) -> None:
        super().__init__(database, actor)
        self._retrieval = retrieval

    async def search(self, text: str, first: int) -> Sequence[Hit]:
        """The passages that fit a text best, best first; internal ones for staff only."""
        audiences = tuple(Audience) if self._is_insider else (Audience.EVERYONE,)
        await self._retrieval.get_ready(self._actor.tenant, text)
        async with self._connected() as connection:
            found = await self._retrieval.find(connection, self._actor.tenant, text, audiences=audiences, first=first)
        return [Hit(one.passage_id, one.score, one.confidence) for one in found.passages]

    async def sources(self, ids: Sequence[UUID]) -> Sequence[SourceView | None]:
        """Sources by id; customers see none."""
        if not self._is_insider:
            return [None] * len(ids)
        found = {row.id: _source(row) for row in await self._rows(self._sources().where(sources.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def all_sources(self) -> Sequence[SourceView]:
        """Every source, by name; `ForbiddenError` for customers."""
        self._actor.require(Permission.READ_INTERNAL_KNOWLEDGE)
        return [_source(row) for row in await self._rows(self._sources().order_by(sources.c.name).limit(1_000))]

    async def articles(self, ids: Sequence[UUID]) -> Sequence[ArticleView | None]:
        """Articles by id."""
        rows = await self._rows(select(articles).where(self._readable(), articles.c.id.in_(ids)))
        found = {row.id: _article(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def article_page(
        self, page: PageRequest, state: ArticleState | None, source_id: UUID | None
    ) -> Page[ArticleView]:
        """Articles by title."""
        c = articles.c
        wanted = select(articles).where(self._readable())
        if state is not None:
            wanted = wanted.where(c.state == state)
        if source_id is not None:
            wanted = wanted.where(c.source_id == source_id)
        rows = await self._rows(keyset(wanted, page, (c.title, str), (c.id, UUID), descending=False))
        return paged(rows, page, _article, lambda row: (row.title, str(row.id)))

    async def article_versions(self, keys: Sequence[tuple[UUID, int]]) -> Sequence[ArticleVersionView | None]:
        """Versions by article and number."""
        v = article_versions.c
        rows = await self._rows(self._versions().where(tuple_(v.article_id, v.number).in_(keys)))
        found = {(row.article_id, row.number): self._version(row) for row in rows}
        return [found.get(key) for key in keys]

    async def version_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[ArticleVersionView]]:
        """For each article a page of its versions, newest first, in one statement for all of them."""
        page = keys[0][1]
        a, v = articles.c, article_versions.c
        mine = select(article_versions).where(v.article_id == a.id, self._readable_version())
        one = keyset(mine, page, (v.number, int), descending=True).lateral("wanted")
        wanted = select(one).select_from(articles.join(one, true())).where(self._readable())
        found: dict[UUID, list[Row[Any]]] = {}
        for row in await self._rows(wanted.where(a.id.in_([key for key, _ in keys]))):
            found.setdefault(row.article_id, []).append(row)
        newest_first = {
            key: sorted(of, key=lambda row: row.number, reverse=not page.backward) for key, of in found.items()
        }
        return [
            paged(newest_first.get(key, []), page, self._version, lambda row: (str(row.number),)) for key, page in keys
        ]

    async def passages(self, ids: Sequence[UUID]) -> Sequence[PassageView | None]:
        """Passages by id."""
        rows = await self._rows(self._passages().where(passages.c.id.in_(ids)))
        found = {row.id: _passage(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def article_passages(self, ids: Sequence[UUID]) -> Sequence[Sequence[PassageView]]:
        """For each article its passages, in order."""
        c = passages.c
        wanted = self._passages().where(c.article_id.in_(ids)).order_by(c.article_id, c.ordinal)
        found: dict[UUID, list[PassageView]] = {}
        for row in await self._rows(wanted):
            found.setdefault(row.article_id, []).append(_passage(row))
        return [found.get(identity, []) for identity in ids]

    async def imports(self, ids: Sequence[UUID]) -> Sequence[ImportView | None]:
        """Imports by id; customers see none."""
        if not self._is_insider:
            return [None] * len(ids)
        c = imports.c
        rows = await self._rows(select(imports).where(c.id.in_(ids), c.organization_id == self._actor.tenant))
        found = {row.id: _import(row) for row in rows}
        return [found.get(identity) for identity in ids]

    @property
    def _is_insider(self) -> bool:
        return self._actor.may(Permission.READ_INTERNAL_KNOWLEDGE)

    def _readable(self) -> ColumnElement[bool]:
        """The one rule of who may read which article, and with it its versions and passages."""
        c = articles.c
        mine = c.organization_id == self._actor.tenant
        if self._is_insider:
            return mine
        return and_(mine, c.state == ArticleState.PUBLISHED, c.audience == Audience.EVERYONE)

    def _readable_version(self) -> ColumnElement[bool]:
        """Of an article that they may read, customers see the version in use, and staff each one."""
        v = article_versions.c
        if self._is_insider:
            return v.organization_id == self._actor.tenant
        return and_(v.number == articles.c.published_number, v.audience == Audience.EVERYONE)

    def _sources(self) -> Select[Any]:
        count = select(func.count()).where(articles.c.source_id == sources.c.id).scalar_subquery()
        return select(sources, count.label("article_count")).where(sources.c.organization_id == self._actor.tenant)

    def _versions(self) -> Select[Any]:
        joined = article_versions.join(articles, articles.c.id == article_versions.c.article_id)
        return select(article_versions).select_from(joined).where(self._readable(), self._readable_version())

    def _passages(self) -> Select[Any]:
        p = passages.c
        shown = (p.id, p.article_id, p.ordinal, p.title, p.headings, p.text, p.link, p.audience)
        joined = passages.join(articles, articles.c.id == p.article_id)
        wanted = select(*shown).select_from(joined).where(self._readable())
        return wanted if self._is_insider else wanted.where(p.audience == Audience.EVERYONE)

    def _version(self, row: Row[Any]) -> ArticleVersionView:
        return ArticleVersionView(
            article_id=row.article_id,
            number=row.number,
            title=row.title,
            body=row.body,
            questions=tuple(row.questions),
            audience=Audience(row.audience),
            link=row.link,
            author=row.author if self._is_insider else None,
            created_at=row.created_at,
        )


def _source(row: Row[Any]) -> SourceView:
    return SourceView(row.id, row.name, row.article_count, row.created_at)


def _article(row: Row[Any]) -> ArticleView:
    return ArticleView(
        id=row.id,
        source_id=row.source_id,
        external_id=row.external_id,
        title=row.title,
        audience=Audience(row.audience),
        state=ArticleState(row.state),
        link=row.link,
        number=row.published_number or row.number,
        newest_number=row.number,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _passage(row: Row[Any]) -> PassageView:
    return PassageView(
        id=row.id,
        article_id=row.article_id,
        ordinal=row.ordinal,
        title=row.title,
        headings=tuple(row.headings),
        text=row.text,
        link=row.link,
        audience=Audience(row.audience),
    )


def _import(row: Row[Any]) -> ImportView:
    progress, problems = import_progress(row)
    return ImportView(
        id=row.id,
        source_id=row.source_id,
        state=ImportState(row.state),
        progress=progress,
        problems=problems,
        version=row.version,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
