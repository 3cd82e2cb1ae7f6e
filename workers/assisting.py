"""The jobs that keep help for agents current; no customer waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.assist.service import EVERY, Assist
from domain.conversation.events import MessageSent
from domain.ports import Work


@dataclass(frozen=True)
class ClassifyConversation:
    """Runs on `ConversationStarted`."""

    assist: Assist

    async def __call__(self, work: Work) -> None:
        """Find out what the new conversation is about."""
        await self.assist.arrived(work.recorded.organization_id, _conversation(work))


@dataclass(frozen=True)
class SummarizeConversation:
    """Runs when a conversation changes hands or ends, and on `MessageSent`, of which every few are looked at."""

    assist: Assist

    async def __call__(self, work: Work) -> None:
        """Make the summary anew, if somebody may need it."""
        event = work.recorded.event
        is_message = isinstance(event, MessageSent)
        if isinstance(event, MessageSent) and event.message.number % EVERY:
            return
        await self.assist.went_on(work.recorded.organization_id, _conversation(work), changed_hands=not is_message)


def _conversation(work: Work) -> UUID:
    return UUID(work.recorded.stream.partition(":")[2])
