"""Lets timers ring when their time has come."""

from __future__ import annotations

import asyncio

import structlog

from domain.base import UnavailableError
from domain.timer import Clockwork

LOOK_EVERY = 1.0

log = structlog.get_logger(__name__)


async def ring(clockwork: Clockwork) -> None:
    """Look every second, and go on at once while there is more, until cancelled."""
    while True:
        try:
            rang = await clockwork.ring()
        except UnavailableError:
            log.warning("timers.database_away")
            rang = 0
        if not rang:
            await asyncio.sleep(LOOK_EVERY)
