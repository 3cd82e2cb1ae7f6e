"""What a worker looks for again and again: timers whose time has come, new mail, and what is not searchable yet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from domain.base import ConflictError, UnavailableError
from domain.channel.service import Mailboxes
from domain.search.ports import Backlog
from domain.timer import Clockwork

log = structlog.get_logger(__name__)


async def ring(clockwork: Clockwork) -> None:
    """Let timers ring: each second, and at once while there are more, until cancelled."""
    await _look("timers", clockwork.ring, every=1.0, between=0.0)


async def fetch(mailboxes: Mailboxes) -> None:
    """Look into the mailboxes whose turn it is, until cancelled."""
    await _look("mailboxes", mailboxes.look, every=mailboxes.pause, between=mailboxes.pause)


async def take_in(backlog: Backlog) -> None:
    """Let what was there before the search be found too, batch by batch with room for others, until cancelled."""
    await _look("backlog", backlog.shrink, every=60.0, between=0.05)


async def _look(what: str, look: Callable[[], Awaitable[int]], *, every: float, between: float) -> None:
    """Look, and pause `between` two looks that find something, `every` so often otherwise; both in seconds."""
    while True:
        try:
            found = await look()
        except (UnavailableError, ConflictError) as error:
            log.warning("look.interrupted", what=what, cause=error.code)
            found = 0
        await asyncio.sleep(between if found else every)
