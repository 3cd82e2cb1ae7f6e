"""The ledger in Postgres. Calls of one organization take turns, many in each, so that no two spend the same money."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import structlog
from redis.asyncio import Redis

from domain.base import Clock, ConflictError, Identifiers, UnavailableError, system_of
from domain.model import BudgetExhaustedError, ModelRequest, ModelUnavailableError, Usage
from domain.ports import Receipt
from domain.spending.events import Price
from domain.spending.ledger import Reservation
from infra.live.signals import quietly
from infra.spending.book import Book, Entry, Refused, Settlement
from infra.spending.turns import Turns
from infra.unit_of_work import SqlUnits

log = structlog.get_logger(__name__)

REMEMBERED = timedelta(seconds=2)
"""How long a refusal is remembered: as long, at most, a raised limit is not noticed."""
PATIENCE = 0.1
"""Seconds that a call waits for what is remembered; without it Postgres is asked."""
TRIES = (0.2, 1.0, 5.0, 20.0)
"""Seconds between attempts to settle; what could not be settled stays used as it was estimated."""


@dataclass
class SqlLedger:
    """As the port says. Postgres alone decides; Redis only spares it the calls that were refused a moment ago.

    `prices` hold for models that the organization's own list does not name.
    """

    units: SqlUnits
    redis: Redis
    now: Clock
    new_id: Identifiers
    prices: Mapping[str, Price] = field(default_factory=dict)
    _turns: Turns[UUID, Entry, Reservation | Refused | None] = field(init=False)
    _settling: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._turns = Turns(self._turn)

    async def reserve(self, request: ModelRequest, model: str, estimate: Usage) -> Reservation:
        """Set aside what a call will use at most.

        Raises `BudgetExhaustedError` where a hard limit has no room for it, and `ModelUnavailableError` while the
        database is away: without it nobody knows what is left.
        """
        wanted = Reservation(self.new_id(), request, model, estimate, self.now(), None)
        if refused := await self._remembered(request):
            raise BudgetExhaustedError(refused)
        found = await self._reserved(wanted)
        if isinstance(found, Reservation):
            return found
        await self._remember(found)
        raise BudgetExhaustedError(found.budget)

    async def _reserved(self, wanted: Reservation) -> Reservation | Refused:
        pending = self._turns.put(wanted.request.organization_id, wanted)
        try:
            found = await asyncio.shield(pending)
        except asyncio.CancelledError:
            pending.add_done_callback(self._give_back)
            raise
        except (UnavailableError, ConflictError) as error:
            raise ModelUnavailableError("The budget could not be asked.") from error
        return cast(Reservation | Refused, found)

    def _give_back(self, pending: asyncio.Future[Reservation | Refused | None]) -> None:
        """Whoever asked went away meanwhile: the call is not made."""
        if not pending.cancelled() and pending.exception() is None:
            found = pending.result()
            if isinstance(found, Reservation):
                self.settle(found, Usage())

    def settle(self, reservation: Reservation, usage: Usage) -> None:
        """Count what was used instead of what was set aside, soon: nobody waits for it."""
        task = asyncio.create_task(self._settled(Settlement(reservation, usage, self.now())))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def flush(self) -> None:
        """Return when everything until now is written."""
        while self._settling:
            await asyncio.wait(list(self._settling))
        await self._turns.empty()

    async def _settled(self, settlement: Settlement) -> None:
        organization_id = settlement.reservation.request.organization_id
        for pause in (*TRIES, None):
            try:
                await self._turns.put(organization_id, settlement)
                return
            except Exception as error:
                log.warning("ledger.not_settled", call=str(settlement.reservation.id), error=repr(error))
            if pause is not None:
                await asyncio.sleep(pause)

    async def _turn(self, organization_id: UUID, entries: Sequence[Entry]) -> Sequence[Reservation | Refused | None]:
        """Several entries in one transaction; once more when a change of the budgets came between."""
        with suppress(ConflictError):
            return await self._written(organization_id, entries)
        return await self._written(organization_id, entries)

    async def _written(self, organization_id: UUID, entries: Sequence[Entry]) -> Sequence[Reservation | Refused | None]:
        async with self.units(system_of(organization_id)) as unit:
            book = await Book.opened(unit, entries, self.prices)
            results = [book.enter(entry) for entry in entries]
            await book.write()
            await unit.commit(Receipt(organization_id))
        return results

    async def _remembered(self, request: ModelRequest) -> str | None:
        """The budget that refused a call like this one a moment ago."""
        subjects = (request.organization_id, request.conversation_id, request.api_key_id)
        names = [_name(request.organization_id, subject) for subject in subjects if subject]
        found = await _soon(self.redis.mget(names))
        return next((each.decode() for each in found or () if each), None)

    async def _remember(self, refused: Refused) -> None:
        name = _name(refused.organization_id, refused.subject_id)
        await _soon(self.redis.set(name, refused.budget, px=REMEMBERED))


async def _soon(asked: Awaitable[Any]) -> Any:
    return await quietly(asyncio.wait_for(asked, PATIENCE))


def _name(organization_id: UUID, subject_id: UUID) -> str:
    return f"parley:spent:{organization_id}:{subject_id}"
