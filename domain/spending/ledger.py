"""What each call of a model used: reserved before it, settled after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.model import ModelRequest, Usage
from domain.spending.budget import Amount
from domain.spending.events import BudgetScope, Price
from domain.spending.price import cost


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is set aside for one call: its `estimate`, at the price of the moment, None where the model has none."""

    id: UUID
    request: ModelRequest
    model: str
    estimate: Usage
    at: datetime
    price: Price | None

    @property
    def amount(self) -> Amount:
        """The estimate as budgets count it."""
        return self.amount_of(self.estimate)

    def amount_of(self, usage: Usage) -> Amount:
        """Tokens as budgets count them."""
        return Amount(self.cost_of(usage) or 0, usage.read + usage.written)

    def cost_of(self, usage: Usage) -> int | None:
        """What tokens cost in micros; None where the model has no price."""
        return cost(self.price, usage)

    def subject_of(self, scope: BudgetScope) -> UUID | None:
        """With whose calls this one counts; None where the scope does not concern it."""
        request = self.request
        return {
            BudgetScope.ORGANIZATION: request.organization_id,
            BudgetScope.API_KEY: request.api_key_id,
            BudgetScope.CONVERSATION: request.conversation_id,
        }[scope]


class Ledger(Protocol):
    """Sets money and tokens aside for calls of models."""

    async def reserve(self, request: ModelRequest, model: str, estimate: Usage) -> Reservation:
        """Set aside what a call will use at most; `BudgetExhaustedError` where a hard limit has no room for it.

        What is never settled, since its process died, stays used as it was estimated.
        """
        ...

    def settle(self, reservation: Reservation, usage: Usage) -> None:
        """Count what was used instead of what was set aside, soon: nobody waits for it."""
        ...


class SpendingBy(StrEnum):
    """How spending is told apart."""

    MODEL = "model"
    PURPOSE = "purpose"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class SpendingView:
    """What calls of one model, of one purpose or of one day (in UTC) used.

    `micros` is None where none of them had a price; `unpriced`, `estimated` and `open` count the calls without a price,
    those whose tokens are an estimate, and those that are not settled.
    """

    name: str
    day: date | None
    calls: int
    usage: Usage
    micros: int | None
    unpriced: int
    estimated: int
    open: int
