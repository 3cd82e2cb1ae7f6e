"""`parley up`: everything on one machine, supervised, until Ctrl-C."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from infra.commands import demo
from infra.local.embedded import Postgres, Valkey, ensure_secret, filled, is_free
from infra.local.supervisor import AlreadyRunning, Part, PartFailed, Supervisor, claim, end_leftovers
from infra.process.programs import PROGRAMS
from infra.process.threads import in_thread
from infra.settings import Settings, SettingsError, load_or_exit, variable
from infra.storage import migrate

STATE = ("postgres", "postgres.new", "postgres.port", "socket", "valkey", "run", "logs", "secret", "demo-password")
"""What `--reset` deletes in the data folder; anything else there is not ours."""


@dataclass(frozen=True)
class Step:
    """Work between the servers' start and the programs': `done` is what to say when it is finished."""

    done: str
    run: Callable[[Settings], object]

    def attempt(self, settings: Settings) -> None:
        """Raises PartFailed when the database is not there or refuses."""
        try:
            self.run(settings)
        except (OSError, SQLAlchemyError) as error:
            raise PartFailed(f"The database refused: {error}\n`parley doctor` looks for the reason.") from error


Greeting = Callable[[Settings], Sequence[tuple[str, str]]]
"""Gives the lines of the banner, label and text, when everything is ready."""

STEPS: tuple[Step, ...] = (
    Step("tables are up to date", lambda settings: migrate.upgrade(settings.sqlalchemy_url)),
    Step("demo company is there", demo.install),
)

console = Console(highlight=False)


def up(
    reset: Annotated[bool, typer.Option("--reset", help="Delete the embedded servers' state first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the logs of all parts.")] = False,
) -> None:
    """Start everything here: servers, tables, demo company, API and worker. Ctrl-C stops it."""
    settings = load_or_exit()
    try:
        folder = _own_folder(settings.data_dir)
        with claim(folder):
            _tidy(settings, reset=reset, ask=sys.stdin.isatty() and not yes)
            asyncio.run(Run(settings, STEPS, demo.greeting, verbose=verbose).until_stopped())
    except (PartFailed, AlreadyRunning) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


class Run:
    """One life of `parley up`: start in order, tell, wait for Ctrl-C or SIGTERM, stop in order."""

    def __init__(self, settings: Settings, steps: Sequence[Step], greet: Greeting, *, verbose: bool = False) -> None:
        self._settings, self._steps, self._greet, self._verbose = settings, steps, greet, verbose
        self._began, folder = time.monotonic(), settings.data_dir
        self._supervisor = Supervisor(folder / "run", folder / "logs", tell)

    async def until_stopped(self) -> None:
        """Raises PartFailed or SettingsError when the start fails; everything is stopped then too."""
        work = asyncio.create_task(self._work())
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop, work)
        try:
            await asyncio.wait((work,))
        finally:
            await self._supervisor.stop()
        if not work.cancelled():
            work.result()
        tell("stopped")

    def _asked_to_stop(self, work: asyncio.Task[None]) -> None:
        if work.cancelling():
            self._supervisor.hurry()
        else:
            tell("stopping …")
            work.cancel()

    async def _work(self) -> None:
        follower = asyncio.create_task(self._follow_logs())
        try:
            await self._start()
            await asyncio.Event().wait()
        finally:
            follower.cancel()

    async def _start(self) -> None:
        await self._supervisor.start(*await in_thread(lambda: prepared_servers(self._settings)))
        settings = filled(self._settings)
        for step in self._steps:
            began = time.monotonic()
            await in_thread(partial(step.attempt, settings))
            tell(f"{step.done} ({time.monotonic() - began:.1f} s)")
        await self._supervisor.start(*programs(settings))
        tell(f"everything is ready after {time.monotonic() - self._began:.1f} s")
        show(await in_thread(partial(self._greet, settings)))

    async def _follow_logs(self) -> None:
        """Show each new line of every log; with --verbose only."""
        places: dict[Path, int] = {}
        while self._verbose:
            for log in sorted((self._settings.data_dir / "logs").glob("*.log")):
                places[log] = _show_since(log, places.get(log, log.stat().st_size))
            await asyncio.sleep(0.3)


def prepared_servers(settings: Settings) -> list[Part]:
    """The embedded servers that the settings leave to us, ready to be started; blocks for their first preparation."""
    if settings.database_url is None:
        if moved := Postgres(settings.data_dir).prepare():
            tell(moved)
        ensure_secret(settings.data_dir)
    if settings.redis_url is None and (said := Valkey(settings.data_dir).prepare()):
        tell(said)
    _ = filled(settings).secret
    return servers(settings)


def servers(settings: Settings) -> list[Part]:
    """The embedded servers that the settings leave to us, in the order in which they stop."""
    valkey = [Valkey(settings.data_dir).part()] if settings.redis_url is None else []
    postgres = [Postgres(settings.data_dir).part()] if settings.database_url is None else []
    return valkey + postgres


def programs(settings: Settings) -> list[Part]:
    """API and worker, told by environment variables where the servers are. The worker is ready when all is."""
    paths = {"api": "/healthz", "worker": "/readyz"}
    return [
        Part(
            name=name,
            command=(sys.executable, "-m", "infra.process.start", module),
            mark=module,
            ready=partial(answers, settings, paths[name]),
            environment=settings.for_child() | {"PYTHONUNBUFFERED": "1"},
            grace=2.5,
        )
        for name, module in PROGRAMS.items()
    ]


async def answers(settings: Settings, path: str) -> bool:
    """Whether our HTTP server answers 200 there."""
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(settings.own_host, settings.port)
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                return b" 200 " in await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def tell(sentence: str) -> None:
    """One line about what happened."""
    console.print(f"  [dim]·[/] {sentence}", soft_wrap=True)


def show(lines: Sequence[tuple[str, str]]) -> None:
    """The banner; texts are never wrapped, so that they can be copied."""
    console.print()
    for label, text in (*lines, ("Stop", "Ctrl-C")):
        console.print(f"  [bold]{label:<14}[/]", end="")
        console.print(text, markup=False, soft_wrap=True)
    console.print()


def _own_folder(data_dir: Path) -> Path:
    """The data folder, made if need be. Raises SettingsError when it cannot be used."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{variable('data_dir')} must be a folder that can be written: {error}.") from None
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise SettingsError(f"{variable('data_dir')} must be a folder that you may write, not {data_dir}.")
    return data_dir


