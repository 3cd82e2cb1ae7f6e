"""The tables of what is kept of conversations for agents, as SQLModel rows; their ids are the conversations'."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Double
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, integer, moment, parent, table, words


class ConversationSummaryRow(SQLModel, table=True):
    """A few sentences about the first `messages` messages of a conversation."""

    __tablename__ = "conversation_summary"
    id: UUID = parent("conversation", key=True, on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    text: str = words()
    messages: int = integer()
    made_by: str = words()
    made_at: datetime = moment()
    version: int = count()
    created_at: datetime = moment()


class ConversationClassificationRow(SQLModel, table=True):
    """What a conversation is about and how it sounds."""

    __tablename__ = "conversation_classification"
    id: UUID = parent("conversation", key=True, on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    topic: str | None = words(nullable=True)
    language: str | None = words(nullable=True)
    sentiment: str = words()
    urgency: str = words()
    confidence: float | None = Field(sa_column=Column(Double, nullable=True), default=None)
    made_by: str = words()
    made_at: datetime = moment()
    version: int = count()
    created_at: datetime = moment()


summaries = table(ConversationSummaryRow)
classifications = table(ConversationClassificationRow)
