"""The jobs that keep help for agents current; no customer waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.assist.service import Assist
from domain.assistant import HandoffReason
from domain.conversation.events import AnswerCompleted, HandoffRequested, MessageSent
from domain.ports import Work

FIRST = 3
"""The number that the first answer of a conversation has at most, where its customer wrote twice before it."""


@dataclass(frozen=True)
class ClassifyConversation:
    """Runs on the first `AnswerCompleted`, and on `HandoffRequested`: when nobody waits for the assistant any more."""

    assist: Assist

    async def __call__(self, work: Work) -> None:
        """Find out what the conversation is about; for whoever is to have it, by a model."""
        place, event = (work.recorded.organization_id, _conversation(work)), work.recorded.event
        if isinstance(event, HandoffRequested) and not _is_failure(work):
            await self.assist.needs_person(*place)
        elif not isinstance(event, AnswerCompleted) or event.message.number <= FIRST:
            await self.assist.arrived(*place)


@dataclass(frozen=True)
class SummarizeConversation:
    """Runs when a conversation changes hands or ends, and on each `MessageSent` of an agent."""

    assist: Assist

    async def __call__(self, work: Work) -> None:
        """Make the summary anew, if somebody may need it."""
        await self.assist.went_on(
            work.recorded.organization_id,
            _conversation(work),
            changed_hands=not isinstance(work.recorded.event, MessageSent),
            by_model=not _is_failure(work),
        )


def _is_failure(work: Work) -> bool:
    """Whether the conversation is handed over because every model failed: nobody asks them again."""
    event = work.recorded.event
    return isinstance(event, HandoffRequested) and event.reason is HandoffReason.ASSISTANT_FAILED


def _conversation(work: Work) -> UUID:
    return UUID(work.recorded.stream.partition(":")[2])
