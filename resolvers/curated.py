"""The root fields about curated answers."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.learning.curated import CuratedAnswers, Curation, curation_of
from domain.text import checked
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import learning_command as c
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.curated import CuratedAnswer, SimilarAnswer

Info = strawberry.Info[RequestContext, None]

LONGEST_TEXT = 1_000
Text = Annotated[str, strawberry.argument(description=f"A question: 1 to {LONGEST_TEXT:,} characters.")]


@strawberry.type
class CuratedQuery:
    """What people wrote."""

    @field("Curated answers, newest first.", needs=Permission.READ_ASSISTANT)
    async def curated_answers(self, info: Info, first: First = None, after: After = None) -> Connection[CuratedAnswer]:
        return connection(await info.context.reads.curated_answer_page(page_request(first, after)), CuratedAnswer.of)

    @field(
        "Curated answers that are asked for much as a text asks, nearest first: at most 5.",
        needs=Permission.READ_ASSISTANT,
    )
    async def similar_curated_answers(self, info: Info, text: Text) -> list[SimilarAnswer]:
        found = await info.context.reads.similar_answers([checked(text, "text", longest=LONGEST_TEXT)])
        return [SimilarAnswer.of(each) for each in found[0]]


def _answers(info: Info) -> CuratedAnswers:
    return info.context.services.assistants.learning.curated_answers


def _curation(input: c.CreateCuratedAnswerInput | c.ChangeCuratedAnswerInput) -> Curation:
    articles = [
        parse_key(each, "Article", f"input.articleIds.{place}") for place, each in enumerate(input.article_ids or ())
    ]
    return curation_of(input.questions, input.text, articles)


@strawberry.type
class CuratedMutation:
    """What can be done about it."""

    @mutation("Write an answer that is said where it matches what is asked.", needs=Permission.MANAGE_ASSISTANT)
    async def create_curated_answer(
        self, info: Info, input: c.CreateCuratedAnswerInput
    ) -> c.CreateCuratedAnswerPayload | None:
        receipt = await _answers(info).create(
            info.context.actor, _curation(input), enabled=input.enabled, key=key_of(input)
        )
        made = await shown(info, "curated_answers", receipt.id, CuratedAnswer.of)
        return c.CreateCuratedAnswerSuccess(curated_answer=made)

    @mutation("Replace all of a curated answer.", needs=Permission.MANAGE_ASSISTANT)
    async def change_curated_answer(
        self, info: Info, input: c.ChangeCuratedAnswerInput
    ) -> c.ChangeCuratedAnswerPayload | None:
        key = parse_key(input.curated_answer_id, "CuratedAnswer", "input.curatedAnswerId")
        await _answers(info).change(info.context.actor, key, _curation(input), key=key_of(input))
        changed = await shown(info, "curated_answers", key, CuratedAnswer.of)
        return c.ChangeCuratedAnswerSuccess(curated_answer=changed)

    @mutation("Let customers be told a curated answer.", needs=Permission.MANAGE_ASSISTANT)
    async def enable_curated_answer(
        self, info: Info, input: c.EnableCuratedAnswerInput
    ) -> c.EnableCuratedAnswerPayload | None:
        return c.EnableCuratedAnswerSuccess(curated_answer=await _enabled(info, input, enabled=True))

    @mutation("Let customers not be told a curated answer any more.", needs=Permission.MANAGE_ASSISTANT)
    async def disable_curated_answer(
        self, info: Info, input: c.DisableCuratedAnswerInput
    ) -> c.DisableCuratedAnswerPayload | None:
        return c.DisableCuratedAnswerSuccess(curated_answer=await _enabled(info, input, enabled=False))

    @mutation("Remove a curated answer.", needs=Permission.MANAGE_ASSISTANT)
    async def delete_curated_answer(
        self, info: Info, input: c.DeleteCuratedAnswerInput
    ) -> c.DeleteCuratedAnswerPayload | None:
        key = parse_key(input.curated_answer_id, "CuratedAnswer", "input.curatedAnswerId")
        await _answers(info).delete(info.context.actor, key, key=key_of(input))
        return c.DeleteCuratedAnswerSuccess(deleted_id=input.curated_answer_id)


async def _enabled(info: Info, input: c.CuratedAnswerInput, *, enabled: bool) -> CuratedAnswer:
    key = parse_key(input.curated_answer_id, "CuratedAnswer", "input.curatedAnswerId")
    await _answers(info).enable(info.context.actor, key, enabled=enabled, key=key_of(input))
    return await shown(info, "curated_answers", key, CuratedAnswer.of)
