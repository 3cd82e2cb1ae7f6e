"""The root fields about knowledge: what is found, what is changed, and how an import goes."""

import base64
import binascii
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError, NotFoundError, Recorded
from domain.knowledge.content import content_of
from domain.knowledge.events import ArticleState, ImportOptions
from domain.knowledge.ports import StoredFile
from domain.knowledge.service import Edit
from domain.text import checked
from resolvers.context import RequestContext, mutation, subscription
from resolvers.conversation import Cursor, place_of
from resolvers.idempotency import key_of
from schema import knowledge_command as c
from schema.base import After, Connection, First, IdArgument, connection, field, page_request, parse_key
from schema.change import resync
from schema.knowledge import (
    Article,
    KnowledgeHit,
    KnowledgeImport,
    KnowledgeImportChange,
    Passage,
    Source,
    import_change,
)

Info = strawberry.Info[RequestContext, None]
N = TypeVar("N")

MAX_SEARCH = 1_000
MAX_PREFIX = 100

State = Annotated[ArticleState | None, strawberry.argument(description="Only articles in this state.")]
SourceId = Annotated[strawberry.ID | None, strawberry.argument(description="Only articles of this source.")]
SearchText = Annotated[
    str, strawberry.argument(description=f"A question or some words, 1 to {MAX_SEARCH:,} characters.")
]


@strawberry.type
class KnowledgeQuery:
    """Questions about knowledge."""

    @field("An article by its id; null when there is none that you may see.", needs=Permission.READ_KNOWLEDGE)
    async def article(self, info: Info, id: IdArgument) -> Article | None:
        view = await info.context.load("articles", parse_key(id, "Article", "id"))
        return Article.of(view) if view else None

    @field(
        "Articles by title. Customers see what is published for everyone, staff all.", needs=Permission.READ_KNOWLEDGE
    )
    async def articles(
        self,
        info: Info,
        state: State = None,
        source_id: SourceId = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Article]:
        source_key = parse_key(source_id, "Source", "sourceId") if source_id is not None else None
        page = await info.context.reads.article_page(page_request(first, after), state, source_key)
        return connection(page, Article.of)

    @field("Where articles come from, by name.", needs=Permission.READ_INTERNAL_KNOWLEDGE)
    async def sources(self, info: Info) -> list[Source]:
        return [Source.of(view) for view in await info.context.reads.all_sources()]

    @field("An import by its id; null when there is none that you may see.", needs=Permission.READ_INTERNAL_KNOWLEDGE)
    async def knowledge_import(self, info: Info, id: IdArgument) -> KnowledgeImport | None:
        view = await info.context.load("imports", parse_key(id, "KnowledgeImport", "id"))
        return KnowledgeImport.of(view) if view else None

    @field(
        "The passages that fit a text best, found by its words and its meaning, as the assistant finds them.",
        needs=Permission.READ_KNOWLEDGE,
    )
    async def search_knowledge(self, info: Info, text: SearchText, first: First = None) -> list[KnowledgeHit]:
        context, request = info.context, page_request(first)
        hits = await context.reads.search(checked(text, "text", longest=MAX_SEARCH), request.size)
        views = await context.reads.passages([hit.passage_id for hit in hits])
        found = zip(hits, views, strict=True)
        return [
            KnowledgeHit(passage=Passage.of(view), score=h.score, confidence=h.confidence) for h, view in found if view
        ]


async def _shown(info: Info, loader: str, identity: UUID, of: Callable[[Any], N]) -> N:
    """An object as a command left it; `NotFoundError` where a later one removed it and this one was only repeated."""
    await info.context.renew()
    view = await info.context.load(loader, identity)
    if view is None:
        raise NotFoundError(loader.removesuffix("s"))
    return of(view)


async def _shown_article(info: Info, identity: UUID) -> Article:
    return await _shown(info, "articles", identity, Article.of)


