"""The table of surveys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, SmallInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from infra.storage.columns import integer, moment, parent, table, words


class SurveyRow(SQLModel, table=True):
    """One customer asked about one episode; whose it is, its conversation says."""

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("conversation_id", "episode"),
        Index("survey_asked", "organization_id", "asked_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    conversation_id: UUID = parent("conversation")
    episode: int = integer()
    asked_at: datetime = moment()
    reminded_at: datetime | None = moment(nullable=True)
    score: int | None = Field(sa_column=Column(SmallInteger, nullable=True), default=None)
    comment: str | None = words(nullable=True)
    answered_at: datetime | None = moment(nullable=True)


surveys = table(SurveyRow)
