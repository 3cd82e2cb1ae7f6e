"""One `parley up` and one browser for all tests of the web app that a process runs."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.browsing import People, chromium
from tests.e2e.running import Parley, up

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium; without one, whoever asks for it is skipped."""
    async with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def parley(browser: Browser, servers_dir: Path) -> Iterator[Parley]:
    """Everything, with the demo company; PARLEY_TEST_UP=FOLDER:PORT names one that runs already, to be quick at writing."""
    if running := os.environ.get("PARLEY_TEST_UP"):
        folder, _, port = running.rpartition(":")
        yield Parley(f"http://127.0.0.1:{port}", Path(folder))
        return
    with up(Path(tempfile.mkdtemp(dir=servers_dir))) as started:
        yield started


@pytest.fixture(scope="session")
def people(parley: Parley, browser: Browser) -> People:
    """Whoever looks at it."""
    return People(parley, browser)
