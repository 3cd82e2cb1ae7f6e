"""Runs the parts of Parley as child processes: started in order, restarted whenever they die, stopped in order."""

import asyncio
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

POLL_SECONDS, SLOWEST_POLL_SECONDS = 0.03, 0.3
"""How long to wait before a starting part is asked again whether it is ready: longer each time."""

FIRST_DELAY, LONGEST_DELAY = 0.05, 10.0
"""Seconds from a death to the next start: doubled at each death, the first again after `STEADY_SECONDS` alive."""

STEADY_SECONDS = 10.0
START_SECONDS = 60.0
DEATHS_BEFORE_READY = 3
"""A part that dies this often before it was ever ready cannot be started at all."""

WRONG_SETTINGS = 2
"""Exit code of a part that will not start until a person changes a setting."""

COULD_NOT_RUN = 127
LARGEST_LOG = 10_000_000
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Tell = Callable[[str], None]


class PartFailed(Exception):  # noqa: N818
    """A part cannot be started; the message says which and shows the end of its log."""


class AlreadyRunning(Exception):  # noqa: N818
    """Another process supervises the same folder; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One child process: what to run, how to tell that it is ready and how to end it."""

    name: str
    command: tuple[str, ...]
    mark: str
    """Text in the command line of its processes that tells a leftover of ours from a stranger."""
    ready: Callable[[], Coroutine[Any, Any, bool]]
    environment: Mapping[str, str]
    user: str | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 3.0
    """Seconds between asking it to stop and killing it."""
    clear: Callable[[], object] = field(default=lambda: None)
    """Removes what a killed process left behind; runs in a thread, before each start and after a kill."""


@dataclass
class _Child:
    part: Part
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    keeper: asyncio.Task[None] | None = None


