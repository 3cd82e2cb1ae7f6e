"""The table of exports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, flag, integer, json, moment, parent, table, words


def _large(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(BigInteger, nullable=nullable), default=None)


class ExportRow(SQLModel, table=True):
    """An export; `place` is the key of the last row that is written, after which the next part begins."""

    __tablename__ = "export"
    __table_args__ = (Index("export_created", "organization_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    dataset: str = words()
    format: str = words()
    filters: dict[str, Any] = json(nullable=False)
    state: str = words()
    why: str | None = words(nullable=True)
    requested_by: str = words()
    requested_at: datetime = moment()
    total: int | None = _large(nullable=True)
    rows: int = _large()
    bytes: int = _large()
    parts: int = integer()
    place: list[str] | None = json()
    is_whole: bool = flag()
    version: int = count()
    created_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)


exports = table(ExportRow)
