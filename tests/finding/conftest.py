"""The company that the tests of a folder share the making of."""

from collections.abc import AsyncIterator

import pytest

from tests.finding.desk import Desk
from tests.stack import found_company, running, scripted


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[Desk]:
    company = await found_company(database_url)
    async with running(database_url, redis_url, scripted(), with_worker=False) as stack:
        yield Desk(stack, company, database_url)
