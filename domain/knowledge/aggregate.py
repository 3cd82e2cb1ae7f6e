"""Sources and articles: the rules by which they change."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from domain.base import Aggregate, ConflictError, Event, InvalidStateError
from domain.knowledge.content import Content, Document, name_of
from domain.knowledge.events import (
    ArticleCreated,
    ArticleDeleted,
    ArticleEdited,
    ArticleImported,
    ArticlePublished,
    ArticleState,
    ArticleUnpublished,
    ArticleWithdrawn,
    SourceCreated,
    SourceDeleted,
    SourceRenamed,
)
from domain.knowledge.passages import Index

NOBODY = UUID(int=0)


@dataclass
class Source(Aggregate):
    """A place that articles come from: a folder, a file, or the editor; rebuilt from its events."""

    name: str = ""
    deleted: bool = False

    def create(self, name: str) -> None:
        """Begin with a name that no other source of the organization has."""
        self._record(SourceCreated(name_of(name, "input.name")))

    def rename(self, name: str) -> None:
        """Give another name; the same one changes nothing."""
        if (name := name_of(name, "input.name")) != self.name:
            self._record(SourceRenamed(name))

    def delete(self) -> None:
        """End a source; its repository refuses while it has articles."""
        self._record(SourceDeleted(self.name))

    def _apply(self, event: Event) -> None:
        match event:
            case SourceCreated() | SourceRenamed():
                self.name = event.name
            case SourceDeleted():
                self.deleted = True
            case _:
                raise TypeError(f"A source knows no event of the kind {event.kind}.")


@dataclass
class Article(Aggregate):
    """Kept as rows, with its events in the journal: `content` is the newest version, numbered `number`.

    `origin` is the digest of the document that it was last imported from, so that a person's edits outlive imports of
    the same file; empty where there is no such document. `index` is what the change at hand brings into use.
    """

    source_id: UUID = NOBODY
    external_id: str = ""
    content: Content = field(default_factory=lambda: Content("", ""))
    state: ArticleState = ArticleState.DRAFT
    number: int = 0
    published_number: int | None = None
    origin: str = ""
    index: Index | None = None
    deleted: bool = False

    def create(self, source_id: UUID, content: Content) -> None:
        """A person writes version 1, named after the article's own id."""
        self.external_id, self.content = str(self.id), content
        self._record(ArticleCreated(source_id, content.title))

    def edit(self, content: Content, *, based_on: int | None) -> None:
        """Make the next version; the same content changes nothing.

        Raises `ConflictError` when the editor had another version before their eyes.
        """
        if based_on is not None and based_on != self.number:
            raise ConflictError(f"The article is at version {self.number} by now. Look at it, then edit that one.")
        if content != self.content:
            self._rewrite(content)

    def publish(self, index: Index) -> None:
        """Bring the newest version into use, in place of the one before; publishing it again changes nothing."""
        if self.published_number != self.number:
            self.index = index
            self._record(ArticlePublished(self.number))

    def unpublish(self) -> None:
        """Take the article out of use."""
        if self.published_number is None:
            raise InvalidStateError("This article is not published.")
        self._record(ArticleUnpublished())

    def delete(self) -> None:
        """Remove the article and all its versions."""
        self._record(ArticleDeleted(self.content.title))

    def receive(self, source_id: UUID, document: Document, index: Index | None) -> None:
        """Take over what a document says; with an index it comes into use, without one it stays a draft."""
        self.external_id, self.origin = document.external_id, document.content.digest
        if index is None:
            self._draft(source_id, document.content)
            return
        number = self.number + (document.content != self.content)
        self.content, self.index = document.content, index
        self._record(ArticleImported(source_id, number, document.content.title))

    def withdraw(self) -> None:
        """The document is missing: out of use, and back as soon as the document is."""
        self.origin = ""
        self._record(ArticleWithdrawn())

    def _draft(self, source_id: UUID, content: Content) -> None:
        if self.number == 0:
            self.content = content
            self._record(ArticleCreated(source_id, content.title))
        elif content != self.content:
            self._rewrite(content)

    def _rewrite(self, content: Content) -> None:
        self.content = content
        self._record(ArticleEdited(self.number + 1, content.title))

    def _apply(self, event: Event) -> None:
        match event:
            case ArticleCreated():
                self.source_id, self.number = event.source_id, 1
            case ArticleEdited():
                self.number = event.number
            case ArticlePublished():
                self._use(event.number)
            case ArticleImported():
                self.source_id, self.number = event.source_id, event.number
                self._use(event.number)
            case ArticleUnpublished() | ArticleWithdrawn():
                self.state, self.published_number = ArticleState.UNPUBLISHED, None
            case ArticleDeleted():
                self.deleted = True
            case _:
                raise TypeError(f"An article knows no event of the kind {event.kind}.")

    def _use(self, number: int) -> None:
        self.state, self.published_number = ArticleState.PUBLISHED, number
