"""How sockets live and end: who may open one, how many operations it has, and what closes it."""

import asyncio
import time
from collections.abc import Callable

from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.test_socket import answers, closed, ready, receive, send, subscribe
from tests.resolvers.transport.toy import World


async def test_leaving_ends_all_operations(server: Running, world: World) -> None:
    async with ready(server) as opened:
        for number in range(4):
            await subscribe(opened, str(number), "subscription { count(to: 1000, every: 1) }")
        await subscribe(opened, "slow", "{ slow(seconds: 60) }")
        await eventually(lambda: world.started == 5)
    await eventually(lambda: world.ended == 4 and world.cancelled == 1 and world.opened == world.closed == 5)


async def test_a_lost_connection_ends_all_operations(server: Running, world: World) -> None:
    async with ready(server) as opened:
        await subscribe(opened, "1", "subscription { count(to: 1000, every: 0.01) }")
        await receive(opened)
        opened.transport.abort()
        await eventually(lambda: world.ended == 1 and world.opened == world.closed)


async def test_operations_in_flight_are_limited(server: Running) -> None:
    async with ready(server) as opened:
        for number in range(6):
            await subscribe(opened, str(number), "{ slow(seconds: 0.3) }")
        refused = await receive(opened)
        assert (refused["id"], refused["type"]) == ("5", "error")
        assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        for _ in range(10):
            await receive(opened)
        await subscribe(opened, "6", "{ hello }")
        assert (await answers(opened, "6"))[-1]["type"] == "complete"


async def test_an_expired_token_is_4401(server: Running, world: World) -> None:
    async with ready(server, {"authorization": "Bearer brief"}) as opened:
        await subscribe(opened, "1", "subscription { count(to: 1000, every: 1) }")
        assert await closed(opened) == (4401, "token expired")
    assert world.ended == 1


async def test_keep_alive(serve: Callable[..., Running]) -> None:
    started = serve(TransportLimits(ping_seconds=0.2))
    async with ready(started) as lively, ready(started) as silent:
        for _ in range(4):
            assert await receive(lively) == {"type": "ping"}
            await send(lively, type="pong")
        assert await closed(silent) == (1001, "no answer to ping")
        assert await receive(lively) == {"type": "ping"}


async def test_a_stopping_server_sends_1012(serve: Callable[..., Running], world: World) -> None:
    started = serve(TransportLimits())
    async with ready(started) as opened:
        await subscribe(opened, "1", "subscription { count(to: 1000, every: 1) }")
        await receive(opened)
        started.stop()
        assert await closed(opened) == (1012, "service restart")
    assert world.ended == 1


async def test_many_operations_at_once_stay_apart(server: Running) -> None:
    async def session(name: str) -> None:
        async with ready(server, {"authorization": f"Bearer {name}"}) as opened:
            for number in range(20):
                await subscribe(opened, str(number), "{ me }")
                assert (await answers(opened, str(number)))[0]["payload"]["data"] == {"me": name}

    before = time.perf_counter()
    await asyncio.gather(*(session(f"caller-{number}") for number in range(20)))
    assert time.perf_counter() - before < 20
