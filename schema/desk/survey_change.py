"""What watchers are told of surveys."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from domain.base import Event
from domain.conversation import desk_events as domain
from schema.base import edge
from schema.desk.survey import Survey
from schema.event import ConversationEvent


@strawberry.type(description="The customer was asked how it went.")
class SurveyAsked(ConversationEvent):
    """See `survey`."""

    survey_key: strawberry.Private[UUID]
    survey: Survey | None = edge("surveys", "survey_key", of=Survey.of, description="The survey as it stands now.")


@strawberry.type(description="The customer said how it went.")
class SurveyAnswered(ConversationEvent):
    """What was said then; the survey has what was said last."""

    survey_key: strawberry.Private[UUID]
    score: int = strawberry.field(description="1 (bad) to 5 (good).")
    comment: str | None = strawberry.field(description="What they wrote about it, if anything.")
    survey: Survey | None = edge("surveys", "survey_key", of=Survey.of, description="The survey as it stands now.")


def survey_event(event: Event, shared: Mapping[str, Any]) -> ConversationEvent | None:
    """The type of an event about surveys."""
    match event:
        case domain.SurveyAsked(survey_id):
            return SurveyAsked(survey_key=survey_id, **shared)
        case domain.SurveyAnswered(survey_id=survey_id, score=score, comment=comment):
            return SurveyAnswered(survey_key=survey_id, score=score, comment=comment, **shared)
    return None
