"""The tables of webhooks, as SQLModel rows: what they are told, how far, and how each try went."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from infra.storage.columns import binary, count, flag, integer, json, moment, parent, table, words


class WebhookRow(SQLModel, table=True):
    """A webhook; its secrets are sealed. Whoever renders for it has it until `leased_until`."""

    __tablename__ = "webhook"
    __table_args__ = (Index("webhook_organization", "organization_id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    url: str = words()
    document: str = words()
    variables: dict[str, Any] = json(nullable=False)
    grants: dict[str, Any] = json(nullable=False)
    description: str = words()
    enabled: bool = flag()
    why_disabled: str | None = words(nullable=True)
    secret: bytes = binary()
    previous_secret: bytes | None = binary(nullable=True)
    previous_until: datetime | None = moment(nullable=True)
    position: int = Field(sa_column=Column(BigInteger, nullable=False), default=0)
    round: int = integer()
    failing_since: datetime | None = moment(nullable=True)
    leased_until: datetime | None = moment(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class WebhookAttemptRow(SQLModel, table=True):
    """A try at a delivery to a webhook: the `status` that came back, if one did, and the beginning of the answer."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (
        Index("webhook_attempt_age", "created_at"),
        Index("webhook_attempt_webhook", "webhook_id"),
        Index("webhook_attempt_delivery", "organization_id", "delivery_id", "created_at"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    webhook_id: UUID = parent("webhook", on_delete="CASCADE")
    delivery_id: UUID = Field()
    number: int = integer()
    status: int | None = integer(nullable=True)
    took_ms: int = integer()
    error: str | None = words(nullable=True)
    answer: str = words()
    created_at: datetime = moment()


webhooks = table(WebhookRow)
webhook_attempts = table(WebhookAttemptRow)