@strawberry.type
class KnowledgeMutation:
    """What can be done with knowledge."""

    @mutation("Make a source.", needs=Permission.WRITE_KNOWLEDGE)
    async def create_source(self, info: Info, input: c.CreateSourceInput) -> c.CreateSourcePayload | None:
        receipt = await info.context.services.knowledge.sources.create(
            info.context.actor, input.name, key=key_of(input)
        )
        return c.CreateSourceSuccess(source=await _shown(info, "sources", receipt.id, Source.of))

    @mutation("Give a source another name.", needs=Permission.WRITE_KNOWLEDGE)
    async def rename_source(self, info: Info, input: c.RenameSourceInput) -> c.RenameSourcePayload | None:
        key = parse_key(input.source_id, "Source", "input.sourceId")
        await info.context.services.knowledge.sources.rename(info.context.actor, key, input.name, key=key_of(input))
        return c.RenameSourceSuccess(source=await _shown(info, "sources", key, Source.of))

    @mutation("Remove a source that has no articles any more.", needs=Permission.WRITE_KNOWLEDGE)
    async def delete_source(self, info: Info, input: c.DeleteSourceInput) -> c.DeleteSourcePayload | None:
        key = parse_key(input.source_id, "Source", "input.sourceId")
        await info.context.services.knowledge.sources.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteSourceSuccess(deleted_id=input.source_id)

    @mutation("Write an article. It is not used before it is published.", needs=Permission.WRITE_KNOWLEDGE)
    async def create_article(self, info: Info, input: c.CreateArticleInput) -> c.CreateArticlePayload | None:
        source_key = parse_key(input.source_id, "Source", "input.sourceId")
        content = content_of(
            input.title,
            input.body,
            questions=input.questions or (),
            audience=input.audience,
            link=input.link,
            prefix="input.",
        )
        articles = info.context.services.knowledge.articles
        receipt = await articles.create(info.context.actor, source_key, content, key=key_of(input))
        return c.CreateArticleSuccess(article=await _shown_article(info, receipt.id))

    @mutation(
        "Write the next version of an article. The version in use stays in use until this one is published.",
        needs=Permission.WRITE_KNOWLEDGE,
    )
    async def edit_article(self, info: Info, input: c.EditArticleInput) -> c.EditArticlePayload | None:
        key = parse_key(input.article_id, "Article", "input.articleId")
        edit = Edit(input.title, input.body, input.questions, input.audience, input.link)
        articles = info.context.services.knowledge.articles
        await articles.edit(info.context.actor, key, edit, based_on=input.based_on, key=key_of(input))
        return c.EditArticleSuccess(article=await _shown_article(info, key))

    @mutation("Use the newest version of an article for answers from now on.", needs=Permission.WRITE_KNOWLEDGE)
    async def publish_article(self, info: Info, input: c.PublishArticleInput) -> c.PublishArticlePayload | None:
        key = parse_key(input.article_id, "Article", "input.articleId")
        await info.context.services.knowledge.articles.publish(info.context.actor, key, key=key_of(input))
        return c.PublishArticleSuccess(article=await _shown_article(info, key))

    @mutation("Use an article for nothing any more; it can be published again.", needs=Permission.WRITE_KNOWLEDGE)
    async def unpublish_article(self, info: Info, input: c.UnpublishArticleInput) -> c.UnpublishArticlePayload | None:
        key = parse_key(input.article_id, "Article", "input.articleId")
        await info.context.services.knowledge.articles.unpublish(info.context.actor, key, key=key_of(input))
        return c.UnpublishArticleSuccess(article=await _shown_article(info, key))

    @mutation("Remove an article with all its versions, for good.", needs=Permission.WRITE_KNOWLEDGE)
    async def delete_article(self, info: Info, input: c.DeleteArticleInput) -> c.DeleteArticlePayload | None:
        key = parse_key(input.article_id, "Article", "input.articleId")
        await info.context.services.knowledge.articles.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteArticleSuccess(deleted_id=input.article_id)

    @mutation(
        "Make articles of files, in the background. What was imported before and has not changed is left alone.",
        needs=Permission.WRITE_KNOWLEDGE,
    )
    async def import_knowledge(self, info: Info, input: c.ImportKnowledgeInput) -> c.ImportKnowledgePayload | None:
        if len(input.internal_prefix) > MAX_PREFIX:
            raise InvalidInputError(FieldProblem("input.internalPrefix", f"At most {MAX_PREFIX} characters."))
        options = ImportOptions(input.internal_prefix, input.remove_missing, input.publish)
        files = [_file(document, place) for place, document in enumerate(input.documents)]
        imports = info.context.services.knowledge.imports
        receipt = await imports.request(info.context.actor, input.source_name, files, options, key=key_of(input))
        shown = await _shown(info, "imports", receipt.id, KnowledgeImport.of)
        return c.ImportKnowledgeSuccess(knowledge_import=shown)


def _file(document: c.KnowledgeDocumentInput, place: int) -> StoredFile:
    path = f"input.documents.{place}"
    if (document.text is None) == (document.base64 is None):
        raise InvalidInputError(FieldProblem(path, "Give either text or base64."))
    try:
        if document.text is not None:
            return StoredFile(document.name, document.text.encode())
        return StoredFile(document.name, base64.b64decode(document.base64 or "", validate=True))
    except UnicodeEncodeError:
        raise InvalidInputError(FieldProblem(f"{path}.text", "This is not valid Unicode.")) from None
    except binascii.Error:
        raise InvalidInputError(FieldProblem(f"{path}.base64", "This is not base64.")) from None


@strawberry.type
class KnowledgeSubscription:
    """How an import goes."""

    @subscription("What happens to an import, until it is over.", needs=Permission.READ_INTERNAL_KNOWLEDGE)
    async def knowledge_import_changed(
        self, info: Info, id: IdArgument, after: Cursor = None
    ) -> AsyncGenerator[KnowledgeImportChange, None]:
        context = info.context
        key = parse_key(id, "KnowledgeImport", "id")
        async with aclosing(
            context.services.knowledge.import_feed.follow(context.actor, key, place_of(after))
        ) as items:
            async for item in items:
                shown = import_change(item) if isinstance(item, Recorded) else resync(item)
                if shown is not None:
                    yield shown
