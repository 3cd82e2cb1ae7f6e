"""The job that gives out the work of an organization whenever something changed, and the chore that sees to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog

from domain.base import ConflictError, UnavailableError
from domain.ports import Work
from domain.routing.service import Routing

LOOK_EVERY = 5.0
"""Seconds between two looks at everybody's queues, in case that nothing said that one is to be drained."""

log = structlog.get_logger(__name__)

Run = Callable[[UUID], Awaitable[Any]]


@dataclass
class Coalesced:
    """Runs at most one at a time for each key; all who ask while one runs share the next, which sees what they saw."""

    run: Run
    _waiting: dict[UUID, asyncio.Task[Any]] = field(default_factory=dict)
    _turns: dict[UUID, asyncio.Lock] = field(default_factory=dict)

    async def __call__(self, key: UUID) -> None:
        """Return when a run is over that began after this was called."""
        if key not in self._waiting:
            self._waiting[key] = task = asyncio.create_task(self._next(key))
            task.add_done_callback(_looked_at)
        await asyncio.shield(self._waiting[key])

    async def _next(self, key: UUID) -> None:
        lock = self._turns.setdefault(key, asyncio.Lock())
        async with lock:
            del self._waiting[key]  # it begins: who asks from now on may have seen something that it does not
            await self.run(key)


def _looked_at(task: asyncio.Task[Any]) -> None:
    """At the end of a process nobody may wait any more for what fails."""
    if not task.cancelled():
        task.exception()


@dataclass(frozen=True)
class DrainQueue:
    """Runs on whatever changes who waits, who is there, or how much they can take."""

    drain: Coalesced

    async def __call__(self, work: Work) -> None:
        """Give out the work of the event's organization."""
        await self.drain(work.recorded.organization_id)


async def keep_drained(routing: Routing) -> None:
    """Look at the queue of each organization in which somebody is at work, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            for organization_id in await routing.workplaces.at_work():
                await routing.drain(organization_id)
        except UnavailableError:
            log.warning("draining.database_away")
        except ConflictError:
            log.warning("draining.conflict")
