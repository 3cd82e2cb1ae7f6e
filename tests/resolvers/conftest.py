"""A company on a running Parley, for tests that send documents and look at the JSON."""

from collections.abc import AsyncIterator

import pytest

from tests.stack import Company, Gate, Stack, found_company, running, scripted


@pytest.fixture
async def company(fresh_database_url: str) -> Company:
    return await found_company(fresh_database_url)


@pytest.fixture
async def stack(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """The assistant says one sentence, at once."""
    async with running(fresh_database_url, redis_url, scripted("You may send it back within 45 days. 🙂")) as started:
        yield started


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def gated(fresh_database_url: str, redis_url: str, gate: Gate) -> AsyncIterator[Stack]:
    """The assistant says each word when the gate lets it."""
    assistant = scripted("one two three four five six seven eight", pause=gate)
    async with running(fresh_database_url, redis_url, assistant) as started:
        yield started
