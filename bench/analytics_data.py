"""Fills a journal with two years of conversations, straight into its table, with the messages that they come to."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy.engine import make_url

from domain.assistant import HandoffReason

SPAN = timedelta(days=730)
END = datetime(2026, 11, 1, tzinfo=UTC)
TURNS = 10
"""Words of a customer in a conversation on average; each is answered, so there are twice as many messages."""
SOME = 500
"""Conversations whose events are mixed by their times, and copied at once."""
MODELS = ("small", "medium", "large")
TOPICS = tuple(f"Topic {number}" for number in range(40))
EVENT = (
    "organization_id",
    "stream",
    "version",
    "kind",
    "payload",
    "actor",
    "at",
    "correlation_id",
    "delivered_position",
)
MESSAGE = (
    *("id", "organization_id", "conversation_id", "number", "episode", "author_kind", "author_id", "kind", "text"),
    "created_at",
)
CONVERSATION = (
    *("id", "organization_id", "customer_id", "inbox_id", "state", "subject", "episode", "message_count"),
    *("customer_message_count", "version", "started_at", "last_activity_at"),
)
WORDS = "My parcel has not arrived yet, and the link in the mail shows nothing. What can I do about it? " * 2


def superuser_of(database_url: str) -> str:
    """The address for whoever may copy into tables under row security."""
    url = make_url(database_url).set(drivername="postgresql", username="postgres")
    return url.render_as_string(hide_password=False)


@dataclass
class Desk:
    """One organization's people and inboxes, and the chance by which their conversations go."""

    organization_id: UUID
    inbox_ids: Sequence[UUID]
    agent_ids: Sequence[UUID]
    chance: random.Random
    position: int = 0


