"""GraphQL over HTTP, against a real server: what is answered, in which media type, with which status."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from resolvers.edge.page import Page
from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.toy import World

PATH = "/graphql"
GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
POST_HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
HELLO = {"query": "{ hello }"}


async def post(client: httpx2.AsyncClient, body: object = HELLO, accept: str | None = GRAPHQL, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    shown = {"content-type": JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    client.headers.pop("accept", None)
    if accept is not None:
        shown["accept"] = accept
    return await client.post(PATH, content=content, headers=shown)


def code(response: Any) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.8, {JSON}", JSON),
        (f"{GRAPHQL};q=0.8, {JSON};q=0.9, */*;q=0.1", JSON),
        (f"{JSON};q=0.5, */*", GRAPHQL),
        (f"{JSON}, */*", JSON),
        (f"{GRAPHQL};charset=utf-8, {JSON};q=0.9", GRAPHQL),
        (f'{GRAPHQL};charset="UTF-8"', GRAPHQL),
        (f"{GRAPHQL};charset=iso-8859-1, {JSON};q=0.1", JSON),
        (f"text/html, {GRAPHQL.upper()};q=0.1", GRAPHQL),
        (f"{GRAPHQL};q=0, {JSON}", JSON),
        (f"{GRAPHQL};q=nonsense, {JSON}", JSON),
        (f"text/event-stream;q=0.2, {JSON}", JSON),
        ("", JSON),
    ],
)
async def test_accept_is_negotiated(client: httpx2.AsyncClient, accept: str | None, chosen: str) -> None:
    response = await post(client, accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{chosen}; charset=utf-8"
    assert response.json() == {"data": {"hello": "Hello, world!"}}


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{JSON};q=0, {GRAPHQL};q=0", "nonsense", "text/xml"])
async def test_what_is_not_offered_is_406(client: httpx2.AsyncClient, accept: str) -> None:
    response = await post(client, accept=accept)
    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nope }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "query A { hello } query B { hello }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { hello }", "operationName": "C"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { hello }", "operationName": ""}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "{ hello }", "operationName": "A"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { hello } query A { hello }", "operationName": "A"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "fragment F on Query { hello }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "type A { a: Int }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($v: Int!) { number(value: $v) }"}, "BAD_USER_INPUT"),
        ({"query": "query($v: Int!) { number(value: $v) }", "variables": {"v": "x"}}, "BAD_USER_INPUT"),
        ({"query": "query($v: Int!) { number(value: $v) }", "variables": {"v": 2**70}}, "BAD_USER_INPUT"),
        ({"query": "{ number(value: " + "1" * 5_000 + ") }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": '{ hello(name: "\\uD800") }'}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{" * 5_000}, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_request_errors(client: httpx2.AsyncClient, body: object, expected: str) -> None:
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await post(client, body, accept)
        assert (response.status_code, code(response)) == (status, expected)
        assert "data" not in response.json()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"x"',
        b"true",
        b"[]",
        b'[{"query": "{ hello }"}]',
        b"{",
        b"{}",
        b'{"qeury": "{ hello }"}',
        b'{"query": null}',
        b'{"query": 7}',
        b'{"query": ["{ hello }"]}',
        b'{"query": "{ hello }", "variables": "x"}',
        b'{"query": "{ hello }", "variables": [7]}',
        b'{"query": "{ hello }", "variables": 0}',
        b'{"query": "{ hello }", "operationName": 7}',
        b'{"query": "{ hello }", "operationName": {}}',
        b'{"query": "{ hello }", "extensions": "x"}',
        b'{"query": "{ hello }", "extensions": []}',
        b'{"query": "\xff"}',
        b'\xef\xbb\xbf{"query": "{ hello }"}',
        b'{"query": "\\ud800"}',
        b'{"query": "{ hello }", "variables": {"v": ' + b"1" * 5_000 + b"}}",
        b'{"query": "{ hello }", "variables": {"v": NaN}}',
        b'{"query": "{ hello }", "variables": {"v": 1e999}}',
        b'{"query": "{ hello }", "variables": {"v": ' + b"[" * 100 + b"]" * 100 + b"}}",
        b"[" * 10_000,
        b'{"a":' * 3_000,
        gzip.compress(b'{"query": "{ hello }"}', mtime=0),
        b"\x1f\x8bnot gzip",
    ],
)
async def test_what_is_not_a_request_is_400(client: httpx2.AsyncClient, body: bytes) -> None:
    for accept in (GRAPHQL, JSON):
        response = await post(client, body, accept)
        assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
        assert response.headers["content-type"] == f"{accept}; charset=utf-8"


async def test_a_batch_is_refused_by_name(client: httpx2.AsyncClient) -> None:
    assert "Batches" in (await post(client, [HELLO, HELLO])).json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"query": "query A { hello }", "operationName": None, "variables": None, "extensions": None},
        {"query": "query A { hello } query B { boom }", "operationName": "A"},
        {"query": "{ hello }", "extensions": {"any": [1]}, "unknown": 1},
        {"query": "query($n: String) { hello(name: $n) }", "variables": {"n": "world", "unused": 1}},
    ],
)
async def test_well_formed_requests(client: httpx2.AsyncClient, body: object) -> None:
    assert (await post(client, body)).json() == {"data": {"hello": "Hello, world!"}}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "xapplication/json",
        "application/json; charset=utf-16",
        "",
        "nonsense",
    ],
)
async def test_other_content_types_are_415(client: httpx2.AsyncClient, content_type: str) -> None:
    response = await post(client, content_type=content_type)
    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert response.headers["accept-post"] == JSON


@pytest.mark.parametrize(
    "content_type", ["application/json;charset=UTF-8", "APPLICATION/JSON", 'application/json; charset="utf-8"']
)
async def test_json_in_utf8_in_other_words(client: httpx2.AsyncClient, content_type: str) -> None:
    assert (await post(client, content_type=content_type)).status_code == 200


async def test_compressed_bodies_are_415(client: httpx2.AsyncClient) -> None:
    response = await post(client, gzip.compress(b"{}", mtime=0), content_encoding="gzip")
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_405(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, PATH)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_get_runs_queries_only(client: httpx2.AsyncClient, world: World) -> None:
    response = await client.get(
        PATH, params={"query": "query($n: String) { hello(name: $n) }", "variables": '{"n": "é"}'}
    )
    assert response.json() == {"data": {"hello": "Hello, é!"}}
    refused = await client.get(PATH, params={"query": "mutation { increase }"})
    assert (refused.status_code, refused.headers["allow"], code(refused)) == (405, "POST", "METHOD_NOT_ALLOWED")
    assert world.value == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "query=",
        "query={hello}&query={hello}",
        "query=query+A{hello}query+B{boom}&operationName=A&operationName=B",
        "query={hello}&variables=x",
        "query={hello}&variables=[]",
        "query={hello}&variables=7",
        "query={hello}&extensions=x",
        "query=%ff",
        "query=" + quote("{hello}") + "&a=1" * 60,
    ],
)
async def test_malformed_get_is_400(client: httpx2.AsyncClient, query: str) -> None:
    response = await client.get(f"{PATH}?{query}")
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


async def test_get_takes_empty_optional_parameters(client: httpx2.AsyncClient) -> None:
    response = await client.get(PATH + "?query={hello}&operationName=&variables=&extensions=null")
    assert response.json() == {"data": {"hello": "Hello, world!"}}


async def test_mutation_and_typed_error(client: httpx2.AsyncClient) -> None:
    query = "mutation($n: String!) { rename(name: $n) { ... on Renamed { name } ... on NameTaken { message } } }"
    for name, expected in (("new", {"name": "new"}), ("taken", {"message": "This name is taken."})):
        response = await post(client, {"query": query, "variables": {"n": name}})
        assert response.json() == {"data": {"rename": expected}}


async def test_unexpected_errors_are_masked(client: httpx2.AsyncClient) -> None:
    response = await post(client, {"query": "{ hello boom }"})
    error = response.json()["errors"][0]
    assert (response.status_code, response.json()["data"]) == (200, {"hello": "Hello, world!", "boom": None})
    assert error["path"] == ["boom"] and error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["traceId"] in error["message"]
    assert "secret" not in response.text


async def test_null_data_is_still_an_execution(client: httpx2.AsyncClient) -> None:
    response = await post(client, {"query": "{ strictBoom }"})
    assert (response.status_code, response.json()["data"]) == (200, None)


async def test_expected_errors_keep_their_words(client: httpx2.AsyncClient) -> None:
    error = (await post(client, {"query": "{ denied }"})).json()["errors"][0]
    assert (error["message"], error["extensions"]) == ("You may not see this.", {"code": "FORBIDDEN"})


async def test_a_value_json_cannot_hold_is_masked(client: httpx2.AsyncClient) -> None:
    response = await post(client, {"query": "{ halfACharacter }"})
    assert (response.status_code, code(response)) == (500, "INTERNAL")


async def test_extensions_of_the_schema_run(client: httpx2.AsyncClient, world: World) -> None:
    response = await post(client, {"query": "query hooked { hello }"})
    assert response.json()["extensions"] == {"toy": True}
    assert world.hooks == ["operation", "execute"]


@pytest.mark.parametrize(
    ("token", "status", "expected"),
    [
        ("bad", 401, "UNAUTHENTICATED"),
        ("crash", 500, "INTERNAL"),
        ("locked-out", 403, "FORBIDDEN"),
        ("no-context", 500, "INTERNAL"),
    ],
)
async def test_callers_who_are_not_let_in(client: httpx2.AsyncClient, token: str, status: int, expected: str) -> None:
    for accept in (GRAPHQL, JSON):
        response = await post(client, accept=accept, authorization=f"Bearer {token}")
        assert (response.status_code, code(response)) == (status, expected)
        assert "secret" not in response.text
        assert ("www-authenticate" in response.headers) == (status == 401)


async def test_caller_reaches_the_context(client: httpx2.AsyncClient) -> None:
    assert (await post(client, {"query": "{ me }"}, authorization="Bearer Ada")).json() == {"data": {"me": "Ada"}}


async def test_a_large_body_is_413(client: httpx2.AsyncClient) -> None:
    response = await post(client, b" " * 20_001)
    assert (response.status_code, code(response)) == (413, "TOO_LARGE")

    async def chunks() -> Any:
        for _ in range(30):
            yield b" " * 1_000

    streamed = await client.post(PATH, content=chunks(), headers={"content-type": JSON})
    assert (streamed.status_code, code(streamed)) == (413, "TOO_LARGE")


async def test_a_slow_body_is_408(server: Running) -> None:
    answer = await asyncio.to_thread(exchange, server.port, POST_HEAD + b"content-length: 100\r\n\r\n{")
    assert answer.startswith(b"HTTP/1.1 408") and b'"TIMEOUT"' in answer


def exchange(port: int, sent: bytes) -> bytes:
    """Everything the server answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        raw.sendall(sent)
        received = b""
        while chunk := raw.recv(65_536):
            received += chunk
    return received


