"""The root fields about surveys."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from resolvers.context import RequestContext, mutation
from resolvers.idempotency import key_of
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.desk import survey_command as c
from schema.desk.survey import Survey

Info = strawberry.Info[RequestContext, None]
Wanted = Annotated[c.SurveyFilterInput | None, strawberry.argument(description="Which; all if unset.")]


@strawberry.type
class SurveyQuery:
    """Questions about surveys."""

    @field(
        "What the customers of conversations that you may see were asked and said, newest first.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def surveys(
        self, info: Info, filter: Wanted = None, first: First = None, after: After = None
    ) -> Connection[Survey]:
        wanted = (filter or c.SurveyFilterInput()).wanted
        page = await info.context.reads.survey_page(page_request(first, after), wanted)
        return connection(page, Survey.of)


@strawberry.type
class SurveyMutation:
    """What customers do with surveys."""

    @mutation(
        "Say how it went, or say it otherwise, for 30 days. For the customer who was asked.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def answer_survey(self, info: Info, input: c.AnswerSurveyInput) -> c.AnswerSurveyPayload | None:
        key = parse_key(input.survey_id, "Survey", "input.surveyId")
        surveys = info.context.services.desk.surveys
        await surveys.answer(info.context.actor, key, input.score, input.comment, key=key_of(input))
        await info.context.renew()
        return c.AnswerSurveySuccess(survey=Survey.of(await info.context.load("surveys", key)))
