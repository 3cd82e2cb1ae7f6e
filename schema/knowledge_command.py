"""What goes into and comes out of the mutations on knowledge."""

from typing import Annotated

import strawberry

from domain.knowledge.events import Audience
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.knowledge import Article, KnowledgeImport, Source


@strawberry.input(description="A new source.")
class CreateSourceInput:
    """Input of `createSource`."""

    name: str = strawberry.field(description="Unique within the company, 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name for a source.")
class RenameSourceInput:
    """Input of `renameSource`."""

    source_id: strawberry.ID = strawberry.field(description="Which.")
    name: str = strawberry.field(description="Unique within the company, 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The source to remove; its articles must be gone.")
class DeleteSourceInput:
    """Input of `deleteSource`."""

    source_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A new article; it stays a draft until it is published.")
class CreateArticleInput:
    """Input of `createArticle`."""

    source_id: strawberry.ID = strawberry.field(description="Where it belongs.")
    title: str = strawberry.field(description="1 to 300 characters.")
    body: str = strawberry.field(description="Markdown, 1 to 200,000 characters.")
    questions: list[str] | None = strawberry.field(
        default=None, description="Ways of asking for it: at most 50, each of at most 500 characters."
    )
    audience: Audience = strawberry.field(default=Audience.EVERYONE, description="Who it is for.")
    link: str | None = strawberry.field(default=None, description="Where people can read it: an http or https address.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(
    description="A new version of an article, used once it is published; what is left out stays as it is."
)
class EditArticleInput:
    """Input of `editArticle`."""

    article_id: strawberry.ID = strawberry.field(description="Which.")
    title: str | None = strawberry.field(default=None, description="1 to 300 characters.")
    body: str | None = strawberry.field(default=None, description="Markdown, 1 to 200,000 characters.")
    questions: list[str] | None = strawberry.field(default=None, description="All ways of asking for it, at most 50.")
    audience: Audience | None = strawberry.field(default=None, description="Who it is for.")
    link: str | None = strawberry.field(default=None, description="An http or https address; empty for none.")
    based_on: int | None = strawberry.field(
        default=None, description="The newest version that you saw: a newer one makes this a `ConflictError`."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="An article to do something with.")
class ArticleInput:
    """Shared shape of inputs that only name an article."""

    article_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The article whose newest version is to be used.")
class PublishArticleInput(ArticleInput):
    """Input of `publishArticle`."""


@strawberry.input(description="The article that is not to be used.")
class UnpublishArticleInput(ArticleInput):
    """Input of `unpublishArticle`."""


@strawberry.input(description="The article to remove, with all its versions.")
class DeleteArticleInput(ArticleInput):
    """Input of `deleteArticle`."""


@strawberry.input(description="A file to import: give either its text or its bytes.")
class KnowledgeDocumentInput:
    """One file."""

    name: str = strawberry.field(
        description="Tells its format by its ending (.md .html .txt .pdf .jsonl .csv) and it apart from other files."
    )
    text: str | None = strawberry.field(default=None, description="What is in it.")
    base64: str | None = strawberry.field(default=None, description="What is in it, in base64: for PDF files.")


@strawberry.input(description="Files whose documents become articles of a source.")
class ImportKnowledgeInput:
    """Input of `importKnowledge`."""

    source_name: str = strawberry.field(description="The source's name; it is made where there is none.")
    documents: list[KnowledgeDocumentInput] = strawberry.field(description="1 to 200 files.")
    internal_prefix: str = strawberry.field(
        default="", description="Titles that begin with this make an article internal, such as `Internal:`."
    )
    remove_missing: bool = strawberry.field(
        default=False, description="Take articles of the source out of use whose document is not among these."
    )
    publish: bool = strawberry.field(default=True, description="Use the articles at once, rather than leave drafts.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The source is there.")
class CreateSourceSuccess:
    """Success of `createSource`."""

    source: Source = strawberry.field(description="The new source.")


@strawberry.type(description="The source has its new name.")
class RenameSourceSuccess:
    """Success of `renameSource`."""

    source: Source = strawberry.field(description="The source as it is now.")


@strawberry.type(description="The source is gone.")
class DeleteSourceSuccess:
    """Success of `deleteSource`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The article is there, as a draft.")
class CreateArticleSuccess:
    """Success of `createArticle`."""

    article: Article = strawberry.field(description="The new article.")


@strawberry.type(description="The new version is there.")
class EditArticleSuccess:
    """Success of `editArticle`."""

    article: Article = strawberry.field(description="The article as it is now.")


@strawberry.type(description="The newest version is used for answers.")
class PublishArticleSuccess:
    """Success of `publishArticle`."""

    article: Article = strawberry.field(description="The article as it is now.")


@strawberry.type(description="The article is not used any more.")
class UnpublishArticleSuccess:
    """Success of `unpublishArticle`."""

    article: Article = strawberry.field(description="The article as it is now.")


@strawberry.type(description="The article and all its versions are gone.")
class DeleteArticleSuccess:
    """Success of `deleteArticle`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The files are stored; watch the import by `knowledgeImportChanged`.")
class ImportKnowledgeSuccess:
    """Success of `importKnowledge`."""

    knowledge_import: KnowledgeImport = strawberry.field(description="The import as it is now.")


CreateSourcePayload = Annotated[
    CreateSourceSuccess | CommonError,
    strawberry.union("CreateSourcePayload", description="What came of `createSource`."),
]
RenameSourcePayload = Annotated[
    RenameSourceSuccess | CommonError,
    strawberry.union("RenameSourcePayload", description="What came of `renameSource`."),
]
DeleteSourcePayload = Annotated[
    DeleteSourceSuccess | CommonError,
    strawberry.union("DeleteSourcePayload", description="What came of `deleteSource`."),
]
CreateArticlePayload = Annotated[
    CreateArticleSuccess | CommonError,
    strawberry.union("CreateArticlePayload", description="What came of `createArticle`."),
]
EditArticlePayload = Annotated[
    EditArticleSuccess | CommonError,
    strawberry.union("EditArticlePayload", description="What came of `editArticle`."),
]
PublishArticlePayload = Annotated[
    PublishArticleSuccess | CommonError,
    strawberry.union("PublishArticlePayload", description="What came of `publishArticle`."),
]
UnpublishArticlePayload = Annotated[
    UnpublishArticleSuccess | CommonError,
    strawberry.union("UnpublishArticlePayload", description="What came of `unpublishArticle`."),
]
DeleteArticlePayload = Annotated[
    DeleteArticleSuccess | CommonError,
    strawberry.union("DeleteArticlePayload", description="What came of `deleteArticle`."),
]
ImportKnowledgePayload = Annotated[
    ImportKnowledgeSuccess | CommonError,
    strawberry.union("ImportKnowledgePayload", description="What came of `importKnowledge`."),
]
