"""A real Postgres and a real Valkey for every test run, gone when it ends, also when it is interrupted."""

import asyncio
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from redis import Redis
from sqlalchemy.engine import make_url

from infra.local.embedded import Postgres, Valkey
from infra.local.supervisor import marked, running
from infra.settings import Settings
from infra.storage import migrate
from tests.models.server import ModelServer, serving

LONGEST = ("e2e/", "test_two_tenants", "test_secrets", "test_corpora", "test_up", "test_cli_import", "test_reembedding")
"""Files that take minutes begin first, so that no worker is left with one at the end."""
UNSYNCED = ("-c", "fsync=off", "-c", "full_page_writes=off")
"""Nothing need reach the disk: the machine outlives the tests, and a commit that was written survives any kill of
Postgres, since commits still wait for the write (`synchronous_commit` stays on). `tests/e2e` has servers that sync."""
FOLDERS = Path("/tmp")
PREFIX = "parley-test-"
_numbers = count(1)


def pytest_configure() -> None:
    """The caller's own settings must not reach the tests, nor the processes they start; no test asks a real model.

    What a shell starts in the background ignores Ctrl-C, and so would all that it starts: here it counts again.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in [name for name in os.environ if name.startswith("PARLEY_") and not name.startswith("PARLEY_TEST_")]:
        del os.environ[name]
    os.environ["PARLEY_REAL_MODELS"] = "off"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the order within a file stays."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST))


@pytest.fixture(scope="session")
def servers_dir() -> Iterator[Path]:
    """Folder of the servers of this run; the folders and servers of runs that were killed go first."""
    for folder in FOLDERS.glob(f"{PREFIX}*"):
        _remove_abandoned(folder)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=FOLDERS))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
        shutil.rmtree(folder)


@pytest.fixture
def data_dir(servers_dir: Path) -> Path:
    """An empty folder, short enough for a socket and reachable for the user that runs Postgres under root."""
    return Path(tempfile.mkdtemp(dir=servers_dir))


@pytest.fixture(scope="session")
def postgres_url(servers_dir: Path) -> Iterator[str]:
    """SQLAlchemy address with a role that may make databases; PARLEY_TEST_DATABASE_URL names another server."""
    if outside := os.environ.get("PARLEY_TEST_DATABASE_URL"):
        yield Settings(database_url=outside).sqlalchemy_url
        return
    postgres = Postgres(servers_dir)
    postgres.prepare()
    part = postgres.part()
    with running(replace(part, command=(*part.command, *UNSYNCED)), servers_dir / "postgres.log"):
        yield postgres.url


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> Iterator[str]:
    """Name of an empty, migrated database that others are copied from."""
    with _database(postgres_url, "template1") as name:
        _in_thread(lambda: migrate.upgrade(_address(postgres_url, name)))
        yield name


@pytest.fixture(scope="module")
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """SQLAlchemy address of a migrated database that the tests of one module share."""
    with _database(postgres_url, template_database) as name:
        yield _address(postgres_url, name)


@pytest.fixture
def fresh_database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """SQLAlchemy address of a migrated database for one test alone."""
    with _database(postgres_url, template_database) as name:
        yield _address(postgres_url, name)


@pytest.fixture(scope="session")
def valkey_url(servers_dir: Path) -> Iterator[str]:
    """Address of this run's Valkey, as the tests before left it."""
    valkey = Valkey(servers_dir)
    valkey.prepare()
    with running(valkey.part(), servers_dir / "valkey.log"):
        yield valkey.url


@pytest.fixture
def redis_url(valkey_url: str) -> str:
    """Address of an empty Valkey."""
    with Redis.from_url(valkey_url) as client:
        client.flushall()
    return valkey_url


@pytest.fixture(scope="session")
def _model_server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


@pytest.fixture
def model_server(_model_server: ModelServer) -> ModelServer:
    """A server of language models that says and does what it is told, see `tests/models/server.py`."""
    _model_server.forget()
    return _model_server


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        _drop(server, name)


def _drop(server: str, name: str) -> None:
    """Drop a database once Postgres's own workers, such as autovacuum, which nobody may end, have left it."""
    for pause in (0.1, 0.5, 2.0, 5.0):
        try:
            return _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')
        except asyncpg.InsufficientPrivilegeError:
            time.sleep(pause)
    return _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _address(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _execute(server: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(Settings(database_url=server).asyncpg_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _in_thread(lambda: asyncio.run(run()))


def _in_thread(work: Callable[[], None]) -> None:
    """Where no event loop runs, whatever pytest's main thread has."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def _remove_abandoned(folder: Path) -> None:
    """A folder without a lock is being made right now; one whose lock is held belongs to a run beside this one."""
    try:
        lock = (folder / "lock").open()
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    with lock:
        for process in (*marked(Postgres(folder).name), *marked(str(folder))):
            process.kill()
        shutil.rmtree(folder)
