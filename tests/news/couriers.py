"""Carriers, posts and clocks for tests of what goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from domain.base import system_of
from domain.carriage.carriage import Carriage
from domain.delivery import Delivery, Medium, Parcel
from domain.ports import Receipt
from infra import bootstrap
from infra.delivery.outbox import SqlOutbox
from infra.delivery.rows import deliveries
from tests.stack import Company


@dataclass
class Courier:
    """A carrier that remembers what it took, and fails as it is told."""

    taken: list[Delivery] = field(default_factory=list)
    refuse: Callable[[Delivery], Exception | None] = lambda delivery: None
    hold: asyncio.Event | None = None

    async def carry(self, delivery: Delivery) -> str | None:
        """Take it."""
        if self.hold is not None:
            await self.hold.wait()
        if error := self.refuse(delivery):
            raise error
        self.taken.append(delivery)
        return f"receipt {delivery.parcel.key}"

    @property
    def keys(self) -> list[str]:
        """The keys of what it took, in order."""
        return [delivery.parcel.key for delivery in self.taken]


@dataclass
class Watch:
    """A clock that stands until it is moved."""

    at: datetime = field(default_factory=bootstrap.now)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **spans: float) -> None:
        """Move it."""
        self.at += timedelta(**spans)


@dataclass
class Depot:
    """One organization's deliveries, and a carriage with a courier for every medium."""

    parts: bootstrap.Parts
    company: Company
    courier: Courier = field(default_factory=Courier)
    watch: Watch = field(default_factory=Watch)

    def carriage(self, **options: Any) -> Carriage:
        """What a worker has."""
        outbox = SqlOutbox(self.parts.database, self.parts.sender)
        return Carriage(outbox, dict.fromkeys(Medium, self.courier), self.watch, lambda: 0.5, **options)

    async def post(self, *parcels: Parcel) -> None:
        """Post them in one unit of work."""
        async with self.parts.units(system_of(self.company.id)) as unit:
            unit.at = self.watch()
            await unit.deliveries.post(parcels)
            await unit.commit(Receipt(self.company.id))

    async def carry(self, carriage: Carriage | None = None) -> int:
        """Carry until nothing is due; how many attempts that took."""
        carriage, count = carriage or self.carriage(), 0
        while claimed := await carriage.due(100, {}):
            await asyncio.gather(*(carriage.carry(delivery) for delivery in claimed))
            count += len(claimed)
        return count

    async def close(self) -> None:
        """Leave nothing behind that the carriages of other tests would take, which know no organizations."""
        async with self.parts.database.tenant(self.company.id) as connection:
            await connection.execute(update(deliveries).values(state="failed"))
            await connection.commit()

    async def rows(self) -> Sequence[Any]:
        """The organization's deliveries, in the order of posting."""
        async with self.parts.database.tenant(self.company.id) as connection:
            return (await connection.execute(select(deliveries).order_by(deliveries.c.number))).all()


def parcel(key: str, *, route: str = "mail", sequence: str | None = None, medium: Medium = Medium.EMAIL) -> Parcel:
    """Something to send."""
    return Parcel(
        key=key,
        medium=medium,
        route=route,
        recipient="ada@customers.example",
        content={"subject": key, "text": f"Text of {key}"},
        sequence=sequence,
        about={"conversation": str(UUID(int=7))},
    )
