"""The table of SQL logins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, moment, parent, table, words


class SqlLoginRow(SQLModel, table=True):
    """A login; `role` is the database's user, by which the views know whose rows it sees."""

    __tablename__ = "sql_login"
    __table_args__ = (Index("sql_login_organization", "organization_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    role: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    created_by: str = words()
    why_revoked: str | None = words(nullable=True)
    version: int = count()
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)


sql_logins = table(SqlLoginRow)
