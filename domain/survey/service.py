"""Asking customers how it went, reminding them once, and hearing what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from domain.account.permission import CUSTOMER, Permission
from domain.account.settings import SurveySettings
from domain.account.stored import Opening
from domain.base import Actor, ActorKind, Clock, Identifiers, NotFoundError, assistant_of
from domain.conversation.aggregate import Conversation
from domain.conversation.desk_events import SurveyAnswered, SurveyAsked
from domain.conversation.events import ConversationState, MessageKind
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.survey.survey import (
    Survey,
    SurveyDue,
    SurveyLinks,
    SurveyPlans,
    SurveyReminderDue,
    SurveyUnit,
    SurveyWords,
    checked_answer,
)


@dataclass(frozen=True)
class Surveys:
    """The commands on surveys, of customers and of the jobs that ask them."""

    units: Opening[SurveyUnit]
    plans: SurveyPlans
    links: SurveyLinks
    words: SurveyWords
    new_id: Identifiers
    clock: Clock

    async def resolved(self, organization_id: UUID, conversation_id: UUID, episode: int) -> None:
        """Ask now or later, as the organization decided, if at all."""
        settings = (await self.plans(organization_id)).settings
        if settings.enabled and not settings.delay_minutes:
            await self.ask(organization_id, conversation_id, episode)
        elif settings.enabled:
            async with self.units(assistant_of(organization_id)) as unit:
                due = self.clock() + timedelta(minutes=settings.delay_minutes)
                await unit.timers.set("survey", conversation_id, due, SurveyDue(conversation_id, episode))
                await unit.commit(Receipt(conversation_id))

    @retried_once
    async def ask(self, organization_id: UUID, conversation_id: UUID, episode: int) -> None:
        """Ask about an episode that is over, once; nobody is asked about spam, or about what goes on meanwhile."""
        plan, actor = await self.plans(organization_id), assistant_of(organization_id)
        async with self.units(actor) as unit:
            conversation = await unit.conversations.get(conversation_id)
            if not _is_over(conversation, episode) or await unit.surveys.of(conversation_id, episode):
                return
            survey = Survey(
                self.new_id(), organization_id, conversation_id, episode, conversation.customer_id, self.clock()
            )
            text = self.words.asking(plan, self.links.link(survey), again=False)
            conversation.tell(actor, text, self.new_id(), kind=MessageKind.SURVEY)
            conversation.note(SurveyAsked(survey.id, episode))
            await unit.surveys.put(survey)
            await self._remind_later(unit, survey, plan.settings)
            await unit.commit(Receipt(survey.id))

    @retried_once
    async def remind(self, organization_id: UUID, survey_id: UUID, conversation_id: UUID) -> None:
        """Ask once more, and never again, unless the customer has spoken meanwhile."""
        plan, actor = await self.plans(organization_id), assistant_of(organization_id)
        async with self.units(actor) as unit:
            conversation = await unit.conversations.get(conversation_id)
            survey = await unit.surveys.get(survey_id)
            done = survey.answered_at or survey.reminded_at
            if done or not _is_over(conversation, survey.episode) or not plan.settings.enabled:
                return
            text = self.words.asking(plan, self.links.link(survey), again=True)
            conversation.tell(actor, text, self.new_id(), kind=MessageKind.SURVEY)
            await unit.surveys.put(replace(survey, reminded_at=self.clock()))
            await unit.commit(Receipt(survey.id))

    @retried_once
    async def answer(
        self,
        actor: Actor,
        survey_id: UUID,
        score: int,
        comment: str | None = None,
        *,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Say how it went, or say it otherwise; for the customer who was asked."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(ActorKind.CUSTOMER)
        comment = checked_answer(score, comment)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get((await unit.surveys.get(survey_id)).conversation_id)
            survey = await unit.surveys.get(survey_id)  # again, behind the conversation's lock
            survey.require_open(self.clock())
            if not survey.says(score, comment):
                conversation.note(SurveyAnswered(survey.id, survey.episode, score, comment))
                answered = replace(survey, score=score, comment=comment, answered_at=self.clock())
                await unit.surveys.put(answered)
                await unit.timers.cancel("survey_reminder", survey.id)
            return await unit.commit(Receipt(survey.id))

    async def behind(self, token: str) -> Survey:
        """The survey that a link leads to; `NotFoundError` for a link that was not made here."""
        organization_id, survey_id = self._read(token)
        async with self.units(assistant_of(organization_id)) as unit:
            return await unit.surveys.get(survey_id)

    async def answer_by_link(self, token: str, score: int, comment: str | None = None) -> Receipt:
        """Say how it went, as the customer who was sent the link."""
        survey = await self.behind(token)
        customer = Actor(ActorKind.CUSTOMER, survey.customer_id, survey.organization_id, CUSTOMER)
        return await self.answer(customer, survey.id, score, comment)

    def _read(self, token: str) -> tuple[UUID, UUID]:
        found = self.links.read(token)
        if found is None:
            raise NotFoundError("survey")
        return found

    async def _remind_later(self, unit: SurveyUnit, survey: Survey, settings: SurveySettings) -> None:
        if settings.remind_after_hours:
            due = survey.asked_at + timedelta(hours=settings.remind_after_hours)
            event = SurveyReminderDue(survey.id, survey.conversation_id)
            await unit.timers.set("survey_reminder", survey.id, due, event)


def _is_over(conversation: Conversation, episode: int) -> bool:
    triage = conversation.triage
    settled = conversation.state is ConversationState.RESOLVED and conversation.episode == episode
    return settled and not triage.is_spam and triage.merged_into is None and conversation.customer_message_count > 0
