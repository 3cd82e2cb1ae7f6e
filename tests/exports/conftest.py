"""An organization with the parts of a process, for tests of exports."""

from collections.abc import AsyncIterator

import pytest

from infra import bootstrap
from tests.stack import Company, found_company, settings_for


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def parts(database_url: str, valkey_url: str) -> AsyncIterator[bootstrap.Parts]:
    """The parts of a process, without a worker: nothing moves but what the test does."""
    async with bootstrap.parts(settings_for(database_url, valkey_url, exports_a_day=4)) as made:
        yield made


@pytest.fixture
async def other(database_url: str) -> Company:
    return await found_company(database_url)
