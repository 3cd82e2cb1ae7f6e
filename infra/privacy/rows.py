"""The table of requests about people's data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, moment, parent, table, words


class PrivacyRequestRow(SQLModel, table=True):
    """What was asked about one customer's data; `size` is that of an export which can still be fetched."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        Index("privacy_request_newest", "organization_id", "created_at", "id"),
        Index("privacy_request_state", "organization_id", "state", "created_at", "id"),
        Index("privacy_request_customer", "customer_id", "kind"),
        Index(
            "privacy_request_once",
            "customer_id",
            "kind",
            unique=True,
            postgresql_where=text("state IN ('open', 'running')"),
        ),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    kind: str = words()
    customer_id: UUID = parent("customer")
    asked_by: str = words()
    state: str = words()
    starts_at: datetime = moment()
    due_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)
    failure: str | None = words(nullable=True)
    conversations: int = count()
    files: int = count()
    size: int | None = Field(sa_column=Column(BigInteger, nullable=True), default=None)
    version: int = count()
    created_at: datetime = moment()


privacy_requests = table(PrivacyRequestRow)
