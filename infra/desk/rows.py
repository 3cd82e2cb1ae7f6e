"""The tables that all parts of the desk share."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from infra.storage.columns import json, moment, parent, table, words


class TimerRow(SQLModel, table=True):
    """An event that is to happen; gone once it has."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("organization_id", "name", "key"),
        Index("timer_due", "due_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    key: str = words()
    due_at: datetime = moment()
    kind: str = words()
    payload: dict[str, Any] = json(nullable=False)


timers = table(TimerRow)