class Supervisor:
    """Keeps parts alive. Writes `run_dir/NAME.pid`, a contract: the process id alone, there while the part runs.

    Output of the parts goes to `logs/NAME.log`; what happens to them is told in sentences through `tell`.
    """

    def __init__(self, run_dir: Path, logs: Path, tell: Tell) -> None:
        self._run_dir, self._logs, self._tell = run_dir, logs, tell
        self._groups: list[list[_Child]] = []
        self._hurry = asyncio.Event()

    async def start(self, *parts: Part, within: float = START_SECONDS) -> None:
        """Start parts side by side and return when all are ready. Raises PartFailed."""
        group = [_Child(part) for part in parts]
        self._groups.append(group)
        for child in group:
            child.keeper = asyncio.create_task(self._keep(child))
        await asyncio.gather(*(self._until_ready(child, within) for child in group))

    async def stop(self) -> None:
        """Stop the groups, last started first, and the parts of a group in the order they were given."""
        for child in (child for group in reversed(self._groups) for child in group):
            await self._stop(child)
        self._groups.clear()

    def hurry(self) -> None:
        """From now on nothing is waited for: what does not stop at once is killed."""
        self._hurry.set()

    async def _until_ready(self, child: _Child, within: float) -> None:
        assert child.keeper is not None  # noqa: S101
        waiting = asyncio.create_task(child.ready.wait())
        await asyncio.wait((waiting, child.keeper), timeout=within, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if child.keeper.done():
            await child.keeper
        if not child.ready.is_set():
            raise PartFailed(f"{child.part.name} was not ready within {within:.0f} s. {self._tail(child.part)}")

    async def _keep(self, child: _Child) -> None:
        """Run the part again and again. Raises PartFailed when it cannot be started at all."""
        deaths, delay, died = 0, FIRST_DELAY, None
        while True:
            started = time.monotonic()
            code = await self._run(child, since=died)
            died, deaths = time.monotonic(), deaths + 1
            if not child.ready.is_set() and (code == WRONG_SETTINGS or deaths >= DEATHS_BEFORE_READY):
                raise PartFailed(f"{child.part.name} does not start: it {_how(code)}. {self._tail(child.part)}")
            self._tell(f"{child.part.name} {_how(code)}; starting it again")
            delay = FIRST_DELAY if died - started > STEADY_SECONDS else delay
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_DELAY)

    async def _run(self, child: _Child, *, since: float | None) -> int:
        """One life of the part; returns its exit code."""
        try:
            child.process = process = await self._spawn(child.part)
        except OSError as error:
            self._tell(f"{child.part.name} cannot be run: {error}")
            return COULD_NOT_RUN
        watch = asyncio.create_task(self._watch(child, since))
        try:
            code = await process.wait()
        finally:
            watch.cancel()
        self._pid_file(child.part).unlink(missing_ok=True)
        return code

    async def _spawn(self, part: Part) -> asyncio.subprocess.Process:
        await asyncio.to_thread(part.clear)
        with open_log(self._log(part)) as log:
            process = await asyncio.create_subprocess_exec(*part.command, **spawn_options(part, log.fileno()))
        with suppress(OSError):  # a full disk must not keep a part from running
            write_pid(self._pid_file(part), process.pid)
        return process

    async def _watch(self, child: _Child, since: float | None) -> None:
        started = time.monotonic()
        await _true(child.part.ready)
        child.ready.set()
        if since is None:
            self._tell(f"{child.part.name} is ready ({time.monotonic() - started:.1f} s)")
        else:
            self._tell(f"{child.part.name} is back ({time.monotonic() - since:.1f} s after its end)")

    async def _stop(self, child: _Child) -> None:
        await _cancelled(child.keeper)
        if child.process is not None and child.process.returncode is None:
            await self._end(child.process, child.part)
        self._pid_file(child.part).unlink(missing_ok=True)

    async def _end(self, process: asyncio.subprocess.Process, part: Part) -> None:
        with suppress(ProcessLookupError):
            process.send_signal(part.stop_signal)
        ended, hurried = asyncio.create_task(process.wait()), asyncio.create_task(self._hurry.wait())
        await asyncio.wait((ended, hurried), timeout=part.grace, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if not ended.done():
            process.kill()
            await ended
            await asyncio.to_thread(part.clear)

    def _pid_file(self, part: Part) -> Path:
        return self._run_dir / f"{part.name}.pid"

    def _log(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"

    def _tail(self, part: Part) -> str:
        return f"The end of {self._log(part)}:\n{tail(self._log(part))}"


@contextmanager
def claim(folder: Path) -> Iterator[None]:
    """Hold the folder for this process alone, until the block or the process ends. Raises AlreadyRunning."""
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(f"Parley is already running in {folder} (process {lock.read()}).") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def end_leftovers(run_dir: Path, parts: Iterable[Part]) -> list[str]:
    """Stop what a killed supervisor left running, by its pid files; returns the names. Blocks for the parts' graces."""
    found = [part for part in parts if _end_leftover(run_dir / f"{part.name}.pid", part)]
    return [part.name for part in found]


def _end_leftover(pid_file: Path, part: Part) -> bool:
    try:
        process = psutil.Process(int(pid_file.read_text()))
        # The file carries the start of its process: the same number may be a stranger's by now.
        ours = abs(process.create_time() - pid_file.stat().st_mtime) < 3 and part.mark in " ".join(process.cmdline())
    except (OSError, ValueError, psutil.Error):
        ours = False
    if ours:
        end(process, part)
    pid_file.unlink(missing_ok=True)
    return ours


def write_pid(path: Path, pid: int) -> None:
    """Write a pid file in one step, its time of change being the start of the process."""
    draft = path.with_suffix(".new")
    draft.write_text(str(pid))
    with suppress(psutil.NoSuchProcess):
        created = psutil.Process(pid).create_time()
        os.utime(draft, (created, created))
    draft.replace(path)


@contextmanager
def running(part: Part, log: Path, *, timeout: float = START_SECONDS) -> Iterator[int]:
    """Run one part, unsupervised, until the block ends; yields its process id. Made for tests. Raises PartFailed."""
    part.clear()
    with open_log(log) as output:
        process = subprocess.Popen(part.command, **spawn_options(part, output.fileno()))  # noqa: S603
    try:
        deadline = time.monotonic() + timeout
        while not _is_ready(part):
            if process.poll() is not None or time.monotonic() > deadline:
                raise PartFailed(f"{part.name} does not start. The end of {log}:\n{tail(log)}")
            time.sleep(POLL_SECONDS)
        yield process.pid
    finally:
        if process.poll() is None:
            end(psutil.Process(process.pid), part)
        process.wait()


def end(process: psutil.Process, part: Part) -> None:
    """Stop a process of `part`, whoever its parent is: ask, wait its grace, kill."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(part.stop_signal)
        if not ended([process], part.grace):
            process.kill()
            ended([process], part.grace)
            part.clear()


def ended(processes: Iterable[psutil.Process], within: float) -> bool:
    """Wait until all have ended, at most `within` seconds. One that nobody reaps, as in some containers, has ended."""
    deadline = time.monotonic() + within
    while any(_is_alive(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def marked(mark: str) -> list[psutil.Process]:
    """The processes of this machine with `mark` in their command line."""
    return [p for p in psutil.process_iter(["cmdline"]) if mark in " ".join(p.info["cmdline"] or ())]


def spawn_options(part: Part, log: int) -> dict[str, Any]:
    """For `subprocess.Popen`: a session of its own (Ctrl-C reaches us alone), output to `log`, ends when we do."""
    options: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": log,
        "stderr": subprocess.STDOUT,
        "env": dict(part.environment),
        "cwd": part.folder,
        "start_new_session": True,
    }
    if part.user is not None:
        options |= {"user": part.user, "group": part.user, "extra_groups": []}
    if _LIBC is not None:
        # Runs after the change of user, which would undo it: the kernel then ends the child when we are killed.
        options["preexec_fn"] = _bound_to(os.getpid(), part.stop_signal)
    return options


def open_log(path: Path) -> Any:
    """Open a log for appending; one that has grown large becomes `NAME.log.1` first."""
    with suppress(FileNotFoundError):
        if path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file, or nothing when there is none."""
    with suppress(FileNotFoundError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _bound_to(parent: int, death: signal.Signals) -> Callable[[], None]:
    def bind() -> None:
        assert _LIBC is not None  # noqa: S101
        _LIBC.prctl(PR_SET_PDEATHSIG, int(death))
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


def _is_ready(part: Part) -> bool:
    """Asked in a thread, because the caller's may have an event loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, part.ready()).result()


def _how(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


async def _true(ask: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    pause = POLL_SECONDS
    while not await ask():
        await asyncio.sleep(pause)
        pause = min(1.2 * pause, SLOWEST_POLL_SECONDS)


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait((task,))
