"""Curated answers: written by people, they beat the model where they match what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening, Stored
from domain.assistant import Embedder
from domain.base import Actor, Aggregate, Event, FieldProblem, Identifiers, InvalidInputError, InvalidStateError
from domain.learning.events import (
    CuratedAnswerChanged,
    CuratedAnswerCreated,
    CuratedAnswerDeleted,
    CuratedAnswerDisabled,
    CuratedAnswerEnabled,
)
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import checked

MOST_ANSWERS = 1_000
MOST_QUESTIONS = 20
LONGEST_QUESTION = 500
LONGEST_TEXT = 4_000
MOST_ARTICLES = 10

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Curation:
    """What is asked, in some variants, what is answered, and the articles that bear it out; for everyone."""

    questions: tuple[str, ...]
    text: str
    article_ids: tuple[UUID, ...] = ()


def curation_of(
    questions: Iterable[str], text: str, article_ids: Iterable[UUID] = (), *, prefix: str = "input."
) -> Curation:
    """Checked; `InvalidInputError` names what cannot be used."""
    asked = tuple(dict.fromkeys(" ".join(question.split()) for question in questions))
    articles = tuple(dict.fromkeys(article_ids))
    if not 1 <= len(asked) <= MOST_QUESTIONS:
        raise InvalidInputError(FieldProblem(f"{prefix}questions", f"Give 1 to {MOST_QUESTIONS} ways of asking."))
    if len(articles) > MOST_ARTICLES:
        raise InvalidInputError(FieldProblem(f"{prefix}articleIds", f"Name at most {MOST_ARTICLES} articles."))
    for place, question in enumerate(asked):
        checked(question, f"{prefix}questions.{place}", longest=LONGEST_QUESTION)
    return Curation(asked, checked(text.strip(), f"{prefix}text", longest=LONGEST_TEXT), articles)


@dataclass
class CuratedAnswer(Aggregate):
    """An answer that people wrote; one that is not `enabled` waits for somebody to say that customers may have it."""

    questions: tuple[str, ...] = ()
    text: str = ""
    article_ids: tuple[UUID, ...] = ()
    enabled: bool = False
    conversation_id: UUID | None = None
    deleted: bool = False

    @property
    def curation(self) -> Curation:
        """What it says, and on what."""
        return Curation(tuple(self.questions), self.text, tuple(self.article_ids))

    def create(self, what: Curation, *, enabled: bool, conversation_id: UUID | None = None) -> None:
        """Begin."""
        self._record(
            CuratedAnswerCreated(
                questions=what.questions,
                text=what.text,
                article_ids=what.article_ids,
                enabled=enabled,
                conversation_id=conversation_id,
            )
        )

    def change(self, what: Curation) -> None:
        """Say something else, or on something else."""
        if what != self.curation:
            self._record(CuratedAnswerChanged(questions=what.questions, text=what.text, article_ids=what.article_ids))

    def enable(self, *, enabled: bool) -> None:
        """Let customers have it from now on, or not any more; what holds already changes nothing."""
        if enabled is not self.enabled:
            self._record(CuratedAnswerEnabled() if enabled else CuratedAnswerDisabled())

    def delete(self) -> None:
        """End it."""
        self._record(CuratedAnswerDeleted())

    def _apply(self, event: Event) -> None:
        match event:
            case CuratedAnswerCreated():
                self.enabled, self.conversation_id = event.enabled, event.conversation_id
                self._hold(event)
            case CuratedAnswerChanged():
                self._hold(event)
            case CuratedAnswerEnabled() | CuratedAnswerDisabled():
                self.enabled = isinstance(event, CuratedAnswerEnabled)
            case CuratedAnswerDeleted():
                self.deleted = True

    def _hold(self, event: CuratedAnswerCreated | CuratedAnswerChanged) -> None:
        self.questions, self.text, self.article_ids = event.questions, event.text, event.article_ids


@dataclass(frozen=True, slots=True)
class CuratedAnswerView:
    """A curated answer; `conversation_id` is where it was learned, if anywhere."""

    id: UUID
    questions: tuple[str, ...]
    text: str
    article_ids: tuple[UUID, ...]
    enabled: bool
    conversation_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SimilarAnswer:
    """A curated answer beside a text: `similarity` is the cosine of its nearest way of asking."""

    answer: CuratedAnswerView
    similarity: float


class CuratedRepository(Stored[CuratedAnswer], Protocol):
    """Curated answers of the actor's organization, to change."""

    def place(self, answer: CuratedAnswer, model: str, vectors: Sequence[Vector]) -> None:
        """Let it be found by its questions' vectors, which this model made, once the unit of work is committed."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...

    async def require_articles(self, article_ids: Sequence[UUID]) -> None:
        """`NotFoundError` unless the organization has all of these articles."""
        ...


class CuratedUnit(UnitOfWork, Protocol):
    """A unit of work that holds curated answers."""

    @property
    def curated_answers(self) -> CuratedRepository:
        """Curated answers, to change."""
        ...


async def add_answer(unit: CuratedUnit, answer: CuratedAnswer, model: str, vectors: Sequence[Vector]) -> None:
    """Take a new one in, found by its vectors from the commit on."""
    if await unit.curated_answers.count() >= MOST_ANSWERS:
        raise InvalidStateError(f"There are {MOST_ANSWERS} curated answers already. Delete one first.")
    await unit.curated_answers.require_articles(answer.article_ids)
    unit.curated_answers.add(answer)
    unit.curated_answers.place(answer, model, vectors)


@dataclass(frozen=True)
class CuratedAnswers:
    """The commands on curated answers, for those who manage the assistant."""

    units: Opening[CuratedUnit]
    new_id: Identifiers
    embedder: Embedder

    @retried_once
    async def create(
        self, actor: Actor, what: Curation, *, enabled: bool = True, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Make one."""
        actor.require(Permission.MANAGE_ASSISTANT)
        vectors = await self.embedder.embed(what.questions)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            answer = CuratedAnswer(self.new_id(), actor.tenant)
            answer.create(what, enabled=enabled)
            await add_answer(unit, answer, self.embedder.name, vectors)
            return await unit.commit(Receipt(answer.id))

    @retried_once
    async def change(
        self, actor: Actor, answer_id: UUID, what: Curation, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Replace all that it says and is asked for."""
        actor.require(Permission.MANAGE_ASSISTANT)
        vectors = await self.embedder.embed(what.questions)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            answer = await unit.curated_answers.get(answer_id)
            await unit.curated_answers.require_articles(what.article_ids)
            answer.change(what)
            unit.curated_answers.place(answer, self.embedder.name, vectors)
            return await unit.commit(Receipt(answer.id))

    @retried_once
    async def enable(
        self, actor: Actor, answer_id: UUID, *, enabled: bool, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Let customers have it from now on, or not any more."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            answer = await unit.curated_answers.get(answer_id)
            answer.enable(enabled=enabled)
            return await unit.commit(Receipt(answer.id))

    @retried_once
    async def delete(self, actor: Actor, answer_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove it; answers that were given by it stay as they are."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            answer = await unit.curated_answers.get(answer_id)
            answer.delete()
            return await unit.commit(Receipt(answer.id))
