"""A budget: how much of money and tokens may be used in a period, by whom together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.base import Aggregate, Event, FieldProblem, InvalidInputError
from domain.spending.events import BudgetRemoved, BudgetScope, BudgetSet, BudgetSpent, BudgetWarned, Period

MOST = 2**53 - 1
"""The largest limit: what every client's numbers hold exactly."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in micros, which are millionths of the currency, and tokens."""

    micros: int = 0
    tokens: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.micros + other.micros, self.tokens + other.tokens)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.micros - other.micros, self.tokens - other.tokens)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most money and tokens; None limits nothing."""

    micros: int | None = None
    tokens: int | None = None

    def holds(self, amount: Amount) -> bool:
        """Whether the amount is within the limit."""
        return _within(amount.micros, self.micros) and _within(amount.tokens, self.tokens)

    @property
    def is_set(self) -> bool:
        """Whether it limits anything."""
        return self.micros is not None or self.tokens is not None


def _within(used: int, limit: int | None) -> bool:
    return limit is None or used <= limit


@dataclass(frozen=True, slots=True)
class Terms:
    """What makes a budget: there is one for each scope (and API key) and period."""

    scope: BudgetScope
    period: Period
    soft: Limit = field(default_factory=Limit)
    hard: Limit = field(default_factory=Limit)
    api_key_id: UUID | None = None

    def check(self) -> None:
        """`InvalidInputError` for terms that mean nothing, each with its field."""
        if problems := [*_outside(self.soft, "soft"), *_outside(self.hard, "hard"), *self._contradictions()]:
            raise InvalidInputError(*problems)

    def _contradictions(self) -> list[FieldProblem]:
        found = []
        if not (self.soft.is_set or self.hard.is_set):
            found.append(FieldProblem("input.hardMicros", "Give at least one limit, or remove the budget."))
        if self.api_key_id is not None and self.scope is not BudgetScope.API_KEY:
            found.append(FieldProblem("input.apiKeyId", "Only a budget of the scope API_KEY is for one API key."))
        for name in ("micros", "tokens"):
            soft, hard = getattr(self.soft, name), getattr(self.hard, name)
            if soft is not None and hard is not None and soft > hard:
                found.append(FieldProblem(f"input.soft{name.title()}", "The soft limit is above the hard one."))
        return found


def _outside(limit: Limit, name: str) -> list[FieldProblem]:
    return [
        FieldProblem(f"input.{name}{kind}", f"Use a number from 0 to {MOST:,}.")
        for kind, value in (("Micros", limit.micros), ("Tokens", limit.tokens))
        if value is not None and not 0 <= value <= MOST
    ]


@dataclass
class Budget(Aggregate):
    """A budget. What it comes to in a period is counted beside it, in `Use`."""

    scope: BudgetScope = BudgetScope.ORGANIZATION
    api_key_id: UUID | None = None
    period: Period = Period.MONTH
    soft_micros: int | None = None
    soft_tokens: int | None = None
    hard_micros: int | None = None
    hard_tokens: int | None = None
    deleted: bool = False

    @property
    def name(self) -> str:
        """What it is called where it refuses a call, such as `conversation/day`."""
        return f"{self.scope}/{self.period}"

    @property
    def terms(self) -> Terms:
        """What it says."""
        soft, hard = Limit(self.soft_micros, self.soft_tokens), Limit(self.hard_micros, self.hard_tokens)
        return Terms(self.scope, self.period, soft, hard, self.api_key_id)

    def set(self, terms: Terms, *, reason: str | None) -> None:
        """Begin with these terms, or change to them."""
        terms.check()
        if self.version and terms == self.terms:
            return
        self._record(
            BudgetSet(
                scope=terms.scope,
                api_key_id=terms.api_key_id,
                period=terms.period,
                soft_micros=terms.soft.micros,
                soft_tokens=terms.soft.tokens,
                hard_micros=terms.hard.micros,
                hard_tokens=terms.hard.tokens,
                reason=reason,
            )
        )

    def remove(self, *, reason: str | None) -> None:
        """End it, and forget what was used of it."""
        self._record(BudgetRemoved(reason=reason))

    def warn(self, use: Use) -> None:
        """Tell that more than the soft limit is used."""
        self._record(BudgetWarned(use.subject_id, use.starts_at, use.amount.micros, use.amount.tokens))

    def refuse(self, use: Use) -> None:
        """Tell that there was no room for a call."""
        self._record(BudgetSpent(use.subject_id, use.starts_at, use.amount.micros, use.amount.tokens))

    def _apply(self, event: Event) -> None:
        match event:
            case BudgetSet():
                self.scope, self.api_key_id, self.period = event.scope, event.api_key_id, event.period
                self.soft_micros, self.soft_tokens = event.soft_micros, event.soft_tokens
                self.hard_micros, self.hard_tokens = event.hard_micros, event.hard_tokens
            case BudgetRemoved():
                self.deleted = True


@dataclass(slots=True)
class Use:
    """What was used of a budget in one period by one subject: an organization, an API key or a conversation.

    Reservations are in `amount` until they are settled.
    """

    subject_id: UUID
    starts_at: datetime
    amount: Amount = field(default_factory=Amount)
    warned_at: datetime | None = None
    spent_at: datetime | None = None

    def admits(self, budget: Budget, estimate: Amount, at: datetime) -> bool:
        """Whether a call may be made; the first time that one may not is told."""
        if budget.terms.hard.holds(self.amount + estimate):
            return True
        if self.spent_at is None:
            self.spent_at = at
            budget.refuse(self)
        return False

    def add(self, budget: Budget, amount: Amount, at: datetime) -> None:
        """Count something in; the first time that the soft limit is passed is told."""
        self.amount += amount
        if self.warned_at is None and not budget.terms.soft.holds(self.amount):
            self.warned_at = at
            budget.warn(self)


def beginning(period: Period, at: datetime) -> datetime:
    """When the period began in which a time lies, in UTC."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if period is Period.DAY else midnight.replace(day=1)


def end(period: Period, starts_at: datetime) -> datetime:
    """When the period ends that began at a time."""
    if period is Period.DAY:
        return starts_at + timedelta(days=1)
    return beginning(period, starts_at + timedelta(days=31))


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A budget and, where its calls have one subject, what was used of it in this period."""

    id: UUID
    terms: Terms
    starts_at: datetime
    ends_at: datetime
    use: Use | None
