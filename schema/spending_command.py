"""What goes into and comes out of the mutations on budgets and prices."""

from typing import Annotated

import strawberry

from domain.spending.budget import Limit, Terms
from domain.spending.events import BudgetScope, Period, Price
from schema.account_command import reason_field
from schema.base import parse_key
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.number import BigInt
from schema.spending import Budget, PriceList


@strawberry.input(description="A budget. There is one for each scope, key and period: the one that is there changes.")
class SetBudgetInput:
    """Input of `setBudget`."""

    scope: BudgetScope = strawberry.field(description="Whose calls count together.")
    period: Period = strawberry.field(description="After what time it begins anew.")
    api_key_id: strawberry.ID | None = strawberry.field(
        default=None, description="The one key it is for; for each key alone if unset. With the scope API_KEY only."
    )
    soft_micros: BigInt | None = strawberry.field(
        default=None, description="Money after which a warning is told, in millionths of the currency."
    )
    soft_tokens: BigInt | None = strawberry.field(
        default=None, description="Tokens after which a warning is told, read and written."
    )
    hard_micros: BigInt | None = strawberry.field(
        default=None, description="The most money, in millionths of the currency; 0 forbids whatever has a price."
    )
    hard_tokens: BigInt | None = strawberry.field(default=None, description="The most tokens, read and written.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()

    @property
    def terms(self) -> Terms:
        """What it asks for; `InvalidInputError` for an id that is none."""
        key = self.api_key_id
        return Terms(
            scope=self.scope,
            period=self.period,
            soft=Limit(self.soft_micros, self.soft_tokens),
            hard=Limit(self.hard_micros, self.hard_tokens),
            api_key_id=None if key is None else parse_key(key, "ApiKey", "input.apiKeyId"),
        )


@strawberry.input(description="The budget that is to limit nothing any more.")
class DeleteBudgetInput:
    """Input of `deleteBudget`."""

    budget_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What a model costs, in millionths of the currency for a million tokens.")
class ModelPriceInput:
    """One line of a price list."""

    model: str = strawberry.field(description="The model, as the settings call it: 1 to 200 characters.")
    read: BigInt = strawberry.field(description="For tokens that it reads.")
    written: BigInt = strawberry.field(description="For tokens that it writes.")
    cached: BigInt | None = strawberry.field(
        default=None, description="For tokens that it had read before; as `read` if unset."
    )


@strawberry.input(description="The whole price list: what is not in it has no price any more.")
class SetPricesInput:
    """Input of `setPrices`."""

    currency: str = strawberry.field(description="Of all prices and budgets: three capitals by ISO 4217.")
    prices: list[ModelPriceInput] = strawberry.field(description="At most 200 models, each once.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


def price_of(line: ModelPriceInput) -> Price:
    """The price that a line says."""
    return Price(line.read, line.written, line.cached)


@strawberry.type(description="The budget holds from now on.")
class SetBudgetSuccess:
    """Success of `setBudget`."""

    budget: Budget = strawberry.field(description="As it is now.")


@strawberry.type(description="The budget is gone, with the count of what was used of it.")
class DeleteBudgetSuccess:
    """Success of `deleteBudget`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="Calls that begin from now on have these prices.")
class SetPricesSuccess:
    """Success of `setPrices`."""

    price_list: PriceList = strawberry.field(description="As it is now.")


SetBudgetPayload = Annotated[
    SetBudgetSuccess | CommonError, strawberry.union("SetBudgetPayload", description="What came of `setBudget`.")
]
DeleteBudgetPayload = Annotated[
    DeleteBudgetSuccess | CommonError,
    strawberry.union("DeleteBudgetPayload", description="What came of `deleteBudget`."),
]
SetPricesPayload = Annotated[
    SetPricesSuccess | CommonError, strawberry.union("SetPricesPayload", description="What came of `setPrices`.")
]
