"""Four conversations by hand, small enough to count on one's fingers, and their way into the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert

from domain.account.organization import default_inbox_of
from domain.assist.events import ConversationClassified, Sentiment, Urgency
from domain.assistant import HandoffReason, Provenance
from domain.base import Actor, ActorKind, Event, assistant_of, system_of
from domain.conversation.desk_events import ServiceLevelBreached, ServiceLevelMet, SurveyAnswered, SurveyAsked, Target
from domain.conversation.events import (
    AnswerCompleted,
    AnswerRated,
    AnswerStarted,
    ConversationReopened,
    ConversationResolved,
    ConversationStarted,
    ConversationTakenOver,
    HandoffRequested,
    Message,
    MessageKind,
    MessageSent,
)
from domain.conversation.triage import SpamMarked
from domain.model import Usage
from infra.database import Database
from infra.rows import conversations, events
from infra.storage.codec import dump
from tests.stack import Company

Told = tuple[Event, Actor, datetime]


@dataclass
class Story:
    """A conversation as it is told: each line says what happened, who did it and when."""

    id: UUID
    company: Company
    customer: Actor
    told: list[Told] = field(default_factory=list)
    aside: list[Told] = field(default_factory=list)
    episode: int = 1
    number: int = 0
    question: UUID | None = None

    def name(self, what: str) -> UUID:
        """An id of something in it."""
        return uuid5(self.id, what)

    def _tell(self, event: Event, actor: Actor, at: datetime) -> None:
        self.told.append((event, actor, at))

    def _message(
        self, author: Actor, kind: MessageKind, identity: UUID, provenance: Provenance | None = None
    ) -> Message:
        self.number += 1
        who = ActorKind.AGENT if author.kind is ActorKind.ADMIN else author.kind
        return Message(
            id=identity,
            number=self.number,
            episode=self.episode,
            author_kind=who,
            author_id=author.id,
            kind=kind,
            text="Words.",
            question_id=self.question if author.kind is ActorKind.ASSISTANT else None,
            provenance=provenance,
        )

    @property
    def assistant(self) -> Actor:
        """Who answers."""
        return assistant_of(self.company.id)

    def starts(self, at: datetime) -> None:
        self._tell(
            ConversationStarted(self.customer.identity, "Words", default_inbox_of(self.company.id)), self.customer, at
        )
        self.says(self.customer, at)

    def says(self, actor: Actor, at: datetime) -> None:
        identity = self.name(f"message {self.number}")
        message = self._message(actor, MessageKind.TEXT, identity)
        if actor.kind is ActorKind.CUSTOMER:
            self.question = identity
        self._tell(MessageSent(message), actor, at)

    def answer_begins(self, at: datetime) -> UUID:
        answer = self.name(f"answer {self.number}")
        assert self.question
        self._tell(AnswerStarted(answer, self.question, 1), self.assistant, at)
        return answer

    def answers(self, begins: datetime, at: datetime, *, model: str, tokens: tuple[int, int], micros: int) -> UUID:
        answer = self.answer_begins(begins)
        used = Usage(read=tokens[0], written=tokens[1])
        made = Provenance(model, 0.9, 0.5, usage=used, cost_micros=micros, first_text_ms=1_500.0)
        message = self._message(self.assistant, MessageKind.ANSWER, answer, made)
        self._tell(AnswerCompleted(message), self.assistant, at)
        return answer

    def hands_over(self, answer: UUID, at: datetime) -> None:
        message = self._message(self.assistant, MessageKind.HANDOFF, answer)
        self._tell(HandoffRequested(HandoffReason.NOT_IN_KNOWLEDGE, "Words.", message), self.assistant, at)

    def resolves(self, actor: Actor, at: datetime) -> None:
        self._tell(ConversationResolved(self.episode, "Words."), actor, at)

    def reopens(self, at: datetime) -> None:
        self.episode += 1
        self._tell(ConversationReopened(self.episode), self.customer, at)
        self.says(self.customer, at)


def clock(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    """A moment of March 2026, in UTC."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


