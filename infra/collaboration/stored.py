"""Notes and drafts as rows, written at once within their unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, false, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.account.permission import Permission
from domain.base import Actor, ActorKind, NotFoundError
from domain.collaboration.note import Note
from infra.accounts.rows import roles
from infra.collaboration.reads import note_of
from infra.collaboration.rows import drafts, notes
from infra.identity.standing import grants_of
from infra.repositories import Unit
from infra.rows import agents, conversations
from infra.storage.sight import reached


class SqlNotes:
    """The notes of the unit's organization."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def add(self, note: Note) -> None:
        """Store a new one."""
        row = {
            "id": note.id,
            "organization_id": self._unit.actor.tenant,
            "conversation_id": note.conversation_id,
            "agent_id": note.agent_id,
            "text": note.text,
            "mentioned_ids": list(note.mentioned_ids),
            "file_ids": list(note.file_ids),
            "created_at": func.clock_timestamp(),
        }
        await self._unit.connection.execute(insert(notes).values(row))

    async def get(self, note_id: UUID) -> Note:
        """The note; `NotFoundError` where the organization has none."""
        wanted = select(notes).where(notes.c.id == note_id, notes.c.organization_id == self._unit.actor.tenant)
        row = (await self._unit.connection.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError("note")
        return note_of(row)

    async def hide(self, note_id: UUID) -> None:
        """Take its text away."""
        hidden = {"text": "", "deleted_at": func.clock_timestamp()}
        await self._unit.connection.execute(update(notes).where(notes.c.id == note_id).values(hidden))

    async def strangers(self, conversation_id: UUID, agent_ids: Sequence[UUID]) -> Sequence[tuple[int, str]]:
        """Those who may not read the conversation by their role, or are suspended; `NotFoundError` for no agent."""
        a, r = agents.c, roles.c
        wanted = select(a.id, a.name, a.suspended_at, r.builtin, r.grants).select_from(agents.join(roles))
        mine = wanted.where(a.id.in_(agent_ids), a.organization_id == self._unit.actor.tenant)
        rows = {row.id: row for row in await self._unit.connection.execute(mine)}
        if len(rows) < len(agent_ids):
            raise NotFoundError("agent")
        can = []
        for agent_id in agent_ids:
            row = rows[agent_id]
            grants = grants_of(row.builtin, row.grants)
            agent = Actor(ActorKind.AGENT, agent_id, self._unit.actor.tenant, grants)
            reads = agent.may(Permission.READ_CONVERSATIONS) and row.suspended_at is None
            can.append(reached(agent, Permission.READ_CONVERSATIONS) if reads else false())
        found = select(*(each.label(f"can_{place}") for place, each in enumerate(can)))
        seen = (await self._unit.connection.execute(found.where(conversations.c.id == conversation_id))).one()
        return [(place, rows[agent_ids[place]].name) for place, reads in enumerate(seen) if not reads]


class SqlDrafts:
    """The drafts of the unit's actor."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def save(self, conversation_id: UUID, text: str) -> None:
        """Keep this one instead of the one before; `NotFoundError` for a conversation out of reach."""
        actor, c, d = self._unit.actor, conversations.c, drafts.c
        mine = (reached(actor, Permission.READ_CONVERSATIONS), reached(actor, Permission.REPLY_TO_CONVERSATIONS))
        now = func.clock_timestamp()
        row = select(c.id, literal(str(actor)), c.organization_id, literal(text), now).where(
            c.id == conversation_id, *mine
        )
        saved = upsert(drafts).from_select([d.conversation_id, d.author, d.organization_id, d.text, d.saved_at], row)
        newest = {"text": saved.excluded.text, "saved_at": saved.excluded.saved_at}
        saved = saved.on_conflict_do_update(index_elements=[d.conversation_id, d.author], set_=newest)
        if (await self._unit.connection.execute(saved.returning(d.author))).one_or_none() is None:
            raise NotFoundError("conversation")

    async def discard(self, conversation_id: UUID) -> None:
        """Keep none."""
        d, actor = drafts.c, self._unit.actor
        mine = (d.conversation_id == conversation_id) & (d.author == str(actor)) & (d.organization_id == actor.tenant)
        await self._unit.connection.execute(delete(drafts).where(mine))
