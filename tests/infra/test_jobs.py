"""The job table: leases are kept by those who run a job, and by nobody else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from redis.asyncio import ConnectionPool, Redis
from sqlalchemy import func, select, text

from domain.base import UnavailableError
from domain.conversation.service import Conversations
from domain.ports import Work
from infra.bootstrap import following_event, new_id, now
from infra.database import Database
from infra.journal import SqlJournal
from infra.live.jobs import ATTEMPTS, WORKER_ENDED, SqlJobs
from infra.live.queue import Queue
from infra.live.replies import RedisReplies
from infra.live.signals import Sender
from infra.rows import jobs
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
    delivered = await SqlJournal(database, sender).deliver({"MessageSent": ("answer_question",)})
    yield Table(SqlJobs(database, Queue(pool)), delivered.jobs[-1])
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
    other = SqlJobs(table.jobs._database, table.jobs._queue)
    other._worker = "elsewhere/1/0.00"
    assert await table.jobs.claim(table.job_id) is not None
    await table.jobs.extend()
    assert table.job_id not in await other.overdue()
    await change(table, "leased_until = now() - interval '1 millisecond'")
    assert table.job_id in await other.overdue()


async def test_jobs_that_run_do_not_hide_those_that_got_lost(table: Table) -> None:
    await change(table, "run_at = now() - interval '1 minute'")
    running = text(
        """
        INSERT INTO job
          (organization_id, event_id, name, key, state, attempts, run_at, leased_until, worker, created_at)
        SELECT organization_id, event_id, 'other ' || n, 'other ' || n, 'running', 1, run_at,
               now() + interval '1 minute', 'elsewhere/1/0.00', created_at
        FROM job, generate_series(1, 250) AS n WHERE id = :id
        """
    )
    async with table.jobs._database.relay() as connection:
        await connection.execute(running, {"id": table.job_id})
        await connection.execute(text("UPDATE job SET id = DEFAULT WHERE id = :id"), {"id": table.job_id})
        table.job_id = (await connection.execute(select(func.max(jobs.c.id)))).scalar_one()
        await connection.commit()
    assert await table.is_overdue()


async def state_of(table: Table) -> tuple[str, int, str | None]:
    async with table.jobs._database.relay() as connection:
        found = await connection.execute(select(jobs).where(jobs.c.id == table.job_id))
        row = found.one()
    return row.state, row.attempts, row.error


async def change(table: Table, values: str) -> None:
    """Say something else of the job, as when time passes."""
    async with table.jobs._database.relay() as connection:
        await connection.execute(text(f"UPDATE job SET {values} WHERE id = :id"), {"id": table.job_id})
        await connection.commit()


async def worker_ends(table: Table) -> None:
    """A worker claims the job and is no more."""
    assert await table.jobs.claim(table.job_id) is not None
    table.jobs.let_go(table.job_id)


async def test_a_job_whose_workers_end_is_buried_without_another_run(table: Table) -> None:
    for _ in range(ATTEMPTS):
        await worker_ends(table)
        assert await table.is_overdue()

    async def run(_: Work) -> None:
        raise AssertionError("it was run once more")

    await Runner(table.jobs, {"answer_question": run}, following_event)(table.job_id)
    state, _, error = await state_of(table)
    assert state == "dead"
    assert f"{ATTEMPTS} times" in str(error)


async def test_a_job_that_ends_even_who_buries_it_is_dead(table: Table) -> None:
    for _ in range(ATTEMPTS):
        await worker_ends(table)
        assert await table.is_overdue()
    await worker_ends(table)
    assert not await table.is_overdue()
    assert await state_of(table) == ("dead", ATTEMPTS + 1, WORKER_ENDED)


async def test_a_job_that_somebody_claimed_meanwhile_is_not_freed(table: Table) -> None:
    await worker_ends(table)
    async with table.jobs._database.relay() as connection:
        stale = (await connection.execute(select(jobs).where(jobs.c.id == table.job_id))).one()
    assert await table.is_overdue()
    assert await table.jobs.claim(table.job_id) is not None
    async with table.jobs._database.relay() as connection:
        assert await table.jobs._free(connection, [stale]) == []
    assert (await state_of(table))[:2] == ("running", 2)


@pytest.mark.parametrize("able", [True, False])
async def test_a_job_is_buried_after_its_last_resort_even_if_that_fails(table: Table, able: bool) -> None:
    given_up: list[tuple[str, int, str | None]] = []

    class Hopeless:
        async def __call__(self, work: Work) -> None:
            raise RuntimeError("no luck")

        async def give_up(self, work: Work) -> None:
            given_up.append(await state_of(table))
            if not able:
                raise RuntimeError("no luck here either")

    for _ in range(ATTEMPTS):
        await Runner(table.jobs, {"answer_question": Hopeless()}, following_event)(table.job_id)
        await change(table, "run_at = now() - interval '1 minute'")
    assert [(state, attempts) for state, attempts, _ in given_up] == [("running", ATTEMPTS)]
    assert await state_of(table) == ("dead", ATTEMPTS, "RuntimeError('no luck')")
