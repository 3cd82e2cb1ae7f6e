"""The tables of what conversations are sorted and found by."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, json, moment, parent, table, words


class TagRow(SQLModel, table=True):
    """A word that conversations can be marked with."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    color: str = words()
    version: int = count()
    created_at: datetime = moment()


class AttributeDefinitionRow(SQLModel, table=True):
    """A custom attribute of conversations or customers: its key, its type, and what can be chosen."""

    __tablename__ = "attribute_definition"
    __table_args__ = (UniqueConstraint("organization_id", "applies_to", "key"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    applies_to: str = words()
    key: str = words()
    label: str = words()
    kind: str = words()
    choices: list[str] = json(nullable=False)
    version: int = count()
    created_at: datetime = moment()


class ViewRow(SQLModel, table=True):
    """A filter that somebody saved; without an agent it is everybody's."""

    __tablename__ = "view"
    __table_args__ = (Index("view_agent", "organization_id", "agent_id", "name", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    agent_id: UUID | None = parent("agent", nullable=True)
    name: str = words()
    filter: dict[str, Any] = json(nullable=False)
    ordering: str = words()
    version: int = count()
    created_at: datetime = moment()


class MacroRow(SQLModel, table=True):
    """A text and what is done along with sending it; without an agent it is everybody's."""

    __tablename__ = "macro"
    __table_args__ = (Index("macro_agent", "organization_id", "agent_id", "name", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    agent_id: UUID | None = parent("agent", nullable=True)
    name: str = words()
    text: str | None = words(nullable=True)
    actions: dict[str, Any] = json(nullable=False)
    version: int = count()
    created_at: datetime = moment()


class ConversationLabelRow(SQLModel, table=True):
    """A tag or the value of an attribute that a conversation has, in the order of activity: what lists are read from.

    `label` is the tag's id, or made of the attribute's key and value.
    """

    __tablename__ = "conversation_label"
    __table_args__ = (
        Index("conversation_label_activity", "organization_id", "label", "last_activity_at", "conversation_id"),
    )
    conversation_id: UUID = parent("conversation", key=True, on_delete="CASCADE")
    label: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    last_activity_at: datetime = moment()


tags = table(TagRow)
attribute_definitions = table(AttributeDefinitionRow)
views = table(ViewRow)
macros = table(MacroRow)
labels = table(ConversationLabelRow)
