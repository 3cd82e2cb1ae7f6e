"""A Parley of one's own: started in a new folder, its parts killed at will, gone without a trace at the end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert

from domain.base import Actor, ActorKind
from infra.database import Database
from infra.demo.company import install, people
from infra.demo.ids import ORGANIZATION_ID
from infra.identity.keys import first_keys
from infra.identity.shell import LIFETIME, open_session, shell_session_of
from infra.identity.tokens import AccessTokens
from infra.local.embedded import filled
from infra.rows import customers
from infra.settings import Settings

ROOT = Path(__file__).parents[1]
PARTS = ("postgres", "valkey", "api", "worker")
START_SECONDS = 90
STOP_SECONDS = 20


class NotStartedError(Exception):
    """`parley up` ended or was not ready in time; the message is what it said."""


@dataclass
class Person:
    """Somebody with a token; `id` is the customer's or the agent's."""

    name: str
    actor: Actor
    token: str


@dataclass
class System:
    """A running `parley up`."""

    settings: Settings
    folder: Path
    process: asyncio.subprocess.Process

    @property
    def url(self) -> str:
        """The GraphQL address for HTTP."""
        return f"{self.settings.address}/graphql"

    @property
    def socket_url(self) -> str:
        """The GraphQL address for sockets."""
        return self.url.replace("http", "ws", 1)

    def pid(self, part: str) -> int | None:
        """The process id of a part, None while it does not run."""
        try:
            return int((self.folder / "run" / f"{part}.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def kill(self, part: str) -> bool:
        """End a part with SIGKILL; False when it was not running."""
        pid = self.pid(part)
        with suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                return True
        return False

    def token(self, actor: Actor) -> str:
        """A bearer token for anybody."""
        tokens = AccessTokens(first_keys(self.settings.secret), _now)
        return tokens.issue(shell_session_of(actor), actor.tenant, lifetime=LIFETIME)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """A small pool of connections of our own."""
        database = Database(self.settings.sqlalchemy_url, pool_size=4)
        try:
            yield database
        finally:
            await database.close()

    async def staff(self) -> list[Person]:
        """The agents of the demo company, which is made if it is not there."""
        async with self.database() as database:
            await install(database)
            agents = [person for person in people() if person.actor.kind is ActorKind.AGENT]
            await self._open(database, [agent.actor for agent in agents])
        return [Person(agent.name, agent.actor, self.token(agent.actor)) for agent in agents]

    async def customers(self, count: int) -> list[Person]:
        """New customers of the demo company."""
        actors = [Actor(ActorKind.CUSTOMER, uuid4(), ORGANIZATION_ID) for _ in range(count)]
        made = [Person(f"customer {number}", actor, self.token(actor)) for number, actor in enumerate(actors)]
        async with self.database() as database, database.tenant(ORGANIZATION_ID) as connection:
            await connection.execute(insert(customers), [_row(person) for person in made])
            await connection.commit()
        async with self.database() as database:
            await self._open(database, actors)
        return made

    async def _open(self, database: Database, actors: Sequence[Actor]) -> None:
        """Give everybody a session."""
        async with database.accounts() as connection:
            for actor in actors:
                await open_session(connection, actor, _now, device="bench")
            await connection.commit()


def _now() -> datetime:
    return datetime.now(UTC)


def _row(person: Person) -> Mapping[str, object]:
    identity: UUID = person.actor.identity
    email = f"{identity}@customers.example"
    at = datetime.now(UTC)
    return {"id": identity, "organization_id": ORGANIZATION_ID, "name": person.name, "email": email, "created_at": at}


@asynccontextmanager
async def running(variables: Mapping[str, str], *, keep_logs: Path | None = None) -> AsyncIterator[System]:
    """Start `parley up` with the echoing assistant and a free port; everything is stopped and deleted afterwards.

    `keep_logs` is a folder that gets a copy of the logs. Raises `NotStartedError`.
    """
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-", dir="/tmp"))
    settings = Settings(data_dir=folder / "data", port=free_port())
    process = await _spawn(folder, settings, variables)
    try:
        await _ready(folder, settings, process)
        yield System(filled(settings), settings.data_dir, process)
    finally:
        await _stop(process)
        if keep_logs is not None:
            shutil.copytree(settings.data_dir / "logs", keep_logs, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A loopback port that nobody listens on, below those that systems take for outgoing connections."""
    for port in range(18_000, 20_000):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise NotStartedError("No port between 18000 and 20000 is free.")


async def _spawn(folder: Path, settings: Settings, variables: Mapping[str, str]) -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    own = {
        "PARLEY_DATA_DIR": str(settings.data_dir),
        "PARLEY_PORT": str(settings.port),
        "PARLEY_AI_PROVIDER": "scripted",
        "PARLEY_MAX_SOCKETS_PER_CALLER": "100000",
        "PARLEY_MAX_SOCKETS_PER_ADDRESS": "100000",
        **{f"PARLEY_BUDGET_{kind}": "1000000000,1000000000" for kind in ("ANONYMOUS", "CUSTOMER", "STAFF")},
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }
    with (folder / "up.log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "infra.cli", "up"),
            cwd=folder,
            env=clean | own | dict(variables),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )


async def _ready(folder: Path, settings: Settings, process: asyncio.subprocess.Process) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "everything is ready" not in (said := (folder / "up.log").read_text()):
        if process.returncode is not None or time.monotonic() > deadline:
            raise NotStartedError(said)
        await asyncio.sleep(0.1)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
