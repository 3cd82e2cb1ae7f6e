"""What can happen to sources, articles and imports, and the words for the states they are in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.base import Event


class Audience(StrEnum):
    """Who an article is for: everyone, or agents and their suggestions only."""

    EVERYONE = "everyone"
    INTERNAL = "internal"


class ArticleState(StrEnum):
    """Whether answers may use an article: only published text is ever used."""

    DRAFT = "draft"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"


class ImportState(StrEnum):
    """How far an import is; a stopped one keeps what it had imported."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SourceCreated(Event):
    """There is a new place that articles come from."""

    name: str


@dataclass(frozen=True, slots=True)
class SourceRenamed(Event):
    """A source has another name."""

    name: str


@dataclass(frozen=True, slots=True)
class SourceDeleted(Event):
    """A source, which had no articles any more, is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class ArticleCreated(Event):
    """A person or a draft import wrote version 1."""

    source_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class ArticleEdited(Event):
    """There is a newer version; the one in use stays in use."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class ArticlePublished(Event):
    """A version came into use: found by its words at once, by its meaning as soon as it is indexed."""

    number: int


@dataclass(frozen=True, slots=True)
class ArticleUnpublished(Event):
    """The article is not used for answers any more."""


@dataclass(frozen=True, slots=True)
class ArticleDeleted(Event):
    """The article and all its versions are gone."""

    title: str


@dataclass(frozen=True, slots=True)
class ArticleImported(Event):
    """A document became a version and came into use, indexed already: an import ends with one training for all."""

    source_id: UUID
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn(Event):
    """Its document is missing from its source: not used any more, kept with its versions."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that could not be imported, and why; `name` is its file, with the line where there are several."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: `done` of `total` files are read to their end, the rest counts articles.

    `read` is the sum of `created`, `updated` and `unchanged`; `failed` counts the problems; `removed` those whose
    document is missing.
    """

    total: int = 0
    done: int = 0
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an import goes on: in which of its stored files, after how many of its documents and problems."""

    file: int = 0
    skip: int = 0


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What an import does beside reading.

    Titles that begin with `internal_prefix` make an article internal; `publish` of False leaves drafts; with
    `remove_missing` articles of the source whose document is missing are withdrawn at the end.
    """

    internal_prefix: str = ""
    remove_missing: bool = False
    publish: bool = True


@dataclass(frozen=True, slots=True)
class ImportStarted(Event):
    """An import began. `place` is where a worker begins with stored files, None where somebody else brings them."""

    source_id: UUID
    options: ImportOptions
    total: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class ImportProgressed(Event):
    """Some more documents are in. `problems` are the new ones; at `place` a worker goes on."""

    progress: Progress
    problems: tuple[Problem, ...]
    place: Place | None


@dataclass(frozen=True, slots=True)
class ImportFinished(Event):
    """Everything is read; `problems` are all that the import remembers."""

    progress: Progress
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportStopped(Event):
    """The import ended before everything was read; what is in stays in."""

    progress: Progress
    reason: str


@dataclass(frozen=True, slots=True)
class EmbeddingsChosen(Event):
    """All knowledge is to be read by another embedding model; what counts meanwhile goes on counting."""

    model: str
