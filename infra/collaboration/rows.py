"""The tables of notes and drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Index, Text, Uuid
from sqlmodel import Field, SQLModel

from infra.storage.columns import moment, parent, table, words


def _ids() -> Any:
    return Field(sa_column=Column(ARRAY(Uuid), nullable=False), default_factory=list)


class NoteRow(SQLModel, table=True):
    """What somebody wrote for colleagues; without an agent a rule did. The text of a deleted one is empty."""

    __tablename__ = "note"
    __table_args__ = (Index("note_conversation", "conversation_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    conversation_id: UUID = parent("conversation")
    agent_id: UUID | None = parent("agent", nullable=True)
    text: str = words()
    mentioned_ids: list[UUID] = _ids()
    file_ids: list[UUID] = _ids()
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
