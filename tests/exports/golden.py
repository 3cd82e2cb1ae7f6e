"""A small golden set of facts, whose numbers can be told by hand, and as many others as somebody wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Boolean, DateTime, Integer, Table, insert, text

from domain.account.organization import default_inbox_of
from infra.analytics.rows import facts
from tests.security.rows import superuser

BEGAN = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
GOLDEN = [
    # outcome, contained, handoffs, first response in ms, cost in millionths, channel
    ("resolved", True, 0, 1_000, 500, "chat"),
    ("resolved", True, 0, 3_000, 700, "chat"),
    ("resolved", False, 1, 60_000, 900, "email"),
    ("open", False, 1, 120_000, 100, "email"),
]
"""Two of four contained, two handed over, 2,200 millionths in all; the mean first response is 46 seconds."""


OTHERS: dict[str, list[dict[str, Any]]] = {
    "episode": [
        {"outcome": "confirmed", "confirmed": True, "contained": True, "resolution_ms": 60_000, "cost_micros": 500},
        {"outcome": "assumed", "assumed": True, "contained": True, "resolution_ms": 120_000, "cost_micros": 700},
        {"outcome": "settled", "resolution_ms": 600_000, "handoffs": 1, "cost_micros": 900, "reopened_at": BEGAN},
        {"outcome": "open", "handoffs": 1, "cost_micros": 100},
    ],
    "message": [{"actor_kind": "customer", "outcome": "sent", "kind": "message", "number": 1, "episode": 1}],
    "answer": [
        {"outcome": "answer", "model": "small", "took_ms": 1_000, "cost_micros": 500, "helpful": True},
        {"outcome": "answer", "model": "small", "took_ms": 2_000, "cost_micros": 700, "helpful": False},
        {"outcome": "handoff", "model": "large", "took_ms": 3_000, "cost_micros": 1_000},
    ],
    "handoff": [
        {"outcome": "taken", "reason": "customer_asked", "wait_ms": 30_000, "taken_at": BEGAN},
        {"outcome": "taken", "reason": "customer_asked", "wait_ms": 90_000, "taken_at": BEGAN},
        {"outcome": "waiting", "reason": "not_in_knowledge"},
    ],
    "delivery": [
        {"outcome": "sent", "medium": "email", "took_ms": 100},
        {"outcome": "sent", "medium": "email", "took_ms": 300},
        {"outcome": "failed", "medium": "sms"},
    ],
    "rating": [
        {"outcome": "answered", "kind": "survey", "score": 5},
        {"outcome": "answered", "kind": "survey", "score": 3},
        {"outcome": "asked", "kind": "survey"},
        {"outcome": "answered", "kind": "answer", "helpful": True},
    ],
}
"""What else there is, an hour apart each: three of four episodes have ended, two of these contained."""
ENDED = ("confirmed", "assumed", "settled")


def fact_of(table: Table, organization_id: UUID, place: int, /, **given: Any) -> dict[str, Any]:
    """A row of a fact table that holds nothing but what is given, and what must be there."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if not column.nullable:
            row[column.name] = _nothing(column.type)
    identity = uuid5(organization_id, f"{table.name} {place}")
    own = {"id": identity, "organization_id": organization_id, "conversation_id": uuid5(organization_id, str(place))}
    at = BEGAN + timedelta(hours=place)
    shared = {"at": at, "inbox_id": default_inbox_of(organization_id), "actor_kind": "assistant"}
    return row | own | shared | given


def _nothing(kind: Any) -> Any:
    match kind:
        case Boolean():
            return False
        case Integer():
            return 0
        case DateTime():
            return BEGAN
    return "x"


def golden(organization_id: UUID) -> list[dict[str, Any]]:
    """The golden conversations, an hour apart."""
    named = ("outcome", "contained", "handoffs", "first_response_ms", "cost_micros", "channel")
    rows = [dict(zip(named, values, strict=True)) for values in GOLDEN]
    return [fact_of(facts["conversation"], organization_id, number, **row) for number, row in enumerate(rows)]


def others(organization_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """The golden facts of all other kinds."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, given in OTHERS.items():
        rows = [fact_of(facts[name], organization_id, number, **row) for number, row in enumerate(given)]
        for row in rows:
            if name == "episode" and row["outcome"] in ENDED:
                row["ended_at"] = row["at"]
        found[name] = rows
    return found


async def put(database_url: str, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows into a fact table, past row security."""
    engine = superuser(database_url)
    async with engine.begin() as connection:
        for row in rows:  # one by one: each says other things
            await connection.execute(insert(facts[name]), row)
    await engine.dispose()


MANY = """
INSERT INTO conversation_fact
SELECT (m.one).* FROM generate_series(1, :count) AS number, LATERAL (
  SELECT jsonb_populate_record(f, jsonb_build_object(
    'id', md5(number::text || f.organization_id::text)::uuid,
    'at', f.at + number * interval '1 second', 'channel', 'chat', 'first_response_ms', number)) AS one
  FROM conversation_fact f WHERE f.organization_id = :owner AND f.id = :model) AS m
"""


async def put_many(database_url: str, organization_id: UUID, count: int) -> None:
    """Put so many conversations in, a second apart, after the first of the golden ones, which is there."""
    model = golden(organization_id)[0]
    engine = superuser(database_url)
    async with engine.begin() as connection:
        await connection.execute(insert(facts["conversation"]), [model])
        await connection.execute(text(MANY), {"count": count, "owner": organization_id, "model": model["id"]})
    await engine.dispose()
