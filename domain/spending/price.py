"""What models cost: prices are the organization's own data, since only its contracts say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.base import Aggregate, Event, FieldProblem, InvalidInputError
from domain.model import Usage
from domain.spending.events import Price, PricesSet
from domain.text import checked

MILLION = 1_000_000
MOST_PRICES = 200
LONGEST_NAME = 200
HIGHEST = 10**12
"""A million of the currency for a million tokens."""


def cost(price: Price | None, usage: Usage) -> int | None:
    """What tokens cost in micros, rounded up; None where there is no price."""
    if price is None:
        return None
    cached = min(usage.cached, usage.read)
    each_cached = price.read if price.cached is None else price.cached
    total = (usage.read - cached) * price.read + cached * each_cached + usage.written * price.written
    return -(-total // MILLION)


@dataclass
class PriceList(Aggregate):
    """The organization's one currency, which its budgets count in too, and the price of each model by its name."""

    currency: str = ""
    prices: Mapping[str, Price] = field(default_factory=dict)

    def set(self, currency: str, prices: Mapping[str, Price], *, reason: str | None) -> None:
        """Replace all that was there."""
        _check(currency, prices)
        if (currency, dict(prices)) != (self.currency, dict(self.prices)):
            self._record(PricesSet(currency=currency, prices=dict(prices), reason=reason))

    def _apply(self, event: Event) -> None:
        if isinstance(event, PricesSet):
            self.currency, self.prices = event.currency, event.prices


def _check(currency: str, prices: Mapping[str, Price]) -> None:
    problems = []
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        problems.append(FieldProblem("input.currency", "Use the three capitals of ISO 4217, such as EUR."))
    if len(prices) > MOST_PRICES:
        problems.append(FieldProblem("input.prices", f"At most {MOST_PRICES} models have a price."))
    for place, (model, price) in enumerate(prices.items()):
        checked(model, f"input.prices.{place}.model", longest=LONGEST_NAME)
        if any(not 0 <= each <= HIGHEST for each in (price.read, price.written, price.cached or 0)):
            problems.append(FieldProblem(f"input.prices.{place}", f"Prices are from 0 to {HIGHEST:,} micros."))
    if problems:
        raise InvalidInputError(*problems)


@dataclass(frozen=True, slots=True)
class PriceListView:
    """The currency and the prices by model; an organization that has set none has neither."""

    currency: str | None
    prices: Mapping[str, Price]
