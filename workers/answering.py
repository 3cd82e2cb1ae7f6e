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
        recorded, event = work.recorded, work.recorded.event
        if isinstance(event, MessageSent) and event.message.author_kind is ActorKind.CUSTOMER:
            conversation_id = UUID(recorded.stream.partition(":")[2])
            await self.answers.answer(
                recorded.organization_id, conversation_id, event.message.id, recorded.correlation_id
            )
