"""The jobs that ask customers how it went."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.conversation.events import ConversationResolved
from domain.ports import Work
from domain.survey.service import Surveys
from domain.survey.survey import SurveyDue, SurveyReminderDue


@dataclass(frozen=True)
class AskSurvey:
    """Runs on `ConversationResolved`, and when its time has come where people are to be asked later."""

    surveys: Surveys

    async def __call__(self, work: Work) -> None:
        """Ask about the episode, or see to it that it is asked about later."""
        organization_id, event = work.recorded.organization_id, work.recorded.event
        if isinstance(event, ConversationResolved):
            conversation_id = UUID(work.recorded.stream.partition(":")[2])
            await self.surveys.resolved(organization_id, conversation_id, event.episode)
        elif isinstance(event, SurveyDue):
            await self.surveys.ask(organization_id, event.conversation_id, event.episode)


@dataclass(frozen=True)
class RemindSurvey:
    """Runs when somebody who was asked may have forgotten it."""

    surveys: Surveys

    async def __call__(self, work: Work) -> None:
        """Ask once more."""
        event = work.recorded.event
        if isinstance(event, SurveyReminderDue):
            await self.surveys.remind(work.recorded.organization_id, event.survey_id, event.conversation_id)
