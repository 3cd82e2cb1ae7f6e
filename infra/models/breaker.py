"""A circuit breaker for each model: after failures in a row nobody asks it for a while, in no worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import TypeVar

from purgatory import AsyncCircuitBreakerFactory, AsyncRedisUnitOfWork
from purgatory.domain.model import HALF_OPENED, OpenedState
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.model import ModelUnavailableError

PREFIX = "parley:breaker:"

PATIENCE = 0.25
"""Seconds that Redis has: an outage of it must not hold an answer up."""
APART = 5.0
"""Seconds for which it is not asked again after that."""

T = TypeVar("T")


class RestingError(ModelUnavailableError):
    """The model is not asked now; it is no use to try again soon."""


class _FailedError(Exception):
    """What is told to the library, which counts exceptions."""


class Breaker:
    """One model's breaker, whose state the workers share; each has its own while Redis is away.

    After `failures` in a row it is open for `rest` seconds. Then one call is let through every `probe` seconds, until
    one succeeds and closes it, or fails and opens it again.
    """

    def __init__(self, model: str, redis: Redis, *, failures: int, rest: float, probe: float) -> None:
        self._circuit = f"{model}:{failures}:{rest:g}"  # the library keeps figures with the state: others, other state
        self._redis = redis
        self._probe = probe
        shared = AsyncRedisUnitOfWork("redis://")
        shared.contexts.redis, shared.contexts.prefix = redis, PREFIX  # type: ignore[attr-defined]
        self._shared = AsyncCircuitBreakerFactory(failures, rest, uow=shared)
        self._own = AsyncCircuitBreakerFactory(failures, rest)
        self._apart_until = 0.0

    async def expect_closed(self) -> None:
        """Raise RestingError while the model rests."""
        if not await self._either(self._is_closed):
            raise RestingError("The model rests after too many failures in a row.")

    async def record(self, *, failed: bool) -> None:
        """Count how a call went."""
        await self._either(lambda factory: self._record(factory, failed=failed))

    async def _is_closed(self, factory: AsyncCircuitBreakerFactory) -> bool:
        context = (await factory.get_breaker(self._circuit)).context
        try:
            context.handle_new_request()
        except OpenedState:
            return False
        return context.state != HALF_OPENED or factory is self._own or await self._may_probe()

    async def _may_probe(self) -> bool:
        key = f"{PREFIX}{self._circuit}:probe"
        return bool(await self._redis.set(key, "1", nx=True, px=round(self._probe * 1000)))

    async def _record(self, factory: AsyncCircuitBreakerFactory, *, failed: bool) -> None:
        with suppress(_FailedError, OpenedState):
            async with await factory.get_breaker(self._circuit):
                if failed:
                    raise _FailedError

    async def _either(self, ask: Callable[[AsyncCircuitBreakerFactory], Awaitable[T]]) -> T:
        """Ask the shared state, or our own where that cannot be had: Redis is away, or has lost half of it."""
        if monotonic() >= self._apart_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await ask(self._shared)
            except (RedisError, OSError, TimeoutError, TypeError, ValueError):
                self._apart_until = monotonic() + APART
        return await ask(self._own)
