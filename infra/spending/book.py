"""One turn of the ledger: what the calls in it need to know, what they change, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.model import Usage
from domain.spending.budget import Amount, Budget, Use, beginning, end
from domain.spending.events import BudgetScope, Price
from domain.spending.ledger import Reservation
from infra.spending.repositories import prices_of
from infra.spending.rows import budget_uses, model_calls, price_lists
from infra.unit_of_work import SqlUnitOfWork

Key = tuple[UUID, UUID, datetime]
"""A budget, whose calls count together, and when the period began."""
OWN_PRICES = select(price_lists.c.prices).where(price_lists.c.organization_id == bindparam("tenant"))
TURN = select(
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)),
    OWN_PRICES.scalar_subquery().label("prices"),
)
"""Waits until no other process is at the organization's budgets, which are to be read after it."""
SETTLE = (
    update(model_calls)
    .where(model_calls.c.id == bindparam("call"))
    .values({name: bindparam(f"new_{name}") for name in ("read", "written", "cached", "micros", "estimated")})
    .values(settled_at=bindparam("new_settled_at"))
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a call used in the end."""

    reservation: Reservation
    usage: Usage
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """No room for a call: in which budget, and with whose calls it would have counted."""

    organization_id: UUID
    subject_id: UUID
    budget: str


Entry = Reservation | Settlement


@dataclass
class Book:
    """The budgets of one organization and their use, held by nobody else until the transaction ends."""

    connection: AsyncConnection
    budgets: Sequence[Budget]
    prices: Mapping[str, Price]
    unsettled: frozenset[UUID]
    uses: dict[Key, Use] = field(default_factory=dict)
    reserved: list[Reservation] = field(default_factory=list)
    settled: list[Settlement] = field(default_factory=list)
    changed: set[Key] = field(default_factory=set)

    @classmethod
    async def opened(cls, unit: SqlUnitOfWork, entries: Sequence[Entry], prices: Mapping[str, Price]) -> Book:
        """All that the entries need to know."""
        connection, tenant = unit.connection, unit.actor.tenant
        listed = (await connection.execute(TURN, {"name": f"spending {tenant}", "tenant": tenant})).one().prices
        prices = {**prices, **prices_of(listed or {})}
        unsettled = await _unsettled(connection, [entry for entry in entries if isinstance(entry, Settlement)])
        book = cls(connection, await unit.budgets.all(), prices, unsettled)
        await book._look_up(entries)
        return book

    def enter(self, entry: Entry) -> Reservation | Refused | None:
        """Set money aside, or say which budget has too little; count what was used, once."""
        if isinstance(entry, Settlement):
            self._settle(entry)
            return None
        wanted = replace(entry, price=self.prices.get(entry.model))
        counted = [(budget, key) for budget, key in self._concerned(wanted)]
        for budget, key in counted:
            if not self.uses[key].admits(budget, wanted.amount, wanted.at):
                self.changed.add(key)
                return Refused(wanted.request.organization_id, key[1], budget.name)
        for budget, key in counted:
            self._add(budget, key, wanted.amount, wanted.at)
        self.reserved.append(wanted)
        return wanted

    def _settle(self, entry: Settlement) -> None:
        call = entry.reservation
        if call.id not in self.unsettled:
            return
        self.unsettled -= {call.id}
        self.settled.append(entry)
        for budget, key in self._concerned(call):
            if key in self.uses:
                self._add(budget, key, call.amount_of(entry.usage) - call.amount, entry.at)

    def _add(self, budget: Budget, key: Key, amount: Amount, at: datetime) -> None:
        self.uses[key].add(budget, amount, at)
        self.changed.add(key)

    def _concerned(self, call: Reservation) -> Iterator[tuple[Budget, Key]]:
        """The budgets that a call counts in."""
        for budget in self.budgets:
            subject = call.subject_of(budget.scope)
            if subject is not None and budget.api_key_id in (None, subject):
                yield budget, (budget.id, subject, beginning(budget.period, call.at))

    async def _look_up(self, entries: Sequence[Entry]) -> None:
        """The use of every budget that is concerned: where a reservation is its first, the sum of earlier calls."""
        wanted = [each for each in entries if isinstance(each, Reservation)]
        calls = [*wanted, *(each.reservation for each in entries if isinstance(each, Settlement))]
        keys = {key for call in calls for _, key in self._concerned(call)}
        if keys:
            c = budget_uses.c
            known = select(budget_uses).where(tuple_(c.budget_id, c.subject_id, c.starts_at).in_(list(keys)))
            for row in await self.connection.execute(known):
                self.uses[row.budget_id, row.subject_id, row.starts_at] = _use(row)
        for call in wanted:
            for budget, key in self._concerned(call):
                if key not in self.uses:
                    self.uses[key] = await self._sum(budget, key)

    async def _sum(self, budget: Budget, key: Key) -> Use:
        c = model_calls.c
        _, subject, starts_at = key
        subjects = {
            BudgetScope.ORGANIZATION: c.organization_id,
            BudgetScope.API_KEY: c.api_key_id,
            BudgetScope.CONVERSATION: c.conversation_id,
        }
        sums = select(func.coalesce(func.sum(c.micros), 0), func.coalesce(func.sum(c.read + c.written), 0))
        mine = (subjects[budget.scope] == subject) & (c.at >= starts_at) & (c.at < end(budget.period, starts_at))
        micros, tokens = (await self.connection.execute(sums.where(mine))).one()
        return Use(subject, starts_at, Amount(int(micros), int(tokens)))

    async def write(self) -> None:
        """Write the calls and what changed in the uses; the events are the budgets' own."""
        if self.reserved:
            await self.connection.execute(insert(model_calls), [_call(each) for each in self.reserved])
        if self.settled:
            await self.connection.execute(SETTLE, [_settling(each) for each in self.settled])
        if self.changed:
            rows = [self._row(key) for key in sorted(self.changed)]
            statement = upsert(budget_uses).values(rows)
            counted = {name: statement.excluded[name] for name in ("micros", "tokens", "warned_at", "spent_at")}
            primary = [column.name for column in budget_uses.primary_key]
            await self.connection.execute(statement.on_conflict_do_update(index_elements=primary, set_=counted))

    def _row(self, key: Key) -> dict[str, Any]:
        budget_id, subject_id, starts_at = key
        use = self.uses[key]
        return {
            "budget_id": budget_id,
            "subject_id": subject_id,
            "starts_at": starts_at,
            "organization_id": self.budgets[0].organization_id,
            "micros": use.amount.micros,
            "tokens": use.amount.tokens,
            "warned_at": use.warned_at,
            "spent_at": use.spent_at,
        }


async def _unsettled(connection: AsyncConnection, settlements: Sequence[Settlement]) -> frozenset[UUID]:
    """Those whose calls are not settled yet: a repeated settlement, after a lost answer of the database, is none."""
    if not settlements:
        return frozenset()
    c = model_calls.c
    ids = [each.reservation.id for each in settlements]
    return frozenset(await connection.scalars(select(c.id).where(c.id.in_(ids), c.settled_at.is_(None))))


def _use(row: Any) -> Use:
    return Use(row.subject_id, row.starts_at, Amount(row.micros, row.tokens), row.warned_at, row.spent_at)


def _call(call: Reservation) -> dict[str, Any]:
    request, usage = call.request, call.estimate
    return {
        "id": call.id,
        "organization_id": request.organization_id,
        "model": call.model,
        "purpose": str(request.purpose),
        "conversation_id": request.conversation_id,
        "api_key_id": request.api_key_id,
        "read": usage.read,
        "written": usage.written,
        "cached": usage.cached,
        "micros": call.cost_of(usage),
        "estimated": True,
        "at": call.at,
    }


def _settling(each: Settlement) -> dict[str, Any]:
    usage = each.usage
    return {
        "call": each.reservation.id,
        "new_read": usage.read,
        "new_written": usage.written,
        "new_cached": usage.cached,
        "new_micros": each.reservation.cost_of(usage),
        "new_estimated": usage.estimated,
        "new_settled_at": each.at,
    }
