"""What one actor may see of notes and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, true

from domain.account.agent import AgentView
from domain.base import ActorKind
from domain.collaboration.draft import Draft
from domain.collaboration.note import Note
from domain.ports import Page, PageRequest
from infra.accounts.reads import SqlAccountReads
from infra.collaboration.rows import drafts, notes
from infra.rows import conversations
from infra.storage.paging import keyset, paged


class SqlCollaborationReads(SqlAccountReads):
    """The reads of one operation about what people write for each other, and are about to write."""

    async def notes(self, ids: Sequence[UUID]) -> Sequence[Note | None]:
        """Notes by id; customers see none."""
        n, c = notes.c, conversations.c
        if self._actor.kind is ActorKind.CUSTOMER:
            return [None] * len(ids)
        joined = notes.join(conversations, c.id == n.conversation_id)
        rows = await self._rows(select(notes).select_from(joined).where(n.id.in_(ids), self._visible()))
        found = {row.id: note_of(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def note_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[Note]]:
        """For each conversation a page of its notes, oldest first, in one statement for all; none for customers."""
        page, n, c = keys[0][1], notes.c, conversations.c
        mine = select(notes).where(n.conversation_id == c.id)
        one = keyset(mine, page, (n.created_at, datetime.fromisoformat), (n.id, UUID), descending=False).lateral("one")
        wanted = select(one).select_from(conversations.join(one, true())).where(self._visible())
        found: dict[UUID, list[Row[Any]]] = {key: [] for key, _ in keys}
        if self._actor.kind is not ActorKind.CUSTOMER:
            rows = await self._rows(wanted.where(c.id.in_(found)))
            for row in sorted(rows, key=lambda row: (row.created_at, row.id), reverse=page.backward):
                found[row.conversation_id].append(row)
        return [paged(found[key], page, note_of, _place) for key, _ in keys]

    async def agent_lists(self, lists: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[AgentView]]:
        """For each list of ids its agents, all by one statement; without ids there is none."""
        wanted = list(dict.fromkeys(identity for ids in lists for identity in ids))
        found = dict(zip(wanted, await self.agents(wanted), strict=True)) if wanted else {}
        return [[agent for identity in ids if (agent := found[identity])] for ids in lists]

    async def drafts(self, conversation_ids: Sequence[UUID]) -> Sequence[Draft | None]:
        """The actor's own draft in each conversation that they may read."""
        d, c = drafts.c, conversations.c
        joined = drafts.join(conversations, c.id == d.conversation_id)
        mine = (d.conversation_id.in_(conversation_ids), d.author == str(self._actor), self._visible())
        rows = await self._rows(select(drafts).select_from(joined).where(*mine))
        found = {row.conversation_id: Draft(row.conversation_id, row.text, row.saved_at) for row in rows}
        return [found.get(identity) for identity in conversation_ids]


def note_of(row: Row[Any]) -> Note:
    """A note as its row has it."""
    return Note(
        id=row.id,
        conversation_id=row.conversation_id,
        agent_id=row.agent_id,
        text=row.text,
        mentioned_ids=tuple(row.mentioned_ids),
        file_ids=tuple(row.file_ids) if row.deleted_at is None else (),
        created_at=row.created_at,
        deleted_at=row.deleted_at,
    )


def _place(row: Row[Any]) -> tuple[str, str]:
    return row.created_at.isoformat(), str(row.id)
