"""The tables of analytics: facts in partitions by month, and what is rolled up from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlmodel import SQLModel

Columns = dict[str, Any]

SHARED: Columns = {
    "id": Uuid,
    "organization_id": Uuid,
    "conversation_id": Uuid,
    "at": DateTime(timezone=True),
    "inbox_id": Uuid,
    "channel": Text,
    "team_id": Uuid,
    "person_id": Uuid,
    "customer_id": Uuid,
    "segment": Text,
    "topic": Text,
    "language": Text,
    "priority": Text,
    "actor_kind": Text,
    "outcome": Text,
    "reason": Text,
}
"""What every fact says, in this order."""
KEY = ("organization_id", "at", "id")
CERTAIN = {*KEY, "conversation_id", "actor_kind", "outcome"}
COSTS: Columns = {"tokens_in": BigInteger, "tokens_out": BigInteger, "cost_micros": BigInteger}
COUNTS: Columns = dict.fromkeys(
    ("messages", "customer_messages", "assistant_messages", "person_messages", "automation_messages", "handoffs"),
    Integer,
)
RESPONSES: Columns = dict.fromkeys(
    ("first_response_ms", "first_response_business_ms", "resolution_ms", "resolution_business_ms"), BigInteger
)
MOMENT = DateTime(timezone=True)

FACTS: dict[str, Columns] = {
    "conversation": {"episodes": Integer, **COUNTS, "ended_at": MOMENT, **RESPONSES, "contained": Boolean, **COSTS},
    "episode": {
        "number": Integer,
        "started_at": MOMENT,
        "ended_at": MOMENT,
        "ended_by": Text,
        "confirmed": Boolean,
        "assumed": Boolean,
        "reopened_at": MOMENT,
        **COUNTS,
        **RESPONSES,
        "contained": Boolean,
        "levels_met": Integer,
        "levels_missed": Integer,
        **COSTS,
    },
    "message": {
        "number": Integer,
        "episode": Integer,
        "kind": Text,
        "is_first_response": Boolean,
        "response_ms": BigInteger,
        "response_business_ms": BigInteger,
        "undelivered": Boolean,
    },
    "answer": {
        "episode": Integer,
        "model": Text,
        "attempts": Integer,
        "took_ms": BigInteger,
        "first_text_ms": BigInteger,
        "confidence": Double,
        "citations": Integer,
        "tools": Integer,
        "tokens_cached": BigInteger,
        "helpful": Boolean,
        **COSTS,
    },
    "handoff": {
        "episode": Integer,
        "taken_at": MOMENT,
        "wait_ms": BigInteger,
        "wait_business_ms": BigInteger,
        "reply_ms": BigInteger,
        "reply_business_ms": BigInteger,
    },
    "delivery": {"medium": Text, "attempts": Integer, "sent_at": MOMENT, "took_ms": BigInteger},
    "rating": {
        "episode": Integer,
        "kind": Text,
        "score": SmallInteger,
        "helpful": Boolean,
        "answered_at": MOMENT,
    },
}
"""What each fact says beside that: counts, yes or no, moments, and times in milliseconds."""
UNCERTAIN = {
    *("first_response_ms", "first_response_business_ms", "resolution_ms", "resolution_business_ms", "ended_at"),
    *("ended_by", "reopened_at", "response_ms", "response_business_ms", "model", "took_ms", "first_text_ms"),
    *("confidence", "helpful", "taken_at", "wait_ms", "wait_business_ms", "reply_ms", "reply_business_ms", "sent_at"),
    *("score", "answered_at"),
}


def _columns(name: str, own: Columns) -> Iterator[Column[Any]]:
    certain = CERTAIN - {"conversation_id"} if name == "delivery" else CERTAIN
    for column, kind in SHARED.items():
        yield Column(column, kind, primary_key=column in KEY, nullable=column not in certain)
    for column, kind in own.items():
        yield Column(column, kind, nullable=column in UNCERTAIN)


def _fact(name: str, own: Columns) -> Table:
    indexes = [Index(f"{name}_fact_conversation", "conversation_id")]
    if name == "delivery":
        indexes.append(Index("delivery_fact_queued", "outcome", postgresql_where=text("outcome = 'queued'")))
    columns = _columns(name, own)
    return Table(f"{name}_fact", SQLModel.metadata, *columns, *indexes, postgresql_partition_by="RANGE (at)")


def _rolled(name: str, key: Columns, own: Columns) -> Table:
    keys = [Column(column, kind, primary_key=True, autoincrement=False) for column, kind in key.items()]
    return Table(name, SQLModel.metadata, *keys, *(Column(one, kind, nullable=False) for one, kind in own.items()))


facts = {name: _fact(name, own) for name, own in FACTS.items()}
CELL: Columns = {"organization_id": Uuid, "fact": Text, "dimension": Text, "hour": MOMENT, "value": Text}
cells = _rolled("rollup_cell", CELL, {"sums": ARRAY(BigInteger)})
"""For one hour and one value of one dimension, or `all` and ``: the sums of a fact's measures, in their order."""
SKETCH: Columns = {"organization_id": Uuid, "measure": Text, "dimension": Text, "hour": MOMENT, "value": Text}
sketches = _rolled("rollup_sketch", SKETCH, {"buckets": ARRAY(Integer), "counts": ARRAY(Integer)})
"""The same for how a measure of time is spread: how many rows are in which bucket of a logarithmic scale."""
due = _rolled("rollup_due", {"organization_id": Uuid, "fact": Text, "hour": MOMENT}, {})
"""Hours whose facts are others than the ones that were rolled up."""
places = _rolled("rollup_place", {"name": Text}, {"position": BigInteger, "at": MOMENT})
"""How far the journal is folded into facts."""
