"""The jobs that wake conversations, and that give them a subject."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.assist.subject import Subjects
from domain.assistant import HandoffReason
from domain.conversation.events import AnswerCompleted, HandoffRequested
from domain.ports import Work
from domain.triage.events import SnoozeEnded
from domain.triage.sorting import Sorting
from workers.assisting import FIRST


@dataclass(frozen=True)
class WakeConversation:
    """Runs on `SnoozeEnded`."""

    sorting: Sorting

    async def __call__(self, work: Work) -> None:
        """Wake the conversation of the event, if it still sleeps until that time."""
        event = work.recorded.event
        if isinstance(event, SnoozeEnded):
            await self.sorting.end_snooze(work.recorded.organization_id, event)


@dataclass(frozen=True)
class NameConversation:
    """Runs on the first `AnswerCompleted`, and on `HandoffRequested`, when a person is to read it: then by a model."""

    subjects: Subjects

    async def __call__(self, work: Work) -> None:
        """Give the conversation of the event a subject, unless it has one."""
        recorded, event = work.recorded, work.recorded.event
        if isinstance(event, AnswerCompleted) and event.message.number > FIRST:
            return
        is_wanted = isinstance(event, HandoffRequested) and event.reason is not HandoffReason.ASSISTANT_FAILED
        conversation_id = UUID(recorded.stream.partition(":")[2])
        await self.subjects.name(recorded.organization_id, conversation_id, by_model=is_wanted)
