"""One server for the tests of signing in, a mail server, and people."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis import Redis

from infra.database import Database
from infra.identity.passwords import Passwords
from tests.resolvers.login.mailbox import Mailbox, mailbox
from tests.resolvers.login.members import Personnel
from tests.stack import Stack, running, scripted


@pytest.fixture(scope="module")
async def post_office() -> AsyncIterator[Mailbox]:
    """Where mail lands."""
    async with mailbox() as box:
        yield box


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str, post_office: Mailbox) -> AsyncIterator[Stack]:
    """A server and a worker; nobody has asked for anything yet."""
    with Redis.from_url(valkey_url) as client:
        client.flushall()
    settings: dict[str, Any] = {"smtp_url": post_office.url, "mail_from": "parley@shop.example", "sign_up": "open"}
    async with running(database_url, valkey_url, scripted("Hello"), **settings) as made:
        yield made


@pytest.fixture(autouse=True)
def patient_limits(valkey_url: str) -> None:
    """All tests come from one address: each begins with whole budgets."""
    with Redis.from_url(valkey_url) as client:
        for key in client.scan_iter("*rate:*"):
            client.delete(key)


@pytest.fixture(scope="module")
async def personnel(database_url: str) -> AsyncIterator[Personnel]:
    """Organizations and people of this module's database."""
    database, passwords = Database(database_url, pool_size=2), Passwords()
    yield Personnel(database, passwords)
    passwords.close()
    await database.close()
