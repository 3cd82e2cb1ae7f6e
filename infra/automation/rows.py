"""The tables of rules, and of what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Index, Integer, Text, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, json, moment, parent, table, words


class RuleRow(SQLModel, table=True):
    """A rule; `condition` is a tree of JSON, `actions` a list."""

    __tablename__ = "rule"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    place: int = Field(sa_column=Column(Integer, nullable=False), default=0)
    enabled: bool = Field(sa_column=Column(Boolean, nullable=False), default=False)
    triggers: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False), default=None)
    condition: dict[str, Any] = json(nullable=False)
    actions: list[dict[str, Any]] = json(nullable=False)
    stops: bool = Field(sa_column=Column(Boolean, nullable=False), default=False)
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
    rule_version: int = Field(sa_column=Column(Integer, nullable=False), default=0)
    event_id: int = Field(sa_column=Column(BigInteger, nullable=False), default=0)
    event_kind: str = words()
    conversation_id: UUID = parent("conversation", on_delete="CASCADE")
    outcome: str = words()
    reason: str | None = words(nullable=True)
    actions: list[dict[str, Any]] = json(nullable=False)
    chain: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False), default=None)
    at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)


rules = table(RuleRow)
rule_runs = table(RuleRunRow)
