"""What people do about spending: budgets and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.access.api_key import ApiKey
from domain.account.permission import Permission
from domain.account.role import RoleUnit, allowed_now, checked_reason
from domain.account.stored import Opening, Stored
from domain.base import Actor, Identifiers, InvalidStateError
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.spending.budget import Budget, BudgetView, Terms
from domain.spending.events import Price
from domain.spending.ledger import SpendingBy, SpendingView
from domain.spending.price import PriceList, PriceListView

MOST_BUDGETS = 100


class BudgetRepository(Stored[Budget], Protocol):
    """Budgets of the actor's organization, to change."""

    async def like(self, terms: Terms) -> Budget | None:
        """The budget of the same scope, API key and period, locked."""
        ...

    async def all(self) -> Sequence[Budget]:
        """Every budget, locked."""
        ...


class PriceListRepository(Protocol):
    """The price list of the actor's organization, to change."""

    async def own(self) -> PriceList:
        """The list, locked; an empty one where none was set."""
        ...


class SpendingUnit(RoleUnit, Protocol):
    """A unit of work that holds budgets and prices."""

    @property
    def budgets(self) -> BudgetRepository:
        """Budgets, to change."""
        ...

    @property
    def price_lists(self) -> PriceListRepository:
        """Prices, to change."""
        ...

    @property
    def api_keys(self) -> Stored[ApiKey]:
        """API keys, to look whether there is one."""
        ...


class SpendingReads(Protocol):
    """What one actor may see of spending."""

    async def budgets(self, ids: Sequence[UUID]) -> Sequence[BudgetView | None]:
        """Budgets by id."""
        ...

    async def all_budgets(self) -> Sequence[BudgetView]:
        """Every budget, the organization's own first."""
        ...

    async def price_list(self) -> PriceListView:
        """What models cost."""
        ...

    async def spending(self, since: datetime, until: datetime, by: SpendingBy) -> Sequence[SpendingView]:
        """What the calls of a time used, told apart in one way."""
        ...


@dataclass(frozen=True)
class Spending:
    """The commands on budgets and prices."""

    units: Opening[SpendingUnit]
    new_id: Identifiers

    @retried_once
    async def set_budget(
        self, actor: Actor, terms: Terms, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Make a budget, or give the one of this scope, API key and period other limits; they hold at once."""
        actor.require(Permission.MANAGE_BUDGETS)
        reason = checked_reason(reason)
        terms.check()
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.MANAGE_BUDGETS)
            budget = await unit.budgets.like(terms) or await self._new(unit, actor, terms)
            budget.set(terms, reason=reason)
            return await unit.commit(Receipt(budget.id))

    @retried_once
    async def delete_budget(
        self, actor: Actor, budget_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take a budget away."""
        actor.require(Permission.MANAGE_BUDGETS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.MANAGE_BUDGETS)
            budget = await unit.budgets.get(budget_id)
            budget.remove(reason=reason)
            return await unit.commit(Receipt(budget.id))

    @retried_once
    async def set_prices(
        self,
        actor: Actor,
        currency: str,
        prices: Mapping[str, Price],
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Replace the price list; calls that are reserved keep the price that they were reserved at."""
        actor.require(Permission.MANAGE_BUDGETS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.MANAGE_BUDGETS)
            listed = await unit.price_lists.own()
            listed.set(currency, prices, reason=reason)
            return await unit.commit(Receipt(listed.id))

    async def _new(self, unit: SpendingUnit, actor: Actor, terms: Terms) -> Budget:
        if terms.api_key_id is not None:
            await unit.api_keys.get(terms.api_key_id)
        if len(await unit.budgets.all()) >= MOST_BUDGETS:
            raise InvalidStateError(f"There are {MOST_BUDGETS} budgets already. Remove one first.")
        budget = Budget(self.new_id(), actor.tenant)
        unit.budgets.add(budget)
        return budget