def stories(company: Company) -> Sequence[Story]:
    """Monday, 2 March 2026, and the two days after it."""
    first, second, third, fourth = (
        Story(uuid5(company.id, f"story {number}"), company, customer)
        for number, customer in enumerate((company.customer, company.other_customer) * 2)
    )
    _confirmed(first)
    _handed_over(second)
    third.starts(clock(2, 12, 0))
    third._tell(SpamMarked(is_spam=True), company.agent, clock(2, 12, 5))
    fourth.starts(clock(2, 23, 30))
    answer = fourth.answers(clock(2, 23, 30, 10), clock(2, 23, 30, 30), model="small", tokens=(50, 10), micros=100)
    fourth._tell(AnswerRated(answer, helpful=False), fourth.customer, clock(2, 23, 31))
    return first, second, third, fourth


def _confirmed(story: Story) -> None:
    """The assistant answers, and the customer is content."""
    story.starts(clock(2, 9, 0))
    answer = story.answers(clock(2, 9, 0, 1), clock(2, 9, 0, 5), model="large", tokens=(100, 20), micros=500_000)
    story._tell(AnswerRated(answer, helpful=True), story.customer, clock(2, 9, 1))
    topic = ConversationClassified("Returns", "en", Sentiment.NEUTRAL, Urgency.NORMAL, 0.8, "local")
    story.aside.append((topic, story.assistant, clock(2, 9, 1)))
    story.resolves(story.customer, clock(2, 9, 10))
    story._tell(SurveyAsked(story.name("survey"), 1), story.assistant, clock(2, 9, 15))
    story._tell(SurveyAnswered(story.name("survey"), 1, 5), story.customer, clock(2, 9, 20))


def _handed_over(story: Story) -> None:
    """A person helps; a day later the assistant does, and a rule ends it after a day of silence."""
    agent, policy = story.company.agent, story.name("policy")
    story.starts(clock(2, 10, 30))
    story.hands_over(story.answer_begins(clock(2, 10, 30, 2)), clock(2, 10, 30, 4))
    story._tell(ConversationTakenOver(agent.identity), agent, clock(2, 10, 40))
    story.says(agent, clock(2, 10, 42))
    story._tell(ServiceLevelMet(policy, Target.FIRST_RESPONSE), story.assistant, clock(2, 10, 42))
    story.says(story.customer, clock(2, 10, 50))
    story._tell(ServiceLevelBreached(policy, Target.NEXT_RESPONSE, clock(2, 10, 52)), story.assistant, clock(2, 10, 52))
    story.says(agent, clock(2, 10, 53))
    story.resolves(agent, clock(2, 11, 0))
    story._tell(SurveyAsked(story.name("survey"), 1), story.assistant, clock(2, 11, 5))
    story.reopens(clock(3, 10, 0))
    story.answers(clock(3, 10, 0, 3), clock(3, 10, 0, 6), model="large", tokens=(200, 40), micros=700_000)
    story.resolves(system_of(story.company.id), clock(4, 10, 0))


def rows_of(story: Story) -> list[dict[str, Any]]:
    """Its events as rows of the journal."""
    named = ((f"conversation:{story.id}", story.told), (f"classification:{story.id}", story.aside))
    return [
        {
            "organization_id": story.company.id,
            "stream": stream,
            "version": version,
            "kind": event.kind,
            "payload": dump(event),
            "actor": str(actor),
            "at": at,
            "correlation_id": "",
            "audited": False,
        }
        for stream, told in named
        for version, (event, actor, at) in enumerate(told, 1)
    ]


async def know(database: Database, told: Sequence[Story]) -> None:
    """Have the conversations, as their writers leave them beside their events."""
    rows = [
        {
            "id": story.id,
            "organization_id": story.company.id,
            "customer_id": story.customer.id,
            "inbox_id": default_inbox_of(story.company.id),
            "state": "resolved",
            "subject": "Words",
            "episode": story.episode,
            "message_count": story.number,
            "customer_message_count": 1,
            "version": len(story.told),
            "started_at": story.told[0][2],
            "last_activity_at": story.told[-1][2] + timedelta(0),
        }
        for story in told
    ]
    async with database.tenant(told[0].company.id) as connection:
        await connection.execute(insert(conversations), rows)
        await connection.commit()


async def write(database: Database, organization_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Append to the journal."""
    async with database.tenant(organization_id) as connection:
        await connection.execute(insert(events), list(rows))
        await connection.commit()
