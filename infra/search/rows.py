"""The table of words that the search asks, which the database itself keeps (see the migration `finding`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from infra.storage.columns import moment, table, words


class SearchEntryRow(SQLModel, table=True):
    """The words of one thing; `keys` are digests of whose it is, of what kind, in which spans of time, and where."""

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("search_entry_recent", "organization_id", "kind", "at", "id"),
        Index(
            "search_entry_words",
            "keys",
            "words",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},  # a backlog in the index would be read by every search
        ),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID
    kind: str = words()
    conversation_id: UUID | None = Field(default=None)
    at: datetime = moment()
    keys: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False), default=None)
    words: Any = Field(sa_column=Column(TSVECTOR, nullable=False), default=None)


class SearchBacklogRow(SQLModel, table=True):
    """How far the search has taken in what was there before it; gone when it has taken all."""

    __tablename__ = "search_backlog"
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    after: UUID


search_entries = table(SearchEntryRow)
