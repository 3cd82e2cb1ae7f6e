"""A real uvicorn server with the toy schema on a free port, and clients for it."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from resolvers.transport import TransportLimits, graphql_routes
from tests.resolvers.transport.toy import WORLD, ToyContexts, World, toy_engine

TCP_USER_TIMEOUT_MS = 2_000


@dataclass(frozen=True)
class Running:
    """A server in its own thread; `stop` sets the event that an application sets when it begins to stop."""

    port: int
    loop: asyncio.AbstractEventLoop
    stopping: asyncio.Event

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.stopping.set)


@contextmanager
def running(limits: TransportLimits, **options: Any) -> Iterator[Running]:
    stopping = asyncio.Event()
    routes = graphql_routes(toy_engine(), ToyContexts(), limits, stopping=stopping, **options)
    config = uvicorn.Config(
        Starlette(routes=routes),
        log_level="critical",
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=limits.message_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        timeout_graceful_shutdown=2,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TCP_USER_TIMEOUT_MS)
    server = uvicorn.Server(config)
    ready: list[asyncio.AbstractEventLoop] = []
    started = threading.Event()

    async def serve() -> None:
        ready.append(asyncio.get_running_loop())
        started.set()
        await server.serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait()
    try:
        yield Running(listener.getsockname()[1], ready[0], stopping)
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
        yield lambda limits, **options: stack.enter_context(running(limits, **options))


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
