"""The table of what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Computed, Identity, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, json, moment, parent, table, words


class DeliveryRow(SQLModel, table=True):
    """A parcel and what became of it.

    `next_try_at` of a queued one is when it is due, or when the lease of whoever is carrying it ends; without one it
    waits for an earlier one of its sequence.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("organization_id", "key"),
        Index(
            "delivery_due",
            "organization_id",
            "route",
            "next_try_at",
            "number",
            postgresql_where=text("state = 'queued' AND next_try_at IS NOT NULL"),
        ),
        Index(
            "delivery_sequence",
            "organization_id",
            "route",
            "sequence",
            "number",
            postgresql_where=text("state = 'queued' AND sequence IS NOT NULL"),
        ),
        Index("delivery_number", "organization_id", "number"),
        Index("delivery_state", "organization_id", "state", "number"),
        Index("delivery_route", "organization_id", "route", "number"),
        Index("delivery_conversation", "organization_id", "conversation", "number"),
        Index("delivery_age", "created_at", postgresql_where=text("state <> 'queued'")),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    number: int = Field(sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    key: str = words()
    medium: str = words()
    route: str = words()
    sequence: str | None = words(nullable=True)
    recipient: str = words()
    content: dict[str, Any] = json(nullable=False)
    about: dict[str, str] = json(nullable=False)
    conversation: str | None = Field(
        sa_column=Column(Text, Computed("about ->> 'conversation'", persisted=True)), default=None
    )
    state: str = words()
    attempts: int = count()
    error: str | None = words(nullable=True)
    next_try_at: datetime | None = moment(nullable=True)
    sent_at: datetime | None = moment(nullable=True)
    receipt: str | None = words(nullable=True)
    created_at: datetime = moment()


deliveries = table(DeliveryRow)
