"""The root fields about budgets, prices and what models have cost."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError
from domain.spending.ledger import SpendingBy
from domain.spending.service import Spending as Commands
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import spending_command as c
from schema.base import field, parse_key
from schema.spending import Budget, PriceList, Spending

Info = strawberry.Info[RequestContext, None]

Since = Annotated[datetime, strawberry.argument(description="Calls that began at this time or later.")]
Until = Annotated[datetime, strawberry.argument(description="Calls that began before it; at most 400 days later.")]
By = Annotated[SpendingBy, strawberry.argument(description="How to tell it apart.")]


@strawberry.type
class SpendingQuery:
    """What models may cost, and what they have cost."""

    @field("Every budget, the company's own first.", needs=Permission.READ_ASSISTANT)
    async def budgets(self, info: Info) -> list[Budget]:
        return [Budget.of(view) for view in await info.context.reads.all_budgets()]

    @field("What models cost, as the company has set it.", needs=Permission.READ_ASSISTANT)
    async def price_list(self, info: Info) -> PriceList:
        return PriceList.of(await info.context.reads.price_list())

    @field("What models have cost.", needs=Permission.READ_ASSISTANT)
    async def spending(self, info: Info, since: Since, until: Until, by: By = SpendingBy.MODEL) -> Spending:
        reads = info.context.reads
        return Spending.made(await reads.price_list(), await reads.spending(since, until, by))


def _spending(info: Info) -> Commands:
    return info.context.services.assistants.spending


@strawberry.type
class SpendingMutation:
    """What can be decided about it."""

    @mutation(
        "Choose what models may cost: past the soft limit a warning is told, past the hard one the built-in assistant"
        " answers, or a person.",
        needs=Permission.MANAGE_BUDGETS,
    )
    async def set_budget(self, info: Info, input: c.SetBudgetInput) -> c.SetBudgetPayload | None:
        receipt = await _spending(info).set_budget(
            info.context.actor, input.terms, reason=input.reason, key=key_of(input)
        )
        return c.SetBudgetSuccess(budget=await shown(info, "budgets", receipt.id, Budget.of))

    @mutation("Take a budget away.", needs=Permission.MANAGE_BUDGETS)
    async def delete_budget(self, info: Info, input: c.DeleteBudgetInput) -> c.DeleteBudgetPayload | None:
        key = parse_key(input.budget_id, "Budget", "input.budgetId")
        await _spending(info).delete_budget(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.DeleteBudgetSuccess(deleted_id=input.budget_id)

    @mutation("Say what models cost: without prices only tokens are counted.", needs=Permission.MANAGE_BUDGETS)
    async def set_prices(self, info: Info, input: c.SetPricesInput) -> c.SetPricesPayload | None:
        prices = {line.model: c.price_of(line) for line in input.prices}
        if len(prices) < len(input.prices):
            raise InvalidInputError(FieldProblem("input.prices", "Name each model once."))
        await _spending(info).set_prices(
            info.context.actor, input.currency, prices, reason=input.reason, key=key_of(input)
        )
        await info.context.renew()
        return c.SetPricesSuccess(price_list=PriceList.of(await info.context.reads.price_list()))
