"""A real uvicorn server with the toy schema on a free port, and clients for it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from resolvers.transport import Server, TransportLimits, graphql_routes, listen
from tests.resolvers.transport.toy import WORLD, ToyContexts, World, toy_engine


@dataclass(frozen=True)
class Running:
    """A server in its own thread."""

    port: int
    server: Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"

    def stop(self) -> None:
        """Begins to stop, as a signal does."""
        self.server.should_exit = True


@contextmanager
def running(limits: TransportLimits, port: int = 0, **options: Any) -> Iterator[Running]:
    stopping = asyncio.Event()
    routes = graphql_routes(toy_engine(), ToyContexts(), limits, stopping=stopping, **options)
    server = Server(Starlette(routes=routes), limits, stopping, log_level="critical", lifespan="off")
    with listen("127.0.0.1", port, lost_after=2) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield Running(port, server)
        finally:
            server.should_exit = True
            thread.join(15)
            assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """Times are short, so that tests of time-outs are."""
    limits = TransportLimits(
        body_bytes=20_000, body_seconds=0.5, message_bytes=20_000, init_seconds=0.5, operations=5, comment_seconds=0.2
    )
    with running(limits) as started:
        yield started


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Starts more servers for one test: `serve(limits, **options)`."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(running(*args, **options))


@pytest.fixture
async def client(server: Running) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=server.url.removesuffix("/graphql"), timeout=10) as opened:
        yield opened


@pytest.fixture
def world() -> World:
    """The toy's counters, all at zero."""
    WORLD.__init__()  # type: ignore[misc]
    return WORLD


async def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Waits for something that another thread does."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")
