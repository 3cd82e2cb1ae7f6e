"""The only place, beside the worker's main, that knows arq: a transport for the ids of jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import orjson
import structlog
from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix
from arq.worker import Worker, func
from redis.asyncio import ConnectionPool

from infra.live.signals import quietly
from infra.live.tasks import end

QUEUE = "parley:jobs"
FUNCTION = "run"
POLL_EVERY = 0.02
"""Seconds between two looks of an idle worker into the queue: arq polls, and a customer waits for it."""
PATIENCE = 2.0
"""Seconds that the relay and the sweep wait for Redis, however many jobs they put: others wait for them."""
LONGEST_WAIT = 3_600
"""Seconds that a busy worker may hold its next job back until one of those that run has ended."""

log = structlog.get_logger(__name__)


Run = Callable[[int], Coroutine[Any, Any, None]]
"""Runs the job with an id; it never raises, since the job table remembers failures."""


def _name(job_id: int) -> str:
    return f"parley:{job_id}"


class Queue:
    """Puts the ids of jobs on arq's queue."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._redis = ArqRedis(connection_pool=pool, default_queue_name=QUEUE, job_serializer=orjson.dumps)

    async def put(self, *ids: int) -> None:
        """Enqueue jobs that do not wait there already; stops at the first that fails, and the sweep finds the rest."""
        await quietly(self._put(ids))

    async def _put(self, ids: Sequence[int]) -> None:
        async with asyncio.timeout(PATIENCE):
            for job_id in ids:
                await self._redis.enqueue_job(FUNCTION, job_id, _job_id=_name(job_id))

    async def unlock(self, ids: Sequence[int]) -> None:
        """Let jobs that seem lost be taken again: a worker that was killed while it took one has left it locked."""
        if ids:
            locks = [in_progress_key_prefix + _name(job_id) for job_id in ids]
            await quietly(asyncio.wait_for(self._redis.delete(*locks), PATIENCE))

    async def work(self, run: Run, *, concurrency: int) -> None:
        """Run jobs until cancelled, and then let them put themselves back.

        For arq a job is done as soon as it has begun: from there on the job table knows it. So arq's queue holds only
        jobs that wait, of which it looks at all each time, and at most one of them is locked by this worker. arq's
        worker ends with each outage of Redis and is built anew; the jobs that have begun go on meanwhile.
        """
        running: set[asyncio.Task[None]] = set()
        slots = asyncio.Semaphore(concurrency)

        def ended(job: asyncio.Task[None]) -> None:
            running.discard(job)
            slots.release()

        async def begin(_: dict[str, Any], job_id: int) -> None:
            await slots.acquire()
            job = asyncio.create_task(run(job_id))
            running.add(job)
            job.add_done_callback(ended)

        try:
            while True:
                polling = asyncio.create_task(self._worker(begin).main())
                try:
                    await asyncio.wait([polling])
                finally:
                    await end([polling], patience=0.5)
                log.warning("worker.redis_away", error=repr(polling.exception()))
                await asyncio.sleep(0.2)
        finally:
            await end(running)

    def _worker(self, begin: Any) -> Worker:
        return Worker(
            functions=[func(begin, name=FUNCTION, timeout=LONGEST_WAIT, max_tries=1_000)],
            queue_name=QUEUE,
            redis_pool=self._redis,
            job_serializer=orjson.dumps,
            job_deserializer=orjson.loads,
            max_jobs=1,
            keep_result=0,  # a result that is kept, a failure's too, would keep its name from being enqueued again
            poll_delay=POLL_EVERY,
            handle_signals=False,
            health_check_interval=3600,
            log_results=False,
        )
