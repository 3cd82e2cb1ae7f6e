"""Roll-ups in Postgres: hours whose facts have changed are rolled up anew, so that they too follow from the facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from domain.analytics.measure import SPREAD
from infra.analytics.sql import filling, rolling
from infra.database import Database

HOURS = 2_000
"""Hours of facts that are rolled up at once."""


class SqlRollups:
    """Rolls up over all organizations; one worker at a time does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def roll(self, most: int = HOURS) -> int:
        """Roll up some of the hours that are due; how many, 0 where there are none or another worker does."""
        async with self._database.analytics() as connection:
            if not await connection.fetchval(filling.ALONE):
                return 0
            due: dict[str, tuple[list[UUID], list[datetime]]] = {}
            taken = await connection.fetch(rolling.TAKE, most)
            for owner, fact, hour in taken:
                owners, hours = due.setdefault(fact, ([], []))
                owners.append(owner)
                hours.append(hour)
            for fact, which in due.items():
                await _roll(connection, fact, *which)
        return len(taken)


async def _roll(connection: asyncpg.Connection, fact: str, owners: list[UUID], hours: list[datetime]) -> None:
    """Replace the cells and sketches of one fact's hours."""
    which: tuple[Any, ...] = (owners, hours)
    names = rolling.NAMES[fact]
    await connection.execute(rolling.CLEAR_CELLS, *which, [fact], names)
    await connection.execute(rolling.CELL[fact], *which)
    if fact in rolling.SKETCH:
        measures = [measure.name for measure in SPREAD[fact]]
        await connection.execute(rolling.CLEAR_SKETCHES, *which, measures, names)
        await connection.execute(rolling.SKETCH[fact], *which)
    await _roll_days(connection, fact, owners, hours)


async def _roll_days(connection: asyncpg.Connection, fact: str, owners: list[UUID], hours: list[datetime]) -> None:
    """Merge the hours of the days that these hours are in."""
    days = sorted({(owner, hour.replace(hour=0)) for owner, hour in zip(owners, hours, strict=True)})
    which: tuple[Any, ...] = tuple(map(list, zip(*days, strict=True)))
    names, measures = rolling.NAMES[fact], [measure.name for measure in SPREAD.get(fact, ())]
    await connection.execute(rolling.CLEAR_CELLS, *which, [fact + rolling.BY_DAY], names)
    await connection.execute(rolling.DAY_CELL[fact], *which, names)
    if measures:
        await connection.execute(rolling.CLEAR_SKETCHES, *which, [one + rolling.BY_DAY for one in measures], names)
        await connection.execute(rolling.DAY_SKETCH, *which, names, measures)