def _tidy(settings: Settings, *, reset: bool, ask: bool) -> None:
    """End what a killed run left, delete the state if asked, and see that our port is free."""
    folder = settings.data_dir
    if reset and ask:
        typer.confirm(f"Delete the database and all else that Parley keeps in {folder.absolute()}?", abort=True)
    for name in end_leftovers(folder / "run", [*programs(settings), *servers(settings)]):
        tell(f"{name} of an earlier run was still there; stopped it")
    if reset:
        _delete_state(folder)
    for name in ("run", "logs"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    if not is_free(settings.host, settings.port):
        where = f"Port {settings.port} on {settings.host}"
        raise SettingsError(f"{where} is in use; stop what uses it or set {variable('port')} to another.")


def _delete_state(folder: Path) -> None:
    for path in (*(folder / name for name in STATE), Postgres(folder).socket_dir):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    tell(f"deleted the state in {folder}")


def _show_since(log: Path, offset: int) -> int:
    """Print what a log has grown by; returns its new length."""
    size = log.stat().st_size
    with log.open("rb") as file:
        file.seek(offset if offset <= size else 0)
        for line in file.read().decode(errors="replace").splitlines():
            console.print(f"[dim]{log.stem:>8} |[/] ", end="")
            console.print(line, markup=False, soft_wrap=True)
        return file.tell()
