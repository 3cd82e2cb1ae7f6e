"""What conversations are found by, kept beside them in the order of their activity."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Insert, Uuid, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Event
from domain.conversation.aggregate import Conversation
from domain.conversation.triage import AttributesChanged, TagsChanged
from domain.triage.label import labels_of
from infra.rows import conversations
from infra.triage.rows import labels


async def project(
    connection: AsyncConnection, conversation: Conversation, changes: Sequence[Event], active_at: datetime | None
) -> None:
    """Write the labels of a conversation whose row was just written; `active_at` is when it was active, if it was."""
    found = labels_of(conversation.triage)
    mine = labels.c.conversation_id == conversation.id
    if any(isinstance(event, TagsChanged | AttributesChanged) for event in changes):
        await connection.execute(delete(labels).where(mine))
        if found:
            await connection.execute(_inserted(conversation, found))
    elif active_at is not None and found:
        await connection.execute(update(labels).where(mine).values(last_activity_at=active_at))


def _inserted(conversation: Conversation, found: Collection[UUID]) -> Insert:
    c = conversations.c
    each = func.unnest(literal(sorted(found), ARRAY(Uuid)))
    rows = select(c.id, each, c.organization_id, c.last_activity_at).where(c.id == conversation.id)
    columns = ["conversation_id", "label", "organization_id", "last_activity_at"]
    return insert(labels).from_select(columns, rows)
