"""The tables, as SQLModel rows; nothing here guards a rule (`table=True` models do not validate)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from infra.accounts import rows as account_rows  # noqa: F401  the tables refer to each other
from infra.analytics import rows as analytics_rows  # noqa: F401
from infra.assist import rows as assist_rows  # noqa: F401
from infra.automation import rows as automation_rows  # noqa: F401
from infra.bi import rows as bi_rows  # noqa: F401
from infra.channels import rows as channel_rows  # noqa: F401
from infra.collaboration import rows as collaboration_rows  # noqa: F401
from infra.customers import rows as customer_rows  # noqa: F401
from infra.delivery import rows as delivery_rows  # noqa: F401
from infra.desk import rows as desk_rows  # noqa: F401
from infra.exports import rows as export_rows  # noqa: F401
from infra.files import rows as file_rows  # noqa: F401
from infra.knowledge import rows as knowledge_rows  # noqa: F401
from infra.learning import rows as learning_rows  # noqa: F401
from infra.level import rows as level_rows  # noqa: F401
from infra.notifications import rows as notification_rows  # noqa: F401
from infra.privacy import rows as privacy_rows  # noqa: F401
from infra.prompts import rows as prompt_rows  # noqa: F401
from infra.routing.rows import OFFERING_INDEXES, OfferingColumns
from infra.search import rows as search_rows  # noqa: F401
from infra.spending import rows as spending_rows  # noqa: F401
from infra.storage.columns import count, integer, json, moment, parent, table, words
from infra.surveys import rows as survey_rows  # noqa: F401
from infra.tools import rows as tool_rows  # noqa: F401  their tables too
from infra.triage import rows as triage_rows  # noqa: F401
from infra.webhooks import rows as webhook_rows  # noqa: F401


class OrganizationRow(SQLModel, table=True):
    """A tenant; `settings` holds what its people may change: the assistant's switch and threshold."""

    __tablename__ = "organization"
    id: UUID = Field(primary_key=True)
    name: str = words()
    slug: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    settings: dict[str, Any] = json(nullable=False)
    suspended_at: datetime | None = moment(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class CustomerRow(SQLModel, table=True):
    """Somebody who asks; `external_id` is what the organization's own systems call them, once that is verified."""

    __tablename__ = "customer"
    __table_args__ = (
        UniqueConstraint("organization_id", "external_id"),
        Index("customer_created", "organization_id", "created_at", "id"),
        Index("customer_email", "organization_id", "email_key"),
        Index("customer_phone", "organization_id", "phone"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    email: str | None = words(nullable=True)
    email_key: str | None = Field(sa_column=Column(Text, Computed("lower(email)", persisted=True)), default=None)
    phone: str | None = words(nullable=True)
    language: str | None = words(nullable=True)
    zone: str | None = words(nullable=True)
    attributes: dict[str, Any] = Field(
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'")), default_factory=dict
    )
    external_id: str | None = words(nullable=True)
    verified_at: datetime | None = moment(nullable=True)
    merged_into: UUID | None = parent("customer", nullable=True)
    blocked_at: datetime | None = moment(nullable=True)
    erased_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class AgentRow(SQLModel, table=True):
    """A person at work in one organization; without a person nobody can sign in as them."""

    __tablename__ = "agent"
    __table_args__ = (UniqueConstraint("organization_id", "person_id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    person_id: UUID | None = parent("person", nullable=True)
    role_id: UUID = parent("role")
    name: str = words()
    suspended_at: datetime | None = moment(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class ConversationRow(OfferingColumns, table=True):
    """What the events of a conversation come to: written with them, in one transaction."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("conversation_activity", "organization_id", "last_activity_at", "id"),
        Index("conversation_organization", "organization_id", "id"),
        Index("conversation_state_activity", "organization_id", "state", "last_activity_at", "id"),
        Index("conversation_customer_activity", "organization_id", "customer_id", "last_activity_at", "id"),
        Index("conversation_inbox_activity", "organization_id", "inbox_id", "last_activity_at", "id"),
        Index("conversation_assignee_activity", "organization_id", "assignee_id", "last_activity_at", "id"),
        Index("conversation_priority_activity", "organization_id", "state", "priority", "last_activity_at", "id"),
        *(
            Index(f"conversation_{name}", "organization_id", *columns, postgresql_where=text(where))
            for name, columns, where in (
                ("waiting", ("waiting_since", "id"), "waiting_since IS NOT NULL"),
                ("spam", ("last_activity_at", "id"), "is_spam"),
                ("snoozed", ("last_activity_at", "id"), "is_snoozed"),
                ("merged", ("merged_into",), "merged_into IS NOT NULL"),
            )
        ),
        *OFFERING_INDEXES,
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    customer_id: UUID = parent("customer")
    inbox_id: UUID = parent("inbox")
    assignee_id: UUID | None = parent("agent", nullable=True)
    state: str = words()
    subject: str = words()
    opening: str | None = words(nullable=True)
    """What customers read for a subject where people called it otherwise."""
    episode: int = integer()
    handoff_reason: str | None = words(nullable=True)
    handoff_summary: str | None = words(nullable=True)
    waiting_since: datetime | None = moment(nullable=True)
    answering_id: UUID | None = Field(default=None)
    answering_attempt: int | None = integer(nullable=True)
    last_message_id: UUID | None = Field(default=None)
    priority: int = Field(sa_column=Column(SmallInteger, nullable=False, server_default=text("1")), default=1)
    tag_ids: list[UUID] = Field(
        sa_column=Column(ARRAY(Uuid), nullable=False, server_default=text("'{}'")), default_factory=list
    )
    attributes: dict[str, Any] = Field(
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'")), default_factory=dict
    )
    is_snoozed: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()), default=False)
    snoozed_until: datetime | None = moment(nullable=True)
    is_spam: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()), default=False)
    merged_into: UUID | None = parent("conversation", nullable=True)
    linked_ids: list[UUID] = Field(
        sa_column=Column(ARRAY(Uuid), nullable=False, server_default=text("'{}'")), default_factory=list
    )
    message_count: int = integer()
    customer_message_count: int = integer()
    version: int = integer()
    started_at: datetime = moment()
    last_activity_at: datetime = moment()


class MessageRow(SQLModel, table=True):
    """One message of a conversation; `number` counts from 1 within it."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    conversation_id: UUID = parent("conversation")
    number: int = integer()
    episode: int = integer()
    author_kind: str = words()
    author_id: UUID | None = Field(default=None)
    kind: str = words()
    text: str = words()
    question_id: UUID | None = Field(default=None)
    citations: list[dict[str, Any]] | None = json()
    choices: list[str] | None = json()
    provenance: dict[str, Any] | None = json()
    action_id: UUID | None = Field(default=None)
    needs_code: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()), default=False)
    attachments: list[UUID] = Field(
        sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}"), default_factory=list
    )
    helpful: bool | None = Field(sa_column=Column(Boolean, nullable=True), default=None)
    rating_comment: str | None = words(nullable=True)
    rated_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class ReadMarkRow(SQLModel, table=True):
    """How many of a conversation's customer messages one agent has seen."""

    __tablename__ = "read_mark"
    conversation_id: UUID = parent("conversation", key=True)
    agent_id: UUID = parent("agent", key=True)
    organization_id: UUID = parent("organization")
    customer_messages: int = integer()


class EventRow(SQLModel, table=True):
    """The journal: audit trail, outbox and source of every resumable stream at once; append-only."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("stream", "version"),
        Index(
            "event_position", "delivered_position", unique=True, postgresql_where=text("delivered_position IS NOT NULL")
        ),
        Index("event_undelivered", "id", postgresql_where=text("delivered_position IS NULL")),
        Index("event_organization_position", "organization_id", "delivered_position"),
        Index("event_audit", "organization_id", "id", postgresql_where=text("audited")),
    )
    id: int | None = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True), default=None)
    organization_id: UUID = parent("organization")
    stream: str = words()
    version: int = integer()
    kind: str = words()
    payload: dict[str, Any] = json(nullable=False)
    actor: str = words()
    at: datetime = moment()
    correlation_id: str = words()
    traceparent: str | None = words(nullable=True)
    address: str | None = words(nullable=True)
    audited: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("false")), default=False)
    delivered_position: int | None = Field(sa_column=Column(BigInteger, nullable=True), default=None)


class JobRow(SQLModel, table=True):
    """Work that is not done yet: queued, running under a lease, or dead; a finished job's row is gone."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("event_id", "name"),
        Index("job_due", "state", "run_at"),
        Index("job_key", "key", "id"),
        Index("job_organization", "organization_id", "state", "id"),
    )
    id: int | None = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True), default=None)
    organization_id: UUID = parent("organization")
    event_id: int = Field(sa_column=Column(ForeignKey("event.id"), nullable=False))
    name: str = words()
    key: str = words()
    state: str = words()
    attempts: int = integer()
    run_at: datetime = moment()
    leased_until: datetime | None = moment(nullable=True)
    worker: str | None = words(nullable=True)
    error: str | None = words(nullable=True)
    created_at: datetime = moment()


class IdempotencyKeyRow(SQLModel, table=True):
    """What a request with this key did, stored in the transaction that did it."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("idempotency_key_created", "created_at"),)
    organization_id: UUID = parent("organization", key=True)
    actor: str = Field(sa_column=Column(Text, primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: str = words()
    result: dict[str, Any] = json(nullable=False)
    created_at: datetime = moment()


organizations = table(OrganizationRow)
customers = table(CustomerRow)
agents = table(AgentRow)
conversations = table(ConversationRow)
messages = table(MessageRow)
read_marks = table(ReadMarkRow)
events = table(EventRow)
jobs = table(JobRow)
idempotency_keys = table(IdempotencyKeyRow)
