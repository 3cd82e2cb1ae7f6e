"""The tables, as SQLModel rows; nothing here guards a rule (`table=True` models do not validate)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlmodel import Field, SQLModel

DIMENSIONS = 384
"""The length of an embedding of the built-in model."""


def _at(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable), default=None)


def _json(*, nullable: bool = True) -> Any:
    return Field(sa_column=Column(JSONB, nullable=nullable), default=None)


def _text(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(Text, nullable=nullable), default=None)


def _parent(target: str, *, nullable: bool = False, key: bool = False, on_delete: str | None = None) -> Any:
    return Field(
        sa_column=Column(ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable, primary_key=key),
        default=None,
    )


class OrganizationRow(SQLModel, table=True):
    """A tenant; `settings` holds what its people may change: the assistant's switch and threshold."""

    __tablename__ = "organization"
    id: UUID = Field(primary_key=True)
    name: str = _text()
    slug: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    settings: dict[str, Any] = _json(nullable=False)
    created_at: datetime = _at()


class CustomerRow(SQLModel, table=True):
    """Somebody who asks."""

    __tablename__ = "customer"
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    name: str = _text()
    email: str | None = _text(nullable=True)
    created_at: datetime = _at()


class AgentRow(SQLModel, table=True):
    """Somebody who helps; `role` is 'agent' or 'admin'."""

    __tablename__ = "agent"
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    name: str = _text()
    role: str = _text()
    created_at: datetime = _at()


class ConversationRow(SQLModel, table=True):
    """What the events of a conversation come to: written with them, in one transaction."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("conversation_activity", "organization_id", "last_activity_at", "id"),
        Index("conversation_state_activity", "organization_id", "state", "last_activity_at", "id"),
        Index("conversation_customer_activity", "organization_id", "customer_id", "last_activity_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    customer_id: UUID = _parent("customer")
    assignee_id: UUID | None = _parent("agent", nullable=True)
    state: str = _text()
    subject: str = _text()
    episode: int = Field(sa_column=Column(Integer, nullable=False))
    handoff_reason: str | None = _text(nullable=True)
    handoff_summary: str | None = _text(nullable=True)
    waiting_since: datetime | None = _at(nullable=True)
    answering_id: UUID | None = Field(default=None)
    answering_attempt: int | None = Field(sa_column=Column(Integer, nullable=True), default=None)
    last_message_id: UUID | None = Field(default=None)
    message_count: int = Field(sa_column=Column(Integer, nullable=False))
    customer_message_count: int = Field(sa_column=Column(Integer, nullable=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    started_at: datetime = _at()
    last_activity_at: datetime = _at()


class MessageRow(SQLModel, table=True):
    """One message of a conversation; `number` counts from 1 within it."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    conversation_id: UUID = _parent("conversation")
    number: int = Field(sa_column=Column(Integer, nullable=False))
    episode: int = Field(sa_column=Column(Integer, nullable=False))
    author_kind: str = _text()
    author_id: UUID | None = Field(default=None)
    kind: str = _text()
    text: str = _text()
    question_id: UUID | None = Field(default=None)
    citations: list[dict[str, Any]] | None = _json()
    choices: list[str] | None = _json()
    provenance: dict[str, Any] | None = _json()
    created_at: datetime = _at()


class ReadMarkRow(SQLModel, table=True):
    """How many of a conversation's customer messages one agent has seen."""

    __tablename__ = "read_mark"
    conversation_id: UUID = _parent("conversation", key=True)
    agent_id: UUID = _parent("agent", key=True)
    organization_id: UUID = _parent("organization")
    customer_messages: int = Field(sa_column=Column(Integer, nullable=False))


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
    )
    id: int | None = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True), default=None)
    organization_id: UUID = _parent("organization")
    stream: str = _text()
    version: int = Field(sa_column=Column(Integer, nullable=False))
    kind: str = _text()
    payload: dict[str, Any] = _json(nullable=False)
    actor: str = _text()
    at: datetime = _at()
    correlation_id: str = _text()
    traceparent: str | None = _text(nullable=True)
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
    organization_id: UUID = _parent("organization")
    event_id: int = Field(sa_column=Column(ForeignKey("event.id"), nullable=False))
    name: str = _text()
    key: str = _text()
    state: str = _text()
    attempts: int = Field(sa_column=Column(Integer, nullable=False))
    run_at: datetime = _at()
    leased_until: datetime | None = _at(nullable=True)
    worker: str | None = _text(nullable=True)
    error: str | None = _text(nullable=True)
    created_at: datetime = _at()


