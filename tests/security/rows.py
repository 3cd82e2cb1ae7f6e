"""Fills every tenant table with a row, found from the tables themselves, so that a new one is not forgotten."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from infra.accounts import rows as account_rows  # noqa: F401  it adds its tables to the ones of `rows`
from infra.rows import organizations

TABLES: Mapping[str, Table] = organizations.metadata.tables
PERSONAL = ("recovery_code", "mail_token")
"""Tables of no tenant, whose rows belong to a person."""
SHARED = ("sign_in_throttle", "signing_key", "search_backlog", "rollup_place")
"""Tables of no tenant and of nobody."""
TENANTS = [name for name, table in TABLES.items() if "organization_id" in table.c]

EMPTY = (
    "suspended_at",
    "ended_at",
    "ended_reason",
    "revoked_at",
    "accepted_at",
    "merged_into",
    "erased_at",
    "answering_id",
    "builtin",
)
CHOSEN: Mapping[tuple[str, str], Any] = {
    ("tag", "color"): "gray",
    ("attribute_definition", "applies_to"): "conversation",
    ("attribute_definition", "kind"): "text",
    ("attribute_definition", "key"): "size",
    ("attribute_definition", "choices"): [],
    ("view", "agent_id"): None,
    ("view", "ordering"): "activity",
    ("macro", "agent_id"): None,
    ("macro", "actions"): {"handling": "take_over"},
    ("session", "customer_id"): None,
    ("channel_account", "channel"): "email",
    ("contact", "kind"): "email",
    ("channel_message", "authentication"): "passed",
    ("unreachable", "failure"): "bounced",
    ("job", "state"): "dead",
    ("file", "purpose"): "message",
    ("file", "state"): "ready",
    ("file", "refusal"): None,
    ("note", "deleted_at"): None,
    ("job", "name"): "write_answer",
    ("identity_key", "kind"): "hmac",
    ("conversation_classification", "sentiment"): "neutral",
    ("conversation_classification", "urgency"): "normal",
    ("budget", "scope"): "organization",
    ("gap", "state"): "open",
    ("gap_question", "reason"): "refused",
    ("budget", "period"): "month",
    ("tool", "server_id"): None,
    ("tool", "name"): "{mark}_tool",
    ("tool", "url"): "https://{mark}.example/",
    ("tool", "kind"): "acting",
    ("tool", "method"): "post",
    ("tool", "parameters"): {"type": "object"},
    ("tool_call", "state"): "proposed",
    ("service_level_policy", "targets"): {"normal": {"first_response": 60}},
    ("service_level", "clocks"): [],
    ("rule", "triggers"): ["resolved"],
    ("rule", "actions"): [{"kind": "resolve"}],
    ("rule_run", "actions"): [],
    ("rule_run", "outcome"): "not_applied",
    ("rule_run", "event_kind"): "resolved",
    ("delivery", "medium"): "email",
    ("delivery", "state"): "failed",
    ("notification", "kind"): "mentioned",
    ("notification", "by"): "system",
    ("notification_bundle", "means"): "email",
    ("webhook", "enabled"): False,
    ("availability", "status"): "offline",
    ("privacy_request", "kind"): "export",
    ("privacy_request", "state"): "open",
    ("privacy_request", "asked_by"): "system",
}


async def fill(connection: AsyncConnection, organization_id: UUID, mark: str) -> None:
    """Give an organization a row in each table where it has none; every text in them contains the mark."""
    person = await _person(connection, organization_id, mark)
    known: dict[str, Mapping[str, Any]] = {"person": {"id": person}, "organization": {"id": organization_id}}
    for table in organizations.metadata.sorted_tables:
        if table.name in (*known, *SHARED):
            continue
        known[table.name] = await _any(connection, table, organization_id, person) or await _made(
            connection, table, organization_id, mark, known
        )


async def _person(connection: AsyncConnection, organization_id: UUID, mark: str) -> UUID:
    a = TABLES["agent"].c
    found = select(a.person_id).where(a.organization_id == organization_id, a.person_id.is_not(None)).limit(1)
    person_id = await connection.scalar(found)
    if person_id is None:
        raise LookupError(f"Nobody of {mark} is a person.")
    return UUID(str(person_id))


async def _any(connection: AsyncConnection, table: Table, organization_id: UUID, person: UUID) -> Any:
    owner = table.c.organization_id == organization_id if table.name in TENANTS else table.c.person_id == person
    wanted = select(table).where(owner).order_by(*table.primary_key.columns).limit(1)
    return (await connection.execute(wanted)).mappings().one_or_none()


async def _made(
    connection: AsyncConnection, table: Table, organization_id: UUID, mark: str, known: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any]:
    row = {
        column.name: _value(table, column, organization_id, mark, known)
        for column in table.columns
        if column.computed is None and column.identity is None
    }
    made = await connection.execute(insert(table).values(row).returning(*table.columns))
    return dict(made.mappings().one())


def _value(
    table: Table, column: Column[Any], organization_id: UUID, mark: str, known: Mapping[str, Mapping[str, Any]]
) -> Any:
    if (table.name, column.name) in CHOSEN:
        chosen = CHOSEN[table.name, column.name]
        return chosen.format(mark=mark) if isinstance(chosen, str) else chosen
    if column.name == "organization_id":
        return organization_id
    if column.name in EMPTY:
        return None
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        return known[target.table.name][target.name]
    return _of_type(column, f"{mark} {table.name} {column.name}")


def _of_type(column: Column[Any], text: str) -> Any:
    match column.type:
        case ARRAY(item_type=Uuid()):
            return []
        case ARRAY(item_type=Integer()):
            return [1]
        case ARRAY():
            return [text]
        case Uuid():
            return uuid4()
        case Text():
            return text
        case Boolean():
            return True
        case Integer():
            return 1
        case Float():
            return 0.5
        case LargeBinary():
            return f"{text} {uuid4()}".encode()
        case DateTime():
            return datetime.now(UTC) + timedelta(days=1)
        case HALFVEC():
            return [1.0]
        case JSONB():
            return [] if column.name in ("problems", "questions", "citations", "choices") else {}
    return None


async def checksums(connection: AsyncConnection, organization_id: UUID) -> dict[str, tuple[int, str]]:
    """For each table how many rows an organization has, and a digest of all that is in them. As a superuser."""
    found: dict[str, tuple[int, str]] = {}
    a = TABLES["agent"].c
    mine = select(a.person_id).where(a.organization_id == organization_id)
    for name, table in TABLES.items():
        if name in SHARED:
            continue
        c = table.c
        owner = "person_id" if name in PERSONAL else "id"
        of_owner = mine if name in (*PERSONAL, "person") else [organization_id]
        condition = c.organization_id == organization_id if name in TENANTS else c[owner].in_(of_owner)
        whole: Any = literal_column(f'"{name}"::text')
        digest = func.md5(func.string_agg(whole, literal_column("E'\\n' ORDER BY " + str(whole))))
        row = (await connection.execute(select(func.count(), digest).select_from(table).where(condition))).one()
        found[name] = (row[0], row[1])
    return found


async def mentions(connection: AsyncConnection, organization_id: UUID, ids: set[str]) -> list[str]:
    """Rows of any other organization that point at something of this one, each as its table and its text."""
    found = []
    for name in TENANTS:
        c = TABLES[name].c
        whole: Any = literal_column(f'"{name}"::text')
        wanted = select(whole).where(c.organization_id != organization_id, whole.regexp_match("|".join(sorted(ids))))
        found += [f"{name}: {text[:300]}" for text in (await connection.execute(wanted)).scalars()]
    return found


def superuser(database_url: str) -> AsyncEngine:
    """Connections that see through row security. The login of another server than ours must be a superuser's."""
    ours = "PARLEY_TEST_DATABASE_URL" not in os.environ
    url = make_url(database_url)
    return create_async_engine(url.set(username="postgres") if ours else url, pool_size=2)
