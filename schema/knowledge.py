"""What the assistant answers from: sources, articles with their versions and passages, and imports."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import Recorded
from domain.knowledge import events, ports
from schema.base import (
    Connection,
    Node,
    edge,
    edges,
    encode_cursor,
    pages,
)
from schema.change import ResyncRequired
from schema.conversation import Conversation
from schema.needs import needing

strawberry.enum(events.Audience, description="Who an article is for: everyone, or agents only.")
strawberry.enum(events.ArticleState, description="Whether answers may use an article.")
strawberry.enum(events.ImportState, name="KnowledgeImportState", description="How far an import is.")


@needing(Permission.READ_INTERNAL_KNOWLEDGE)
@strawberry.type(description="Where articles come from: a folder, a file, or the editor.")
class Source(Node):
    """A place that articles come from."""

    name: str = strawberry.field(description="Unique within the company.")
    article_count: int = strawberry.field(description="How many articles it has, used or not.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def of(cls, view: ports.SourceView) -> "Source":
        """Built from its view."""
        return cls(key=view.id, name=view.name, article_count=view.article_count, created_at=view.created_at)


@needing(Permission.READ_KNOWLEDGE)
@strawberry.type(
    description="One version of an article's text. It never changes; only staff see any but the one in use."
)
class ArticleVersion(Node):
    """A text as it was."""

    number: int = strawberry.field(description="From 1, in the order of writing.")
    title: str = strawberry.field(description="Its title.")
    body: str = strawberry.field(description="Its text, in Markdown.")
    questions: list[str] = strawberry.field(description="Ways of asking for it.")
    audience: events.Audience = strawberry.field(description="Who it is for.")
    link: str | None = strawberry.field(description="Where people can read it, if anywhere.")
    author: str | None = strawberry.field(description="Kind and id of who wrote it; for staff.")
    created_at: datetime = strawberry.field(description="When it was written.")

    @classmethod
    def of(cls, view: ports.ArticleVersionView) -> "ArticleVersion":
        """Built from its view."""
        return cls(
            key=f"{view.article_id}:{view.number}",
            number=view.number,
            title=view.title,
            body=view.body,
            questions=list(view.questions),
            audience=view.audience,
            link=view.link,
            author=view.author,
            created_at=view.created_at,
        )


@needing(Permission.READ_KNOWLEDGE)
@strawberry.type(description="A piece of a published article, as it is found and quoted.")
class Passage(Node):
    """What search finds."""

    article_key: strawberry.Private[UUID]
    title: str = strawberry.field(description="The article's title.")
    headings: list[str] = strawberry.field(description="From the top of the article down to the passage.")
    text: str = strawberry.field(description="The passage, in Markdown.")
    link: str | None = strawberry.field(description="Where people can read the article, if anywhere.")
    article: "Article | None" = edge(
        "articles",
        "article_key",
        of=lambda view: Article.of(view),  # noqa: PLW0108  the class is made below
        description="The article it belongs to.",
    )

    @classmethod
    def of(cls, view: ports.PassageView) -> "Passage":
        """Built from its view."""
        return cls(
            key=view.id,
            article_key=view.article_id,
            title=view.title,
            headings=list(view.headings),
            text=view.text,
            link=view.link,
        )


@needing(Permission.READ_KNOWLEDGE)
@strawberry.type(description="Something the company knows. Shown is the version in use, or the newest where none is.")
class Article(Node):
    """An article as it is shown."""

    source_key: strawberry.Private[UUID]
    shown_key: strawberry.Private[tuple[UUID, int]]
    title: str = strawberry.field(description="Its title.")
    audience: events.Audience = strawberry.field(description="Who it is for.")
    state: events.ArticleState = strawberry.field(description="Whether answers may use it.")
    link: str | None = strawberry.field(description="Where people can read it, if anywhere.")
    number: int = strawberry.field(description="Which version is shown.")
    newest_number: int = strawberry.field(description="Its newest version, which may still wait for its publication.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When anything about it changed last.")
    source: Source | None = edge(
        "sources", "source_key", of=Source.of, description="Where it comes from; null when you may not see that."
    )

    body: str = edge("article_versions", "shown_key", of=attrgetter("body"), description="Its text, in Markdown.")
    questions: list[str] = edge(
        "article_versions", "shown_key", of=attrgetter("questions"), description="Ways of asking for it."
    )
    passages: list[Passage] = edges(
        "article_passages",
        "key",
        of=Passage.of,
        description="The pieces by which it is found, in order; none while it is not published.",
    )
    conversation: Conversation | None = edge(
        "article_origins", "key", of=Conversation.of, description="Where it was learned, if you may see that."
    )
    versions: Connection[ArticleVersion] = pages(
        "version_pages",
        of=ArticleVersion.of,
        description="Its versions, newest first; customers see the one in use.",
    )

    @classmethod
    def of(cls, view: ports.ArticleView) -> "Article":
        """Built from its view."""
        return cls(
            key=view.id,
            source_key=view.source_id,
            shown_key=(view.id, view.number),
            title=view.title,
            audience=view.audience,
            state=view.state,
            link=view.link,
            number=view.number,
            newest_number=view.newest_number,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


@needing(Permission.READ_KNOWLEDGE)
@strawberry.type(description="A passage that fits a text.")
class KnowledgeHit:
    """One result of a search."""

    passage: Passage = strawberry.field(description="What was found.")
    score: float = strawberry.field(description="What it was ranked by; higher is better, within one search.")
    confidence: float = strawberry.field(description="How sure it is that its article answers, from 0 to 1.")


@strawberry.type(description="How far an import is: files in `total` and `done`, articles in all the others.")
class KnowledgeImportProgress:
    """Counts."""

    total: int = strawberry.field(description="How many files it has.")
    done: int = strawberry.field(description="How many of them are read to their end.")
    read: int = strawberry.field(description="How many articles were found in them so far.")
    created: int = strawberry.field(description="How many of these are new.")
    updated: int = strawberry.field(description="How many have another text than before, or came back.")
    unchanged: int = strawberry.field(description="How many are as they were.")
    removed: int = strawberry.field(description="How many are not used any more, since their document is missing.")
    failed: int = strawberry.field(description="How many documents could not be read.")

    @classmethod
    def of(cls, progress: events.Progress) -> "KnowledgeImportProgress":
        """Built from the domain's counts."""
        return cls(
            total=progress.total,
            done=progress.done,
            read=progress.read,
            created=progress.created,
            updated=progress.updated,
            unchanged=progress.unchanged,
            removed=progress.removed,
            failed=progress.failed,
        )


