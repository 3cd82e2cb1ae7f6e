"""Plain routes answer so many requests of an address and of an account, and say how many are left."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.edge.budgets import RedisBudgets
from resolvers.edge.rates import Policy, Rates
from tests.stack import running, scripted

BY_ADDRESS = Policy("sign-in", quota=5, window=50)
BY_ACCOUNT = Policy("account", quota=2, window=100)

Send = Callable[..., Awaitable[httpx2.Response]]


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    opened = Redis.from_url(redis_url)
    yield opened
    await opened.aclose()


@pytest.fixture
def send(redis: Redis) -> Send:
    """Sends `name` to a route that counts by address and by name."""
    rates = Rates(lambda: budgets)
    budgets = RedisBudgets(redis)

    async def sign_in(request: Request) -> Response:
        await rates.count(request, BY_ACCOUNT, request.query_params["name"])
        return JSONResponse({})

    app = Starlette(routes=[Route("/", rates.limited(sign_in, BY_ADDRESS))])

    async def sent(name: str, address: str = "192.0.2.1") -> httpx2.Response:
        transport = httpx2.ASGITransport(app, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://parley.test") as client:
            return await client.get("/", params={"name": name})

    return sent


async def test_an_answer_says_how_many_requests_are_left(send: Send) -> None:
    answer = await send("ann")
    assert answer.status_code == 200
    assert answer.headers["ratelimit-policy"] == '"sign-in";q=5;w=50, "account";q=2;w=100'
    assert answer.headers["ratelimit"] == '"sign-in";r=4;t=10, "account";r=1;t=50'


async def test_one_account_is_guarded_from_everywhere(send: Send) -> None:
    statuses = [(await send("ann", f"192.0.2.{number}")).status_code for number in range(1, 4)]
    assert statuses == [200, 200, 429]
    assert (await send("bob", "192.0.2.3")).status_code == 200


async def test_one_address_is_stopped_whatever_it_guesses(send: Send) -> None:
    answers = [await send(f"name {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    refused = answers[-1]
    assert refused.json()["error"]["code"] == "RATE_LIMITED"
    assert refused.headers["retry-after"] == "10"
    assert refused.headers["ratelimit"] == '"sign-in";r=0;t=50'
    assert (await send("name", "192.0.2.2")).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.9", "192.0.2.9", True),
    ],
)
async def test_a_network_of_ipv6_is_one_address(send: Send, one: str, other: str, is_shared: bool) -> None:
    for number in range(5):
        await send(f"name {number}", one)
    assert (await send("another", other)).status_code == (429 if is_shared else 200)


async def test_redis_does_not_learn_who_signs_in(send: Send, redis: Redis) -> None:
    await send("ann@example.org", "192.0.2.77")
    keys = b" ".join(await redis.keys("*"))
    assert b"ann" not in keys
    assert b"192.0.2.77" not in keys


async def test_probes_are_limited_too(database_url: str, redis_url: str) -> None:
    async with running(database_url, redis_url, scripted("x"), with_worker=False) as started:
        for path in ("/healthz", "/readyz", "/metrics"):
            answer = await started.http.get(path)
            assert answer.headers["ratelimit-policy"] == '"probes";q=600;w=60'
