"""The job table: leases are kept by those who run a job, and by nobody else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from redis.asyncio import ConnectionPool, Redis

from domain.base import UnavailableError
from domain.conversation.service import Conversations
from domain.ports import Work
from infra.bootstrap import following_event, new_id, now
from infra.database import Database
from infra.jobs import SqlJobs
from infra.journal import SqlJournal
from infra.queue import Queue
from infra.replies import RedisReplies
from infra.signals import Sender
from infra.unit_of_work import SqlUnits
from tests.stack import found_company
from workers.runner import Runner


@dataclass
class Table:
    """One job for a customer's question, and the clock by which leases end."""

    jobs: SqlJobs
    job_id: int

    async def is_overdue(self) -> bool:
        return self.job_id in await self.jobs.overdue()


@pytest.fixture
async def table(database_url: str, redis_url: str) -> AsyncIterator[Table]:
    company = await found_company(database_url)
    database, pool = Database(database_url, pool_size=3), ConnectionPool.from_url(redis_url)
    redis = Redis(connection_pool=pool)
    sender = Sender(redis)
    conversations = Conversations(SqlUnits(database, sender, now), RedisReplies(redis, frames_per_second=20), new_id)
    await conversations.start(company.customer, "Where is my parcel?")
    delivered = await SqlJournal(database, sender, now).deliver({"MessageSent": ("answer_question",)})
    yield Table(SqlJobs(database, Queue(pool), now), delivered.jobs[-1])
    await database.close()
    await pool.disconnect()


async def test_a_job_given_up_while_the_database_was_away_is_due_at_once(table: Table) -> None:
    async def run(_: Work) -> None:
        raise UnavailableError

    await Runner(table.jobs, {"answer_question": run}, following_event)(table.job_id)
    await table.jobs.extend()
    assert await table.is_overdue()
    assert await table.jobs.claim(table.job_id) is not None


async def test_a_job_that_runs_is_neither_due_nor_claimed_twice(table: Table) -> None:
    entered, gate = asyncio.Event(), asyncio.Event()

    async def run(_: Work) -> None:
        entered.set()
        await gate.wait()

    runner = Runner(table.jobs, {"answer_question": run}, following_event)
    running = asyncio.create_task(runner(table.job_id))
    await entered.wait()
    assert await table.jobs.claim(table.job_id) is None
    await table.jobs.extend()
    assert not await table.is_overdue()
    gate.set()
    await running
    assert await table.jobs.claim(table.job_id) is None


async def test_the_job_of_another_worker_is_due_when_its_lease_ends(table: Table) -> None:
    late = SqlJobs(table.jobs._database, table.jobs._queue, lambda: datetime(2100, 1, 1, tzinfo=UTC))
    late._worker = "elsewhere/1/0.00"
    assert await table.jobs.claim(table.job_id) is not None
    await table.jobs.extend()
    assert table.job_id in await late.overdue()
