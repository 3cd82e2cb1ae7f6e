"""Strangers get little of what keeps a connection open, so that they cannot keep others out."""

import asyncio
from collections.abc import Callable

import httpx2

from domain.budget import Budget
from resolvers.transport import Charges, TransportLimits
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.test_charging import Ledger
from tests.resolvers.transport.test_socket import closed, let_in, raw, ready, receive, send, subscribe
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
    await let_in(small, NOBODY)


async def test_an_address_has_few_connections_that_say_not_whose_they_are(serve: Callable[..., Running]) -> None:
    started = serve(TransportLimits(address_sockets=2))
    async with raw(started), ready(started, NOBODY), raw(started) as third:
        assert await closed(third) == (1013, "Too many connections of this address have not signed in: try again.")


async def test_who_has_not_said_who_it_is_may_say_little(server: Running) -> None:
    async with raw(server) as opened:
        await send(opened, type="ping", payload={"x": "x" * 16_384})
        assert (await closed(opened))[0] == 1009
    async with ready(server) as opened:
        await send(opened, type="ping", payload={"x": "x" * 16_384})
        assert (await receive(opened))["type"] == "pong"


async def test_who_signs_in_counts_no_more_as_an_address(serve: Callable[..., Running]) -> None:
    started = serve(TransportLimits(address_sockets=1))
    async with ready(started), ready(started), raw(started), raw(started) as refused:
        assert (await closed(refused))[0] == 1013


async def test_a_caller_has_so_many_connections_and_others_have_theirs(serve: Callable[..., Running]) -> None:
    charges = Charges(Ledger, lambda caller, connection: Budget(caller.name, 10_000, 1))
    started = serve(TransportLimits(caller_sockets=2), charges=charges)
    ann, bob = {"authorization": "Bearer ann"}, {"authorization": "Bearer bob"}
    async with (
        httpx2.AsyncClient(base_url=started.url.removesuffix(PATH)) as client,
        ready(started, ann),
        stream(client, WAITING, headers=ann) as streaming,
        raw(started) as third,
    ):
        assert streaming.status_code == 200
        await send(third, type="connection_init", payload=ann)
        assert await closed(third) == (1013, "You have all the connections you may have: close one first.")
        async with stream(client, WAITING, headers=ann) as fourth:
            assert fourth.status_code == 429
            assert fourth.headers["retry-after"] == "5"
        async with ready(started, bob):
            pass
    await let_in(started, ann)


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
