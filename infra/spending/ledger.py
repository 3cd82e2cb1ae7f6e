"""The ledger in Postgres. Calls of one organization take turns, many in each, so that no two spend the same money."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import structlog

from domain.base import Clock, ConflictError, Identifiers, UnavailableError, system_of
from domain.model import BudgetExhaustedError, BudgetUnknownError, ModelRequest, Usage
from domain.ports import Receipt
from domain.spending.events import Price
from domain.spending.ledger import Reservation
from infra.spending.book import Book, Entry, Refused, Settlement
from infra.spending.refusals import Refusals
from infra.spending.turns import Turns
from infra.unit_of_work import SqlUnits

log = structlog.get_logger(__name__)

TRIES = (0.2, 1.0, 5.0, 20.0)
"""Seconds between attempts to settle; what could not be settled stays used as it was estimated."""

LAST_WORDS = 2.0
"""Seconds that a process that ends waits for its settlements."""
SOON = 0.2
"""Seconds that a settlement may wait for a reservation to share a transaction with."""

Result = Reservation | Refused | None


@dataclass
class SqlLedger:
    """As the port says. Postgres alone decides; Redis only spares it the calls that were refused a moment ago.

    `prices` hold for models that the organization's own list does not name.
    """

    units: SqlUnits
    refusals: Refusals
    now: Clock
    new_id: Identifiers
    prices: Mapping[str, Price] = field(default_factory=dict)
    _turns: Turns[UUID, Entry, Result] = field(init=False)
    _settling: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._turns = Turns(self._turn)

    async def reserve(self, request: ModelRequest, model: str, estimate: Usage) -> Reservation:
        """Set aside what a call will use at most.

        Raises `BudgetExhaustedError` where a hard limit has no room for it, and `BudgetUnknownError` while the
        database is away: without it nobody knows what is left.
        """
        wanted = Reservation(self.new_id(), request, model, estimate, self.now(), None)
        pending = self._turns.put(request.organization_id, wanted)
        try:
            found = cast(Reservation | Refused, await asyncio.shield(pending))
        except asyncio.CancelledError:
            pending.add_done_callback(self._give_back)
            raise
        except (UnavailableError, ConflictError) as error:
            raise BudgetUnknownError("The budget could not be asked.") from error
        if isinstance(found, Refused):
            raise BudgetExhaustedError(found.budget)
        return found

    def settle(self, reservation: Reservation, usage: Usage) -> None:
        """Count what was used instead of what was set aside, soon: nobody waits for it."""
        task = asyncio.create_task(self._settled(Settlement(reservation, usage, self.now())))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def flush(self) -> None:
        """Return when everything until now is written, or given up."""
        while self._settling:
            await asyncio.wait(list(self._settling))

    async def close(self) -> None:
        """Write what is waiting, as far as that goes fast; the rest stays used as it was estimated."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.flush(), LAST_WORDS)

    def _give_back(self, pending: asyncio.Future[Result]) -> None:
        """Whoever asked went away meanwhile: the call is not made."""
        if not pending.cancelled() and pending.exception() is None:
            found = pending.result()
            if isinstance(found, Reservation):
                self.settle(found, Usage())

    async def _settled(self, settlement: Settlement) -> None:
        organization_id = settlement.reservation.request.organization_id
        for pause in (*TRIES, None):
            try:
                await self._turns.put(organization_id, settlement, within=SOON)
                return
            except Exception as error:
                log.warning("ledger.not_settled", call=str(settlement.reservation.id), error=repr(error))
            if pause is not None:
                await asyncio.sleep(pause)

    async def _turn(self, organization_id: UUID, entries: Sequence[Entry]) -> Sequence[Result]:
        """Several entries in one transaction, but for the calls that were refused a moment ago."""
        known = await self.refusals.of([entry for entry in entries if isinstance(entry, Reservation)])
        rest = [entry for entry in entries if _id(entry) not in known]
        written = iter(await self._retried(organization_id, rest) if rest else ())
        return [known.get(_id(entry)) or next(written) for entry in entries]

    async def _retried(self, organization_id: UUID, entries: Sequence[Entry]) -> Sequence[Result]:
        """Once more when a change of the budgets came between."""
        with suppress(ConflictError):
            return await self._written(organization_id, entries)
        return await self._written(organization_id, entries)

    async def _written(self, organization_id: UUID, entries: Sequence[Entry]) -> Sequence[Result]:
        async with self.units(system_of(organization_id)) as unit:
            book = await Book.opened(unit, entries, self.prices)
            results = [book.enter(entry) for entry in entries]
            await book.write()
            await unit.commit(Receipt(organization_id))
        await self.refusals.remember([result for result in results if isinstance(result, Refused)])
        return results


def _id(entry: Entry) -> UUID | None:
    """The call of a reservation; what is settled is never refused."""
    return entry.id if isinstance(entry, Reservation) else None
