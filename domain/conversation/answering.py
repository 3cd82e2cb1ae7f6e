"""How a question gets its one outcome, whatever fails on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from domain.assistant import Assistant, Delta, Handoff, HandoffReason, Outcome, Piece, Question, Restarted
from domain.base import Actor, Identifiers, UnavailableError, assistant_of
from domain.conversation.aggregate import Conversation
from domain.conversation.events import Answering, AttemptSupersededError
from domain.model import ModelError
from domain.ports import Organizations, Receipt, Replies, ReplyClosedError, Units
from domain.retry import retried_once

Pieces = AsyncGenerator[Piece, None]

MAX_ATTEMPTS = 5
"""How often an answer is begun before a person gets the question: workers die and models fail."""

FAILED_LINE = "I could not answer this just now, so I have passed it on: someone from our team will answer here."
OFF_LINE = "Someone from our team will answer here."


class AssistantFailedError(Exception):
    """The assistant broke off without an outcome; the job may try again."""


@dataclass(slots=True)
class Task:
    """One attempt at one question; `answering` moves on where the assistant begins its answer anew."""

    answering: Answering
    question: Question
    story: str
    inbox_id: UUID | None


@dataclass(frozen=True)
class Answers:
    """Lets the assistant answer; each question ends with exactly one outcome in the journal.

    Safe to run again at any point: a begun attempt supersedes the one before it, and an outcome of an attempt that
    is not the current one is refused by the conversation itself.
    """

    units: Units
    replies: Replies
    organizations: Organizations
    assistant: Assistant
    new_id: Identifiers
    time_limit: float
    failed: Callable[[Exception], None] = lambda _: None

    async def answer(self, organization_id: UUID, conversation_id: UUID, question_id: UUID, correlation: str) -> None:
        """Answer one question, or find that it needs no answer any more.

        Raises `AssistantFailedError` when this attempt failed and another should follow.
        """
        actor = assistant_of(organization_id)
        task = await self._begin(actor, conversation_id, question_id, correlation)
        if task is None:
            return
        try:
            outcome = await self._outcome(actor, conversation_id, task)
        except ReplyClosedError:
            await self._expect_ended(actor, conversation_id, task.answering)
        else:
            await self._complete(actor, conversation_id, task.answering, outcome)

    @retried_once
    async def give_up(self, organization_id: UUID, conversation_id: UUID, question_id: UUID) -> None:
        """Hand a question over that no attempt answered, with all that were asked beside it, unless it is settled."""
        actor = assistant_of(organization_id)
        async with self.units(actor) as unit:
            conversation = await unit.conversations.get(conversation_id)
            if question_id not in conversation.waiting:
                return
            answering = conversation.begin_answer(conversation.waiting[0], self.new_id())
            if answering is not None:
                handoff = Handoff(HandoffReason.ASSISTANT_FAILED, conversation.story(), FAILED_LINE)
                conversation.complete_answer(actor, answering, handoff)
                await unit.commit(Receipt(conversation_id))

    @retried_once
    async def _begin(self, actor: Actor, conversation_id: UUID, question_id: UUID, correlation: str) -> Task | None:
        async with self.units(actor) as unit:
            conversation = await unit.conversations.get(conversation_id)
            answering = conversation.begin_answer(question_id, self.new_id())
            if answering is None:
                return None
            await unit.commit(Receipt(conversation_id))
        return Task(
            answering, _question(conversation, question_id, correlation), conversation.story(), conversation.inbox_id
        )

    async def _expect_ended(self, actor: Actor, conversation_id: UUID, answering: Answering) -> None:
        """After a closed reply: waits for the command that closed it, and tries again if that came to nothing."""
        async with self.units(actor) as unit:
            conversation = await unit.conversations.get(conversation_id)
        if conversation.answering == answering:
            raise AssistantFailedError("The reply was closed, but nobody ended the answer.")

    async def _outcome(self, actor: Actor, conversation_id: UUID, task: Task) -> Outcome:
        try:
            settings = await self.organizations.assistant_settings(task.question.organization_id, task.inbox_id)
            if not settings.enabled:
                return Handoff(HandoffReason.ASSISTANT_OFF, task.story, OFF_LINE)
            if task.answering.attempt > MAX_ATTEMPTS:
                return Handoff(HandoffReason.ASSISTANT_FAILED, task.story, FAILED_LINE)
            return await self._ask(actor, conversation_id, task)
        except (ReplyClosedError, UnavailableError):
            raise
        except Exception as error:
            self.failed(error)
            was_tried_again = isinstance(error, ModelError)  # within the limits of each model: nobody waits for more
            if was_tried_again or task.answering.attempt >= MAX_ATTEMPTS:
                return Handoff(HandoffReason.ASSISTANT_FAILED, task.story, FAILED_LINE)
            raise AssistantFailedError(f"Attempt {task.answering.attempt} failed: {error!r}") from error

    async def _ask(self, actor: Actor, conversation_id: UUID, task: Task) -> Outcome:
        async with asyncio.timeout(self.time_limit), aclosing(self._pieces(task.question)) as said:
            while isinstance(outcome := await self._written(conversation_id, task.answering, said), Restarted):
                task.answering = await self._restart(actor, conversation_id, task.answering)
        return outcome

    async def _written(self, conversation_id: UUID, answering: Answering, said: Pieces) -> Restarted | Outcome:
        """Send the text of one attempt to its readers, up to what ended it."""
        ending: Restarted | Outcome | None = None
        async with self.replies.writing(conversation_id, answering.answer_id, answering.attempt) as writer:
            async for piece in said:
                if isinstance(piece, Delta):
                    await writer.write(piece.text)
                    continue
                ending = piece
                if isinstance(piece, Restarted):
                    break
        if ending is None:
            raise AssistantFailedError("The assistant ended without an outcome.")
        return ending

    @retried_once
    async def _restart(self, actor: Actor, conversation_id: UUID, answering: Answering) -> Answering:
        """Begin the next attempt, whose text replaces what readers have seen; `ReplyClosedError` if none is wanted."""
        async with self.units(actor) as unit:
            conversation = await unit.conversations.get(conversation_id)
            if conversation.answering != answering:
                raise ReplyClosedError
            begun = conversation.begin_answer(answering.question_id, answering.answer_id)
            await unit.commit(Receipt(conversation_id))
        return cast(Answering, begun)

    def _pieces(self, question: Question) -> Pieces:
        return cast(Pieces, self.assistant.answer(question))

    @retried_once
    async def _complete(self, actor: Actor, conversation_id: UUID, answering: Answering, outcome: Outcome) -> None:
        try:
            async with self.units(actor) as unit:
                conversation = await unit.conversations.get(conversation_id)
                conversation.complete_answer(actor, answering, outcome)
                await unit.commit(Receipt(conversation_id))
        except AttemptSupersededError:
            return


def _question(conversation: Conversation, question_id: UUID, correlation: str) -> Question:
    return Question(
        id=question_id,
        organization_id=conversation.organization_id,
        text=conversation.question_text(question_id),
        history=conversation.history(question_id),
        summary=" ".join(conversation.episodes),
        correlation_id=correlation,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        inbox_id=conversation.inbox_id,
    )
