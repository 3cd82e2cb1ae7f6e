"""Budgets, prices and what models have cost."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.spending import budget, events, ledger, price
from schema.access import ApiKey
from schema.base import Node, edge
from schema.needs import needing
from schema.number import BigInt

strawberry.enum(events.BudgetScope, description="Whose calls count together: all, those of a key, of a conversation.")
strawberry.enum(events.Period, name="BudgetPeriod", description="After what time a budget begins anew, in UTC.")
strawberry.enum(ledger.SpendingBy, description="How spending is told apart.")


@strawberry.type(description="What was used of a budget in its period, with what is set aside for calls that go on.")
class BudgetUse:
    """A count."""

    micros: BigInt = strawberry.field(description="Millionths of the currency.")
    tokens: BigInt = strawberry.field(description="Tokens, read and written.")
    warned_at: datetime | None = strawberry.field(description="When the soft limit was passed.")
    spent_at: datetime | None = strawberry.field(description="When the hard limit first refused a call.")

    @classmethod
    def of(cls, use: budget.Use) -> "BudgetUse":
        """Built from the domain's count."""
        micros, tokens = BigInt(use.amount.micros), BigInt(use.amount.tokens)
        return cls(micros=micros, tokens=tokens, warned_at=use.warned_at, spent_at=use.spent_at)


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="How much models may cost in a period. Past its hard limit they are not asked any more.")
class Budget(Node):
    """A budget as it stands."""

    api_key_id: strawberry.Private[UUID | None]
    scope: events.BudgetScope = strawberry.field(description="Whose calls count together.")
    period: events.Period = strawberry.field(description="After what time it begins anew.")
    soft_micros: BigInt | None = strawberry.field(description="Money after which a warning is told; none if null.")
    soft_tokens: BigInt | None = strawberry.field(description="Tokens after which a warning is told; none if null.")
    hard_micros: BigInt | None = strawberry.field(description="The most money, in millionths; without limit if null.")
    hard_tokens: BigInt | None = strawberry.field(description="The most tokens; without limit if null.")
    starts_at: datetime = strawberry.field(description="When this period began.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    use: BudgetUse | None = strawberry.field(
        description="What was used of it in this period; null where every key or conversation has a share of its own."
    )
    api_key: ApiKey | None = edge(
        "api_keys", "api_key_id", of=ApiKey.of, description="The key it is for; every key has such a budget if null."
    )

    @classmethod
    def of(cls, view: budget.BudgetView) -> "Budget":
        """Built from its view."""
        terms = view.terms
        return cls(
            key=view.id,
            api_key_id=terms.api_key_id,
            scope=terms.scope,
            period=terms.period,
            soft_micros=_big(terms.soft.micros),
            soft_tokens=_big(terms.soft.tokens),
            hard_micros=_big(terms.hard.micros),
            hard_tokens=_big(terms.hard.tokens),
            starts_at=view.starts_at,
            ends_at=view.ends_at,
            use=BudgetUse.of(view.use) if view.use else None,
        )


def _big(value: int | None) -> BigInt | None:
    return None if value is None else BigInt(value)


@strawberry.type(description="What a model costs, in millionths of the currency for a million tokens.")
class ModelPrice:
    """One line of the price list."""

    model: str = strawberry.field(description="The model, as the settings call it.")
    read: BigInt = strawberry.field(description="For tokens that it reads.")
    written: BigInt = strawberry.field(description="For tokens that it writes.")
    cached: BigInt | None = strawberry.field(description="For tokens that it had read before; as `read` if null.")


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="What models cost. Calls of a model that is not in it are counted in tokens alone.")
class PriceList:
    """The organization's own prices."""

    currency: str | None = strawberry.field(description="Of all prices and budgets, by ISO 4217; null until it is set.")
    prices: list[ModelPrice] = strawberry.field(description="By model.")

    @classmethod
    def of(cls, view: price.PriceListView) -> "PriceList":
        """Built from its view."""
        prices = [
            ModelPrice(model=name, read=BigInt(one.read), written=BigInt(one.written), cached=_big(one.cached))
            for name, one in sorted(view.prices.items())
        ]
        return cls(currency=view.currency, prices=prices)


@strawberry.type(description="What calls used that have something in common.")
class SpendingPart:
    """One line of spending."""

    name: str = strawberry.field(description="The model, the purpose, or the day such as `2027-01-31`, in UTC.")
    day: date | None = strawberry.field(description="The day, where spending is told apart by it.")
    calls: int = strawberry.field(description="How many calls.")
    micros: BigInt | None = strawberry.field(description="What they cost; null where none had a price.")
    read_tokens: BigInt = strawberry.field(description="Tokens that were read, the cached ones among them.")
    cached_tokens: BigInt = strawberry.field(description="Those that the model had read before.")
    written_tokens: BigInt = strawberry.field(description="Tokens that were written.")
    unpriced_calls: int = strawberry.field(description="Calls of models without a price.")
    estimated_calls: int = strawberry.field(description="Calls whose model did not say what they used.")
    open_calls: int = strawberry.field(
        description="Calls that go on, or whose process ended: they count as estimated before they began."
    )

    @classmethod
    def of(cls, view: ledger.SpendingView) -> "SpendingPart":
        """Built from its view."""
        return cls(
            name=view.name,
            day=view.day,
            calls=view.calls,
            micros=_big(view.micros),
            read_tokens=BigInt(view.usage.read),
            cached_tokens=BigInt(view.usage.cached),
            written_tokens=BigInt(view.usage.written),
            unpriced_calls=view.unpriced,
            estimated_calls=view.estimated,
            open_calls=view.open,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="What models have cost in a time.")
class Spending:
    """Parts that add up."""

    currency: str | None = strawberry.field(description="Of all that is called `micros`; null until it is set.")
    parts: list[SpendingPart] = strawberry.field(description="By name; those that nothing was used for are left out.")

    @classmethod
    def made(cls, prices: price.PriceListView, parts: Sequence[ledger.SpendingView]) -> "Spending":
        """Built from the views of both."""
        return cls(currency=prices.currency, parts=[SpendingPart.of(part) for part in parts])
