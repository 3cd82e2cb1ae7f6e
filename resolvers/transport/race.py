"""Runs work until it ends or the client leaves, whichever is first."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

T = TypeVar("T")


async def race(work: Coroutine[Any, Any, T], *rivals: Coroutine[Any, Any, object]) -> T | None:
    """The outcome of the work, or None when a rival ended first; what lost is cancelled, and has ended on return."""
    working = asyncio.create_task(work)
    tasks: set[asyncio.Task[Any]] = {working, *map(asyncio.create_task, rivals)}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def disconnected(receive: Receive) -> None:
    """Returns when the client of an HTTP request has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def until(moment: float | None) -> None:
    """Returns at a moment in seconds since 1970; without one, never."""
    if moment is None:
        await asyncio.Event().wait()
    else:
        await asyncio.sleep(moment - time.time())
