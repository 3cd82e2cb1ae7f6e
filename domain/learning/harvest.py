"""What a resolved conversation teaches: a curated answer, a draft of an article, a test case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.assistant import Embedder
from domain.base import Actor, ActorKind, Identifiers, InvalidStateError
from domain.conversation.aggregate import Conversation
from domain.conversation.events import ConversationState, Message, MessageKind
from domain.knowledge.aggregate import Article
from domain.knowledge.content import MAX_TITLE, content_of
from domain.knowledge.ports import KnowledgeUnit
from domain.learning.case import LONGEST_NAME, LONGEST_TURN, MOST_TURNS, OutcomeKind, Patterns, Script, checked_script
from domain.learning.curated import LONGEST_QUESTION, CuratedAnswer, CuratedUnit, add_answer, curation_of
from domain.learning.suite import SuiteUnit, TestCase, add_case
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import clipped

_OUTCOMES = {
    MessageKind.TEXT: OutcomeKind.ANSWER,  # a person's: it can be answered
    MessageKind.ANSWER: OutcomeKind.ANSWER,
    MessageKind.CLARIFICATION: OutcomeKind.CLARIFICATION,
    MessageKind.HANDOFF: OutcomeKind.HANDOFF,
    MessageKind.REFUSAL: OutcomeKind.REFUSAL,
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was asked, and how it ended: with a person's last words, or else with the assistant's last outcome."""

    asked: tuple[str, ...]
    ending: Message

    @property
    def script(self) -> Script:
        """The customer's messages, and what has to come of them: the same outcome, from the same articles."""
        cited = dict.fromkeys(str(citation.article_id) for citation in self.ending.citations)
        turns = tuple(text[:LONGEST_TURN] for text in self.asked[:MOST_TURNS])
        return Script(turns, _OUTCOMES[self.ending.kind], must_cite=tuple(cited))


def lesson_of(conversation: Conversation) -> Lesson:
    """Of the episode that was resolved last; `InvalidStateError` where there is nothing to learn from yet."""
    if conversation.state is not ConversationState.RESOLVED:
        raise InvalidStateError("This conversation is not resolved. Resolve it first.")
    messages = conversation.messages
    asked = tuple(message.text for message in messages if message.author_kind is ActorKind.CUSTOMER)
    said = [message for message in messages if message.author_kind is ActorKind.AGENT]
    said = said or [message for message in messages if message.question_id and message.kind in _OUTCOMES]
    if not asked or not said:
        raise InvalidStateError("Nobody asked, or nobody answered, in this conversation.")
    return Lesson(asked, said[-1])


class Origins(Protocol):
    """Where articles were learned."""

    def keep(self, article_id: UUID, conversation_id: UUID) -> None:
        """Remember it, once the unit of work is committed."""
        ...


class HarvestUnit(CuratedUnit, SuiteUnit, KnowledgeUnit, Protocol):
    """A unit of work that holds all that can be made of a conversation."""

    @property
    def origins(self) -> Origins:
        """Where articles were learned."""
        ...


@dataclass(frozen=True)
class Harvest:
    """The commands that make something of a resolved conversation, for those who write knowledge.

    What changes the assistant without further ado is for those who manage it: what others make waits for them.
    """

    units: Opening[HarvestUnit]
    new_id: Identifiers
    embedder: Embedder
    patterns: Patterns

    @retried_once
    async def create_curated_answer(
        self,
        actor: Actor,
        conversation_id: UUID,
        *,
        questions: Sequence[str] | None = None,
        text: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Make a curated answer of its first question and last answer, or of what is given in their place.

        It is enabled only where the actor manages the assistant.
        """
        lesson = await self._lesson(actor, conversation_id)
        asked = [clipped(lesson.asked[0], LONGEST_QUESTION)] if questions is None else questions
        what = curation_of(asked, lesson.ending.text if text is None else text)
        vectors = await self.embedder.embed(what.questions)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            answer = CuratedAnswer(self.new_id(), actor.tenant)
            enabled = actor.may(Permission.MANAGE_ASSISTANT)
            answer.create(what, enabled=enabled, conversation_id=conversation_id)
            await add_answer(unit, answer, self.embedder.name, vectors)
            return await unit.commit(Receipt(answer.id))

    @retried_once
    async def create_article(
        self,
        actor: Actor,
        conversation_id: UUID,
        source_id: UUID,
        *,
        title: str | None = None,
        body: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Write a draft of its first question and last answer, or of what is given in their place."""
        lesson = await self._lesson(actor, conversation_id)
        first = lesson.asked[0]
        heading = clipped(first, MAX_TITLE) if title is None else title
        written = lesson.ending.text if body is None else body
        content = content_of(heading, written, questions=[clipped(first, LONGEST_QUESTION)], prefix="input.")
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            source = await unit.sources.get(source_id)
            article = Article(self.new_id(), actor.tenant)
            article.create(source.id, content)
            unit.articles.add(article)
            unit.origins.keep(article.id, conversation_id)
            return await unit.commit(Receipt(article.id))

    @retried_once
    async def create_test_case(
        self,
        actor: Actor,
        conversation_id: UUID,
        suite_id: UUID,
        *,
        name: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Make a test case of what was asked and how it ended; critical only where the actor manages the assistant."""
        lesson = await self._lesson(actor, conversation_id)
        script = checked_script(lesson.script, self.patterns)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            case = TestCase(self.new_id(), actor.tenant)
            title = clipped(lesson.asked[0], LONGEST_NAME) if name is None else name
            critical = actor.may(Permission.MANAGE_ASSISTANT)
            case.create(suite_id, title, script, critical=critical, conversation_id=conversation_id)
            await add_case(unit, case, suite_id)
            return await unit.commit(Receipt(case.id))

    async def _lesson(self, actor: Actor, conversation_id: UUID) -> Lesson:
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor) as unit:
            return lesson_of(await unit.conversations.get(conversation_id))
