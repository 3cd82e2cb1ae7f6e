"""What is kept of a conversation beside it: its summary and its classification, each under the conversation's id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.assist.events import ConversationClassified, ConversationSummarized, Sentiment, Urgency
from domain.base import Aggregate, Event

LOCAL = "local"
"""Who made what no language model made."""


@dataclass
class Summary(Aggregate):
    """A few sentences about the first `messages` messages of a conversation."""

    text: str = ""
    messages: int = 0
    made_by: str = LOCAL
    made_at: datetime | None = None

    def write(self, found: ConversationSummarized, at: datetime) -> None:
        """Replace it, unless it covers more already."""
        if found.messages >= self.messages:
            self._record(found)
            self.made_at = at

    def _apply(self, event: Event) -> None:
        if isinstance(event, ConversationSummarized):
            self.text, self.messages, self.made_by = event.text, event.messages, event.made_by


@dataclass
class Classification(Aggregate):
    """What a conversation is about and how it sounds."""

    topic: str | None = None
    language: str | None = None
    sentiment: Sentiment = Sentiment.NEUTRAL
    urgency: Urgency = Urgency.NORMAL
    confidence: float | None = None
    made_by: str = LOCAL
    made_at: datetime | None = None

    def write(self, found: ConversationClassified, at: datetime) -> None:
        """Replace it."""
        self._record(found)
        self.made_at = at

    def _apply(self, event: Event) -> None:
        if isinstance(event, ConversationClassified):
            self.topic, self.language, self.made_by = event.topic, event.language, event.made_by
            self.sentiment, self.urgency, self.confidence = event.sentiment, event.urgency, event.confidence


@dataclass(frozen=True, slots=True)
class SummaryView:
    """A summary; it `is_current` while the conversation has no message after those that it covers."""

    conversation_id: UUID
    text: str
    is_current: bool
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ClassificationView:
    """A classification, as `ConversationClassified` has it."""

    conversation_id: UUID
    topic: str | None
    language: str | None
    sentiment: Sentiment
    urgency: Urgency
    confidence: float | None
    made_by: str
    made_at: datetime
