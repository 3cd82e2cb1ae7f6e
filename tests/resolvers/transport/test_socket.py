"""graphql-transport-ws, against a real server: every close code, every message, and what one client does to others."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.toy import World

PROTOCOL = Subprotocol("graphql-transport-ws")
ACK = {"type": "connection_ack"}


@asynccontextmanager
async def raw(server: Running, **options: Any) -> AsyncIterator[ClientConnection]:
    options = {"subprotocols": [PROTOCOL], **options}
    async with connect(server.socket_url, compression=None, close_timeout=1, **options) as opened:
        yield opened


@asynccontextmanager
async def ready(server: Running, params: object = None, **options: Any) -> AsyncIterator[ClientConnection]:
    async with raw(server, **options) as opened:
        await send(opened, type="connection_init", payload=params)
        assert await receive(opened) == ACK
        yield opened


async def let_in(server: Running, payload: dict[str, Any] | None = None) -> None:
    """Connects as soon as there is a place: a client knows that its socket is closed before the server is done."""
    for attempt in range(100):
        try:
            async with ready(server, payload):
                return
        except ConnectionClosed:
            assert attempt < 99
            await asyncio.sleep(0.02)


async def send(opened: ClientConnection, **message: object) -> None:
    await opened.send(json.dumps(message))


async def subscribe(opened: ClientConnection, id: str, query: str, **more: object) -> None:
    await send(opened, type="subscribe", id=id, payload={"query": query, **more})


async def receive(opened: ClientConnection) -> Any:
    frame = await asyncio.wait_for(opened.recv(), 5)
    assert isinstance(frame, str), "frames are text"
    return json.loads(frame)


async def answers(opened: ClientConnection, id: str) -> list[Any]:
    """The messages of one operation up to its last; there must be no others."""
    got: list[Any] = []
    while not got or got[-1]["type"] == "next":
        got.append(await receive(opened))
        assert got[-1].get("id") == id
    return got


async def closed(opened: ClientConnection, seconds: float = 5) -> tuple[int, str]:
    """Code and reason of the close, after whatever comes before it."""

    async def drain() -> None:
        while True:
            await opened.recv()

    with pytest.raises(ConnectionClosed):
        await asyncio.wait_for(drain(), seconds)
    return opened.close_code or 0, opened.close_reason or ""


async def test_query_mutation_and_subscription(server: Running, world: World) -> None:
    async with ready(server) as opened:
        await subscribe(opened, "q", "query($n: String) { hello(name: $n) }", variables={"n": "é"})
        assert await answers(opened, "q") == [
            {"id": "q", "type": "next", "payload": {"data": {"hello": "Hello, é!"}}},
            {"id": "q", "type": "complete"},
        ]
        await subscribe(opened, "m", "query A { hello } mutation B { increase }", operationName="B")
        assert (await answers(opened, "m"))[0]["payload"] == {"data": {"increase": 1}}
        await subscribe(opened, "s", "subscription { count(to: 3) }")
        assert [each.get("payload") for each in await answers(opened, "s")] == [
            *({"data": {"count": number}} for number in range(3)),
            None,
        ]
        assert world.hooks[-5:] == ["operation", "execute", "result", "result", "result"]


@pytest.mark.parametrize("params", [None, {}, {"authorization": "Bearer Ada", "more": [1]}])
async def test_init_takes_an_object_or_nothing(server: Running, params: object) -> None:
    async with ready(server, params) as opened:
        await subscribe(opened, "1", "{ me }")
        name = "Ada" if params else "anonymous"
        assert (await answers(opened, "1"))[0]["payload"] == {"data": {"me": name}}


async def test_init_without_payload_and_pings_before_it(server: Running) -> None:
    async with raw(server) as opened:
        await send(opened, type="ping")
        assert await receive(opened) == {"type": "pong"}
        await send(opened, type="pong")
        await send(opened, type="connection_init")
        assert await receive(opened) == ACK


async def test_ping_is_answered_with_its_payload(server: Running) -> None:
    async with ready(server) as opened:
        await send(opened, type="ping", payload={"a": [1]})
        assert await receive(opened) == {"type": "pong", "payload": {"a": [1]}}
        await send(opened, type="ping", payload=None)
        assert await receive(opened) == {"type": "pong"}


MALFORMED = [
    "",
    "{",
    "nonsense",
    "null",
    "7",
    '"x"',
    "[]",
    "{}",
    '{"type": null}',
    '{"type": 7}',
    '{"type": ["ping"]}',
    '{"type": "nope"}',
    '{"type": "start", "id": "1", "payload": {"query": "{ hello }"}}',
    '{"type": "connection_ack"}',
    '{"type": "next", "id": "1"}',
    '{"type": "error", "id": "1"}',
    '{"type": "ping", "payload": "x"}',
    '{"type": "pong", "payload": []}',
    '{"type": "connection_init", "payload": "x"}',
    '{"type": "connection_init", "payload": 0}',
    '{"type": "ping", "payload": {"a": "\\ud800"}}',
    '{"type": "ping", "payload": {"a": ' + "1" * 5_000 + "}}",
    '{"type": "ping", "payload": {"a": ' + "[" * 100 + "]" * 100 + "}}",
    "[" * 10_000,
]
MALFORMED_OPERATIONS = [
    '{"type": "subscribe"}',
    '{"type": "subscribe", "id": "1"}',
    '{"type": "subscribe", "id": "1", "payload": "x"}',
    '{"type": "subscribe", "id": "1", "payload": []}',
    '{"type": "subscribe", "id": "1", "payload": null}',
    '{"type": "subscribe", "id": "1", "payload": {}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": 7}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "variables": []}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "variables": "x"}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "operationName": 1}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "extensions": 1}}',
    '{"type": "subscribe", "id": "", "payload": {"query": "{ hello }"}}',
    '{"type": "subscribe", "id": 1, "payload": {"query": "{ hello }"}}',
    '{"type": "subscribe", "id": ["1"], "payload": {"query": "{ hello }"}}',
    '{"type": "subscribe", "id": {}, "payload": {"query": "{ hello }"}}',
    '{"type": "subscribe", "id": "' + "i" * 129 + '", "payload": {"query": "{ hello }"}}',
    '{"type": "complete"}',
    '{"type": "complete", "id": null}',
    '{"type": "complete", "id": ["1"]}',
]


@pytest.mark.parametrize("text", MALFORMED)
async def test_malformed_messages_are_4400(server: Running, text: str) -> None:
    async with raw(server) as opened:
        await opened.send(text)
        code, reason = await closed(opened)
        assert code == 4400 and reason


@pytest.mark.parametrize("text", [*MALFORMED, *MALFORMED_OPERATIONS])
async def test_malformed_messages_are_4400_after_init_too(server: Running, text: str) -> None:
    async with ready(server) as opened:
        await opened.send(text)
        code, reason = await closed(opened)
        assert code == 4400 and reason


async def test_binary_frames_are_4400(server: Running) -> None:
    async with raw(server) as opened:
        await opened.send(b'{"type": "connection_init"}')
        assert (await closed(opened))[0] == 4400


async def test_invalid_utf8_is_1007(server: Running) -> None:
    async with raw(server) as opened:
        await opened.send(b"\xff", text=True)
        assert (await closed(opened))[0] == 1007


async def test_a_large_message_is_1009(server: Running) -> None:
    async with ready(server) as opened:
        await send(opened, type="ping", payload={"a": "x" * 20_000})
        assert (await closed(opened))[0] == 1009


async def test_subscribe_before_init_is_4401(server: Running) -> None:
    async with raw(server) as opened:
        await subscribe(opened, "1", "{ hello }")
        assert (await closed(opened))[0] == 4401


async def test_complete_before_init_is_harmless(server: Running) -> None:
    async with raw(server) as opened:
        await send(opened, type="complete", id="1")
        await send(opened, type="connection_init")
        assert await receive(opened) == ACK


@pytest.mark.parametrize(
    ("token", "code", "words"),
    [("bad", 4403, "The token is not valid."), ("wordy", 4403, "é" * 61), ("crash", 4500, "Something went")],
)
async def test_refused_init(server: Running, token: str, code: int, words: str) -> None:
    async with raw(server) as opened:
        await send(opened, type="connection_init", payload={"authorization": f"Bearer {token}"})
        got, reason = await closed(opened)
        assert got == code and reason.startswith(words) and len(reason.encode()) <= 123 and "secret" not in reason


@pytest.mark.parametrize("offered", [None, [Subprotocol("graphql-ws")], [Subprotocol("x")]])
async def test_other_subprotocols_are_4406(server: Running, offered: list[Subprotocol] | None) -> None:
    async with raw(server, subprotocols=offered) as opened:
        assert (await closed(opened))[0] == 4406


async def test_our_subprotocol_among_others(server: Running) -> None:
    async with ready(server, subprotocols=[Subprotocol("graphql-ws"), PROTOCOL]) as opened:
        assert opened.subprotocol == PROTOCOL


async def test_init_time_out_is_4408(server: Running) -> None:
    async with raw(server) as opened:
        await send(opened, type="ping")
        assert await closed(opened) == (4408, "Connection initialisation timeout")


async def test_identifying_that_takes_too_long_is_4408(server: Running) -> None:
    async with raw(server) as opened:
        await send(opened, type="connection_init", payload={"authorization": "Bearer slow"})
        assert (await closed(opened))[0] == 4408


async def test_a_second_init_is_4429(server: Running) -> None:
    async with ready(server) as opened:
        await send(opened, type="connection_init")
        assert (await closed(opened))[0] == 4429


async def test_a_used_id_is_4409_and_everything_ends(server: Running, world: World) -> None:
    async with ready(server) as opened:
        for _ in range(2):
            await subscribe(opened, "same", "subscription { count(to: 100, every: 1) }")
        assert await closed(opened) == (4409, "Subscriber for same already exists")
    await eventually(lambda: world.ended == world.started and world.opened == world.closed)


async def test_an_id_is_free_after_the_last_message(server: Running) -> None:
    async with ready(server) as opened:
        for query in ("{ hello }", "{", "subscription { count(to: 2) }", "{ hello }"):
            await subscribe(opened, "same", query)
            assert (await answers(opened, "same"))[-1]["type"] in ("complete", "error")


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nope }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { hello }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { hello } query B { hello }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query($v: Int!) { number(value: $v) }"}, "BAD_USER_INPUT"),
        ({"query": "subscription($v: Int!) { count(to: $v) }", "variables": {"v": "x"}}, "BAD_USER_INPUT"),
        ({"query": "{" + "items{" * 9 + "number" + "}" * 10}, "LIMIT_EXCEEDED"),
        ({"query": "subscription { refuses }"}, "FORBIDDEN"),
        ({"query": "subscription { }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { count(to: 1) @skip(if: true) }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ halfACharacter }"}, "INTERNAL"),
    ],
)
async def test_a_bad_operation_ends_itself_only(server: Running, payload: dict[str, object], code: str) -> None:
    async with ready(server) as opened:
        await subscribe(opened, "good", "subscription { count(to: 4, every: 0.1) }")
        await send(opened, type="subscribe", id="bad", payload=payload)
        got = [await receive(opened) for _ in range(6)]
        bad = [each for each in got if each["id"] == "bad"]
        assert [each["type"] for each in bad] == ["error"]
        assert bad[0]["payload"][0]["extensions"]["code"] == code
        assert [each["type"] for each in got if each["id"] == "good"] == ["next"] * 4 + ["complete"]


@pytest.mark.parametrize(("token", "code"), [("no-context", "INTERNAL"), ("locked-out", "FORBIDDEN")])
async def test_an_operation_without_a_context(server: Running, token: str, code: str) -> None:
    async with ready(server, {"authorization": f"Bearer {token}"}) as opened:
        for query in ("{ hello }", "subscription { count(to: 1) }"):
            await subscribe(opened, "1", query)
            got = await answers(opened, "1")
            assert [each["type"] for each in got] == ["error"]
            assert got[0]["payload"][0]["extensions"]["code"] == code and "secret" not in str(got)


@pytest.mark.parametrize(("field", "code"), [("breaks", "INTERNAL"), ("revoked", "UNAUTHENTICATED")])
async def test_a_source_that_fails_ends_with_an_error(server: Running, field: str, code: str) -> None:
    async with ready(server) as opened:
        await subscribe(opened, "1", f"subscription {{ {field} }}")
        first, last = await answers(opened, "1")
        assert first["payload"] == {"data": {field: 1}}
        assert (last["type"], last["payload"][0]["extensions"]["code"]) == ("error", code)
        assert "secret" not in str(last)


async def test_field_errors_are_part_of_the_result(server: Running) -> None:
    async with ready(server) as opened:
        await subscribe(opened, "1", "{ hello boom }")
        payload = (await answers(opened, "1"))[0]["payload"]
        assert payload["data"] == {"hello": "Hello, world!", "boom": None}
        assert payload["errors"][0]["extensions"]["code"] == "INTERNAL"


async def test_each_operation_has_its_own_context(server: Running, world: World) -> None:
    """One context per socket would answer 0, 0, 0 here, because the toy's context caches what it reads first."""
    async with ready(server) as opened:
        got = []
        for number in range(3):
            kind = "subscription { watchCurrent }" if number == 1 else "{ current }"
            await subscribe(opened, str(number), kind)
            got += (await answers(opened, str(number)))[0]["payload"]["data"].values()
            world.value += 1
        assert got == [0, 1, 2]
        await eventually(lambda: world.opened == world.closed == 3)


async def test_complete_ends_the_operation_and_its_messages(server: Running, world: World) -> None:
    async with ready(server) as opened:
        await subscribe(opened, "1", "subscription { count(to: 1000, every: 0.01) }")
        assert (await receive(opened))["type"] == "next"
        await send(opened, type="complete", id="1")
        await subscribe(opened, "1", "{ hello }")
        await eventually(lambda: world.ended == 1 and world.opened == world.closed)
        while (message := await receive(opened))["payload"]["data"].get("count") is not None:
            pass  # sent before our complete arrived
        assert message["payload"]["data"] == {"hello": "Hello, world!"}
        assert await receive(opened) == {"id": "1", "type": "complete"}


async def test_more_sockets_than_the_server_serves_are_1013(serve: Callable[..., Running]) -> None:
    small = serve(TransportLimits(sockets=1))
    async with ready(small), raw(small) as refused:
        assert (await closed(refused))[0] == 1013
    await let_in(small)
