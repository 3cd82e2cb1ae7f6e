"""The tables of routing, as SQLModel rows; offers themselves are columns of the conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, integer, moment, parent, table, texts, words

QUEUED = "state = 'waiting' AND NOT is_spam AND NOT is_snoozed AND merged_into IS NULL"
"""Which conversations wait for a person, and are to be seen to now."""
OFFERING_INDEXES = (
    Index(
        "conversation_queue",
        "organization_id",
        text("priority DESC"),
        "waiting_since",
        "id",
        postgresql_where=text(QUEUED),
    ),
    Index("conversation_offered", "organization_id", "offered_to", postgresql_where=text("offered_to IS NOT NULL")),
    Index("conversation_taken", "organization_id", "taken_at", postgresql_where=text("taken_at IS NOT NULL")),
)


class OfferingColumns(SQLModel):
    """What a conversation's row knows of who is asked to take it; since when it needed a person, and had one."""

    offered_to: UUID | None = parent("agent", nullable=True)
    offered_until: datetime | None = moment(nullable=True)
    passed: dict[str, Any] = Field(
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'")), default_factory=dict
    )
    needed_since: datetime | None = moment(nullable=True)
    taken_at: datetime | None = moment(nullable=True)


class AvailabilityRow(SQLModel, table=True):
    """Whether an agent takes conversations, how many and which; when they were seen and asked last."""

    __tablename__ = "availability"
    __table_args__ = (
        Index("availability_at_work", "organization_id", postgresql_where=text("status <> 'offline'")),
        {"postgresql_with": {"fillfactor": 70}},  # so that being seen, which no index is about, stays on its page
    )
    id: UUID = parent("agent", key=True, on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    status: str = words()
    capacity: int = integer()
    languages: list[str] = texts()
    topics: list[str] = texts()
    seen_at: datetime | None = moment(nullable=True)
    asked_at: datetime | None = moment(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class InboxNeedRow(SQLModel, table=True):
    """The skills that an inbox asks for by itself."""

    __tablename__ = "inbox_need"
    id: UUID = parent("inbox", key=True, on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    language: str | None = words(nullable=True)
    topic: str | None = words(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class RoutingPolicyRow(SQLModel, table=True):
    """How many seconds everything takes; the one row of an organization, whose id is the organization's."""

    __tablename__ = "routing_policy"
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    offer: int = integer()
    pause: int = integer()
    grace: int = integer()
    topic: int = integer()
    language: int = integer()
    version: int = count()
    created_at: datetime = moment()


availabilities = table(AvailabilityRow)
inbox_needs = table(InboxNeedRow)
routing_policies = table(RoutingPolicyRow)
