"""The supervisor on real processes: killed parts come back, leftovers go, the order holds, nobody is left behind."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from infra.local.embedded import Postgres, Valkey
from infra.local.supervisor import (
    AlreadyRunning,
    Part,
    PartFailed,
    Supervisor,
    claim,
    end_leftovers,
    ended,
    write_pid,
)
from infra.settings import Settings

SLEEPER = "import sys,time; print('hello', flush=True); time.sleep(600)"
STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


async def yes() -> bool:
    return True


def part(name: str, code: str, **more: object) -> Part:
    command = (sys.executable, "-c", code, f"mark-of-{name}")
    options: dict[str, object] = {"ready": yes, "environment": {}, "mark": f"mark-of-{name}", **more}
    return Part(name=name, command=command, **options)  # type: ignore[arg-type]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
async def supervisor(tmp_path: Path, said: list[str]) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path, tmp_path, said.append)
    yield supervisor
    supervisor.hurry()
    await supervisor.stop()
    assert list(tmp_path.glob("*.pid")) == []


async def pid_of(name: str, folder: Path, *, other_than: int = 0) -> int:
    """The process id in the pid file, once there is one that differs from the given one."""
    async with asyncio.timeout(10):
        while True:
            text = (folder / f"{name}.pid").read_text() if (folder / f"{name}.pid").exists() else ""
            if text and int(text) != other_than:
                return int(text)
            await asyncio.sleep(0.01)


async def test_a_killed_part_is_back_within_half_a_second_and_the_others_carry_on(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    await supervisor.start(part("api", SLEEPER), part("worker", SLEEPER))
    api, worker = await pid_of("api", tmp_path), await pid_of("worker", tmp_path)
    os.kill(api, signal.SIGKILL)
    killed = time.monotonic()
    again = await pid_of("api", tmp_path, other_than=api)
    assert time.monotonic() - killed < 5
    assert psutil.pid_exists(again)
    assert await pid_of("worker", tmp_path) == worker
    assert "api was killed by SIGKILL; starting it again" in said


async def test_each_death_in_a_row_doubles_the_wait(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(part("api", SLEEPER))
    gaps, pid = [], await pid_of("api", tmp_path)
    for _ in range(4):
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        pid = await pid_of("api", tmp_path, other_than=pid)
        gaps.append(time.monotonic() - killed)
    assert all(gap >= 0.05 * 2**deaths for deaths, gap in enumerate(gaps)), (
        "a start adds to a wait, and takes nothing away"
    )


async def test_postgres_and_valkey_come_back_at_their_addresses_with_what_was_committed(
    supervisor: Supervisor, tmp_path: Path, data_dir: Path
) -> None:
    postgres, valkey = Postgres(data_dir), Valkey(data_dir)
    postgres.prepare()
    valkey.prepare()
    await supervisor.start(valkey.part(), postgres.part())
    urls = postgres.url, valkey.url
    connection = await asyncpg.connect(Settings(database_url=postgres.url).asyncpg_url)
    await connection.execute("CREATE TABLE kept (n int)")
    await connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    for name in ("postgres", "valkey"):
        pid = await pid_of(name, tmp_path)
        os.kill(pid, signal.SIGKILL)
        await pid_of(name, tmp_path, other_than=pid)
    async with asyncio.timeout(10):
        while not (await postgres.is_ready() and await valkey.is_ready()):
            await asyncio.sleep(0.02)
    assert (postgres.url, valkey.url) == urls
    connection = await asyncpg.connect(Settings(database_url=postgres.url).asyncpg_url)
    assert await connection.fetchval("SELECT count(*) FROM kept") == 1000
    await connection.close()


async def test_a_backend_killed_alone_needs_no_restart_of_postgres(
    supervisor: Supervisor, tmp_path: Path, data_dir: Path
) -> None:
    postgres = Postgres(data_dir)
    postgres.prepare()
    await supervisor.start(postgres.part())
    pid = await pid_of("postgres", tmp_path)
    connection = await asyncpg.connect(Settings(database_url=postgres.url).asyncpg_url)
    os.kill(connection.get_server_pid(), signal.SIGKILL)
    async with asyncio.timeout(10):
        await asyncio.sleep(0.2)
        while not await postgres.is_ready():
            await asyncio.sleep(0.02)
    assert await pid_of("postgres", tmp_path) == pid


async def test_a_part_that_never_starts_ends_the_start_with_its_last_words(supervisor: Supervisor) -> None:
    with pytest.raises(PartFailed, match=r"(?s)worker does not start: it ended with exit code 7.*no such table"):
        await supervisor.start(
            part("worker", "import sys; sys.exit(print('no such table', flush=True) or 7)", ready=no)
        )


async def test_a_wrong_setting_is_not_tried_again(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(PartFailed, match="exit code 2"):
        await supervisor.start(part("api", "import sys; print('start', flush=True); sys.exit(2)", ready=no))
    assert (tmp_path / "api.log").read_text() == "start\n"


async def test_a_part_that_does_not_get_ready_in_time(supervisor: Supervisor) -> None:
    with pytest.raises(PartFailed, match=r"api was not ready within 0 s"):
        await supervisor.start(part("api", SLEEPER, ready=no), within=0.3)


async def test_a_missing_program_is_told(supervisor: Supervisor, said: list[str]) -> None:
    missing = Part(name="api", command=("/nowhere/x",), mark="x", ready=no, environment={})
    with pytest.raises(PartFailed):
        await supervisor.start(missing)
    assert "No such file" in said[0]


async def no() -> bool:
    return False


async def test_parts_stop_in_order_and_one_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, tmp_path, lambda _: None)
    log = tmp_path / "order"
    note = f"import signal,sys,time\ndef end(*_):\n open({str(log)!r},'a').write(sys.argv[1]+' '); sys.exit()\n"
    note += "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(600)"
    await supervisor.start(part("valkey", note), part("postgres", note))
    await supervisor.start(part("api", note), part("deaf", STUBBORN, grace=0.3), part("worker", note))
    await asyncio.sleep(0.5)
    deaf = await pid_of("deaf", tmp_path)
    await supervisor.stop()
    assert log.read_text().split() == [f"mark-of-{name}" for name in ("api", "worker", "valkey", "postgres")]
    assert not psutil.pid_exists(deaf)


async def test_hurry_waits_for_nobody(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, tmp_path, lambda _: None)
    await supervisor.start(*(part(name, STUBBORN, grace=60) for name in ("a", "b", "c")))
    started = time.monotonic()
    stopping = asyncio.create_task(supervisor.stop())
    await asyncio.sleep(0.1)
    supervisor.hurry()
    await stopping
    assert time.monotonic() - started < 20


SUPERVISE = """
import asyncio, sys
from pathlib import Path
from tests.infra.test_supervisor import SLEEPER, part
from infra.local.supervisor import Supervisor