class IdempotencyKeyRow(SQLModel, table=True):
    """What a request with this key did, stored in the transaction that did it."""

    __tablename__ = "idempotency_key"
    organization_id: UUID = _parent("organization", key=True)
    actor: str = Field(sa_column=Column(Text, primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: str = _text()
    result: dict[str, Any] = _json(nullable=False)
    created_at: datetime = _at()


class SourceRow(SQLModel, table=True):
    """Where articles come from: a folder, a file, or the editor."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    name: str = _text()
    created_at: datetime = _at()


class ArticleRow(SQLModel, table=True):
    """An article; `number` is its newest version, `published_number` the one in use for answers."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index("article_title", "organization_id", "title", "id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    source_id: UUID = _parent("source")
    external_id: str = _text()
    title: str = _text()
    audience: str = _text()
    state: str = _text()
    link: str | None = _text(nullable=True)
    content_hash: str = _text()
    number: int = Field(sa_column=Column(Integer, nullable=False))
    published_number: int | None = Field(sa_column=Column(Integer, nullable=True), default=None)
    version: int = Field(sa_column=Column(Integer, nullable=False))
    created_at: datetime = _at()
    updated_at: datetime = _at()


class ArticleVersionRow(SQLModel, table=True):
    """One version of an article's text, kept for ever."""

    __tablename__ = "article_version"
    article_id: UUID = _parent("article", key=True, on_delete="CASCADE")
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    organization_id: UUID = _parent("organization")
    title: str = _text()
    body: str = _text()
    questions: list[str] = _json(nullable=False)
    audience: str = _text()
    link: str | None = _text(nullable=True)
    author: str = _text()
    created_at: datetime = _at()


class PassageRow(SQLModel, table=True):
    """A piece of a published article, as it is found and quoted; `outline` is title and headings on one line."""

    __tablename__ = "passage"
    __table_args__ = (
        UniqueConstraint("article_id", "ordinal"),
        Index("passage_search", "search", postgresql_using="gin"),
        Index(
            "passage_embedding",
            "embedding",
            postgresql_using="hnsw",
            postgresql_ops={"embedding": "vector_ip_ops"},
        ),
        Index("passage_unembedded", "organization_id", "id", postgresql_where=text("embedding IS NULL")),
        Index("passage_source", "organization_id", "source_id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    article_id: UUID = _parent("article", on_delete="CASCADE")
    source_id: UUID = _parent("source")
    ordinal: int = Field(sa_column=Column(Integer, nullable=False))
    audience: str = _text()
    title: str = _text()
    headings: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False), default=None)
    outline: str = _text()
    text: str = _text()
    link: str | None = _text(nullable=True)
    search: Any = Field(
        sa_column=Column(
            TSVECTOR,
            Computed(
                "setweight(to_tsvector('english'::regconfig, outline), 'A') || to_tsvector('english'::regconfig, text)",
                persisted=True,
            ),
        ),
        default=None,
    )
    embedding: Any = Field(sa_column=Column(Vector(DIMENSIONS), nullable=True), default=None)


class PhraseRow(SQLModel, table=True):
    """One way of asking what an article answers."""

    __tablename__ = "phrase"
    __table_args__ = (
        UniqueConstraint("article_id", "ordinal"),
        Index(
            "phrase_embedding",
            "embedding",
            postgresql_using="hnsw",
            postgresql_ops={"embedding": "vector_ip_ops"},
        ),
        Index("phrase_unembedded", "organization_id", "id", postgresql_where=text("embedding IS NULL")),
        Index("phrase_source", "organization_id", "source_id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    article_id: UUID = _parent("article", on_delete="CASCADE")
    source_id: UUID = _parent("source")
    ordinal: int = Field(sa_column=Column(Integer, nullable=False))
    audience: str = _text()
    text: str = _text()
    embedding: Any = Field(sa_column=Column(Vector(DIMENSIONS), nullable=True), default=None)


class KnowledgeModelRow(SQLModel, table=True):
    """What was learned from an organization's phrases; `fingerprint` tells which phrases."""

    __tablename__ = "knowledge_model"
    organization_id: UUID = _parent("organization", key=True)
    fingerprint: str = _text()
    weights: bytes = Field(sa_column=Column(LargeBinary, nullable=False), default=None)
    metrics: dict[str, Any] = _json(nullable=False)
    trained_at: datetime = _at()


class ImportRow(SQLModel, table=True):
    """One import of documents into a source: how far it is and what could not be read."""

    __tablename__ = "import"
    id: UUID = Field(primary_key=True)
    organization_id: UUID = _parent("organization")
    source_id: UUID = _parent("source")
    state: str = _text()
    options: dict[str, Any] = _json(nullable=False)
    total: int = Field(sa_column=Column(Integer, nullable=False))
    counts: dict[str, Any] = _json(nullable=False)
    problems: list[dict[str, Any]] = _json(nullable=False)
    version: int = Field(sa_column=Column(Integer, nullable=False))
    created_at: datetime = _at()
    finished_at: datetime | None = _at(nullable=True)


class ImportDocumentRow(SQLModel, table=True):
    """A document waiting to be imported; gone once it is read."""

    __tablename__ = "import_document"
    import_id: UUID = _parent("import", key=True, on_delete="CASCADE")
    ordinal: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    organization_id: UUID = _parent("organization")
    name: str = _text()
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False), default=None)


def table(row: type[SQLModel]) -> Table:
    """The Core table behind a row class: what statements are written on."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


organizations = table(OrganizationRow)
customers = table(CustomerRow)
agents = table(AgentRow)
conversations = table(ConversationRow)
messages = table(MessageRow)
read_marks = table(ReadMarkRow)
events = table(EventRow)
jobs = table(JobRow)
idempotency_keys = table(IdempotencyKeyRow)
sources = table(SourceRow)
articles = table(ArticleRow)
article_versions = table(ArticleVersionRow)
passages = table(PassageRow)
phrases = table(PhraseRow)
knowledge_models = table(KnowledgeModelRow)
imports = table(ImportRow)
import_documents = table(ImportDocumentRow)
