"""How people sorted a conversation: the part of its rules that triage is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.base import Actor, DomainError
from domain.conversation.routed import Routed
from domain.conversation.triage import SubjectChanged, TriageEvent


class ConversationMergedError(DomainError):
    """The conversation goes on in another one of the same customer; `into_id` says which."""

    code: ClassVar[str] = "CONVERSATION_MERGED"

    def __init__(self, into_id: UUID) -> None:
        super().__init__("This conversation was merged into another one. Go on there.")
        self.into_id = into_id


@dataclass
class Sorted(Routed):
    """A conversation as people sort it."""

    subject: str = ""

    def sort(self, event: TriageEvent) -> None:
        """Be sorted otherwise; what changes nothing is no event."""
        if self._is_news(event):
            self._record(event)
            if not self.is_queued:
                self._withdraw()

    def hush(self, actor: Actor, partial: str) -> None:
        """Let the assistant say no more about what was asked; `partial` is what readers have seen of its answer."""
        self._stop(actor, partial)

    def require_going_on(self) -> None:
        """Refuse to say anything in what was merged into another conversation."""
        if self.triage.merged_into is not None:
            raise ConversationMergedError(self.triage.merged_into)

    def _is_news(self, event: TriageEvent) -> bool:
        if isinstance(event, SubjectChanged) and event.subject == self.subject:
            return False
        return isinstance(event, SubjectChanged) or self.triage.after(event) != self.triage
