"""What was refused a moment ago, in Redis, for all processes: to lose it costs a question to Postgres and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from redis.asyncio import Redis

from domain.spending.events import BudgetScope
from domain.spending.ledger import Reservation
from infra.live.signals import quietly
from infra.spending.book import Refused

REMEMBERED = timedelta(seconds=2)
"""How long a refusal is remembered: so long, at most, a raised limit is not noticed."""
PATIENCE = 0.1
"""Seconds that calls wait for Redis."""
REST = 2.0
"""Seconds for which it is not asked again after it did not answer."""


@dataclass
class Refusals:
    """Remembers whose budget had no room for a call."""

    redis: Redis
    _rests_until: float = field(default=0.0, init=False)

    async def of(self, calls: Sequence[Reservation]) -> Mapping[UUID | None, Refused]:
        """Those of the calls whose like was refused a moment ago, by their ids."""
        names = sorted({_name(call.request.organization_id, subject) for call in calls for subject in _subjects(call)})
        found = await self._soon(self.redis.mget(names)) if names and self._is_there else None
        refused = {name: budget.decode() for name, budget in zip(names, found or (), strict=False) if budget}
        return {
            call.id: Refused(call.request.organization_id, subject, refused[name])
            for call in (calls if refused else ())
            for subject in _subjects(call)
            if (name := _name(call.request.organization_id, subject)) in refused
        }

    async def remember(self, refused: Sequence[Refused]) -> None:
        """Refuse the like for a while without asking."""
        if refused and self._is_there:
            names = {_name(each.organization_id, each.subject_id): each.budget for each in refused}
            async with self.redis.pipeline(transaction=False) as pipe:
                for name, budget in names.items():
                    pipe.set(name, budget, px=REMEMBERED)
                await self._soon(pipe.execute())

    @property
    def _is_there(self) -> bool:
        return monotonic() >= self._rests_until

    async def _soon(self, asked: Awaitable[Any]) -> Any:
        found = await quietly(asyncio.wait_for(asked, PATIENCE))
        if found is None:
            self._rests_until = monotonic() + REST
        return found


def _subjects(call: Reservation) -> list[UUID]:
    return [subject for scope in BudgetScope if (subject := call.subject_of(scope)) is not None]


def _name(organization_id: UUID, subject_id: UUID) -> str:
    return f"parley:spent:{organization_id}:{subject_id}"
