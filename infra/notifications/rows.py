"""The tables of what people are told, and of how they want to be."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import binary, flag, json, moment, parent, table, words


class NotificationRow(SQLModel, table=True):
    """What one person was told of one event; one that is not shown was told by other means alone."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("organization_id", "agent_id", "event_id"),
        Index(
            "notification_agent",
            "organization_id",
            "agent_id",
            "created_at",
            "id",
            postgresql_where=text("is_shown"),
        ),
        Index(
            "notification_unread",
            "organization_id",
            "agent_id",
            postgresql_where=text("is_shown AND read_at IS NULL"),
        ),
        Index("notification_age", "created_at"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    agent_id: UUID = parent("agent")
    event_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    kind: str = words()
    conversation_id: UUID | None = parent("conversation", nullable=True)
    by: str = words()
    is_shown: bool = flag()
    created_at: datetime = moment()
    read_at: datetime | None = moment(nullable=True)


class NotificationBundleRow(SQLModel, table=True):
    """What waits to go out to a person with others; gone once it has."""

    __tablename__ = "notification_bundle"
    __table_args__ = (Index("notification_bundle_agent", "organization_id", "agent_id", "means", "bundle"),)
    notification_id: UUID = parent("notification", key=True, on_delete="CASCADE")
    means: str = Field(sa_column=Column(Text, primary_key=True))
    organization_id: UUID = parent("organization")
    agent_id: UUID = parent("agent")
    bundle: str = words()


class NotificationPreferenceRow(SQLModel, table=True):
    """What a person has decided about being told."""

    __tablename__ = "notification_preference"
    agent_id: UUID = parent("agent", key=True)
    organization_id: UUID = parent("organization")
    decided: dict[str, Any] = json(nullable=False)


class PushSubscriptionRow(SQLModel, table=True):
    """A browser of a person, with the keys that only it can read by."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        UniqueConstraint("organization_id", "endpoint"),
        Index("push_subscription_agent", "organization_id", "agent_id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    agent_id: UUID = parent("agent")
    endpoint: str = words()
    public_key: str = words()
    secret: str = words()
    device: str = words()
    created_at: datetime = moment()


class PushKeyRow(SQLModel, table=True):
    """By which push services know an organization (VAPID); the private half is sealed."""

    __tablename__ = "push_key"
    organization_id: UUID = parent("organization", key=True)
    private: bytes = binary()
    public: str = words()


notifications = table(NotificationRow)
notification_bundles = table(NotificationBundleRow)
notification_preferences = table(NotificationPreferenceRow)
push_subscriptions = table(PushSubscriptionRow)
push_keys = table(PushKeyRow)
