"""Notes: what people write about a conversation for each other, and never for the customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.agent import AgentView
from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import (
    STAFF,
    Actor,
    ActorKind,
    Clock,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
)
from domain.conversation.desk_events import NoteAdded, NoteDeleted
from domain.file.file import FilePurpose
from domain.file.ports import FileUnit, claimed, released
from domain.ports import IdempotencyKey, Page, PageRequest, Receipt
from domain.retry import retried_once
from domain.text import checked

MOST_MENTIONED = 20


@dataclass(frozen=True, slots=True)
class Note:
    """A note; without an agent a rule wrote it. The text of a deleted one is empty, and its files are not shown."""

    id: UUID
    conversation_id: UUID
    agent_id: UUID | None
    text: str
    mentioned_ids: tuple[UUID, ...]
    file_ids: tuple[UUID, ...]
    created_at: datetime | None = None
    deleted_at: datetime | None = None


class NoteRepository(Protocol):
    """Notes, to change."""

    async def add(self, note: Note) -> None:
        """Store a new one."""
        ...

    async def get(self, note_id: UUID) -> Note:
        """The note, if there is one in the organization; otherwise `NotFoundError`."""
        ...

    async def hide(self, note_id: UUID) -> None:
        """Take its text away."""
        ...

    async def strangers(self, conversation_id: UUID, agent_ids: Sequence[UUID]) -> Sequence[tuple[int, str]]:
        """Those agents who may not read the conversation: their places in the list, and their names."""
        ...


class NoteUnit(FileUnit, Protocol):
    """A unit of work that holds notes."""

    @property
    def notes(self) -> NoteRepository:
        """Notes, to change."""
        ...


class NoteReads(Protocol):
    """What one actor may see of notes; customers see none."""

    async def notes(self, ids: Sequence[UUID]) -> Sequence[Note | None]:
        """Notes by id."""
        ...

    async def note_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[Note]]:
        """For each conversation a page of its notes, oldest first."""
        ...

    async def agent_lists(self, lists: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[AgentView]]:
        """For each list of ids its agents, in the order of the list."""
        ...


@dataclass(frozen=True)
class Notes:
    """The commands on notes. A receipt names the note as its part."""

    units: Opening[NoteUnit]
    new_id: Identifiers
    now: Clock

    @retried_once
    async def add(
        self,
        actor: Actor,
        conversation_id: UUID,
        text: str,
        *,
        mentioned_ids: Sequence[UUID] = (),
        file_ids: Sequence[UUID] = (),
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Write one, and name colleagues in it; `InvalidInputError` names those who may not read the conversation."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*STAFF, ActorKind.SYSTEM)
        checked(text, "input.text")
        mentioned = tuple(dict.fromkeys(mentioned_ids))
        if len(mentioned) > MOST_MENTIONED:
            raise InvalidInputError(FieldProblem("input.mentionedIds", f"Mention at most {MOST_MENTIONED} people."))
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get(conversation_id)
            if mentioned:
                _refuse(await unit.notes.strangers(conversation_id, mentioned))
            files = await claimed(unit, actor, file_ids, conversation_id, FilePurpose.NOTE)
            agent_id = actor.identity if actor.is_staff else None
            note = Note(self.new_id(), conversation_id, agent_id, text, mentioned, files)
            conversation.note(NoteAdded(note.id, actor.identity, text, mentioned, files))
            await unit.notes.add(note)
            return await unit.commit(Receipt(conversation_id, note.id))

    @retried_once
    async def delete(self, actor: Actor, note_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Take back a note of one's own, with its files; a second time changes nothing."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*STAFF)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            found = await unit.notes.get(note_id)
            conversation = await unit.conversations.get(found.conversation_id)
            note = await unit.notes.get(note_id)  # again: it may have been deleted while we waited for the lock
            if note.agent_id != actor.identity:
                raise ForbiddenError("Only whoever wrote a note takes it back.")
            if note.deleted_at is None:
                conversation.note(NoteDeleted(note_id=note_id))
                await unit.notes.hide(note_id)
                await released(unit, note.file_ids, self.now())
            return await unit.commit(Receipt(conversation.id, note_id))


def _refuse(strangers: Sequence[tuple[int, str]]) -> None:
    if strangers:
        raise InvalidInputError(
            *(
                FieldProblem(f"input.mentionedIds.{place}", f"{name} may not read this conversation.")
                for place, name in strangers
            )
        )
