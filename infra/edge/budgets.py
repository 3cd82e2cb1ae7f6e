"""Leaky buckets in Redis, which all processes share, and in the process while Redis is away."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import NamedTuple

import structlog
from redis.asyncio import Redis

from domain.budget import Balance, Budget
from infra.live.signals import LOST

PREFIX = "parley:budget:"
MOST_KEYS = 50_000
BATCH = 100
PATIENCE = 0.5
"""Seconds that an operation waits for Redis."""
PAUSE = 1.0
"""Seconds between two tellings, and after a failure until Redis is asked again."""

# A bucket is one number: when it will be empty, in seconds since 1970 by Redis's clock. All amounts are in seconds too:
# points by the rate at which they leak. For each key: what was spent already, what is asked for, and the capacity.
POUR = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local answer = {}
for i, key in ipairs(KEYS) do
  local level = math.max(0, (redis.call('GET', key) or 0) - now)
  level = math.max(0, level + ARGV[3 * i - 2])
  local fits = level + ARGV[3 * i - 1] <= ARGV[3 * i] + 0
  if fits then level = level + ARGV[3 * i - 1] end
  if level > 0 then
    redis.call('SET', key, string.format('%.6f', now + level), 'PX', math.ceil(level * 1000))
  else
    redis.call('DEL', key)
  end
  answer[2 * i - 1] = fits and 1 or 0
  answer[2 * i] = string.format('%.6f', level)
end
return answer
"""

log = structlog.get_logger(__name__)


class Pour(NamedTuple):
    """What goes into one bucket, in seconds of its leaking."""

    spent: float
    asked: float = 0.0
    capacity: float = 0.0


class Poured(NamedTuple):
    """Whether what was asked fitted, and the seconds until the bucket is empty."""

    fits: bool
    level: float


class RedisBudgets:
    """The truth is in Redis. What is charged is told to it with the next `take`, or by `run` within a second.

    The process mirrors the buckets it has seen: the mirror knows what was charged, and takes over while Redis does not
    answer, so that an outage neither stops anybody nor lets anybody go without a limit. What a process has not told
    when it ends is lost.
    """

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._pour = redis.register_script(POUR)
        self._clock = clock
        self._empty_at: OrderedDict[str, float] = OrderedDict()
        self._untold: OrderedDict[str, float] = OrderedDict()
        self._ask_again_at = 0.0

    async def take(self, budget: Budget, amount: float) -> Balance:
        """Take points if the budget holds them; one round trip."""
        asked, capacity = amount / budget.restore_rate, budget.capacity / budget.restore_rate
        pour = Pour(self._untold.pop(budget.key, 0.0), asked, capacity)
        poured = await self._ask({budget.key: pour})
        if poured is None:
            fits = self._level(budget.key) + asked <= capacity
            return self.charge(budget, amount) if fits else self._balance(budget, asked)
        self._mirror(budget.key, poured[0].level)
        return self._balance(budget, 0.0 if poured[0].fits else asked)

    def charge(self, budget: Budget, amount: float) -> Balance:
        """Charge what was spent already, or give points back."""
        seconds = amount / budget.restore_rate
        self._owe(budget.key, seconds)
        self._set(budget.key, self._level(budget.key) + seconds)
        return self._balance(budget, 0.0)

    async def run(self) -> None:
        """Tell Redis every second what was charged, until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            await self.tell()

    async def tell(self) -> None:
        """Tell Redis what it does not know yet; what it cannot hear now waits for the next time."""
        rounds = -(-len(self._untold) // BATCH)
        for _ in range(rounds):
            keys = list(self._untold)[:BATCH]
            poured = await self._ask({key: Pour(self._untold.pop(key)) for key in keys})
            if poured is None:
                return
            for key, (_, level) in zip(keys, poured, strict=True):
                self._mirror(key, level)

    async def _ask(self, pours: Mapping[str, Pour]) -> list[Poured] | None:
        """None while Redis is away: then it has to be told later what was spent."""
        if self._clock() >= self._ask_again_at:
            try:
                async with asyncio.timeout(PATIENCE):
                    keys = [PREFIX + key for key in pours]
                    answer = await self._pour(keys=keys, args=[figure for pour in pours.values() for figure in pour])
                return [Poured(bool(fits), float(level)) for fits, level in zip(answer[::2], answer[1::2], strict=True)]
            except LOST as error:
                self._ask_again_at = self._clock() + PAUSE
                log.warning("budgets.redis_away", error=repr(error))
        for key, pour in pours.items():
            self._owe(key, pour.spent)
        return None

    def _mirror(self, key: str, level: float) -> None:
        """What was charged while Redis answered is not in its level."""
        self._set(key, level + self._untold.get(key, 0.0))

    def _owe(self, key: str, seconds: float) -> None:
        if seconds:
            _put(self._untold, key, self._untold.get(key, 0.0) + seconds)

    def _level(self, key: str) -> float:
        return max(0.0, self._empty_at.get(key, 0.0) - self._clock())

    def _set(self, key: str, level: float) -> None:
        _put(self._empty_at, key, self._clock() + level)

    def _balance(self, budget: Budget, asked: float) -> Balance:
        capacity, level = budget.capacity / budget.restore_rate, self._level(budget.key)
        return Balance((capacity - level) * budget.restore_rate, max(0.0, level + asked - capacity))


def _put(levels: OrderedDict[str, float], key: str, seconds: float) -> None:
    """Remember a figure; of too many, the one that was touched longest ago is forgotten."""
    levels[key] = seconds
    levels.move_to_end(key)
    if len(levels) > MOST_KEYS:
        levels.popitem(last=False)
