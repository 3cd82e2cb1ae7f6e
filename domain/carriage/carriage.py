"""One attempt at a time: what is due goes to its carrier, and what came of it is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.base import Clock, Event
from domain.carriage.schedule import Chance, next_try
from domain.delivery import Carriers, DelayedError, Delivery, Medium, RefusedError

PATIENCE = 30.0
"""Seconds that a carrier may take."""
LEASE = timedelta(seconds=2 * PATIENCE)
"""How long nobody else takes a delivery that is being carried, or whose worker was killed meanwhile."""
LANES = 4
"""How many of one route one worker carries at a time."""

Route = tuple[UUID, str]
"""A route of an organization."""


@dataclass(frozen=True, slots=True)
class DeliveryFailed(Event):
    """Something did not arrive and will not be tried again, unless somebody replays it."""

    delivery_id: UUID
    medium: Medium
    error: str
    about: Mapping[str, str]


class Outbox(Protocol):
    """What is to go out, over all organizations.

    A claimed delivery counts one attempt more, which is also the claim's name: what is recorded of an attempt after
    which there was another one is not heeded.
    """

    async def claim(
        self, at: datetime, until: datetime, most: int, lanes: int, busy: Mapping[Route, int]
    ) -> Sequence[Delivery]:
        """Those that are due, for nobody else until then; no more than `lanes` of a route, with the `busy` ones."""
        ...

    async def sent(self, delivery: Delivery, receipt: str | None, at: datetime) -> None:
        """It arrived; the next one of its sequence is due."""
        ...

    async def delayed(self, delivery: Delivery, error: str, next_try_at: datetime) -> None:
        """It did not, and is due again at that time."""
        ...

    async def failed(self, delivery: Delivery, error: str, at: datetime) -> None:
        """It is given up, of which the journal tells; the next one of its sequence is due."""
        ...


class Bell(Protocol):
    """Says that it is worth looking whether something is to be done."""

    async def run(self) -> None:
        """Listen for it, until cancelled."""
        ...

    def ring(self, message: bytes = b"") -> None:
        """It is."""
        ...

    async def rung(self, *, within: float) -> None:
        """Return when it rang, or after so many seconds."""
        ...


class Carriage:
    """Takes what is due to the carriers. `patience` is in seconds and has to be shorter than the lease."""

    def __init__(
        self,
        outbox: Outbox,
        carriers: Carriers,
        clock: Clock,
        chance: Chance,
        *,
        lease: timedelta = LEASE,
        patience: float = PATIENCE,
    ) -> None:
        self._outbox = outbox
        self._carriers = carriers
        self._clock = clock
        self._chance = chance
        self._lease = lease
        self._patience = patience

    async def due(self, most: int, busy: Mapping[Route, int], *, lanes: int = LANES) -> Sequence[Delivery]:
        """Claim what is to be carried now, from as many routes as possible."""
        at = self._clock()
        return await self._outbox.claim(at, at + self._lease, most, lanes, busy)

    async def carry(self, delivery: Delivery) -> None:
        """Make the attempt that was claimed, and record what came of it."""
        try:
            receipt = await self._handed_over(delivery)
        except RefusedError as error:
            await self._outbox.failed(delivery, str(error), self._clock())
        except DelayedError as error:
            await self._put_off(delivery, error)
        else:
            await self._outbox.sent(delivery, receipt, self._clock())

    async def _handed_over(self, delivery: Delivery) -> str | None:
        medium = delivery.parcel.medium
        carrier = self._carriers.get(medium)
        if carrier is None:
            raise DelayedError(f"Nothing here carries '{medium}'.")
        try:
            async with asyncio.timeout(self._patience):
                return await carrier.carry(delivery)
        except (RefusedError, DelayedError):
            raise
        except TimeoutError:
            raise DelayedError(f"It took longer than {self._patience:g} seconds.") from None
        except Exception as error:  # a defect of one carrier is no reason to stop the others
            raise DelayedError(f"The carrier failed: {type(error).__name__}.") from error

    async def _put_off(self, delivery: Delivery, error: DelayedError) -> None:
        at = self._clock()
        again = next_try(delivery.parcel.medium, delivery.attempts, at, error.after, self._chance)
        if again is None:
            await self._outbox.failed(delivery, str(error), at)
        else:
            await self._outbox.delayed(delivery, str(error), again)
