"""What goes into and comes out of the fields about surveys."""

from typing import Annotated

import strawberry

from domain.survey.survey import SurveyFilter
from schema.command import idempotency_key_field
from schema.desk.survey import Survey
from schema.errors import CommonError


@strawberry.input(description="Which surveys; what is left out does not matter.")
class SurveyFilterInput:
    """A filter of `surveys`."""

    answered: bool | None = strawberry.field(default=None, description="Those that were answered, or were not.")
    scores: list[int] | None = strawberry.field(default=None, description="Those answered with one of these, 1 to 5.")

    @property
    def wanted(self) -> SurveyFilter:
        """As the domain has it."""
        return SurveyFilter(self.answered, None if self.scores is None else tuple(self.scores[:5]))


@strawberry.input(description="How it went.")
class AnswerSurveyInput:
    """Input of `answerSurvey`."""

    survey_id: strawberry.ID = strawberry.field(description="The survey that you were asked.")
    score: int = strawberry.field(description="1 (bad) to 5 (good).")
    comment: str | None = strawberry.field(default=None, description="At most 1,000 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The company knows how it went.")
class AnswerSurveySuccess:
    """Success of `answerSurvey`."""

    survey: Survey = strawberry.field(description="The survey with your answer.")


AnswerSurveyPayload = Annotated[
    AnswerSurveySuccess | CommonError,
    strawberry.union("AnswerSurveyPayload", description="What came of `answerSurvey`."),
]
