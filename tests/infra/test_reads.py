"""The connection of an operation's reads: opened by the first of them, and given back whatever becomes of the rest."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from infra import bootstrap
from infra.bootstrap import Parts
from resolvers.loaders import Loaders
from tests.stack import found_company, settings_for


@pytest.fixture
async def parts(fresh_database_url: str, redis_url: str) -> AsyncIterator[Parts]:
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as made:
        yield made


async def test_a_batch_that_comes_after_the_end_opens_no_connection(parts: Parts, fresh_database_url: str) -> None:
    company = await found_company(fresh_database_url)
    pool = parts.database.engine.pool
    for ends in (False, True):
        reads = parts.seen_by(company.agent)
        waiting = Loaders(reads).load("customers", uuid4())
        await (reads.end() if ends else reads.close())
        await asyncio.wait([asyncio.ensure_future(waiting)], timeout=0.5)
        assert pool.checkedout() == (0 if ends else 1)  # type: ignore[attr-defined]
        await reads.end()
        assert pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_reads_go_on_after_they_were_closed_and_not_after_their_end(
    parts: Parts, fresh_database_url: str
) -> None:
    company = await found_company(fresh_database_url)
    reads = parts.seen_by(company.agent)
    for _ in range(2):
        assert await reads.customers([company.customer.identity]) != [None]
        await reads.close()
    await reads.end()
    with pytest.raises(asyncio.CancelledError):
        await reads.customers([company.customer.identity])
