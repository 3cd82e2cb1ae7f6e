"""The job table: what is still to be done, who is doing it under which lease, and what failed for good.

All times are the database's: leases are compared by many machines.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import psutil
from sqlalchemy import case, delete, func, insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account.permission import Permission
from domain.base import Actor, NotFoundError, stream_of, system_of
from domain.notification.notification import JobFailed
from domain.ports import Work
from infra.database import Database
from infra.live.queue import Queue
from infra.rows import events, jobs
from infra.storage.codec import dump, recorded

LEASE = timedelta(seconds=6)
"""How long a silent worker keeps its jobs; leases are extended every second and a half."""
GRACE = timedelta(seconds=1)
"""How long a job may be on its way through the transport before it counts as lost there."""
RETRY_AFTER = (0.5, 2, 8, 30, 120)
"""Seconds before each further attempt; after the last one the job is a dead letter."""
ATTEMPTS = len(RETRY_AFTER) + 1
ERROR_LENGTH = 2_000
WORKER_ENDED = "Each worker that ran this ended, or lost the database, without a word of what became of it."

CLAIM = text(
    """
    UPDATE job SET state = 'running', attempts = attempts + 1, worker = :worker,
                   leased_until = now() + CAST(:lease AS interval)
    WHERE id = :id AND run_at <= now() AND (state = 'queued' OR state = 'running' AND leased_until < now())
      AND NOT EXISTS (SELECT FROM job AS older
                      WHERE older.key = job.key AND older.name = job.name
                        AND older.id < job.id AND older.state <> 'dead')
    RETURNING id, name, attempts, event_id
    """
)
LOST = text(
    """
    SELECT id FROM job
    WHERE state = 'queued' AND run_at < now() - CAST(:grace AS interval)
      AND NOT EXISTS (SELECT FROM job AS older
                      WHERE older.key = job.key AND older.name = job.name
                        AND older.id < job.id AND older.state <> 'dead')
    ORDER BY id LIMIT 200
    """
)
"""Jobs that wait for nothing and may be lost on the transport, the oldest first."""
LEFT = text(
    """
    SELECT id, worker, attempts, leased_until < now() AS ended FROM job
    WHERE state = 'running' AND (leased_until < now() OR starts_with(worker, :host))
    """
)
"""Jobs that run, maybe on a dead worker: of a live one on another host there is nothing to be known."""


def worker_name() -> str:
    """This process, told apart from an earlier one with the same number: host, process id, time of its start."""
    return f"{socket.gethostname()}/{os.getpid()}/{psutil.Process().create_time():.2f}"


def _is_gone(worker: str) -> bool:
    """True for a worker of this host whose process is no more; workers elsewhere get the benefit of their lease."""
    host, number, started = worker.split("/")
    if host != socket.gethostname():
        return False
    try:
        return f"{psutil.Process(int(number)).create_time():.2f}" != started
    except psutil.Error:
        return True


class SqlJobs:
    """Jobs in Postgres, for one worker process."""

    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue
        self._worker = worker_name()
        self._held: set[int] = set()

    async def enqueue(self, ids: Sequence[int]) -> None:
        """Put jobs on the transport."""
        await self._queue.put(*ids)

    async def claim(self, job_id: int) -> Work | None:
        """Lease a job to this worker, which holds it until `let_go`."""
        if job_id in self._held:
            return None
        self._held.add(job_id)
        work = None
        try:
            work = await self._claim(job_id)
        finally:
            if work is None:
                self.let_go(job_id)
        return work

    def let_go(self, job_id: int) -> None:
        """This worker is not running the job any more, whatever the table says of it."""
        self._held.discard(job_id)

    async def _claim(self, job_id: int) -> Work | None:
        async with self._database.relay() as connection:
            values = {"id": job_id, "worker": self._worker, "lease": LEASE}
            claimed = (await connection.execute(CLAIM, values)).one_or_none()
            if claimed is None:
                return None
            row = (await connection.execute(select(events).where(events.c.id == claimed.event_id))).one()
            await connection.commit()
        left = ATTEMPTS - claimed.attempts
        return Work(claimed.id, claimed.name, claimed.attempts, left, recorded(row._mapping))

    async def finish(self, work: Work) -> None:
        """Forget a job that is done, and enqueue the next one of its key."""
        c = jobs.c
        async with self._database.relay() as connection:
            key = await connection.scalar(delete(jobs).where(self._mine(work)).returning(c.key))
            following = select(func.min(c.id)).where(c.key == key, c.name == work.name, c.state == "queued")
            after = await connection.scalar(following)
            await connection.commit()
        if after is not None:
            await self._queue.put(after)

    async def fail(self, work: Work, error: str) -> None:
        """Try a job again later, or bury it."""
        last = work.attempts_left <= 0
        after = timedelta(seconds=0 if last else RETRY_AFTER[work.attempt - 1])
        told = _told(work) if last else None
        error = error[:ERROR_LENGTH]
        await self._put_back(work, told, state="dead" if last else "queued", after=after, error=error)

    async def release(self, work: Work) -> None:
        """Let somebody else have a job at once; being stopped is no failed attempt."""
        await self._put_back(work, state="queued", after=timedelta(), attempts=work.attempt - 1)

    async def extend(self) -> None:
        """Keep the leases of the jobs that this worker holds: one statement, however many."""
        c = jobs.c
        mine = (c.worker == self._worker) & (c.state == "running") & c.id.in_(self._held)
        async with self._database.relay() as connection:
            await connection.execute(update(jobs).where(mine).values(leased_until=func.now() + LEASE))
            await connection.commit()

    async def overdue(self) -> Sequence[int]:
        """Jobs that nobody is running although they are due; abandoned ones become free at once."""
        async with self._database.relay() as connection:
            lost = (await connection.execute(LOST, {"grace": GRACE})).scalars().all()
            running = (await connection.execute(LEFT, {"host": f"{socket.gethostname()}/"})).all()
            abandoned = [row for row in running if self._is_abandoned(row)]
            freed = await self._free(connection, abandoned) if abandoned else []
        due = [*lost, *freed]
        await self._queue.unlock(due)
        return due

    def _is_abandoned(self, row: Any) -> bool:
        """Its lease has ended, its worker has, or it is ours and we gave up on it while the database was away."""
        if row.worker == self._worker:
            return row.id not in self._held
        return row.ended or _is_gone(row.worker)

    async def _free(self, connection: AsyncConnection, abandoned: Sequence[Any]) -> list[int]:
        """Queue jobs whose workers ended, unless somebody claimed them meanwhile.

        Those whose workers ended even while they were to bury them are dead.
        """
        c = jobs.c
        claims = [(row.id, row.worker, row.attempts) for row in abandoned]
        still = (c.state == "running") & tuple_(c.id, c.worker, c.attempts).in_(claims)
        changes = {
            "state": case((c.attempts > ATTEMPTS, "dead"), else_="queued"),
            "error": case((c.attempts > ATTEMPTS, WORKER_ENDED), else_=c.error),
            "leased_until": None,
        }
        freed = (await connection.execute(update(jobs).where(still).values(changes).returning(c.id, c.state))).all()
        await connection.commit()
        return [row.id for row in freed if row.state == "queued"]

    async def _put_back(
        self, work: Work, told: Mapping[str, Any] | None = None, *, after: timedelta, **values: Any
    ) -> None:
        """With the event that is told of it, if the job is still this worker's."""
        changes = values | {"leased_until": None, "run_at": func.now() + after}
        async with self._database.relay() as connection:
            put_back = await connection.execute(update(jobs).where(self._mine(work)).values(changes))
            if told and put_back.rowcount:
                await connection.execute(insert(events).values(told))
            await connection.commit()

    def _mine(self, work: Work) -> Any:
        return (jobs.c.id == work.id) & (jobs.c.worker == self._worker) & (jobs.c.attempts == work.attempt)


