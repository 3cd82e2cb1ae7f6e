"""Runs one job under its lease, and sees to what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

import structlog
from opentelemetry.trace import Span, StatusCode
from prometheus_client import Counter

from domain.base import Recorded, UnavailableError, UnknownEvent
from domain.ports import Jobs, Work

Job = Callable[[Work], Awaitable[None]]


@runtime_checkable
class HasLastResort(Protocol):
    """A job that can still do something for whoever waits for it when it has failed for good."""

    async def give_up(self, work: Work) -> None:
        """End the matter in some other way; called once, after the last attempt."""
        ...


Following = Callable[[Recorded, str], AbstractContextManager[Span]]
"""Goes on with the trace and the correlation id of an event, under the name of a job."""

RUNS = Counter("parley_job_runs", "Attempts at jobs by outcome: done, failed, released.", ["job", "outcome"])

log = structlog.get_logger(__name__)


class UnreadableEventError(Exception):
    """The event of a job is of a kind, or has contents, that this code does not know; a newer worker may."""


class WorkerEndedError(Exception):
    """All workers that ran a job ended before it did, or lost the database; maybe it is what ends them."""


class Runner:
    """Claims a job, runs it, and finishes it, puts it back or counts its failure; never raises."""

    def __init__(self, jobs: Jobs, table: Mapping[str, Job], following: Following) -> None:
        self._jobs = jobs
        self._table = table
        self._following = following

    async def __call__(self, job_id: int) -> None:
        """Run the job with this id, if it is there to be run."""
        try:
            work = await self._jobs.claim(job_id)
            if work is not None:
                await self._held(work)
        except UnavailableError:
            log.warning("job.database_away", job_id=job_id)  # the sweep finds the job once the database is back

    async def _held(self, work: Work) -> None:
        try:
            await self._run(work)
        finally:
            self._jobs.let_go(work.id)

    async def _run(self, work: Work) -> None:
        with self._following(work.recorded, work.name) as span:
            try:
                await self._attempt(work)
            except asyncio.CancelledError:
                self._tell(work, "released")
                await asyncio.shield(self._jobs.release(work))
                raise
            except UnavailableError:
                raise
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                self._tell(work, "failed", exc_info=error)
                await self._failed(work, error)
            else:
                self._tell(work, "done")
                await self._jobs.finish(work)

    async def _attempt(self, work: Work) -> None:
        if isinstance(work.recorded.event, UnknownEvent):
            raise UnreadableEventError
        if work.attempts_left < 0:
            raise WorkerEndedError(f"Its worker ended, or lost the database, {work.attempt - 1} times.")
        await self._table[work.name](work)

    async def _failed(self, work: Work, error: Exception) -> None:
        job = self._table.get(work.name)
        if work.attempts_left <= 0 and isinstance(job, HasLastResort):
            try:
                await job.give_up(work)
            except UnavailableError:
                raise
            except Exception:
                log.exception("job.give_up_failed", job=work.name, stream=work.recorded.stream)
        await self._jobs.fail(work, repr(error))

    def _tell(self, work: Work, outcome: str, **facts: object) -> None:
        RUNS.labels(work.name, outcome).inc()
        write = log.warning if outcome == "failed" else log.info
        write(f"job.{outcome}", job=work.name, attempt=work.attempt, stream=work.recorded.stream, **facts)