@strawberry.type(description="A document that could not be imported.")
class KnowledgeImportProblem:
    """A name and a reason."""

    name: str = strawberry.field(description="The file, with the line where it has several documents.")
    reason: str = strawberry.field(description="Why, in a sentence.")

    @classmethod
    def of(cls, problem: events.Problem) -> "KnowledgeImportProblem":
        """Built from the domain's."""
        return cls(name=problem.name, reason=problem.reason)


@needing(Permission.READ_INTERNAL_KNOWLEDGE)
@strawberry.type(description="An import of documents into a source.")
class KnowledgeImport(Node):
    """An import as it stands."""

    source_key: strawberry.Private[UUID]
    state: events.ImportState = strawberry.field(description="Whether it is still running.")
    progress: KnowledgeImportProgress = strawberry.field(description="How far it is.")
    problems: list[KnowledgeImportProblem] = strawberry.field(description="What could not be read: the first 200.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    finished_at: datetime | None = strawberry.field(description="When it was over; null while it is running.")
    cursor: str = strawberry.field(description="Where `knowledgeImportChanged` goes on from what this request saw.")
    source: Source | None = edge("sources", "source_key", of=Source.of, description="What it imports into.")

    @classmethod
    def of(cls, view: ports.ImportView) -> "KnowledgeImport":
        """Built from its view."""
        return cls(
            key=view.id,
            source_key=view.source_id,
            state=view.state,
            progress=KnowledgeImportProgress.of(view.progress),
            problems=[KnowledgeImportProblem.of(problem) for problem in view.problems],
            created_at=view.created_at,
            finished_at=view.finished_at,
            cursor=encode_cursor([str(view.version)]),
        )


@needing(Permission.READ_INTERNAL_KNOWLEDGE)
@strawberry.interface(description="Something that happened to an import.")
class KnowledgeImportEvent:
    """What all events of imports share."""

    import_key: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="Pass it as `after` to go on from here.")
    at: datetime = strawberry.field(description="When it was committed.")
    knowledge_import: KnowledgeImport | None = edge(
        "imports", "import_key", of=KnowledgeImport.of, description="The import as it stands now."
    )


@strawberry.type(description="The import began.")
class KnowledgeImportStarted(KnowledgeImportEvent):
    """The first event."""


@strawberry.type(description="Some more documents are in.")
class KnowledgeImportProgressed(KnowledgeImportEvent):
    """Counts so far."""

    progress: KnowledgeImportProgress = strawberry.field(description="How far it was then.")
    problems: list[KnowledgeImportProblem] = strawberry.field(
        description="What could not be read since the event before."
    )


@strawberry.type(description="Everything is read; nothing follows.")
class KnowledgeImportFinished(KnowledgeImportEvent):
    """The end."""

    progress: KnowledgeImportProgress = strawberry.field(description="What became of all documents.")


@strawberry.type(description="The import ended early; what is in stays in, and nothing follows.")
class KnowledgeImportStopped(KnowledgeImportEvent):
    """An early end."""

    progress: KnowledgeImportProgress = strawberry.field(description="How far it came.")
    reason: str = strawberry.field(description="Why, in a sentence.")


KnowledgeImportChange = Annotated[
    KnowledgeImportStarted
    | KnowledgeImportProgressed
    | KnowledgeImportFinished
    | KnowledgeImportStopped
    | ResyncRequired,
    strawberry.union("KnowledgeImportChange", description="What `knowledgeImportChanged` tells."),
]


def import_change(item: Recorded) -> Any:
    """The type of a recorded event; None for kinds that this code does not know."""
    cursor, key = encode_cursor([str(item.version)]), UUID(item.stream.partition(":")[2])
    shared: dict[str, Any] = {"import_key": key, "cursor": cursor, "at": item.at}
    match item.event:
        case events.ImportStarted():
            return KnowledgeImportStarted(**shared)
        case events.ImportProgressed(progress, problems):
            told = [KnowledgeImportProblem.of(problem) for problem in problems]
            return KnowledgeImportProgressed(progress=KnowledgeImportProgress.of(progress), problems=told, **shared)
        case events.ImportFinished(progress):
            return KnowledgeImportFinished(progress=KnowledgeImportProgress.of(progress), **shared)
        case events.ImportStopped(progress, reason):
            return KnowledgeImportStopped(progress=KnowledgeImportProgress.of(progress), reason=reason, **shared)
    return None