def _told(work: Work) -> Mapping[str, Any]:
    """The row of the event that tells of a dead letter, which may become one again."""
    event = JobFailed(work.name, work.recorded.stream)
    stream = stream_of("job", str(work.id))
    earlier = select(func.count()).select_from(events).where(events.c.stream == stream)
    return {
        "organization_id": work.recorded.organization_id,
        "stream": stream,
        "version": earlier.scalar_subquery() + 1,
        "kind": event.kind,
        "payload": dump(event),
        "actor": str(system_of(work.recorded.organization_id)),
        "audited": False,
        "at": func.now(),
        "correlation_id": work.recorded.correlation_id,
    }


class SqlDeadLetters:
    """Jobs that failed for good, within one organization."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replay(self, actor: Actor, job_id: int) -> None:
        """Queue a dead job again, with all its attempts; the sweep finds it within a second.

        One that is not dead any more stays as it is: it was replayed before.
        """
        actor.require(Permission.MANAGE_JOBS)
        c = jobs.c
        wanted = (c.id == job_id) & (c.organization_id == actor.tenant)
        revived = {"state": "queued", "attempts": 0, "run_at": func.now(), "error": None}
        async with self._database.tenant(actor.tenant) as connection:
            await connection.execute(update(jobs).where(wanted, c.state == "dead").values(revived))
            if await connection.scalar(select(c.id).where(wanted)) is None:
                raise NotFoundError("dead letter")
            await connection.commit()
