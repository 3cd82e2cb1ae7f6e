"""Postgres going away in the middle: callers are told to try again."""

import pytest
from sqlalchemy import select, text

from domain.base import UnavailableError
from infra.database import Database
from infra.reads import SqlReads
from tests.stack import found_company


async def test_a_read_whose_connection_has_died_since_the_one_before_is_told_to_try_again(database_url: str) -> None:
    company = await found_company(database_url)
    database, other = Database(database_url, pool_size=2), Database(database_url, pool_size=1)
    reads = SqlReads(database, company.customer)
    (own,) = await reads._rows(select(text("pg_backend_pid() AS pid")))
    async with other.engine.connect() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own.pid})
    with pytest.raises(UnavailableError):
        await reads.customers([company.customer.identity])
    await reads.close()
    assert (await reads.customers([company.customer.identity]))[0] is not None
    await reads.close()
    await database.close()
    await other.close()
