"""A client that stops reading is closed, costs little memory, and delays nobody."""

import asyncio
import base64
import json
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import psutil

from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.test_socket import answers, ready, receive, send, subscribe
from tests.resolvers.transport.toy import World

MEGABYTE = 1_048_576


def frame(message: dict[str, object]) -> bytes:
    """A masked text frame; the mask of zeros leaves the text as it is."""
    body = json.dumps(message).encode()
    length = bytes([128 | len(body)]) if len(body) < 126 else bytes([254]) + len(body).to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + body


@asynccontextmanager
async def deaf(server: Running, query: str) -> AsyncIterator[socket.socket]:
    """A client that subscribes and never reads what follows, with the smallest receive buffer there is."""
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        await asyncio.to_thread(opened.connect, ("127.0.0.1", server.port))
        key = base64.b64encode(os.urandom(16)).decode()
        opened.sendall(
            b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n"
            b"Sec-WebSocket-Key: " + key.encode() + b"\r\n\r\n"
        )
        await asyncio.to_thread(opened.recv, 512)
        opened.sendall(frame({"type": "connection_init"}))
        await asyncio.to_thread(opened.recv, 512)
        opened.sendall(frame({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        yield opened


async def test_slow_clients_are_closed_and_delay_nobody(serve: Callable[..., Running], world: World) -> None:
    started = serve(TransportLimits(send_seconds=1.0, queue_messages=64, queue_bytes=MEGABYTE))
    before = psutil.Process().memory_info().rss
    async with ready(started) as lively, deaf(started, "subscription { flood(size: 50000) }"):
        async with deaf(started, "subscription { flood(size: 50000) }"):
            waits = []
            while world.ended < 2:
                asked = time.perf_counter()
                await send(lively, type="ping")
                assert await receive(lively) == {"type": "pong"}
                await subscribe(lively, "1", "{ hello }")
                await answers(lively, "1")
                waits.append(time.perf_counter() - asked)
                await asyncio.sleep(0.005)
            grown = psutil.Process().memory_info().rss - before
        assert sorted(waits)[len(waits) * 95 // 100] < 0.1
        assert grown < 40 * MEGABYTE
        assert world.sent < 1_000
        await eventually(lambda: world.opened == world.closed)
        await eventually(lambda: connections(started.port) == 1, seconds=10)


def connections(port: int) -> int:
    """Connections that the server's side still holds."""
    return sum(
        each.status == psutil.CONN_ESTABLISHED and each.laddr.port == port
        for each in psutil.Process().net_connections("tcp")
    )


async def test_many_slow_clients_all_end(serve: Callable[..., Running], world: World) -> None:
    """Queue and send time out in the same moment here: each operation must be cancelled once, not twice, not never."""
    started = serve(TransportLimits(send_seconds=0.3, queue_messages=8))
    async with AsyncExitStack() as stack:
        for _ in range(20):
            await stack.enter_async_context(deaf(started, "subscription { flood(size: 50000) }"))
        await eventually(lambda: world.opened == world.closed == world.ended == 20, seconds=15)


async def test_a_client_that_reads_late_but_reads_misses_nothing(serve: Callable[..., Running]) -> None:
    started = serve(TransportLimits(send_seconds=5.0, queue_messages=8))
    async with ready(started, max_queue=1) as opened:
        await subscribe(opened, "1", "subscription { count(to: 2000) }")
        await asyncio.sleep(0.5)
        got = await answers(opened, "1")
    assert [each["payload"]["data"]["count"] for each in got[:-1]] == list(range(2_000))


async def test_a_client_that_reads_late_gets_1013(serve: Callable[..., Running], world: World) -> None:
    """The close frame arrives when the client reads again before the kernel gives up on it."""
    started = serve(TransportLimits(send_seconds=0.5, queue_messages=8))
    async with deaf(started, "subscription { flood }") as opened:
        await eventually(lambda: world.ended == 1)
        received = await asyncio.to_thread(read_all, opened)
    assert received.endswith(b"\x03\xf5slow consumer")


def read_all(opened: socket.socket) -> bytes:
    opened.settimeout(5)
    received = b""
    while chunk := opened.recv(65_536):
        received = (received + chunk)[-1_000:]
        if received.endswith(b"slow consumer"):
            break
    return received
