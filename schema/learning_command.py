"""What goes into and comes out of the mutations on curated answers, gaps, and what conversations teach."""

from typing import Annotated

import strawberry

from schema.command import idempotency_key_field
from schema.curated import CuratedAnswer
from schema.errors import CommonError
from schema.gap import Gap
from schema.knowledge import Article
from schema.suite import TestCase


@strawberry.input(description="A new curated answer.")
class CreateCuratedAnswerInput:
    """Input of `createCuratedAnswer`."""

    questions: list[str] = strawberry.field(description="1 to 20 ways of asking, each of at most 500 characters.")
    text: str = strawberry.field(description="What is said, word for word: 1 to 4,000 characters.")
    article_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="At most 10 articles that bear it out."
    )
    enabled: bool = strawberry.field(default=True, description="Whether customers are told it at once.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="All that a curated answer is to be from now on.")
class ChangeCuratedAnswerInput:
    """Input of `changeCuratedAnswer`."""

    curated_answer_id: strawberry.ID = strawberry.field(description="Which.")
    questions: list[str] = strawberry.field(description="1 to 20 ways of asking, each of at most 500 characters.")
    text: str = strawberry.field(description="What is said, word for word: 1 to 4,000 characters.")
    article_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="At most 10 articles that bear it out."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A curated answer to do something with.")
class CuratedAnswerInput:
    """Shared shape of inputs that only name a curated answer."""

    curated_answer_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The curated answer that customers are to be told.")
class EnableCuratedAnswerInput(CuratedAnswerInput):
    """Input of `enableCuratedAnswer`."""


@strawberry.input(description="The curated answer that customers are not to be told.")
class DisableCuratedAnswerInput(CuratedAnswerInput):
    """Input of `disableCuratedAnswer`."""


@strawberry.input(description="The curated answer to remove.")
class DeleteCuratedAnswerInput(CuratedAnswerInput):
    """Input of `deleteCuratedAnswer`."""


@strawberry.input(description="The gap that needs no answer.")
class DismissGapInput:
    """Input of `dismissGap`."""

    gap_id: strawberry.ID = strawberry.field(description="Which; it has to be open.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A resolved conversation that is to become a curated answer.")
class CreateCuratedAnswerFromInput:
    """Input of `createCuratedAnswerFrom`."""

    conversation_id: strawberry.ID = strawberry.field(description="Which; you must be allowed to reply in it.")
    questions: list[str] | None = strawberry.field(
        default=None, description="Ways of asking; what the customer wrote first if unset."
    )
    text: str | None = strawberry.field(default=None, description="What is said; the last answer if unset.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A resolved conversation that is to become the draft of an article.")
class CreateArticleFromInput:
    """Input of `createArticleFrom`."""

    conversation_id: strawberry.ID = strawberry.field(description="Which; you must be allowed to reply in it.")
    source_id: strawberry.ID = strawberry.field(description="Where the article belongs.")
    title: str | None = strawberry.field(default=None, description="What the customer wrote first if unset.")
    body: str | None = strawberry.field(default=None, description="Markdown; the last answer if unset.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A resolved conversation that is to become a test case.")
class CreateTestCaseFromInput:
    """Input of `createTestCaseFrom`."""

    conversation_id: strawberry.ID = strawberry.field(description="Which; you must be allowed to reply in it.")
    suite_id: strawberry.ID = strawberry.field(description="Where the test case belongs.")
    name: str | None = strawberry.field(default=None, description="What the customer wrote first if unset.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The curated answer is there.")
class CreateCuratedAnswerSuccess:
    """Success of `createCuratedAnswer`."""

    curated_answer: CuratedAnswer = strawberry.field(description="The new curated answer.")


@strawberry.type(description="The curated answer has changed.")
class ChangeCuratedAnswerSuccess:
    """Success of `changeCuratedAnswer`."""

    curated_answer: CuratedAnswer = strawberry.field(description="The curated answer as it is now.")


@strawberry.type(description="Customers are told it from now on.")
class EnableCuratedAnswerSuccess:
    """Success of `enableCuratedAnswer`."""

    curated_answer: CuratedAnswer = strawberry.field(description="The curated answer as it is now.")


@strawberry.type(description="Customers are not told it any more.")
class DisableCuratedAnswerSuccess:
    """Success of `disableCuratedAnswer`."""

    curated_answer: CuratedAnswer = strawberry.field(description="The curated answer as it is now.")


@strawberry.type(description="The curated answer is gone.")
class DeleteCuratedAnswerSuccess:
    """Success of `deleteCuratedAnswer`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The gap counts as needing no answer.")
class DismissGapSuccess:
    """Success of `dismissGap`."""

    gap: Gap = strawberry.field(description="The gap as it is now.")


@strawberry.type(description="The curated answer is there; it is enabled where you manage the assistant.")
class CreateCuratedAnswerFromSuccess:
    """Success of `createCuratedAnswerFrom`."""

    curated_answer: CuratedAnswer = strawberry.field(description="The new curated answer.")


@strawberry.type(description="The article is there, as a draft.")
class CreateArticleFromSuccess:
    """Success of `createArticleFrom`."""

    article: Article = strawberry.field(description="The new article.")


@strawberry.type(description="The test case is there; it is critical where you manage the assistant.")
class CreateTestCaseFromSuccess:
    """Success of `createTestCaseFrom`."""

    test_case: TestCase = strawberry.field(description="The new test case.")


CreateCuratedAnswerPayload = Annotated[
    CreateCuratedAnswerSuccess | CommonError,
    strawberry.union("CreateCuratedAnswerPayload", description="What came of `createCuratedAnswer`."),
]
ChangeCuratedAnswerPayload = Annotated[
    ChangeCuratedAnswerSuccess | CommonError,
    strawberry.union("ChangeCuratedAnswerPayload", description="What came of `changeCuratedAnswer`."),
]
EnableCuratedAnswerPayload = Annotated[
    EnableCuratedAnswerSuccess | CommonError,
    strawberry.union("EnableCuratedAnswerPayload", description="What came of `enableCuratedAnswer`."),
]
DisableCuratedAnswerPayload = Annotated[
    DisableCuratedAnswerSuccess | CommonError,
    strawberry.union("DisableCuratedAnswerPayload", description="What came of `disableCuratedAnswer`."),
]
DeleteCuratedAnswerPayload = Annotated[
    DeleteCuratedAnswerSuccess | CommonError,
    strawberry.union("DeleteCuratedAnswerPayload", description="What came of `deleteCuratedAnswer`."),
]
DismissGapPayload = Annotated[
    DismissGapSuccess | CommonError,
    strawberry.union("DismissGapPayload", description="What came of `dismissGap`."),
]
CreateCuratedAnswerFromPayload = Annotated[
    CreateCuratedAnswerFromSuccess | CommonError,
    strawberry.union("CreateCuratedAnswerFromPayload", description="What came of `createCuratedAnswerFrom`."),
]
CreateArticleFromPayload = Annotated[
    CreateArticleFromSuccess | CommonError,
    strawberry.union("CreateArticleFromPayload", description="What came of `createArticleFrom`."),
]
CreateTestCaseFromPayload = Annotated[
    CreateTestCaseFromSuccess | CommonError,
    strawberry.union("CreateTestCaseFromPayload", description="What came of `createTestCaseFrom`."),
]
