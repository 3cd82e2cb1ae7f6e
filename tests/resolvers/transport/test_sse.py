"""GraphQL over server-sent events, against a real server."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.test_socket import closed, raw, ready
from tests.resolvers.transport.toy import World

PATH = "/graphql"
EVENTS = "text/event-stream"
COMPLETE = ("complete", "")


@asynccontextmanager
async def stream(client: httpx2.AsyncClient, query: str, accept: str = EVENTS, **more: Any) -> AsyncIterator[Any]:
    headers = {"accept": accept, **more.pop("headers", {})}
    async with client.stream("POST", PATH, json={"query": query, **more}, headers=headers) as response:
        yield response


async def events(response: Any) -> list[tuple[str, str]]:
    """Name and data of every event until the stream ends; comments are named `comment`."""
    return [parsed(block) for block in "".join([part async for part in response.aiter_text()]).split("\n\n") if block]


def parsed(block: str) -> tuple[str, str]:
    if block.startswith(":"):
        return "comment", block[1:]
    name, data = block.split("\n")
    assert name.startswith("event: ") and data.startswith("data:")
    return name.removeprefix("event: "), data.removeprefix("data:").strip()


async def run(client: httpx2.AsyncClient, query: str, **more: Any) -> list[tuple[str, Any]]:
    async with stream(client, query, **more) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        got = [event for event in await events(response) if event[0] != "comment"]
        return [(name, json.loads(data) if data else "") for name, data in got]


async def test_subscription_query_and_mutation(client: httpx2.AsyncClient, world: World) -> None:
    counted = [("next", {"data": {"count": number}}) for number in range(3)]
    assert await run(client, "subscription { count(to: 3) }") == [*counted, COMPLETE]
    assert await run(client, "{ hello }") == [("next", {"data": {"hello": "Hello, world!"}}), COMPLETE]
    assert await run(client, "mutation { increase }") == [("next", {"data": {"increase": 1}}), COMPLETE]
    await eventually(lambda: world.opened == world.closed == 3)


async def test_get(client: httpx2.AsyncClient) -> None:
    query = "subscription($to: Int!) { count(to: $to) }"
    response = await client.get(PATH, params={"query": query, "variables": '{"to": 1}'}, headers={"accept": EVENTS})
    assert [parsed(block)[0] for block in response.text.split("\n\n") if block] == ["next", "complete"]
    refused = await client.get(PATH, params={"query": "mutation { increase }"}, headers={"accept": EVENTS})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        (EVENTS, True),
        (f"{EVENTS}, application/json;q=0.9", True),
        (f"{EVENTS};q=0.5, application/graphql-response+json;q=0.4, */*;q=0.1", True),
        (f"{EVENTS};q=0.5, application/json", False),
        (f"application/json, {EVENTS}", False),
        (f"{EVENTS};q=0, application/json;q=0.1", False),
        ("text/*", True),
    ],
)
async def test_streams_only_where_preferred(client: httpx2.AsyncClient, accept: str, streams: bool) -> None:
    async with stream(client, "{ hello }", accept) as response:
        assert response.headers["content-type"].startswith(EVENTS) == streams


async def test_a_subscription_streams_wherever_events_are_acceptable(client: httpx2.AsyncClient) -> None:
    async with stream(client, "subscription { count(to: 1) }", f"application/json, {EVENTS};q=0.1") as response:
        assert [name for name, _ in await events(response)] == ["next", "complete"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription($to: Int!) { count(to: $to) }", "BAD_USER_INPUT"),
        ("subscription { refuses }", "FORBIDDEN"),
    ],
)
async def test_request_errors_are_events(client: httpx2.AsyncClient, query: str, code: str) -> None:
    (name, payload), last = await run(client, query)
    assert (name, last) == ("next", COMPLETE)
    assert payload["errors"][0]["extensions"]["code"] == code and "data" not in payload


async def test_a_source_that_fails(client: httpx2.AsyncClient) -> None:
    first, (_, failed), last = await run(client, "subscription { breaks }")
    assert (first, last) == (("next", {"data": {"breaks": 1}}), COMPLETE)
    assert failed["errors"][0]["extensions"]["code"] == "INTERNAL" and "secret" not in str(failed)


async def test_what_is_not_a_request_is_an_answer_in_json(client: httpx2.AsyncClient) -> None:
    for content, token, status in ((b"7", "Ada", 400), (b"{}", "bad", 401)):
        headers = {"accept": EVENTS, "content-type": "application/json", "authorization": f"Bearer {token}"}
        response = await client.post(PATH, content=content, headers=headers)
        assert (response.status_code, response.headers["content-type"]) == (status, "application/json; charset=utf-8")
        assert response.json()["errors"]


async def test_comments_keep_the_connection_alive(client: httpx2.AsyncClient) -> None:
    async with stream(client, "subscription { count(to: 2, every: 0.7) }") as response:
        names = [name for name, _ in await events(response)]
    assert names[0] == "next" and names[-1] == "complete" and names.count("next") == 2
    assert 4 <= names.count("comment") <= 8  # every 0.2 s for 1.4 s


async def test_events_arrive_at_once(client: httpx2.AsyncClient) -> None:
    async with stream(client, "subscription { count(to: 3, every: 0.3) }") as response:
        times = [time.perf_counter() async for part in response.aiter_text() if "event: next" in part]
    assert len(times) == 3 and times[2] - times[0] > 0.4


async def test_leaving_ends_the_operation(client: httpx2.AsyncClient, world: World) -> None:
    for query in ("subscription { count(to: 1000, every: 0.01) }", "subscription { count(to: 1000, every: 60) }"):
        async with stream(client, query) as response:
            await anext(response.aiter_text())
    await eventually(lambda: world.ended == 2 and world.opened == world.closed == 2)


async def test_a_stopping_server_ends_streams_without_complete(serve: Callable[..., Running], world: World) -> None:
    started = serve(TransportLimits())
    query = "subscription { count(to: 1000, every: 60) }"
    async with httpx2.AsyncClient(base_url=started.url.removesuffix(PATH)) as client, stream(client, query) as response:
        parts = response.aiter_text()
        assert "next" in await anext(parts)
        started.stop()
        assert [part async for part in parts] == []
    await eventually(lambda: world.ended == 1 and world.opened == world.closed)


async def test_an_expired_token_ends_the_stream_without_complete(client: httpx2.AsyncClient, world: World) -> None:
    before = time.perf_counter()
    query, headers = "subscription { count(to: 1000, every: 60) }", {"authorization": "Bearer brief"}
    async with stream(client, query, headers=headers) as response:
        names = [name for name, _ in await events(response)]
    assert names[0] == "next" and set(names[1:]) <= {"comment"} and time.perf_counter() - before < 5
    await eventually(lambda: world.ended == 1 and world.opened == world.closed == 1)


async def test_streams_and_sockets_share_the_places(serve: Callable[..., Running]) -> None:
    small = serve(TransportLimits(sockets=1))
    query = "subscription { count(to: 1000, every: 60) }"
    async with httpx2.AsyncClient(base_url=small.url.removesuffix(PATH)) as client:
        async with stream(client, query) as first:
            parts = first.aiter_text()
            assert "next" in await anext(parts)
            async with stream(client, query) as second:
                assert (second.status_code, second.headers["retry-after"]) == (503, "5")
                assert json.loads(await second.aread())["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
            async with raw(small) as refused:
                assert (await closed(refused))[0] == 1013
            assert (await client.post(PATH, json={"query": "{ hello }"})).status_code == 200
        async with asyncio.timeout(5):
            while (await client.post(PATH, json={"query": "{ hello }"}, headers={"accept": EVENTS})).status_code != 200:
                await asyncio.sleep(0.02)  # until the server has seen the first one leave
        async with ready(small):
            pass


async def test_a_client_that_does_not_read_is_dropped(serve: Callable[..., Running], world: World) -> None:
    started = serve(TransportLimits(send_seconds=0.5))
    request = b'{"query": "subscription { flood }"}'
    head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\naccept: {EVENTS}\r\ncontent-type: application/json\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", started.port, limit=1_024)
    writer.write(f"{head}content-length: {len(request)}\r\n\r\n".encode() + request)
    await eventually(lambda: world.ended == 1 and world.opened == world.closed == 1)
    writer.transport.abort()
