"""What one actor may see of budgets and spending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Text, and_, case, cast, func, literal, select

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError
from domain.model import Usage
from domain.spending.budget import Amount, BudgetView, Limit, Terms, Use, beginning, end
from domain.spending.events import BudgetScope, Period
from domain.spending.ledger import SpendingBy, SpendingView
from domain.spending.price import PriceListView
from infra.reads import SqlReads
from infra.spending.repositories import prices_of
from infra.spending.rows import budget_uses, budgets, model_calls, price_lists

LONGEST_RANGE = timedelta(days=400)


class SqlSpendingReads(SqlReads):
    """The reads of one operation about spending."""

    async def budgets(self, ids: Sequence[UUID]) -> Sequence[BudgetView | None]:
        """Budgets by id; none for whoever may not see how the assistant is set up."""
        if not self._actor.may(Permission.READ_ASSISTANT):
            return [None] * len(ids)
        found = {view.id: view for view in await self._budgets(budgets.c.id.in_(ids))}
        return [found.get(identity) for identity in ids]

    async def all_budgets(self) -> Sequence[BudgetView]:
        """Every budget, the organization's own first."""
        self._actor.require(Permission.READ_ASSISTANT)
        return await self._budgets()

    async def price_list(self) -> PriceListView:
        """What models cost; nothing where nobody has set it."""
        self._actor.require(Permission.READ_ASSISTANT)
        c = price_lists.c
        rows = await self._rows(select(c.currency, c.prices).where(c.organization_id == self._actor.tenant))
        return PriceListView(rows[0].currency, prices_of(rows[0].prices)) if rows else PriceListView(None, {})

    async def spending(self, since: datetime, until: datetime, by: SpendingBy) -> Sequence[SpendingView]:
        """What the calls of a time used; `InvalidInputError` for a time that is none, or too long."""
        self._actor.require(Permission.READ_ASSISTANT)
        _check(since, until)
        c = model_calls.c
        name = {
            SpendingBy.MODEL: c.model,
            SpendingBy.PURPOSE: c.purpose,
            SpendingBy.DAY: cast(func.date(func.timezone("UTC", c.at)), Text),
        }[by].label("name")
        mine = (c.organization_id == self._actor.tenant, c.at >= since, c.at < until)
        sums = select(name, *_sums()).where(*mine).group_by(name).order_by(name)
        return [_part(row, by) for row in await self._rows(sums)]

    async def _budgets(self, *conditions: ColumnElement[bool]) -> list[BudgetView]:
        """In the order of their scopes; each with the use of this period of its one subject, where it has one."""
        b, u = budgets.c, budget_uses.c
        at = datetime.now(UTC)
        starts = case((b.period == Period.DAY, literal(beginning(Period.DAY, at))), else_=beginning(Period.MONTH, at))
        subject = case((b.scope == BudgetScope.ORGANIZATION, b.organization_id), else_=b.api_key_id)
        joined = budgets.outerjoin(
            budget_uses, and_(u.budget_id == b.id, u.subject_id == subject, u.starts_at == starts)
        )
        shown = (u.subject_id, u.micros, u.tokens, u.warned_at, u.spent_at)
        place = case({str(scope): number for number, scope in enumerate(BudgetScope)}, value=b.scope)
        wanted = select(budgets, *shown).select_from(joined).where(b.organization_id == self._actor.tenant, *conditions)
        rows = await self._rows(wanted.order_by(place, b.api_key_id.nulls_first(), b.period, b.id))
        return [_budget(row, at) for row in rows]


def _check(since: datetime, until: datetime) -> None:
    if since.tzinfo is None or until.tzinfo is None:
        raise InvalidInputError(FieldProblem("since", "Give times with their zone, such as 2027-01-31T00:00:00Z."))
    if not timedelta() < until - since <= LONGEST_RANGE:
        raise InvalidInputError(FieldProblem("until", f"Ask for a time of up to {LONGEST_RANGE.days} days."))


def _sums() -> list[ColumnElement[Any]]:
    c = model_calls.c
    return [
        func.count().label("calls"),
        func.sum(c.micros).label("micros"),
        func.sum(c.read).label("read"),
        func.sum(c.written).label("written"),
        func.sum(c.cached).label("cached"),
        func.count().filter(c.micros.is_(None)).label("unpriced"),
        func.count().filter(c.estimated & c.settled_at.is_not(None)).label("estimated"),
        func.count().filter(c.settled_at.is_(None)).label("open"),
    ]


def _part(row: Row[Any], by: SpendingBy) -> SpendingView:
    return SpendingView(
        name=row.name,
        day=date.fromisoformat(row.name) if by is SpendingBy.DAY else None,
        calls=row.calls,
        usage=Usage(int(row.read), int(row.written), int(row.cached)),
        micros=None if row.micros is None else int(row.micros),
        unpriced=row.unpriced,
        estimated=row.estimated,
        open=row.open,
    )


def _budget(row: Row[Any], at: datetime) -> BudgetView:
    scope, period = BudgetScope(row.scope), Period(row.period)
    soft, hard = Limit(row.soft_micros, row.soft_tokens), Limit(row.hard_micros, row.hard_tokens)
    terms = Terms(scope, period, soft, hard, row.api_key_id)
    starts_at = beginning(period, at)
    return BudgetView(row.id, terms, starts_at, end(period, starts_at), _use(row, terms, starts_at))


def _use(row: Row[Any], terms: Terms, starts_at: datetime) -> Use | None:
    if row.subject_id is not None:
        return Use(row.subject_id, starts_at, Amount(row.micros, row.tokens), row.warned_at, row.spent_at)
    if terms.scope is BudgetScope.ORGANIZATION:
        return Use(row.organization_id, starts_at)
    return None if terms.api_key_id is None else Use(terms.api_key_id, starts_at)
