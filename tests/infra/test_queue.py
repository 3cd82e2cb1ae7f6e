"""The transport of jobs: what is put on it is run, whatever became of those who took it before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from arq.constants import in_progress_key_prefix
from redis.asyncio import ConnectionPool, Redis

from infra.live.queue import PATIENCE, QUEUE, Queue
from infra.live.tasks import end
from tests.infra.cable import cable


@pytest.fixture
async def pool(redis_url: str) -> AsyncIterator[ConnectionPool]:
    pool = ConnectionPool.from_url(redis_url)
    yield pool
    await pool.disconnect()


@asynccontextmanager
async def working(queue: Queue, run: Callable[[int], object], concurrency: int = 5) -> AsyncIterator[None]:
    async def started(job_id: int) -> None:
        outcome = run(job_id)
        if asyncio.iscoroutine(outcome):
            await outcome

    task = asyncio.create_task(queue.work(started, concurrency=concurrency))
    try:
        yield
    finally:
        await end([task])


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not found():
            await asyncio.sleep(0.01)


async def test_a_cancelled_job_can_be_enqueued_again(pool: ConnectionPool) -> None:
    queue, runs = Queue(pool), list[int]()

    async def run(job_id: int) -> None:
        runs.append(job_id)
        if len(runs) == 1:
            raise asyncio.CancelledError

    async with working(queue, run):
        await queue.put(7)
        await until(lambda: len(runs) == 1)
        await asyncio.sleep(0.3)
        await queue.put(7)
        await until(lambda: len(runs) == 2)


async def test_a_job_that_a_killed_worker_has_locked_is_run_once_it_is_unlocked(pool: ConnectionPool) -> None:
    queue, runs = Queue(pool), list[int]()
    async with Redis(connection_pool=pool) as redis:
        await redis.set(f"{in_progress_key_prefix}parley:7", "1", ex=60)
    async with working(queue, runs.append):
        await queue.put(7)
        await asyncio.sleep(0.3)
        assert runs == []
        await queue.unlock([7])
        await until(lambda: runs == [7])


async def test_jobs_that_run_are_off_the_queue_and_no_more_run_than_may(pool: ConnectionPool) -> None:
    queue, gate, running = Queue(pool), asyncio.Event(), list[int]()

    async def run(job_id: int) -> None:
        running.append(job_id)
        await gate.wait()

    async with working(queue, run, concurrency=2), Redis(connection_pool=pool) as redis:
        for number in range(5):
            await queue.put(number)
            await asyncio.sleep(0.002)
        await until(lambda: len(running) == 2)
        await asyncio.sleep(0.2)
        assert running == [0, 1]
        assert await redis.zcard(QUEUE) == 3
        gate.set()
        await until(lambda: len(running) == 5)
        assert running == [0, 1, 2, 3, 4]


async def test_a_silent_redis_holds_up_many_jobs_no_longer_than_one(redis_url: str) -> None:
    port = urlsplit(redis_url).port
    assert port is not None
    async with cable(port) as line:
        line.is_deaf = True
        pool = ConnectionPool.from_url(f"redis://{urlsplit(line.address).netloc}", socket_timeout=5)
        async with asyncio.timeout(2 * PATIENCE + 0.5):
            await Queue(pool).put(*range(100))
            await Queue(pool).unlock(range(100))
        await pool.disconnect()
