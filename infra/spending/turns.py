"""Work that takes turns: what waits meanwhile is done together in the next turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
E = TypeVar("E")
R = TypeVar("R")

MOST = 500
"""How many entries one turn takes at most."""


class Turns(Generic[K, E, R]):
    """One turn at a time for each key. A hundred that come at once so cost one or two transactions, not a hundred."""

    def __init__(self, work: Callable[[K, Sequence[E]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._waiting: dict[K, list[tuple[E, asyncio.Future[R]]]] = {}
        self._running: dict[K, asyncio.Task[None]] = {}

    def put(self, key: K, entry: E, *, within: float = 0.0) -> asyncio.Future[R]:
        """What the work makes of the entry in its turn, or the error that ended that turn.

        Its turn begins as soon as it can; where it may wait for so many seconds, others that come in them share it.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._waiting.setdefault(key, []).append((entry, future))
        if within:
            loop.call_later(within, self._begin, key)
        else:
            self._begin(key)
        return future

    def _begin(self, key: K) -> None:
        if key in self._waiting and key not in self._running:
            self._running[key] = asyncio.create_task(self._run(key))

    async def _run(self, key: K) -> None:
        try:
            while waiting := self._waiting.pop(key, []):
                if rest := waiting[MOST:]:
                    self._waiting[key] = rest
                await self._turn(key, waiting[:MOST])
        finally:
            del self._running[key]

    async def _turn(self, key: K, taken: Sequence[tuple[E, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work(key, [entry for entry, _ in taken])
        except BaseException as error:
            for _, future in taken:
                _end(future, error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), result in zip(taken, results, strict=True):
            if not future.done():
                future.set_result(result)


def _end(future: asyncio.Future[R], error: BaseException) -> None:
    if future.done():
        return
    if isinstance(error, Exception):
        future.set_exception(error)
    else:
        future.cancel()
