"""What the audits of graphql-http demand, in Python, so that nothing is unproven where Node is absent."""

import json
from typing import Any

import httpx2
import pytest

PATH = "/graphql"
GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
QUERY = "{ __typename }"
NAMED = {"query": "query Q { __typename }", "operationName": "Q"}
TYPE = "query Type($name: String!) { __type(name: $name) { name } }"
VARIABLES = {"query": TYPE, "variables": {"name": "Query"}}


async def ask(client: httpx2.AsyncClient, accept: str | None, body: object, content_type: str | None = JSON) -> Any:
    """A request with exactly the headers given."""
    headers = {name: value for name, value in (("accept", accept), ("content-type", content_type)) if value}
    client.headers.pop("accept", None)
    return await client.post(
        PATH, headers=headers, content=body if isinstance(body, bytes) else json.dumps(body).encode()
    )


@pytest.mark.parametrize(("accept", "served"), [(GRAPHQL, GRAPHQL), (JSON, JSON), ("*/*", JSON), (None, JSON)])
async def test_media_types(client: httpx2.AsyncClient, accept: str | None, served: str) -> None:
    response = await ask(client, accept, {"query": QUERY})
    assert (response.status_code, response.headers["content-type"]) == (200, f"{served}; charset=utf-8")
    assert response.content.decode("utf-8")


@pytest.mark.parametrize("content_type", [JSON, f"{JSON}; charset=utf-8"])
async def test_requests_are_utf8(client: httpx2.AsyncClient, content_type: str) -> None:
    body = {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}
    assert (await ask(client, JSON, body, content_type)).status_code == 200


async def test_get(client: httpx2.AsyncClient) -> None:
    assert (await client.get(PATH, params={"query": QUERY})).status_code == 200
    for accept in (GRAPHQL, JSON):
        params = {"query": TYPE, "variables": json.dumps(VARIABLES["variables"])}
        assert (await client.get(PATH, params=params, headers={"accept": accept})).status_code == 200
        refused = await client.get(PATH, params={"query": "mutation { __typename }"}, headers={"accept": accept})
        assert 400 <= refused.status_code < 500


async def test_a_content_type_is_needed(client: httpx2.AsyncClient) -> None:
    assert 400 <= (await ask(client, JSON, {"query": QUERY}, None)).status_code < 500


@pytest.mark.parametrize("accept", [GRAPHQL, JSON, None])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{ "not a JSON',
        {"notquery": QUERY},
        {"qeury": QUERY},
        *({"query": wrong} for wrong in ({"obj": "ect"}, 0, False, ["array"])),
        *({"query": QUERY, "operationName": wrong} for wrong in ({"obj": "ect"}, 0, False, ["array"])),
        *({"query": QUERY, "variables": wrong} for wrong in ("string", 0, False, ["array"])),
        *({"query": QUERY, "extensions": wrong} for wrong in ("string", 0, False, ["array"])),
    ],
)
async def test_what_is_malformed_is_400(client: httpx2.AsyncClient, accept: str | None, body: object) -> None:
    assert (await ask(client, accept, body)).status_code == 400


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
@pytest.mark.parametrize(
    "body",
    [
        {"query": QUERY},
        NAMED,
        VARIABLES,
        {"query": QUERY, "extensions": {"some": "value"}},
        *({"query": QUERY, name: None} for name in ("variables", "operationName", "extensions")),
    ],
)
async def test_what_is_well_formed_is_200(client: httpx2.AsyncClient, accept: str, body: object) -> None:
    response = await ask(client, accept, body)
    assert response.status_code == 200 and "errors" not in response.json()


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200)])
@pytest.mark.parametrize(
    "body",
    [
        {"query": "{"},
        {"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"},
        {"query": TYPE, "variables": {"name": 0}},
    ],
)
async def test_request_errors(client: httpx2.AsyncClient, accept: str, status: int, body: object) -> None:
    response = await ask(client, accept, body)
    assert response.status_code == status
    assert "data" not in response.json() and response.json()["errors"]
