"""The jobs that keep help for agents current; no customer waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.assist.service import EVERY, Assist
from domain.assistant import HandoffReason
from domain.conversation.events import HandoffRequested, MessageSent
from domain.ports import Work


@dataclass(frozen=True)
class ClassifyConversation:
    """Runs on `ConversationStarted`, and on `HandoffRequested`: not where all models have just failed."""

    assist: Assist

    async def __call__(self, work: Work) -> None:
        """Find out what the conversation is about."""
        place = work.recorded.organization_id, _conversation(work)
        if not isinstance(work.recorded.event, HandoffRequested):
            await self.assist.arrived(*place)
        elif not _is_failure(work):
            await self.assist.needs_person(*place)


@dataclass(frozen=True)
class SummarizeConversation:
    """Runs when a conversation changes hands or ends, and on `MessageSent`, of which every few are looked at."""

    assist: Assist

    async def __call__(self, work: Work) -> None:
        """Make the summary anew, if somebody may need it."""
        event = work.recorded.event
        if isinstance(event, MessageSent) and event.message.number % EVERY:
            return
        await self.assist.went_on(
            work.recorded.organization_id,
            _conversation(work),
            changed_hands=not isinstance(event, MessageSent),
            by_model=not _is_failure(work),
        )


def _is_failure(work: Work) -> bool:
    """Whether the conversation is handed over because every model failed: nobody asks them again."""
    event = work.recorded.event
    return isinstance(event, HandoffRequested) and event.reason is HandoffReason.ASSISTANT_FAILED


def _conversation(work: Work) -> UUID:
    return UUID(work.recorded.stream.partition(":")[2])
