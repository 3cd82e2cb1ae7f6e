"""All that is known of a person, in the words of the exported document, read a little at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, select

from domain.base import ActorKind
from domain.file.file import FileState
from infra.accounts.rows import inboxes, sessions
from infra.assist.rows import classifications, summaries
from infra.channels.rows import channel_messages
from infra.collaboration.rows import notes
from infra.customers.rows import contacts
from infra.database import Database
from infra.delivery.rows import deliveries
from infra.files.rows import files
from infra.privacy.places import named
from infra.rows import agents, conversations, customers, messages, organizations
from infra.surveys.rows import surveys
from infra.tools.rows import tool_calls

PAGE = 200
"""Rows that are in memory at once, of each kind."""
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file, what is told of it, and where it is in the archive."""

    id: UUID
    path: str
    told: Told


@dataclass(frozen=True)
class Story:
    """Reads in short transactions of its own, so that nobody waits for an export."""

    database: Database
    organization_id: UUID
    customer_ids: Sequence[UUID]

    async def head(self) -> Told:
        """Who they are and how they signed in."""
        o, c, k, s = organizations.c, customers.c, contacts.c, sessions.c
        [organization] = await self._rows(select(o.id, o.name).where(o.id == self.organization_id))
        known = await self._rows(select(customers).where(c.id.in_(self.customer_ids)).order_by(c.created_at, c.id))
        addresses = await self._rows(select(contacts).where(k.customer_id.in_(self.customer_ids)).order_by(k.value))
        signed = await self._rows(select(sessions).where(s.customer_id.in_(self.customer_ids)).order_by(s.created_at))
        return {
            "organization": dict(organization._mapping),
            "profiles": [_told(row, PROFILE) for row in known],
            "addresses": [_told(row, ADDRESS) for row in addresses],
            "sessions": [_told(row, SESSION) for row in signed],
        }

    async def files(self) -> AsyncIterator[ExportedFile]:
        """What they sent, and what was sent to them; what was refused is told of and is not there."""
        f, c = files.c, conversations.c
        theirs = select(c.id).where(c.customer_id.in_(self.customer_ids))
        mine = f.conversation_id.in_(theirs) | f.owner.in_(named(self.customer_ids, ActorKind.CUSTOMER))
        async for row in self._all(select(files).where(mine), files):
            path = f"files/{row.id}/{row.name}" if row.state == FileState.READY else None
            yield ExportedFile(row.id, path or f"files/{row.id}", _told(row, FILE) | {"path": path})

    async def conversations(self) -> AsyncIterator[tuple[Told, AsyncIterator[Sequence[Told]]]]:
        """Each with what is beside its messages, and these page by page."""
        c = conversations.c
        names = await self._names(agents)
        places = await self._names(inboxes)
        async for row in self._all(select(conversations).where(c.customer_id.in_(self.customer_ids)), conversations):
            beside = {name: await self._beside(table, row.id, told) for name, (table, told) in BESIDE.items()}
            told = _told(row, CONVERSATION) | {"inbox": places.get(row.inbox_id)} | beside
            yield told, self._messages(row.id, names)

    async def _messages(self, conversation_id: UUID, names: Mapping[UUID, str]) -> AsyncIterator[Sequence[Told]]:
        m, last = messages.c, 0
        wanted = select(messages).where(m.conversation_id == conversation_id).order_by(m.number).limit(PAGE)
        while rows := await self._rows(wanted.where(m.number > last)):
            last = rows[-1].number
            yield [_told(row, MESSAGE) | {"author": _author(row, names)} for row in rows]

    async def _beside(self, table: Table, conversation_id: UUID, told: Mapping[str, str]) -> Sequence[Told]:
        """What stands in one table about a conversation."""
        c = table.c
        if table is deliveries:
            mine = c.conversation == str(conversation_id)
        else:
            mine = (c.id if table in (summaries, classifications) else c.conversation_id) == conversation_id
        rows = await self._rows(select(table).where(mine).order_by(c.id))
        return [_told(row, told) for row in rows]

    async def _names(self, table: Table) -> Mapping[UUID, str]:
        c = table.c
        mine = select(c.id, c.name).where(c.organization_id == self.organization_id)
        return {row.id: row.name for row in await self._rows(mine)}

    async def _all(self, wanted: Select[Any], table: Table) -> AsyncIterator[Row[Any]]:
        """Every row, a page at a time, by id."""
        last: UUID | None = None
        while True:
            further = wanted if last is None else wanted.where(table.c.id > last)
            rows = await self._rows(further.order_by(table.c.id).limit(PAGE))
            for row in rows:
                yield row
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    async def _rows(self, wanted: Select[Any]) -> Sequence[Row[Any]]:
        async with self.database.tenant(self.organization_id) as connection:
            found: Sequence[Row[Any]] = (await connection.execute(wanted)).all()
        return found


def _told(row: Row[Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A row in the words of the document, which follow those of the API."""
    return {told: row._mapping[column] for column, told in names.items()}


def _author(row: Row[Any], names: Mapping[UUID, str]) -> Told:
    return {"kind": row.author_kind, "name": names.get(row.author_id)}


def _camel(*columns: str) -> dict[str, str]:
    parts = {column: column.split("_") for column in columns}
    return {column: first + "".join(map(str.title, rest)) for column, (first, *rest) in parts.items()}


PROFILE = _camel(
    "id", "name", "email", "phone", "language", "zone", "attributes", "external_id", "verified_at"
) | _camel("blocked_at", "merged_into", "created_at")
ADDRESS = _camel("customer_id", "kind", "value", "verified_at", "bounced_at", "created_at")
SESSION = _camel("id", "strategy", "device", "address", "created_at", "last_seen_at", "ended_at")
FILE = _camel("id", "name", "content_type", "size", "state", "conversation_id", "created_at")
CONVERSATION = _camel("id", "subject", "state", "attributes", "started_at", "last_activity_at")
MESSAGE = _camel("id", "number", "kind", "text", "choices", "citations", "attachments") | _camel(
    "helpful", "rating_comment", "rated_at", "created_at"
)
BESIDE: Mapping[str, tuple[Table, Mapping[str, str]]] = {
    "notes": (notes, _camel("id", "text", "deleted_at", "created_at")),
    "surveys": (surveys, _camel("id", "episode", "score", "comment", "asked_at", "answered_at")),
    "summaries": (summaries, _camel("text", "made_by", "made_at")),
    "classifications": (classifications, _camel("topic", "language", "sentiment", "urgency", "made_by", "made_at")),
    "actions": (tool_calls, _camel("id", "title", "input", "output", "state", "reason", "created_at")),
    "mail": (channel_messages, _camel("message_id", "is_inbound", "sender", "participants", "subject", "created_at")),
    "deliveries": (deliveries, _camel("medium", "recipient", "state", "created_at", "sent_at")),
}
"""What stands beside a conversation's messages, by its name in the document; notes too, which are about a person."""
