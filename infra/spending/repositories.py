"""Budgets and prices as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.spending.budget import Budget, Terms
from domain.spending.events import BudgetScope, Period, Price
from domain.spending.price import PriceList
from infra.accounts.repository import SqlStored
from infra.repositories import Unit
from infra.spending.rows import budgets, price_lists


class SqlBudgets(SqlStored[Budget]):
    """Budgets."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, budgets, Budget, scope=BudgetScope, period=Period)

    async def like(self, terms: Terms) -> Budget | None:
        """The budget of the same scope, API key and period, locked."""
        c = budgets.c
        same = (c.scope == terms.scope, c.period == terms.period, c.api_key_id.is_not_distinct_from(terms.api_key_id))
        return next(iter(await self.find(*same)), None)

    async def all(self) -> Sequence[Budget]:
        """Every budget, locked."""
        return await self.find()


class SqlPriceLists(SqlStored[PriceList]):
    """The one price list of each organization, whose id is the organization's."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, price_lists, PriceList, prices=prices_of)

    async def own(self) -> PriceList:
        """The list, locked; an empty one where none was set."""
        tenant = self._unit.actor.tenant
        found = await self.find()
        if found:
            return found[0]
        self.add(PriceList(tenant, tenant))
        return self._held[tenant]


def prices_of(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Price]:
    """Prices from the column that holds them."""
    return {model: Price(**price) for model, price in stored.items()}
