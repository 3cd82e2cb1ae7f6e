"""What knowledge needs from outside, and the views of it that people see."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.base import Actor, Recorded
from domain.knowledge.aggregate import Article, Source
from domain.knowledge.content import Document
from domain.knowledge.events import ArticleState, Audience, ImportState, Problem, Progress
from domain.knowledge.importing import Import
from domain.knowledge.passages import Meaning, Vector
from domain.ports import IdempotencyKey, Page, PageRequest, Resync, UnitOfWork


class SourceRepository(Protocol):
    """Sources; what is loaded here is locked until the unit of work ends."""

    async def get(self, source_id: UUID) -> Source:
        """The source, or `NotFoundError`."""
        ...

    async def named(self, name: str) -> Source | None:
        """The source with a name."""
        ...

    async def has_articles(self, source: Source) -> bool:
        """Whether any article, used or not, still belongs to it."""
        ...

    def add(self, source: Source) -> None:
        """Take a new source in; a name that is taken raises `ConflictError` at the commit."""
        ...


class ArticleRepository(Protocol):
    """Articles; what is loaded here is locked until the unit of work ends."""

    async def get(self, article_id: UUID) -> Article:
        """The article, or `NotFoundError`."""
        ...

    async def of_source(self, source_id: UUID, external_ids: Sequence[str]) -> dict[str, Article]:
        """Those articles of a source that have one of the external ids, by that id."""
        ...

    def add(self, article: Article) -> None:
        """Take a new article in."""
        ...


class ImportRepository(Protocol):
    """Imports; what is loaded here is locked until the unit of work ends."""

    async def get(self, import_id: UUID) -> Import:
        """The import, or `NotFoundError`."""
        ...

    def add(self, one: Import, files: Sequence[StoredFile] = ()) -> None:
        """Take a new import in, with the files that a worker will read; they are deleted when it ends."""
        ...


class KnowledgeUnit(UnitOfWork, Protocol):
    """A unit of work that holds knowledge too."""

    @property
    def sources(self) -> SourceRepository:
        """Sources, to change."""
        ...

    @property
    def articles(self) -> ArticleRepository:
        """Articles, to change."""
        ...

    @property
    def imports(self) -> ImportRepository:
        """Imports, to change."""
        ...


class KnowledgeUnits(Protocol):
    """Opens units of work for knowledge; leaving one without `commit` undoes everything."""

    def __call__(self, actor: Actor, key: IdempotencyKey | None = None) -> AbstractAsyncContextManager[KnowledgeUnit]:
        """A unit of work for one actor; a used key with other input raises `IdempotencyKeyReusedError`."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was sent; `name` tells its format by its ending, and its documents apart from other files'."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document's article before it is loaded."""

    origin: str
    state: ArticleState


class Parser(Protocol):
    """Reads files of any supported format."""

    def __call__(self, file: StoredFile, internal_prefix: str) -> Iterator[Document | Problem]:
        """The documents of a file, one at a time, and what is wrong with the others."""
        ...


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A text without a vector: one passage or one phrase."""

    id: UUID
    meaning: Meaning


class Catalog(Protocol):
    """What imports and indexing look up and keep outside of commands, in one organization at a time."""

    async def known(self, organization_id: UUID, source_id: UUID, external_ids: Sequence[str]) -> dict[str, Known]:
        """The articles of a source by external id; ids without one are left out."""
        ...

    async def in_use(self, organization_id: UUID, source_id: UUID, after: str, most: int) -> Sequence[str]:
        """External ids of the imported articles of a source that are published, in their order."""
        ...

    async def file(self, organization_id: UUID, import_id: UUID, number: int) -> StoredFile | None:
        """One stored file of an import, counted from 0; None after the last."""
        ...

    async def unindexed(self, organization_id: UUID, article_id: UUID) -> Sequence[Unindexed]:
        """The texts of an article that have no vector yet."""
        ...

    async def keep(self, organization_id: UUID, vectors: Sequence[tuple[UUID, Vector]]) -> None:
        """Keep vectors of texts; those of texts that were replaced meanwhile are dropped."""
        ...

    async def awaits_training(self, organization_id: UUID) -> bool:
        """Whether a job that ends with a training is due and has not begun."""
        ...


class Learner(Protocol):
    """Learns from an organization's published knowledge as a whole."""

    async def learn(self, organization_id: UUID) -> bool:
        """Learn again if the knowledge is not what was last learned from; whether it was not."""
        ...


@dataclass(frozen=True, slots=True)
class SourceView:
    """A place that articles come from."""

    id: UUID
    name: str
    article_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as it is shown: the version in use, or the newest where none is (`number` says which it is)."""

    id: UUID
    source_id: UUID
    external_id: str
    title: str
    audience: Audience
    state: ArticleState
    link: str | None
    number: int
    newest_number: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleVersionView:
    """One version of an article's text; `author` is for staff, None for others."""

    article_id: UUID
    number: int
    title: str
    body: str
    questions: tuple[str, ...]
    audience: Audience
    link: str | None
    author: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PassageView:
    """A piece of a published article."""

    id: UUID
    article_id: UUID
    ordinal: int
    title: str
    headings: tuple[str, ...]
    text: str
    link: str | None
    audience: Audience


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import and what became of it."""

    id: UUID
    source_id: UUID
    state: ImportState
    progress: Progress
    problems: tuple[Problem, ...]
    version: int
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that fits a text: `score` ranks, `confidence` (0 to 1) says whether its article answers."""

    passage_id: UUID
    score: float
    confidence: float


class KnowledgeReads(Protocol):
    """What one actor may see: customers the published articles for everyone, staff everything.

    Batch methods answer in the order of their keys, None where there is nothing to see.
    """

    async def search(self, text: str, first: int) -> Sequence[Hit]:
        """The passages that fit a text best, by words and meaning, best first."""
        ...

    async def sources(self, ids: Sequence[UUID]) -> Sequence[SourceView | None]:
        """Sources by id; for staff."""
        ...

    async def all_sources(self) -> Sequence[SourceView]:
        """Every source, by name; `ForbiddenError` for customers."""
        ...

    async def articles(self, ids: Sequence[UUID]) -> Sequence[ArticleView | None]:
        """Articles by id."""
        ...

    async def article_page(
        self, page: PageRequest, state: ArticleState | None, source_id: UUID | None
    ) -> Page[ArticleView]:
        """Articles by title."""
        ...

    async def article_versions(self, keys: Sequence[tuple[UUID, int]]) -> Sequence[ArticleVersionView | None]:
        """Versions by article and number; customers see the one in use only."""
        ...

    async def version_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[ArticleVersionView]]:
        """For each article a page of its versions, newest first; all requests of a call have the same shape."""
        ...

    async def passages(self, ids: Sequence[UUID]) -> Sequence[PassageView | None]:
        """Passages by id."""
        ...

    async def article_passages(self, ids: Sequence[UUID]) -> Sequence[Sequence[PassageView]]:
        """For each article its passages, in order."""
        ...

    async def imports(self, ids: Sequence[UUID]) -> Sequence[ImportView | None]:
        """Imports by id; for staff."""
        ...


class ImportFeed(Protocol):
    """What happens to imports, as it happens."""

    def follow(self, actor: Actor, import_id: UUID, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """Events of one import after a version, or from now on, until it ends; for staff."""
        ...
