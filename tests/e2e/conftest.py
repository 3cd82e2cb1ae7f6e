"""One `parley up` and one browser for all tests of the web app that a process runs; both end with the last of them."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.browsing import AbsentError, People, chromium
from tests.browser.quoting import quoting
from tests.browser.running import Parley, up
from tests.browser.world import furnish, owning
from tests.models.server import serving
from tests.stack import Client

expect.set_options(timeout=int(os.environ.get("PARLEY_TEST_PATIENCE") or 20) * 1000)


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium; without one, whoever asks for it is skipped, and fails in CI, which installs one."""
    try:
        async with chromium() as started:
            yield started
    except AbsentError as why:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(why))


@pytest.fixture(scope="package")
def parley(browser: Browser, servers_dir: Path) -> Iterator[Parley]:
    """Everything, with the demo company and a model that writes slowly; not started where no browser could look.

    PARLEY_TEST_UP=FOLDER:PORT names one that runs already, to be quick at writing tests.
    """
    if running := os.environ.get("PARLEY_TEST_UP"):
        folder, _, port = running.rpartition(":")
        yield Parley(f"http://127.0.0.1:{port}", Path(folder))
        return
    folder = tempfile.mkdtemp(dir=servers_dir)
    with serving() as models:
        models.say(quoting)
        with up(Path(folder), **slow_model(models.base_url)) as started:
            yield started


def slow_model(base_url: str) -> dict[str, str]:
    """Settings by which an endpoint answers, and what is built in only where it fails."""
    return {
        "PARLEY_AI_PROVIDER": "openai,local",
        "PARLEY_OPENAI_BASE_URL": base_url,
        "PARLEY_OPENAI_MODEL": "quoting",
        "PARLEY_OPENAI_API_KEY": "a-key-for-tests",
    }


@pytest.fixture(scope="package")
def people(parley: Parley, browser: Browser) -> People:
    """Whoever looks at it."""
    return People(parley, browser)


@pytest.fixture(scope="package")
async def owner(parley: Parley) -> AsyncIterator[Client]:
    """The company's owner, by the API."""
    async with owning(parley) as client:
        yield client


@pytest.fixture(scope="package")
async def ids(owner: Client) -> Mapping[str, str]:
    """Of a desk with some work on it: what stands in the addresses of pages."""
    return await furnish(owner)
