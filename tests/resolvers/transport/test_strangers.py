"""Strangers get little of what keeps a connection open, so that they cannot keep others out."""

import asyncio
from collections.abc import Callable

import httpx2

from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.test_socket import closed, raw, ready, receive, send, subscribe
from tests.resolvers.transport.test_sse import EVENTS, PATH, stream
from tests.resolvers.transport.toy import World

NOBODY = {"authorization": "Bearer nobody"}
WAITING = "subscription { count(to: 1000, every: 60) }"


async def refused(server: Running) -> bool:
    """Whether one more stranger is closed before it is acknowledged."""
    async with raw(server) as opened:
        await send(opened, type="connection_init", payload=NOBODY)
        return await closed(opened) == (1013, "Sign in: this server has all the strangers it can hold.")


async def test_strangers_have_a_tenth_of_all_places(serve: Callable[..., Running]) -> None:
    small = serve(TransportLimits(sockets=20))
    async with (
        httpx2.AsyncClient(base_url=small.url.removesuffix(PATH)) as client,
        ready(small, NOBODY),
        stream(client, WAITING, headers=NOBODY) as streaming,
    ):
        assert streaming.status_code == 200
        assert await refused(small)
        async with stream(client, WAITING, headers=NOBODY) as another:
            assert another.status_code == 503
        assert (await client.post(PATH, json={"query": "{ me }"}, headers=NOBODY)).json() == {"data": {"me": "nobody"}}
        async with ready(small), stream(client, "{ hello }") as known:
            assert known.headers["content-type"].startswith(EVENTS)
    async with asyncio.timeout(5), ready(small, NOBODY):
        pass


async def test_strangers_have_few_operations(serve: Callable[..., Running]) -> None:
    started = serve(TransportLimits(stranger_operations=1))
    async with ready(started, NOBODY) as stranger, ready(started) as known:
        for opened in (stranger, known):
            await subscribe(opened, "1", WAITING)
            assert (await receive(opened))["type"] == "next"
            await subscribe(opened, "2", WAITING)
        assert (await receive(stranger))["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        assert (await receive(known))["type"] == "next"


async def test_strangers_have_a_short_life(serve: Callable[..., Running], world: World) -> None:
    started = serve(TransportLimits(stranger_seconds=0.3))
    async with httpx2.AsyncClient(base_url=started.url.removesuffix(PATH)) as client, ready(started) as known:
        async with ready(started, NOBODY) as opened:
            await subscribe(opened, "1", WAITING)
            assert await closed(opened) == (4401, "sign in")
        async with stream(client, WAITING, headers=NOBODY) as streaming, asyncio.timeout(5):
            text = "".join([part async for part in streaming.aiter_text()])
        assert "event: next" in text and "event: complete" not in text
        await subscribe(known, "1", "{ hello }")
        assert (await receive(known))["type"] == "next"
    await eventually(lambda: world.opened == world.closed == 3)