async def test_headers_without_end_are_refused(server: Running) -> None:
    answer = await asyncio.to_thread(exchange, server.port, POST_HEAD + b"x: " + b"y" * 100_000)
    assert answer.startswith(b"HTTP/1.1 400")


async def test_a_lost_connection_in_the_body_harms_nobody(server: Running, client: httpx2.AsyncClient) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(
            b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"
        )
    assert (await post(client)).status_code == 200


async def test_execution_ends_when_the_client_leaves(client: httpx2.AsyncClient, world: World) -> None:
    with pytest.raises(httpx2.ReadTimeout):
        await client.post(PATH, json={"query": "{ slow(seconds: 30) }"}, timeout=0.3)
    await eventually(lambda: world.cancelled == 1 and world.closed == world.opened == 1)


async def test_each_operation_has_its_own_context(client: httpx2.AsyncClient, world: World) -> None:
    for expected in range(3):
        assert (await post(client, {"query": "{ current }"})).json()["data"] == {"current": expected}
        world.value += 1
    await eventually(lambda: world.opened == world.closed == 3)


async def test_a_subscription_needs_a_stream(client: httpx2.AsyncClient) -> None:
    for accept in (JSON, GRAPHQL, "*/*", None):
        response = await post(client, {"query": "subscription { count(to: 1) }"}, accept)
        assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")


