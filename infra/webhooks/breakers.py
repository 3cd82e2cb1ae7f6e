"""A circuit breaker for each webhook, which all workers share."""

from __future__ import annotations

from collections import OrderedDict
from uuid import UUID

from redis.asyncio import Redis

from infra.models.breaker import Breaker

MOST = 1_000


class Breakers:
    """After `failures` in a row a webhook rests for `rest` seconds; then one try each `probe` seconds is let through.

    Those least recently used are forgotten here: what they know is in Redis.
    """

    def __init__(self, redis: Redis, *, failures: int = 5, rest: float = 30.0, probe: float = 5.0) -> None:
        self._redis = redis
        self._figures: dict[str, float] = {"rest": rest, "probe": probe}
        self._failures = failures
        self._made: OrderedDict[UUID, Breaker] = OrderedDict()

    def of(self, webhook_id: UUID) -> Breaker:
        """The breaker of one webhook."""
        if webhook_id not in self._made:
            name = f"webhook:{webhook_id}"
            self._made[webhook_id] = Breaker(name, self._redis, failures=self._failures, **self._figures)
        self._made.move_to_end(webhook_id)
        if len(self._made) > MOST:
            self._made.popitem(last=False)
        return self._made[webhook_id]
