"""The tables of notes and drafts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from infra.storage.columns import ids, moment, parent, table, words


class NoteRow(SQLModel, table=True):
    """What somebody wrote for colleagues; without an agent a rule did. The text of a deleted one is empty."""

    __tablename__ = "note"
    __table_args__ = (Index("note_conversation", "conversation_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    conversation_id: UUID = parent("conversation")
    agent_id: UUID | None = parent("agent", nullable=True)
    text: str = words()
    mentioned_ids: list[UUID] = ids()
    file_ids: list[UUID] = ids()
    deleted_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class DraftRow(SQLModel, table=True):
    """What somebody is about to say; `author` is the actor's name in the journal."""

    __tablename__ = "draft"
    conversation_id: UUID = parent("conversation", key=True)
    author: str = Field(sa_column=Column(Text, primary_key=True))
    organization_id: UUID = parent("organization")
    text: str = words()
    saved_at: datetime = moment()


notes = table(NoteRow)
drafts = table(DraftRow)
