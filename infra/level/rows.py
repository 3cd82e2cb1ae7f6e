"""The tables of service levels."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, flag, ids, integer, json, moment, parent, table, words


class ServiceLevelPolicyRow(SQLModel, table=True):
    """A policy; `targets` has minutes of business time by priority and target, `warn_at` is a percentage."""

    __tablename__ = "service_level_policy"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    place: int = integer()
    enabled: bool = flag()
    inbox_ids: list[UUID] = ids()
    tag_ids: list[UUID] = ids()
    targets: dict[str, Any] = json(nullable=False)
    pauses: bool = flag()
    warn_at: int = integer()
    version: int = count()
    created_at: datetime = moment()


class ServiceLevelRow(SQLModel, table=True):
    """What the journal of a conversation, whose id it has, comes to under a policy.

    `due_at` is the earliest time by which somebody must act, past or to come; `is_open` that a clock has not ended.
    """

    __tablename__ = "service_level"
    __table_args__ = (
        Index("service_level_due", "organization_id", "due_at", "id", postgresql_where=text("due_at IS NOT NULL")),
        Index("service_level_open", "organization_id", "id", postgresql_where=text("is_open")),
    )
    id: UUID = parent("conversation", key=True, on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    policy_id: UUID | None = parent("service_level_policy", nullable=True, on_delete="SET NULL")
    clocks: list[dict[str, Any]] = json(nullable=False)
    due_at: datetime | None = moment(nullable=True)
    is_open: bool = flag()


service_level_policies = table(ServiceLevelPolicyRow)
service_levels = table(ServiceLevelRow)
