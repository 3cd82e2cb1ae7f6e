"""The job that lets the assistant answer a message."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.base import ActorKind
from domain.conversation.answering import Answers
from domain.conversation.events import MessageSent
from domain.ports import Work


@dataclass(frozen=True)
class AnswerQuestion:
    """Runs on `MessageSent`; an agent's words need no answer."""

    answers: Answers

    async def __call__(self, work: Work) -> None:
        """Answer the message of the event, once."""
        if place := _question(work):
            await self.answers.answer(*place, work.recorded.correlation_id)

    async def give_up(self, work: Work) -> None:
        """Let a person answer the message of the event."""
        if place := _question(work):
            await self.answers.give_up(*place)


def _question(work: Work) -> tuple[UUID, UUID, UUID] | None:
    """The organization, the conversation and the message of a customer's question; None where nobody asked."""
    recorded, event = work.recorded, work.recorded.event
    if isinstance(event, MessageSent) and event.message.author_kind is ActorKind.CUSTOMER:
        return recorded.organization_id, UUID(recorded.stream.partition(":")[2]), event.message.id
    return None
