"""`parley up` as people run it, for a browser: the demo company in a folder of its own, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIST = ROOT / "web/dist"
AGENT, OWNER = "nora@mizzleford.example", "ines@mizzleford.example"
PATIENT = {"PARLEY_BUDGET_ANONYMOUS": "200000,20000", "PARLEY_BUDGET_CUSTOMER": "200000,20000"}
"""All people of the tests come from one address, and one customer asks for many."""


@dataclass(frozen=True)
class Parley:
    """One that runs: its address, the folder that it was started in, and the password of its two accounts."""

    address: str
    folder: Path

    @property
    def password(self) -> str:
        """What both `AGENT` and `OWNER` sign in with."""
        return (self.folder / ".parley/demo-password").read_text()

    def run(self, *arguments: str) -> str:
        """What another command of Parley prints, run against the same state."""
        command = (sys.executable, "-m", "infra.cli", *arguments)
        environment = _environment(int(self.address.rpartition(":")[2]))
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()


@contextmanager
def up(folder: Path, **variables: str) -> Iterator[Parley]:
    """Everything, started and ready; stopped as by Ctrl-C. Raises RuntimeError with what it said instead."""
    port = free_port()
    process = subprocess.Popen(
        (sys.executable, "-m", "infra.cli", "up"),
        cwd=folder,
        env=_environment(port, PATIENT | variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait(process)
        yield Parley(f"http://127.0.0.1:{port}", folder)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait(process: subprocess.Popen[str]) -> None:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if "Ctrl-C" in line:
            return
    raise RuntimeError("".join(said))


def _environment(port: int, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return {**clean, "PARLEY_PORT": str(port), "PYTHONPATH": str(ROOT), **(variables or {})}
