"""The facts that numbers are made of: rows without text, each about one thing that happened.

Ids are text, as the journal has them; lengths of time are whole milliseconds, money is millionths.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Fact:
    """What every fact says. `at` is the moment that it is counted at; None is what does not apply or is not known."""

    id: str
    organization_id: str
    conversation_id: str | None
    at: datetime
    inbox_id: str | None = None
    channel: str | None = None
    team_id: str | None = None
    person_id: str | None = None
    customer_id: str | None = None
    segment: str | None = None
    topic: str | None = None
    language: str | None = None
    priority: str | None = None
    actor_kind: str = "customer"
    outcome: str = "open"
    reason: str | None = None


@dataclass(slots=True)
class ConversationFact(Fact):
    """A conversation, at the moment that it began; `ended_at` is its last resolution, None while it goes on."""

    episodes: int = 1
    messages: int = 0
    customer_messages: int = 0
    assistant_messages: int = 0
    person_messages: int = 0
    automation_messages: int = 0
    handoffs: int = 0
    ended_at: datetime | None = None
    first_response_ms: int | None = None
    first_response_business_ms: int | None = None
    resolution_ms: int | None = None
    resolution_business_ms: int | None = None
    contained: bool = True
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0


@dataclass(slots=True)
class EpisodeFact(Fact):
    """A spell of a conversation, at the moment that it was resolved, or while it goes on at the one it began."""

    number: int = 1
    started_at: datetime = EPOCH
    ended_at: datetime | None = None
    ended_by: str | None = None
    confirmed: bool = False
    assumed: bool = False
    reopened_at: datetime | None = None
    messages: int = 0
    customer_messages: int = 0
    assistant_messages: int = 0
    person_messages: int = 0
    automation_messages: int = 0
    handoffs: int = 0
    first_response_ms: int | None = None
    first_response_business_ms: int | None = None
    resolution_ms: int | None = None
    resolution_business_ms: int | None = None
    contained: bool = True
    levels_met: int = 0
    levels_missed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0


@dataclass(slots=True)
class MessageFact(Fact):
    """A message; a reply knows how long the first word that it answers had been waiting."""

    number: int = 1
    episode: int = 1
    kind: str = ""
    is_first_response: bool = False
    response_ms: int | None = None
    response_business_ms: int | None = None
    undelivered: bool = False


@dataclass(slots=True)
class AnswerFact(Fact):
    """An answer of the assistant with all attempts at it, at the moment that the first of them began."""

    episode: int = 1
    model: str | None = None
    attempts: int = 1
    took_ms: int | None = None
    first_text_ms: int | None = None
    confidence: float | None = None
    citations: int = 0
    tools: int = 0
    tokens_cached: int = 0
    helpful: bool | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0


@dataclass(slots=True)
class HandoffFact(Fact):
    """That a person was needed; it waits until somebody has it, and the customer until somebody says something."""

    episode: int = 1
    taken_at: datetime | None = None
    wait_ms: int | None = None
    wait_business_ms: int | None = None
    reply_ms: int | None = None
    reply_business_ms: int | None = None


@dataclass(slots=True)
class DeliveryFact(Fact):
    """Something that was sent by mail, text message, push or webhook."""

    medium: str = ""
    attempts: int = 0
    sent_at: datetime | None = None
    took_ms: int | None = None


@dataclass(slots=True)
class RatingFact(Fact):
    """A survey that a customer was asked to answer, or an answer of the assistant that they rated."""

    episode: int = 1
    kind: str = ""
    score: int | None = None
    helpful: bool | None = None
    answered_at: datetime | None = None


FACTS: dict[str, type[Fact]] = {
    "conversation": ConversationFact,
    "episode": EpisodeFact,
    "message": MessageFact,
    "answer": AnswerFact,
    "handoff": HandoffFact,
    "delivery": DeliveryFact,
    "rating": RatingFact,
}
"""All of them by the names that tables, metrics and exports know them by."""


def columns_of(kind: type[Fact]) -> tuple[str, ...]:
    """What a fact says, in order."""
    return tuple(one.name for one in fields(kind))


VALUES: dict[type[Fact], Any] = {kind: attrgetter(*columns_of(kind)) for kind in FACTS.values()}
"""From a fact to its values, in the order of its columns."""
