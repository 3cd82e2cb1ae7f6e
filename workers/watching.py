"""What a worker does about SQL logins: look after them, each second."""

from __future__ import annotations

import asyncio

import structlog

from domain.base import ConflictError, NotFoundError, UnavailableError
from domain.bi.login import SqlLogins

LOOK_EVERY = 1.0

log = structlog.get_logger(__name__)


async def watch_logins(logins: SqlLogins) -> None:
    """End what takes too long and shut who does what they must not, until cancelled."""
    while True:
        try:
            await logins.look()
        except (UnavailableError, ConflictError, NotFoundError) as error:
            log.warning("logins.interrupted", cause=error.code)
        await asyncio.sleep(LOOK_EVERY)
