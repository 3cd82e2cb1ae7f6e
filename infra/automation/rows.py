"""The tables of rules, and of what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, flag, ids, integer, json, moment, parent, table, texts, words


class RuleRow(SQLModel, table=True):
    """A rule; `condition` is a tree of JSON, `actions` a list."""

    __tablename__ = "rule"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    place: int = integer()
    enabled: bool = flag()
    triggers: list[str] = texts()
    condition: dict[str, Any] = json(nullable=False)
    actions: list[dict[str, Any]] = json(nullable=False)
    stops: bool = flag()
    version: int = count()
    created_at: datetime = moment()


class RuleRunRow(SQLModel, table=True):
    """What one rule made of one event; `chain` is the rules that led to it, itself the last."""

    __tablename__ = "rule_run"
    __table_args__ = (
        UniqueConstraint("rule_id", "event_id"),
        Index("rule_run_newest", "organization_id", "at", "id"),
        Index("rule_run_rule", "rule_id", "at", "id"),
        Index("rule_run_conversation", "conversation_id", "at"),
        Index("rule_run_at", "at"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    rule_id: UUID = parent("rule", on_delete="CASCADE")
    rule_version: int = integer()
    event_id: int = Field(sa_column=Column(BigInteger, nullable=False), default=0)
    event_kind: str = words()
    conversation_id: UUID = parent("conversation", on_delete="CASCADE")
    outcome: str = words()
    reason: str | None = words(nullable=True)
    actions: list[dict[str, Any]] = json(nullable=False)
    chain: list[UUID] = ids()
    at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)


rules = table(RuleRow)
rule_runs = table(RuleRunRow)