async def main():
    folder = Path(sys.argv[1])
    await Supervisor(folder, folder, print).start(part("api", SLEEPER))
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux ends children with their parent.")
async def test_a_killed_supervisor_takes_its_parts_with_it(tmp_path: Path) -> None:
    supervisor = await asyncio.create_subprocess_exec(sys.executable, "-c", SUPERVISE, str(tmp_path))
    api = psutil.Process(await pid_of("api", tmp_path))
    supervisor.kill()
    await supervisor.wait()
    assert await asyncio.to_thread(ended, [api], 5)


async def test_what_a_killed_supervisor_left_is_ended_but_no_stranger(tmp_path: Path) -> None:
    left, stranger = part("api", SLEEPER), part("worker", SLEEPER)
    ours = await asyncio.create_subprocess_exec(*left.command, stdout=asyncio.subprocess.DEVNULL)
    theirs = await asyncio.create_subprocess_exec(*stranger.command, stdout=asyncio.subprocess.DEVNULL)
    write_pid(tmp_path / "api.pid", ours.pid)
    write_pid(tmp_path / "worker.pid", theirs.pid)
    os.utime(tmp_path / "worker.pid", (1, 1))
    assert await asyncio.to_thread(end_leftovers, tmp_path, [left, stranger]) == ["api"]
    assert psutil.pid_exists(theirs.pid)
    assert not list(tmp_path.iterdir())
    theirs.kill()
    await asyncio.gather(ours.wait(), theirs.wait())


def test_a_folder_has_one_supervisor(tmp_path: Path) -> None:
    with claim(tmp_path):
        refusal = pytest.raises(AlreadyRunning, match=rf"already running in .* \(process {os.getpid()}\)")
        with refusal, claim(tmp_path):
            pass
    with claim(tmp_path):
        pass
