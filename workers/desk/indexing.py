"""Lets what was there before the search be found too, batch by batch."""

from __future__ import annotations

import asyncio

import structlog

from domain.base import UnavailableError
from domain.search.ports import Backlog

LOOK_EVERY = 60.0
PAUSE = 0.05
"""Seconds between batches, in which others get their turn."""

log = structlog.get_logger(__name__)


async def take_in(backlog: Backlog) -> None:
    """Go on while there is more, and look again once a minute, until cancelled."""
    while True:
        try:
            done = await backlog.shrink()
        except UnavailableError:
            log.warning("search.database_away")
            done = 0
        await asyncio.sleep(PAUSE if done else LOOK_EVERY)
