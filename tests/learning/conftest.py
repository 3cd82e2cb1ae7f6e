"""A shop with a few articles on real servers, for tests of what its assistant learns from."""

from collections.abc import AsyncIterator

import pytest

from infra import bootstrap
from tests.learning.shop import Shop, open_shop
from tests.stack import Company, found_company, settings_for


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def parts(database_url: str, valkey_url: str) -> AsyncIterator[bootstrap.Parts]:
    """The parts of a process, without a worker: nothing moves but what the test does."""
    async with bootstrap.parts(settings_for(database_url, valkey_url)) as made:
        yield made


@pytest.fixture
async def shop(parts: bootstrap.Parts, company: Company) -> Shop:
    return await open_shop(parts, company)
