"""`parley up` as people run it: a real process with real servers, and small stand-ins for API and worker."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from infra.local.supervisor import ended

ROOT = Path(__file__).parents[2]
API = """
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())

HTTPServer(("127.0.0.1", int(os.environ["PARLEY_PORT"])), Answer).serve_forever()
"""
WORKER = "import time; time.sleep(600)"


class Up:
    """`parley up` in a folder whose own `resolvers.app` and `workers.main` come before Parley's."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.processes: list[subprocess.Popen[str]] = []
        for name, code in (("resolvers/app.py", API), ("workers/main.py", WORKER)):
            (folder / name).parent.mkdir()
            (folder / name).with_name("__init__.py").touch()
            (folder / name).write_text(code)

    def start(self, *options: str, **variables: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
        environment = clean | {"PARLEY_PORT": str(self.port), "PYTHONPATH": f"{self.folder}:{ROOT}"} | variables
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.cli", *options],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.processes.append(process)
        return process

    def ready(self, *options: str) -> tuple[subprocess.Popen[str], str]:
        process = self.start("up", *options)
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                return process, "".join(said)
        raise AssertionError("".join(said))

    def pid(self, name: str) -> int:
        return int((self.folder / ".parley/run" / f"{name}.pid").read_text())

    def environment(self) -> dict[str, str]:
        with urlopen(f"http://127.0.0.1:{self.port}/") as answer:
            found: dict[str, str] = json.load(answer)
            return found

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def parley(data_dir: Path) -> Iterator[Up]:
    """Where nothing was ever started."""
    up = Up(data_dir, free_port())
    yield up
    up.end()


@pytest.fixture(scope="module")
def state(servers_dir: Path) -> Path:
    """What one start and one stop leave behind."""
    up = Up(Path(tempfile.mkdtemp(dir=servers_dir)), free_port())
    try:
        up.ready()
    finally:
        up.end()
    return up.folder / ".parley"


@pytest.fixture
def settled(parley: Up, state: Path) -> Up:
    """Where Parley was started once before: its database is there, and need not be made."""
    subprocess.run(("cp", "-a", str(state), str(parley.folder)), check=True)  # with its owners: Postgres has its own
    return parley


def test_it_starts_everything_says_where_and_stops_cleanly(parley: Up) -> None:
    process, said = parley.ready()
    assert f"http://127.0.0.1:{parley.port}/graphql" in said
    family = psutil.Process(process.pid).children(recursive=True)
    assert {parley.pid(name) for name in ("postgres", "valkey", "api", "worker")} <= {child.pid for child in family}
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=10)
    assert (process.returncode, rest.split("·")[-1].strip()) == (0, "stopped")
    assert ended(family, within=0)


def test_a_second_start_finds_the_same_addresses_and_secret(settled: Up, state: Path) -> None:
    names = ("PARLEY_DATABASE_URL", "PARLEY_REDIS_URL", "PARLEY_SECRET_KEY")
    seen = []
    for _ in range(2):
        process, _said = settled.ready()
        seen.append({name: settled.environment()[name] for name in names})
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert seen[0] == seen[1]
    assert seen[0]["PARLEY_SECRET_KEY"] == (state / "secret").read_text(), "that of the very first start"


def test_after_a_kill_the_next_start_clears_up(settled: Up) -> None:
    process, _ = settled.ready()
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    settled.ready()
    assert ended(family, within=0)


def test_one_folder_is_run_once(settled: Up) -> None:
    process, _ = settled.ready()
    second = settled.start("up")
    said, _ = second.communicate(timeout=20)
    assert (second.returncode, said) == (1, f"Parley is already running in .parley (process {process.pid}).\n")


def test_a_port_in_use_is_told(parley: Up) -> None:
    with socket.create_server(("127.0.0.1", parley.port)):
        process = parley.start("up")
        said, _ = process.communicate(timeout=20)
    sentence = f"Port {parley.port} on 127.0.0.1 is in use; stop what uses it or set PARLEY_PORT to another.\n"
    assert (process.returncode, said) == (2, sentence)


def test_a_program_that_cannot_start_ends_the_start(settled: Up) -> None:
    (settled.folder / "resolvers/app.py").write_text("raise SystemExit('no such schema')")
    process = settled.start("up")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "api does not start" in said
    assert "no such schema" in said


def test_reset_deletes_the_state_and_nothing_else(settled: Up) -> None:
    process, _ = settled.ready()
    first = settled.environment()["PARLEY_SECRET_KEY"]
    (settled.folder / ".parley/mine.txt").write_text("keep")
    process.send_signal(signal.SIGINT)
    process.wait(timeout=10)
    settled.ready("--reset", "--yes")
    assert settled.environment()["PARLEY_SECRET_KEY"] != first
    assert (settled.folder / ".parley/mine.txt").read_text() == "keep"


def test_the_database_of_somebody_else_needs_a_secret(parley: Up, database_url: str) -> None:
    process = parley.start("up", PARLEY_DATABASE_URL=database_url)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "PARLEY_SECRET_KEY is not set" in said


def test_the_doctor_looks_at_what_runs(settled: Up) -> None:
    settled.ready()
    process = settled.start("doctor")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    for subject in ("database", "vector", "roles", "tables", "redis", "model", "readiness"):
        assert f"ok      {subject}" in said


def test_the_doctor_names_what_is_amiss(parley: Up) -> None:
    process = parley.start("doctor", PARLEY_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "failed  database" in said
    assert "PARLEY_DATABASE_URL" in said
