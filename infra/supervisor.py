"""Runs the parts of Parley as child processes: started in order, restarted whenever they die, stopped in order."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

POLL_SECONDS = 0.02
"""How often a starting part is asked whether it is ready."""

FIRST_DELAY, LONGEST_DELAY = 0.1, 10.0
"""Seconds between a death and the next start: doubled at each death, back to the first after `STEADY_SECONDS` alive."""

STEADY_SECONDS = 10.0
DEATHS_BEFORE_READY = 3
"""A part that dies this often before it was ever ready cannot be started at all."""

LARGEST_LOG = 10_000_000
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class PartFailed(Exception):  # noqa: N818
    """A part cannot be started; the message says which and shows the end of its log."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One child process: what to run, how to tell that it is ready and how to end it."""

    name: str
    command: tuple[str, ...]
    mark: str
    """Text in the command line of each of its processes that tells a leftover of ours from a stranger."""
    ready: Callable[[], Coroutine[Any, Any, bool]]
    environment: Mapping[str, str]
    user: str | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 3.0
    """Seconds between asking it to stop and killing it."""
    before: Callable[[], None] = field(default=lambda: None)
    """Runs before each start, restarts included."""


def spawn_options(part: Part, log: int) -> dict[str, Any]:
    """Keyword arguments of `subprocess.Popen`: own session (Ctrl-C reaches us alone), output to `log`, ends with us."""
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
        # Runs after the change of user, which would clear it; the kernel then ends the child when we are killed.
        options["preexec_fn"] = _bound_to(os.getpid(), part.stop_signal)
    return options


def _bound_to(parent: int, death: signal.Signals) -> Callable[[], None]:
    def bind() -> None:
        assert _LIBC is not None  # noqa: S101
        _LIBC.prctl(PR_SET_PDEATHSIG, int(death))
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


@contextmanager
def running(part: Part, log: Path, *, timeout: float = 30.0) -> Iterator[int]:
    """Run one part, unsupervised, until the block ends; yields its process id. Made for tests. Raises PartFailed."""
    part.before()
    with log.open("ab") as output:
        process = subprocess.Popen(part.command, **spawn_options(part, output.fileno()))  # noqa: S603
    try:
        deadline = time.monotonic() + timeout
        while not _is_ready(part):
            if process.poll() is not None or time.monotonic() > deadline:
                raise PartFailed(f"{part.name} did not start. {log}:\n{tail(log)}")
            time.sleep(POLL_SECONDS)
        yield process.pid
    finally:
        end(psutil.Process(process.pid) if process.poll() is None else None, part)
        process.wait()


def _is_ready(part: Part) -> bool:
    """Asked in a thread, because the caller's may have an event loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, part.ready()).result()


def marked(mark: str) -> list[psutil.Process]:
    """The processes of this machine with `mark` in their command line."""
    return [p for p in psutil.process_iter(["cmdline"]) if mark in " ".join(p.info["cmdline"] or ())]


def end(process: psutil.Process | None, part: Part) -> None:
    """Stop a process of `part` that may be anybody's child: ask, wait its grace, kill."""
    if process is None:
        return
    with suppress(psutil.NoSuchProcess):
        process.send_signal(part.stop_signal)
        try:
            process.wait(part.grace)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(part.grace)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file, or nothing when there is none."""
    with suppress(FileNotFoundError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""
