"""Two organizations, each with the golden facts and a login for SQL."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import asyncpg
import psycopg
import pytest

from infra import bootstrap
from tests.exports.golden import golden, others, put
from tests.stack import Company, found_company, settings_for

SECONDS = 1


@dataclass
class Analyst:
    """Somebody with a login."""

    company: Company
    login: str
    password: str
    host: str
    port: int
    database: str

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """As any program does."""
        return await asyncpg.connect(self.url)

    @property
    def url(self) -> str:
        """What programs ask for, as one line."""
        return f"postgresql://{self.login}:{self.password}@{self.host}:{self.port}/{self.database}"


@pytest.fixture(scope="module")
async def parts(database_url: str, valkey_url: str) -> AsyncIterator[bootstrap.Parts]:
    """The parts of a process whose logins may take a second, without a worker."""
    settings = settings_for(database_url, valkey_url, sql_statement_seconds=SECONDS)
    async with bootstrap.parts(settings) as made:
        yield made


async def hired(parts: bootstrap.Parts, database_url: str) -> Analyst:
    """A new organization with the golden facts and a login."""
    company = await found_company(database_url)
    for name, rows in {"conversation": golden(company.id), **others(company.id)}.items():
        await put(database_url, name, rows)
    logins = parts.doors.sql_logins
    opened = await logins.create(company.admin, "A tool")
    assert opened.password is not None
    door = logins.door
    role = f"bi_{opened.receipt.id.hex}"
    return Analyst(company, role, opened.password, door.host, door.port, door.database)


@pytest.fixture(scope="module")
async def analyst(parts: bootstrap.Parts, database_url: str) -> Analyst:
    return await hired(parts, database_url)


@pytest.fixture(scope="module")
async def stranger(parts: bootstrap.Parts, database_url: str) -> Analyst:
    """Of another organization."""
    return await hired(parts, database_url)


@pytest.fixture
async def session(analyst: Analyst) -> AsyncIterator[asyncpg.Connection]:
    """The analyst, signed in."""
    connection = await analyst.connect()
    yield connection
    await connection.close()


@pytest.fixture
def signed_in(analyst: Analyst) -> Callable[[], psycopg.Connection]:
    """The same by a program that waits."""
    return lambda: psycopg.connect(analyst.url)
