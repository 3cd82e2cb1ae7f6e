"""The only place, beside the worker's main, that knows arq: a transport for the ids of jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
import structlog
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.asyncio import ConnectionPool

from infra.signals import quietly
from infra.tasks import end

QUEUE = "parley:jobs"
FUNCTION = "run"
POLL_EVERY = 0.02
"""Seconds between two looks of an idle worker into the queue: arq polls, and a customer waits for it."""

log = structlog.get_logger(__name__)


Run = Callable[[int], Coroutine[Any, Any, None]]
"""Runs the job with an id; it never raises, since the job table remembers failures."""


class Queue:
    """Puts the ids of jobs on arq's queue."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._redis = ArqRedis(connection_pool=pool, default_queue_name=QUEUE, job_serializer=orjson.dumps)

    async def put(self, job_id: int, name: str) -> None:
        """Enqueue under a name that is the same for the same attempt; what an outage of Redis loses the sweep finds."""
        await quietly(self._redis.enqueue_job(FUNCTION, job_id, _job_id=name))

    async def work(
        self, run: Callable[[int], Coroutine[Any, Any, None]], *, concurrency: int, time_limit: float
    ) -> None:
        """Run jobs until cancelled, and then let them put themselves back.

        arq's worker ends with each outage of Redis and is built anew; the jobs that it was running go on meanwhile.
        """
        running: set[asyncio.Task[None]] = set()

        async def run_job(_: dict[str, Any], job_id: int) -> None:
            job = asyncio.ensure_future(run(job_id))
            running.add(job)
            job.add_done_callback(running.discard)
            await asyncio.shield(job)

        try:
            while True:
                polling = asyncio.create_task(self._worker(run_job, concurrency, time_limit).main())
                try:
                    await asyncio.wait([polling])
                finally:
                    await end([polling])
                log.warning("worker.redis_away", error=repr(polling.exception()))
                await asyncio.sleep(0.2)
        finally:
            await end(running)

    def _worker(self, run_job: Any, concurrency: int, time_limit: float) -> Worker:
        return Worker(
            functions=[func(run_job, name=FUNCTION, keep_result=0, timeout=time_limit, max_tries=1)],
            queue_name=QUEUE,
            redis_pool=self._redis,
            job_serializer=orjson.dumps,
            job_deserializer=orjson.loads,
            max_jobs=concurrency,
            poll_delay=POLL_EVERY,
            handle_signals=False,
            health_check_interval=3600,
            log_results=False,
        )
