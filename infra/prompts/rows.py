"""The tables of prompts, as SQLModel rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, integer, json, moment, parent, table, words


class PromptRow(SQLModel, table=True):
    """An organization's prompt: its newest version, and the one in use."""

    __tablename__ = "prompt"
    __table_args__ = (UniqueConstraint("organization_id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    newest: int = integer()
    published: int = integer()
    version: int = count()
    created_at: datetime = moment()


class PromptVersionRow(SQLModel, table=True):
    """A version, which stays as it was written."""

    __tablename__ = "prompt_version"
    __table_args__ = (UniqueConstraint("organization_id", "number"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    number: int = integer()
    note: str = words()
    content: dict[str, Any] = json(nullable=False)
    created_by: str = words()
    created_at: datetime = moment()


prompts = table(PromptRow)
prompt_versions = table(PromptVersionRow)
