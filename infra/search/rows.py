"""The table of words that the search asks, which the database itself keeps (see the migration `finding`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from infra.storage.columns import moment, table, words


class SearchEntryRow(SQLModel, table=True):
    """The words of one thing: all that can be found. In the index each word follows what says whose it is, and when."""

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("search_entry_recent", "organization_id", "kind", "at", "id"),
        Index("search_entry_conversation", "conversation_id", "at"),
        Index(
            "search_entry_words",
            text("search_terms(search_place(organization_id, kind, search_span(at)), words)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},  # a backlog in the index would be read by every search
        ),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID
    kind: str = words()
    conversation_id: UUID | None = Field(default=None)
    at: datetime = moment()
    words: Any = Field(sa_column=Column(TSVECTOR, nullable=False), default=None)


class SearchBacklogRow(SQLModel, table=True):
    """How far the search has taken in what was there before it; gone when it has taken all."""

    __tablename__ = "search_backlog"
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    after: UUID


search_entries = table(SearchEntryRow)
