"""One server for the tests of signing in, and people to do so."""

from collections.abc import AsyncIterator

import pytest

from infra.accounts.passwords import Passwords
from infra.database import Database
from tests.resolvers.login.members import Personnel
from tests.stack import Stack, running, scripted


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    """A server and a worker."""
    async with running(database_url, valkey_url, scripted("Hello")) as made:
        yield made


@pytest.fixture(scope="module")
async def personnel(database_url: str) -> AsyncIterator[Personnel]:
    """Organizations and people of this module's database."""
    database, passwords = Database(database_url, pool_size=2), Passwords()
    yield Personnel(database, passwords)
    passwords.close()
    await database.close()
