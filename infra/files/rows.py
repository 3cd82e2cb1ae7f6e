"""The table of files."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, integer, moment, parent, table, words


class FileRow(SQLModel, table=True):
    """A file: `owner` is who announced it, by the actor's name; `conversation_id` is where it was said, once it was."""

    __tablename__ = "file"
    __table_args__ = (
        Index("file_unclaimed", "organization_id", "owner", postgresql_where=text("conversation_id IS NULL")),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    owner: str = words()
    purpose: str = words()
    name: str = words()
    content_type: str = words()
    size: int = integer()
    state: str = words()
    refusal: str | None = words(nullable=True)
    conversation_id: UUID | None = parent("conversation", nullable=True)
    version: int = count()
    created_at: datetime = moment()


files = table(FileRow)