async def test_page_for_browsers(serve: Callable[..., Running], client: httpx2.AsyncClient) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert (await client.get(PATH, headers={"accept": "text/html"})).status_code == 406
    url = serve(TransportLimits(), page=Page(b"<h1>Parley</h1>", "default-src 'none'")).url
    answer = await client.get(url, headers=browser)
    assert answer.text == "<h1>Parley</h1>"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert (await client.get(url, params=HELLO)).json() == {"data": {"hello": "Hello, world!"}}


DOUBLED = "{ ...F0 }" + "".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(22))
DEEP_LIST = "{" + "items{" * 9 + "number" + "}" * 10


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        (DOUBLED + "fragment F22 on Query { hello }", "fields"),
        (DEEP_LIST, "cost"),
        ("{ items(first: 100) { items(first: 100) { items(first: 100) { number } } } }", "cost"),
        ("{" + "items{" * 15 + "number" + "}" * 16, "depth"),
        ("{" + "".join(f"a{i}: hello " for i in range(51)) + "}", "aliases"),
        ("{ hello" + " @include(if: true)" * 51 + "}", "directives"),
        ("{" + "items { number } " * 200 + "}", "overlaps"),
        ("{ hello }" + "".join(f" query A{i} {{ hello }}" for i in range(20)), "operations"),
    ],
)
async def test_too_much_is_refused_by_name_and_at_once(client: httpx2.AsyncClient, query: str, limit: str) -> None:
    before = time.perf_counter()
    response = await post(client, {"query": query})
    assert time.perf_counter() - before < 5
    assert (response.status_code, code(response)) == (400, "LIMIT_EXCEEDED")
    assert response.json()["errors"][0]["extensions"]["limit"] == limit


async def test_page_sizes_in_variables_are_weighed(client: httpx2.AsyncClient) -> None:
    query = "query($n: Int = 3) { items(first: $n) { items(first: $n) { items(first: $n) { number } } } }"
    assert (await post(client, {"query": query})).status_code == 200
    refused = await post(client, {"query": query, "variables": {"n": 1_000}})
    assert refused.json()["errors"][0]["extensions"]["limit"] == "cost"
    assert (await post(client, {"query": query, "variables": {"n": 2}})).status_code == 200
    absent = "query($n: Int) {" + "items(first: $n) {" * 9 + "number" + "}" * 10
    assert (await post(client, {"query": absent})).json()["errors"][0]["extensions"]["limit"] == "cost"


def test_the_deep_list_is_small() -> None:
    assert len(DEEP_LIST) < 130 and len(DOUBLED) < 1_000
