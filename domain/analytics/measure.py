"""What is added up: whole numbers that each fact contributes, so that sums of hours are the sums of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """What numbers can be split and filtered by."""

    INBOX = "inbox"
    CHANNEL = "channel"
    TEAM = "team"
    PERSON = "person"
    SEGMENT = "segment"
    TOPIC = "topic"
    LANGUAGE = "language"
    PRIORITY = "priority"
    ACTOR_KIND = "actor_kind"
    OUTCOME = "outcome"
    REASON = "reason"
    ENDED_BY = "ended_by"
    KIND = "kind"
    MODEL = "model"
    MEDIUM = "medium"


OWN: Mapping[str, tuple[Dimension, ...]] = {
    "conversation": (Dimension.REASON,),
    "episode": (Dimension.REASON, Dimension.ENDED_BY),
    "message": (Dimension.KIND,),
    "answer": (Dimension.REASON, Dimension.MODEL),
    "handoff": (Dimension.REASON,),
    "delivery": (Dimension.MEDIUM,),
    "rating": (Dimension.KIND,),
}
"""What not every fact can be split by."""
IDS = (Dimension.INBOX, Dimension.TEAM, Dimension.PERSON)
"""Dimensions whose values are ids."""
DIMENSIONS: Mapping[str, Mapping[str, str]] = {
    fact: {name.value: f"{name}_id" if name in IDS else name.value for name in (*list(Dimension)[:10], *own)}
    for fact, own in OWN.items()
}
"""What each fact can be split and filtered by: the name of a dimension, and the column that holds it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A whole number that a row of a fact contributes: an SQL expression over its columns, null for nothing."""

    name: str
    fact: str
    expression: str


def _count(name: str, fact: str, condition: str) -> Measure:
    return Measure(name, fact, f"CASE WHEN {condition} THEN 1 ELSE 0 END")


WANTED = "outcome <> 'spam'"
ENDED = "outcome IN ('confirmed', 'assumed', 'settled')"
WEEK = "interval '168 hours'"

CONVERSATIONS = _count("conversations", "conversation", WANTED)
ANSWERED = _count("answered_conversations", "conversation", f"assistant_messages > 0 AND {WANTED}")
DEFLECTED = _count("deflected_conversations", "conversation", f"assistant_messages > 0 AND contained AND {WANTED}")
FIRST_RESPONSES = _count("first_responses", "conversation", f"first_response_ms IS NOT NULL AND {WANTED}")
FIRST_RESPONSE = Measure("first_response", "conversation", f"CASE WHEN {WANTED} THEN first_response_ms END")
FIRST_RESPONSE_BUSINESS = Measure(
    "first_response_business", "conversation", f"CASE WHEN {WANTED} THEN first_response_business_ms END"
)
EPISODES = _count("ended_episodes", "episode", ENDED)
CONFIRMED = _count("confirmed_episodes", "episode", "confirmed AND outcome = 'confirmed'")
ASSUMED = _count("assumed_episodes", "episode", "assumed AND outcome = 'assumed'")
CONTAINED = _count("contained_episodes", "episode", f"contained AND {ENDED}")
HANDED_OVER = _count("handed_over_episodes", "episode", f"handoffs > 0 AND {ENDED}")
REOPENED = _count("reopened_episodes", "episode", f"reopened_at IS NOT NULL AND {ENDED}")
DURABLE = _count(
    "durable_episodes",
    "episode",
    f"{ENDED} AND (reopened_at IS NULL OR reopened_at >= ended_at + {WEEK})",
)
RESOLUTION = Measure("resolution", "episode", f"CASE WHEN {ENDED} THEN resolution_ms END")
RESOLUTION_BUSINESS = Measure("resolution_business", "episode", f"CASE WHEN {ENDED} THEN resolution_business_ms END")
RESOLVED_COST = Measure("resolved_cost", "episode", f"CASE WHEN {ENDED} THEN cost_micros END")
LEVELS_MET = Measure("levels_met", "episode", "levels_met")
LEVELS = Measure("levels", "episode", "levels_met + levels_missed")
MESSAGES = Measure("messages", "message", "1")
NEXT_RESPONSES = _count("next_responses", "message", "response_ms IS NOT NULL AND NOT is_first_response")
NEXT_RESPONSE = Measure("next_response", "message", "CASE WHEN NOT is_first_response THEN response_ms END")
NEXT_RESPONSE_BUSINESS = Measure(
    "next_response_business", "message", "CASE WHEN NOT is_first_response THEN response_business_ms END"
)
ANSWERS = _count("answers", "answer", "outcome = 'answer'")
ANSWERS_RATED = _count("rated_answers", "answer", "helpful IS NOT NULL")
ANSWERS_HELPFUL = _count("helpful_answers", "answer", "helpful")
COST = Measure("cost", "answer", "cost_micros")
TOKENS = Measure("tokens", "answer", "tokens_in + tokens_out")
ANSWERS_TIMED = _count("timed_answers", "answer", "took_ms IS NOT NULL")
ANSWER_TIME = Measure("answer_time", "answer", "took_ms")
FIRST_TEXT = Measure("first_text", "answer", "first_text_ms")
FIRST_TEXTS = _count("first_texts", "answer", "first_text_ms IS NOT NULL")
HANDOFFS = Measure("handoffs", "handoff", "1")
HANDOFFS_TAKEN = _count("taken_handoffs", "handoff", "wait_ms IS NOT NULL")
HANDOFF_WAIT = Measure("handoff_wait", "handoff", "wait_ms")
HANDOFF_WAIT_BUSINESS = Measure("handoff_wait_business", "handoff", "wait_business_ms")
DELIVERIES = Measure("deliveries", "delivery", "1")
DELIVERIES_FAILED = _count("failed_deliveries", "delivery", "outcome = 'failed'")
SURVEYS = _count("surveys", "rating", "kind = 'survey'")
SURVEYS_ANSWERED = _count("answered_surveys", "rating", "score IS NOT NULL")
SURVEYS_CONTENT = _count("content_surveys", "rating", "score >= 4")
SCORES = Measure("scores", "rating", "score")

MEASURES: Mapping[str, tuple[Measure, ...]] = {
    "conversation": (
        CONVERSATIONS,
        ANSWERED,
        DEFLECTED,
        FIRST_RESPONSES,
        FIRST_RESPONSE,
        FIRST_RESPONSE_BUSINESS,
    ),
    "episode": (
        EPISODES,
        CONFIRMED,
        ASSUMED,
        CONTAINED,
        HANDED_OVER,
        REOPENED,
        DURABLE,
        RESOLUTION,
        RESOLUTION_BUSINESS,
        RESOLVED_COST,
        LEVELS_MET,
        LEVELS,
    ),
    "message": (
        MESSAGES,
        NEXT_RESPONSES,
        NEXT_RESPONSE,
        NEXT_RESPONSE_BUSINESS,
    ),
    "answer": (
        ANSWERS,
        ANSWERS_RATED,
        ANSWERS_HELPFUL,
        COST,
        TOKENS,
        ANSWERS_TIMED,
        ANSWER_TIME,
        FIRST_TEXT,
        FIRST_TEXTS,
    ),
    "handoff": (
        HANDOFFS,
        HANDOFFS_TAKEN,
        HANDOFF_WAIT,
        HANDOFF_WAIT_BUSINESS,
    ),
    "delivery": (
        DELIVERIES,
        DELIVERIES_FAILED,
    ),
    "rating": (
        SURVEYS,
        SURVEYS_ANSWERED,
        SURVEYS_CONTENT,
        SCORES,
    ),
}
"""The measures of each fact, in the order in which roll-ups keep their sums: new ones go to the end of their fact."""
SPREAD: Mapping[str, tuple[Measure, ...]] = {
    "conversation": (FIRST_RESPONSE, FIRST_RESPONSE_BUSINESS),
    "episode": (RESOLUTION, RESOLUTION_BUSINESS),
    "message": (NEXT_RESPONSE, NEXT_RESPONSE_BUSINESS),
    "answer": (ANSWER_TIME, FIRST_TEXT),
    "handoff": (HANDOFF_WAIT, HANDOFF_WAIT_BUSINESS),
}
"""The measures whose percentiles can be asked for."""
