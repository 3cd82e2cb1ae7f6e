"""The tables of spending, as SQLModel rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Index, UniqueConstraint, Uuid, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import count, flag, integer, json, moment, parent, table, words


def _many(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(BigInteger, nullable=nullable), default=None)


class BudgetRow(SQLModel, table=True):
    """How much may be used in a period; a limit that is null limits nothing."""

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("organization_id", "scope", "api_key_id", "period", postgresql_nulls_not_distinct=True),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    scope: str = words()
    api_key_id: UUID | None = parent("api_key", nullable=True)
    period: str = words()
    soft_micros: int | None = _many(nullable=True)
    soft_tokens: int | None = _many(nullable=True)
    hard_micros: int | None = _many(nullable=True)
    hard_tokens: int | None = _many(nullable=True)
    version: int = count()
    created_at: datetime = moment()


class BudgetUseRow(SQLModel, table=True):
    """What one subject has used of a budget in one period: always the sum of its calls in `model_call`."""

    __tablename__ = "budget_use"
    budget_id: UUID = parent("budget", key=True, on_delete="CASCADE")
    subject_id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    starts_at: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    organization_id: UUID = parent("organization")
    micros: int = _many()
    tokens: int = _many()
    warned_at: datetime | None = moment(nullable=True)
    spent_at: datetime | None = moment(nullable=True)


class ModelCallRow(SQLModel, table=True):
    """One call of a model; until it is settled its tokens and its cost are those that were reserved."""

    __tablename__ = "model_call"
    __table_args__ = (
        Index("model_call_time", "organization_id", "at"),
        Index("model_call_conversation", "conversation_id", "at", postgresql_where=text("conversation_id IS NOT NULL")),
        Index("model_call_api_key", "api_key_id", "at", postgresql_where=text("api_key_id IS NOT NULL")),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    model: str = words()
    purpose: str = words()
    conversation_id: UUID | None = Field(default=None)
    api_key_id: UUID | None = Field(default=None)
    read: int = integer()
    written: int = integer()
    cached: int = integer()
    micros: int | None = _many(nullable=True)
    estimated: bool = flag()
    at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)


class PriceListRow(SQLModel, table=True):
    """What models cost an organization."""

    __tablename__ = "price_list"
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    currency: str = words()
    prices: dict[str, Any] = json(nullable=False)
    version: int = count()
    created_at: datetime = moment()


budgets = table(BudgetRow)
budget_uses = table(BudgetUseRow)
model_calls = table(ModelCallRow)
price_lists = table(PriceListRow)
