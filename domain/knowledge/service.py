"""What people can do with sources and articles: each method is one command, in one unit of work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from domain.account.permission import Permission
from domain.assistant import Embedder
from domain.base import Actor, Identifiers, InvalidStateError
from domain.knowledge.aggregate import Article, Source
from domain.knowledge.content import Content, content_of
from domain.knowledge.events import Audience
from domain.knowledge.imports import Imports
from domain.knowledge.passages import Index, Outline, embedded, index_of
from domain.knowledge.ports import Catalog, ImportFeed, KnowledgeUnits, Learner
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

BATCH = 32
"""Texts embedded between two writes."""


@dataclass(frozen=True)
class Sources:
    """The commands on sources, for staff."""

    units: KnowledgeUnits
    new_id: Identifiers

    @retried_once
    async def create(self, actor: Actor, name: str, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make a source; `InvalidStateError` when the organization has one of this name."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            source = Source(self.new_id(), actor.tenant)
            source.create(name)
            if await unit.sources.named(source.name):
                raise InvalidStateError(f"There is a source with the name “{source.name}” already.")
            unit.sources.add(source)
            return await unit.commit(Receipt(source.id))

    @retried_once
    async def rename(self, actor: Actor, source_id: UUID, name: str, *, key: IdempotencyKey | None = None) -> Receipt:
        """Give a source another name; its articles stay."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            source = await unit.sources.get(source_id)
            source.rename(name)
            holder = await unit.sources.named(source.name)
            if holder and holder.id != source.id:
                raise InvalidStateError(f"There is a source with the name “{source.name}” already.")
            return await unit.commit(Receipt(source.id))

    async def delete(self, actor: Actor, source_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove a source that has no articles any more."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            source = await unit.sources.get(source_id)
            if await unit.sources.has_articles(source):
                raise InvalidStateError("This source still has articles. Delete them first.")
            source.delete()
            return await unit.commit(Receipt(source.id))


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change in an article: None leaves a part as it is, an empty `link` takes the link away."""

    title: str | None = None
    body: str | None = None
    questions: Iterable[str] | None = None
    audience: Audience | None = None
    link: str | None = None

    def of(self, content: Content) -> Content:
        """The content after the edit."""
        return content_of(
            content.title if self.title is None else self.title,
            content.body if self.body is None else self.body,
            questions=content.questions if self.questions is None else self.questions,
            audience=self.audience or content.audience,
            link=content.link if self.link is None else self.link,
            prefix="input.",
        )


@dataclass(frozen=True)
class Articles:
    """The commands on articles, for staff."""

    units: KnowledgeUnits
    new_id: Identifiers
    outline: Outline

    @retried_once
    async def create(
        self, actor: Actor, source_id: UUID, content: Content, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Write a draft."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            source = await unit.sources.get(source_id)
            article = Article(self.new_id(), actor.tenant)
            article.create(source.id, content)
            unit.articles.add(article)
            return await unit.commit(Receipt(article.id))

    async def edit(
        self,
        actor: Actor,
        article_id: UUID,
        edit: Edit,
        *,
        based_on: int | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Write the next version, which is used once it is published."""
        return await self._change(
            actor, article_id, lambda article: article.edit(edit.of(article.content), based_on=based_on), key
        )

    @retried_once
    async def publish(self, actor: Actor, article_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Use the newest version for answers from now on."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            article = await unit.articles.get(article_id)
            article.publish(await asyncio.to_thread(self._index, article))
            return await unit.commit(Receipt(article.id))

    async def unpublish(self, actor: Actor, article_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Use the article for nothing any more."""
        return await self._change(actor, article_id, Article.unpublish, key)

    async def delete(self, actor: Actor, article_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove the article with all its versions; the journal remembers that it was there."""
        return await self._change(actor, article_id, Article.delete, key)

    @retried_once
    async def _change(
        self, actor: Actor, article_id: UUID, change: Callable[[Article], None], key: IdempotencyKey | None
    ) -> Receipt:
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            article = await unit.articles.get(article_id)
            change(article)
            return await unit.commit(Receipt(article.id))

    def _index(self, article: Article) -> Index:
        return index_of(article.content, self.outline)


@dataclass(frozen=True)
class Indexing:
    """Computes the vectors by which published articles are found; safe to run again at any point."""

    catalog: Catalog
    embedder: Embedder

    async def index(self, organization_id: UUID, article_id: UUID) -> None:
        """Give an article's passages and phrases their vectors, where they have none."""
        missing = await self.catalog.unindexed(organization_id, article_id)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            vectors = await embedded(self.embedder, [one.meaning for one in batch])
            await self.catalog.keep(
                organization_id, [(one.id, vector) for one, vector in zip(batch, vectors, strict=True)]
            )


@dataclass(frozen=True)
class Training:
    """Lets what is learned from the knowledge follow its changes, once for many of them."""

    catalog: Catalog
    learner: Learner
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self, organization_id: UUID) -> None:
        """Learn again, unless another change waits for its job, which will do so when its text is there too."""
        async with self._turn:
            if not await self.catalog.awaits_training(organization_id):
                await self.learner.learn(organization_id)


@dataclass(frozen=True)
class Knowledge:
    """All that people do with knowledge."""

    sources: Sources
    articles: Articles
    imports: Imports
    import_feed: ImportFeed
