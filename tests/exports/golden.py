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


def fact_of(table: Table, organization_id: UUID, number: int, **given: Any) -> dict[str, Any]:
    """A row of a fact table that holds nothing but what is given, and what must be there."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if not column.nullable:
            row[column.name] = _nothing(column.type)
    identity = uuid5(organization_id, f"{table.name} {number}")
    own = {"id": identity, "organization_id": organization_id, "conversation_id": uuid5(organization_id, str(number))}
    at = BEGAN + timedelta(hours=number)
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


async def put(database_url: str, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows into a fact table, past row security."""
    engine = superuser(database_url)
    async with engine.begin() as connection:
        await connection.execute(insert(facts[name]), list(rows))
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
