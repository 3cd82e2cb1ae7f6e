"""What is found out about conversations, for the people who answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.base import Event


class Sentiment(StrEnum):
    """How the customer sounds."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Urgency(StrEnum):
    """How soon somebody should look."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class ConversationClassified(Event):
    """What a conversation is about and how it sounds: what routing goes by.

    `topic` is the title of an article of the organization, `language` a code of ISO 639-1; None where unknown.
    `confidence` is from 0 to 1, None where a language model decided; `made_by` names it, or is `local`.
    """

    topic: str | None
    language: str | None
    sentiment: Sentiment
    urgency: Urgency
    confidence: float | None
    made_by: str


@dataclass(frozen=True, slots=True)
class ConversationSummarized(Event):
    """The first `messages` messages of a conversation in a few sentences, by a language model or `local`."""

    text: str
    messages: int
    made_by: str
