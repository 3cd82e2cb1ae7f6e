"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any


async def end(tasks: Collection[asyncio.Task[Any]], *, patience: float = 5.0) -> None:
    """Cancel tasks until they have ended; their errors are theirs.

    Once is not always enough: a cancellation that meets a time-out inside the Redis client gets lost there. A task
    that is still there after `patience` seconds is cancelled again; one that cleans up needs less than that.
    """
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=patience)
