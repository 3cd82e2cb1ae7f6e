"""Takes the journal into facts, and rolls up the hours that this changes."""

from __future__ import annotations

import asyncio

import structlog

from domain.analytics.ports import Facts, Rollups
from domain.base import UnavailableError

log = structlog.get_logger(__name__)

POLL_EVERY = 1.0
AT_A_TIME = 10
"""Batches that are folded before hours are rolled up, where there is much to do: most change the same hours again."""


async def keep_counted(facts: Facts, rollups: Rollups) -> None:
    """Keep numbers up to date, until cancelled; of several workers one does at a time."""
    while True:
        try:
            busy = await _count(facts, rollups)
        except UnavailableError:
            log.warning("analytics.database_away")
            busy = False
        if not busy:
            await asyncio.sleep(POLL_EVERY)


async def _count(facts: Facts, rollups: Rollups) -> bool:
    """Whether there may be more to do."""
    taken = 0
    for _ in range(AT_A_TIME):
        if not (events := await facts.follow()):
            break
        taken += events
    taken += await facts.follow_deliveries()
    await facts.forget()
    return bool(await rollups.roll()) or taken > 0
