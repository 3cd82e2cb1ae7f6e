"""The audits of graphql-http and a session of graphql-ws, the reference clients, where Node is there to run them.

`test_http.py` and `test_audits.py` hold the same demands in Python, so that nothing is unproven without Node.
"""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, running
from tests.resolvers.transport.toy import World

SOURCE = Path(__file__).parent / "node"
CACHE = Path(__file__).parents[3] / ".parley" / "node"


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder with the scripts and the pinned packages, installed once."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("Node is not here. Install Node 20 or newer with npm to run the audits of the reference clients.")
    wanted = (SOURCE / "package.json").read_text()
    installed = CACHE / "node_modules" / ".installed"
    CACHE.mkdir(parents=True, exist_ok=True)
    for source in SOURCE.iterdir():
        shutil.copy(source, CACHE)
    if not installed.exists() or installed.read_text() != wanted:
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            pytest.skip(f"npm could not install the clients: make its registry reachable. {done.stderr[-300:]}")
        installed.write_text(wanted)
    return CACHE


@asynccontextmanager
async def script(node: Path, name: str, url: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The JSON lines that a script prints; it is killed when the test is done with it."""
    process = await asyncio.create_subprocess_exec("node", name, url, cwd=node, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield lines(process.stdout)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def lines(stream: asyncio.StreamReader) -> AsyncIterator[dict[str, Any]]:
    while line := await asyncio.wait_for(stream.readline(), 30):
        yield json.loads(line)


async def test_every_audit_passes(server: Running, node: Path) -> None:
    async with script(node, "audits.mjs", server.url) as output:
        results = [result async for result in output]
    for result in results:
        print(result["status"], result["id"], result["name"], result.get("reason", ""))
    assert len(results) > 50
    assert [result for result in results if result["status"] != "ok"] == []


async def test_session_of_the_reference_client(node: Path, world: World) -> None:
    """The server goes away in the middle of a subscription: the client must come back to the next one by itself."""
    got: dict[str, Any] = {}
    with ExitStack() as stack:
        before = stack.enter_context(running(TransportLimits()))
        async with script(node, "session.mjs", before.socket_url) as output:
            while "watching" not in got:
                keep(got, await anext(output))
            await asyncio.to_thread(stack.close)
            with running(TransportLimits(), port=before.port):
                async for report in output:
                    keep(got, report)
    assert got["query"] == [{"data": {"me": "Ada"}}]
    assert got["mutation"] == [{"data": {"increase": 1}}]
    assert got["subscription"] == [{"data": {"count": number}} for number in range(3)]
    steps = ("syntax", "unknown field", "unknown operation")
    refused = [got[step]["errors"][0]["extensions"]["code"] for step in steps]
    assert refused == ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILURE"]
    assert got["undisturbed"] == [{"data": {"count": number}} for number in range(5)]
    assert got["closed"] == [1012, "service restart"]
    assert "resumed" in got and "lost" not in got and "gave up" not in got


def keep(got: dict[str, Any], report: dict[str, Any]) -> None:
    """The first report of each step."""
    got.setdefault(report["step"], report.get("value"))