@dataclass
class Tale:
    """One conversation as rows: of the journal, of messages, and of itself."""

    desk: Desk
    at: datetime
    id: UUID = field(init=False)
    agent_id: UUID = field(init=False)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id, self.agent_id = self.new(), self.desk.chance.choice(self.desk.agent_ids)

    def new(self) -> UUID:
        """An id by chance."""
        return UUID(int=self.desk.chance.getrandbits(128), version=4)

    def happens(self, kind: str, by: str, content: dict[str, Any], after: float = 1.0) -> None:
        """Some seconds later, `after` on average."""
        self.at += timedelta(seconds=round(self.desk.chance.expovariate(1 / after), 3) + 0.001)
        owner = self.desk.organization_id
        concept = "classification" if kind == "ConversationClassified" else "conversation"
        version = 1 if concept == "classification" else len(self.events) + 1
        actor = f"{by}:{owner}"
        self.events.append(
            (
                owner,
                f"{concept}:{self.id}",
                version,
                kind,
                orjson.dumps(content, default=str),
                actor,
                self.at,
                "",
            )
        )

    def message(self, author: str, kind: str, identity: UUID | None = None, **more: Any) -> dict[str, Any]:
        """What is said next."""
        number, author_id = len(self.messages) + 1, self.agent_id if author == "agent" else None
        identity = identity or self.new()
        row = (identity, self.desk.organization_id, self.id, number, 1, author, author_id, kind, WORDS, self.at)
        self.messages.append(row)
        said = {"id": identity, "number": number, "episode": 1, "author_kind": author, "author_id": author_id}
        return {"message": said | {"kind": kind, "text": WORDS, "citations": [], "choices": [], **more}}

    def tell(self) -> tuple[Any, ...]:
        """Let it happen; gives the row of the conversation."""
        desk, chance, began = self.desk, self.desk.chance, self.at
        customer, inbox = self.new(), chance.choice(desk.inbox_ids)
        self.happens(
            "ConversationStarted", "customer", {"customer_id": customer, "subject": "Words", "inbox_id": inbox}
        )
        handed_over = TURNS if chance.random() < 0.7 else chance.randrange(TURNS)
        for turn in range(max(1, round(chance.gauss(TURNS, TURNS / 4)))):
            self.happens("MessageSent", "customer", self.message("customer", "text"), 90)
            if turn < handed_over:
                self._answer()
            elif turn == handed_over:
                self._hand_over()
            else:
                self.happens("MessageSent", "agent", self.message("agent", "text"), 240)
        topic = {"topic": chance.choice(TOPICS), "language": chance.choice(["de", "en", "fr", "pt"])}
        self.happens("ConversationClassified", "assistant", topic)
        self._end()
        return (
            *(self.id, desk.organization_id, customer, inbox, "resolved", "Words", 1, len(self.messages)),
            *(len(self.messages) // 2, len(self.events), began, self.at),
        )

    def _answer(self) -> None:
        chance, answer = self.desk.chance, self.new()
        self.happens(
            "AnswerStarted", "assistant", {"answer_id": answer, "question_id": self.messages[-1][0], "attempt": 1}
        )
        used = {"read": chance.randrange(500, 4_000), "written": chance.randrange(50, 400), "cached": 0}
        made = {"model": chance.choice(MODELS), "confidence": 0.8, "threshold": 0.5, "usage": used}
        made |= {
            "cost_micros": chance.randrange(100, 20_000),
            "first_text_ms": chance.expovariate(1 / 600),
            "tools": [],
        }
        content = self.message("assistant", "answer", answer, provenance=made)
        self.happens("AnswerCompleted", "assistant", content, 4)
        if chance.random() < 0.05:
            self.happens("AnswerRated", "customer", {"message_id": answer, "helpful": chance.random() < 0.8}, 30)

    def _hand_over(self) -> None:
        reason = self.desk.chance.choice(list(HandoffReason))
        line = self.message("assistant", "handoff")
        self.happens("HandoffRequested", "assistant", {"reason": reason, "summary": "Words", **line}, 2)
        self.happens("ConversationTakenOver", "agent", {"agent_id": self.agent_id}, 300)
        self.happens("MessageSent", "agent", self.message("agent", "text"), 120)

    def _end(self) -> None:
        chance, survey = self.desk.chance, self.new()
        by = chance.choices(("customer", "agent", "system"), (3, 4, 3))[0]
        self.happens("ConversationResolved", by, {"episode": 1, "summary": "Words"}, 600)
        self.happens("SurveyAsked", "assistant", {"survey_id": survey, "episode": 1})
        if chance.random() < 0.3:
            score = chance.choices(range(1, 6), (1, 1, 2, 5, 6))[0]
            self.happens("SurveyAnswered", "customer", {"survey_id": survey, "episode": 1, "score": score}, 3_600)


def tales(desk: Desk, messages: int) -> Iterator[list[Tale]]:
    """Conversations of two years with so many messages, in the order of their beginnings, some at a time."""
    count = max(1, messages // (2 * TURNS))
    for first in range(0, count, SOME):
        numbers = range(first, min(first + SOME, count))
        yield [Tale(desk, END - SPAN + SPAN * (number / count)) for number in numbers]


async def fill(database_url: str, desk: Desk, messages: int) -> int:
    """Copy them into the journal, delivered, and beside it; how many events there are."""
    connection = await asyncpg.connect(superuser_of(database_url))
    try:
        await connection.execute("SET session_replication_role = replica")  # neither keys nor searching are measured
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_jsonb, decoder=bytes, format="binary")
        for some in tales(desk, messages):
            conversations = [tale.tell() for tale in some]
            told = sorted((event for tale in some for event in tale.events), key=lambda event: event[6])
            placed = [(*event, desk.position + number) for number, event in enumerate(told, 1)]
            desk.position += len(placed)
            said = [message for tale in some for message in tale.messages]
            for table, columns, rows in (
                ("event", EVENT, placed),
                ("conversation", CONVERSATION, conversations),
                ("message", MESSAGE, said),
            ):
                await connection.copy_records_to_table(table, records=rows, columns=columns)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return desk.position


def _jsonb(value: bytes) -> bytes:
    """As Postgres takes it: a version, then the text."""
    return b"\x01" + value
