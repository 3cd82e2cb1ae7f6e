"""What happens to budgets and prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.base import Audited, Event


class BudgetScope(StrEnum):
    """Whose calls count together: all of the organization, those of one API key, or those of one conversation."""

    ORGANIZATION = "organization"
    API_KEY = "api_key"
    CONVERSATION = "conversation"


class Period(StrEnum):
    """After what time a budget begins anew, by the clock of UTC."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs: micros of the currency for a million tokens; `cached` of None is as much as `read`."""

    read: int
    written: int
    cached: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSet(Audited):
    """There is a budget, or it has other limits than before; a limit of None limits nothing."""

    scope: BudgetScope
    api_key_id: UUID | None
    period: Period
    soft_micros: int | None
    soft_tokens: int | None
    hard_micros: int | None
    hard_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRemoved(Audited):
    """A budget limits nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesSet(Audited):
    """Models have other prices from now on; those that are not here have none."""

    currency: str
    prices: dict[str, Price]


@dataclass(frozen=True, slots=True)
class BudgetWarned(Event):
    """More than the soft limit is used: told once in each period, for each whose calls count together."""

    subject_id: UUID
    starts_at: datetime
    micros: int
    tokens: int


@dataclass(frozen=True, slots=True)
class BudgetSpent(Event):
    """There was no room for a call within the hard limit: told once in each period, as `BudgetWarned` is."""

    subject_id: UUID
    starts_at: datetime
    micros: int
    tokens: int
