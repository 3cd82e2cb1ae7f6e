"""Tasks beside the main one: kept running, and ended for certain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

import structlog

log = structlog.get_logger(__name__)


@asynccontextmanager
async def background(*work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep functions running beside the block, and end them with it."""
    tasks = [asyncio.create_task(_kept_running(one)) for one in work]
    try:
        yield
    finally:
        await end(tasks, patience=0.5)


async def _kept_running(work: Callable[[], Awaitable[None]]) -> None:
    """Begin again after an error nobody thought of: a process that only half works is worse than a line in its log."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("background.failed", work=repr(work))
            await asyncio.sleep(1)


async def end(tasks: Collection[asyncio.Task[Any]], *, patience: float = 5.0) -> None:
    """Cancel tasks until they have ended; their errors are theirs.

    Once is not always enough: a cancellation that meets a time-out inside the Redis client gets lost there. A task
    that is still there after `patience` seconds is cancelled again; one that cleans up needs less than that.
    """
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=patience)
