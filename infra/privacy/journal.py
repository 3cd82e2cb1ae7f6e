"""Takes words out of the journal, in place: what is derived from it comes out with the same numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, any_, func, literal, or_, select, text
from sqlalchemy import Text as Words
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import ActorKind, UnknownEvent
from domain.privacy.words import erased, erased_json
from infra.privacy.places import named
from infra.rows import events
from infra.storage.codec import dump, load_event

BATCH = 500
WINDOW = 200_000
"""Ids of events that one statement looks through."""
AS_ERASER = text("SELECT set_config('role', 'parley_privacy', true)")
AS_APPLICATION = text("SELECT set_config('role', 'parley_app', true)")
REWRITE = text("UPDATE event SET payload = CAST(:payload AS jsonb), address = NULL WHERE id = :id")


@asynccontextmanager
async def rewriting(connection: AsyncConnection) -> AsyncIterator[None]:
    """May change what is otherwise written for ever, within the block: see the migration `privacy`."""
    await connection.execute(AS_ERASER)
    yield
    await connection.execute(AS_APPLICATION)


async def erase_streams(connection: AsyncConnection, streams: Sequence[str]) -> None:
    """Take all words out of streams, and the network addresses; kinds, ids, times and who did it stay.

    The connection is `rewriting`.
    """
    c, last = events.c, 0
    among = c.stream == any_(literal(list(streams), ARRAY(Words)))
    wanted = select(c.id, c.kind, c.payload, c.address).order_by(c.id).limit(BATCH)
    while rows := (await connection.execute(wanted.where(among, c.id > last))).all():
        last = rows[-1].id
        changed = [
            {"id": row.id, "payload": orjson.dumps(payload).decode()}
            for row in rows
            if (payload := _payload(row.kind, row.payload)) != row.payload or row.address is not None
        ]
        if changed:
            await connection.execute(REWRITE, changed)


def _payload(kind: str, payload: Any) -> Any:
    event = load_event(kind, payload)
    return erased_json(payload) if isinstance(event, UnknownEvent) else dump(erased(event))


async def left_behind(
    connection: AsyncConnection, organization_id: UUID, customers: Sequence[UUID], conversations: Sequence[UUID]
) -> Sequence[str]:
    """Streams of theirs whose rows are gone: of files and curated answers that were deleted before."""
    c = events.c
    first, newest = (await connection.execute(select(func.min(c.id), func.max(c.id)))).one()
    found: dict[str, None] = {}
    for start in range(first or 1, (newest or 0) + 1, WINDOW):
        window = (c.organization_id == organization_id, c.id >= start, c.id < start + WINDOW)
        rows = await connection.execute(select(c.stream).where(*window, _names(customers, conversations)))
        found |= dict.fromkeys(rows.scalars())
    return list(found)


def _names(customers: Sequence[UUID], conversations: Sequence[UUID]) -> ColumnElement[bool]:
    c = events.c
    said = c.payload["conversation_id"].astext == any_(literal([str(one) for one in conversations], ARRAY(Words)))
    owned = c.payload["owner"].astext == any_(literal(named(customers, ActorKind.CUSTOMER), ARRAY(Words)))
    return or_(
        and_(c.kind == "FileAnnounced", owned),
        and_(c.kind.in_(["FileClaimed", "CuratedAnswerCreated"]), said),
    )
