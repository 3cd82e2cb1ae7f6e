"""The tables of tools, as SQLModel rows: what the assistant may do, what it did, and who was shown to have asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy import UniqueConstraint as Unique
from sqlmodel import Field, SQLModel

from infra.storage.columns import binary, count, flag, integer, json, moment, parent, table, texts, words


class McpServerRow(SQLModel, table=True):
    """An MCP server; its secret and its signing key are sealed."""

    __tablename__ = "mcp_server"
    __table_args__ = (Unique("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    url: str = words()
    secret_header: str | None = words(nullable=True)
    secret: bytes | None = binary(nullable=True)
    signing: bytes | None = binary(nullable=True)
    refreshed_at: datetime | None = moment(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class ToolRow(SQLModel, table=True):
    """A tool; `parameters` is a JSON schema, `time_limit` is in seconds; secret and signing key are sealed."""

    __tablename__ = "tool"
    __table_args__ = (Unique("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    server_id: UUID | None = parent("mcp_server", nullable=True, on_delete="CASCADE")
    remote_name: str | None = words(nullable=True)
    name: str = words()
    title: str = words()
    description: str = words()
    parameters: dict[str, Any] = json(nullable=False)
    url: str | None = words(nullable=True)
    method: str | None = words(nullable=True)
    kind: str = words()
    needs_verified_customer: bool = flag()
    needs_approval: bool = flag()
    redacted_input: list[str] = texts()
    redacted_output: list[str] = texts()
    time_limit: int = integer()
    enabled: bool = flag()
    secret_header: str | None = words(nullable=True)
    secret: bytes | None = binary(nullable=True)
    signing: bytes | None = binary(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class ToolCallRow(SQLModel, table=True):
    """A call; `arguments` are sealed and there only while it may still be made, `due_at` only while that is bounded."""

    __tablename__ = "tool_call"
    __table_args__ = (
        Index("tool_call_conversation", "conversation_id", "created_at", "id"),
        Index("tool_call_question", "question_id"),
        Index("tool_call_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(
            "tool_call_action",
            "organization_id",
            "created_at",
            "id",
            postgresql_where=text("proposed_at IS NOT NULL"),
        ),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    tool_id: UUID | None = parent("tool", nullable=True, on_delete="SET NULL")
    tool: str = words()
    title: str = words()
    conversation_id: UUID | None = parent("conversation", nullable=True)
    customer_id: UUID | None = parent("customer", nullable=True)
    question_id: UUID | None = Field(default=None)
    attempt_id: UUID | None = Field(default=None)
    agent_id: UUID | None = parent("agent", nullable=True)
    digest: str = words()
    input: dict[str, Any] = json(nullable=False)
    arguments: bytes | None = binary(nullable=True)
    output: str = words()
    state: str = words()
    attempts: int = integer()
    took_ms: int = integer()
    due_at: datetime | None = moment(nullable=True)
    proposed_at: datetime | None = moment(nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    decided_by: UUID | None = parent("agent", nullable=True)
    reason: str | None = words(nullable=True)
    settled: bool = flag()
    version: int = count()
    created_at: datetime = moment()


class ProofRow(SQLModel, table=True):
    """Who the customer of a conversation, whose id it has, has shown to be; the code is kept as a keyed hash."""

    __tablename__ = "proof"
    id: UUID = parent("conversation", key=True)
    organization_id: UUID = parent("organization")
    customer_id: UUID | None = parent("customer", nullable=True)
    code_hash: bytes | None = binary(nullable=True)
    code_until: datetime | None = moment(nullable=True)
    tries_left: int = integer()
    codes: int = integer()
    proven_until: datetime | None = moment(nullable=True)
    version: int = count()
    created_at: datetime = moment()


mcp_servers = table(McpServerRow)
tools = table(ToolRow)
tool_calls = table(ToolCallRow)
proofs = table(ProofRow)
