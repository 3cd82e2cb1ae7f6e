"""The root fields about gaps, and about what resolved conversations teach."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.learning.events import GapState
from domain.learning.service import Learning
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import learning_command as c
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.curated import CuratedAnswer
from schema.gap import Gap
from schema.knowledge import Article
from schema.suite import TestCase

Info = strawberry.Info[RequestContext, None]

State = Annotated[GapState, strawberry.argument(description="Only gaps in this state.")]


@strawberry.type
class LearningQuery:
    """What the assistant does not know."""

    @field(
        "Questions without a good answer, put together by what they mean, the largest first.",
        needs=Permission.READ_ASSISTANT,
    )
    async def gaps(
        self, info: Info, state: State = GapState.OPEN, first: First = None, after: After = None
    ) -> Connection[Gap]:
        return connection(await info.context.reads.gap_page(page_request(first, after), state), Gap.of)


def _learning(info: Info) -> Learning:
    return info.context.services.assistants.learning


@strawberry.type
class LearningMutation:
    """What can be done about it."""

    @mutation("Say that a gap needs no answer.", needs=Permission.MANAGE_ASSISTANT)
    async def dismiss_gap(self, info: Info, input: c.DismissGapInput) -> c.DismissGapPayload | None:
        key = parse_key(input.gap_id, "Gap", "input.gapId")
        await _learning(info).gaps.dismiss(info.context.actor, key, key=key_of(input))
        return c.DismissGapSuccess(gap=await shown(info, "gaps", key, Gap.of))

    @mutation(
        "Make a curated answer of a resolved conversation. Unless you manage the assistant, it waits for somebody who"
        " does to enable it.",
        needs=Permission.WRITE_KNOWLEDGE,
    )
    async def create_curated_answer_from(
        self, info: Info, input: c.CreateCuratedAnswerFromInput
    ) -> c.CreateCuratedAnswerFromPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        receipt = await _learning(info).harvest.create_curated_answer(
            info.context.actor, key, questions=input.questions, text=input.text, key=key_of(input)
        )
        made = await shown(info, "curated_answers", receipt.id, CuratedAnswer.of)
        return c.CreateCuratedAnswerFromSuccess(curated_answer=made)

    @mutation("Write the draft of an article from a resolved conversation.", needs=Permission.WRITE_KNOWLEDGE)
    async def create_article_from(
        self, info: Info, input: c.CreateArticleFromInput
    ) -> c.CreateArticleFromPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        source = parse_key(input.source_id, "Source", "input.sourceId")
        receipt = await _learning(info).harvest.create_article(
            info.context.actor, key, source, title=input.title, body=input.body, key=key_of(input)
        )
        return c.CreateArticleFromSuccess(article=await shown(info, "articles", receipt.id, Article.of))

    @mutation(
        "Make a test case of a resolved conversation: what was asked has to end as it did, from the same articles.",
        needs=Permission.WRITE_KNOWLEDGE,
    )
    async def create_test_case_from(
        self, info: Info, input: c.CreateTestCaseFromInput
    ) -> c.CreateTestCaseFromPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        suite = parse_key(input.suite_id, "Suite", "input.suiteId")
        receipt = await _learning(info).harvest.create_test_case(
            info.context.actor, key, suite, name=input.name, key=key_of(input)
        )
        return c.CreateTestCaseFromSuccess(test_case=await shown(info, "test_cases", receipt.id, TestCase.of))
