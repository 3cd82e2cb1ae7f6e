"""What every answer says to browsers, and what no answer and no log line tells anybody."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.stack import Company, Stack, running, scripted

STRICT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
async def production(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    options: dict[str, Any] = {"with_worker": False, "environment": "production", "trusted_proxies": ("127.0.0.1",)}
    async with running(fresh_database_url, redis_url, scripted("x"), **options) as started:
        yield started


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 401),
        ("GET", "/nowhere", 404),
        ("DELETE", "/healthz", 405),
        ("GET", "/graphql", 400),
        ("PUT", "/graphql", 405),
        ("GET", "/graphql?query={__typename}", 200),
        ("GET", "/graphql?query=x", 200),
    ],
)
async def test_every_answer_is_locked_down(production: Stack, method: str, path: str, status: int) -> None:
    answer = await production.http.request(method, path, headers={"x-correlation-id": "my own"})
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-security-policy"] == STRICT
    assert answer.headers["x-correlation-id"] == "my own"
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers


async def test_over_https_browsers_are_told_to_stay(production: Stack) -> None:
    answer = await production.http.get("/healthz", headers={"x-forwarded-proto": "https"})
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_refusals_have_the_headers_too(production: Stack) -> None:
    answer = await production.http.get("/healthz", headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert answer.headers["content-security-policy"] == STRICT
    assert len(answer.headers["x-correlation-id"]) == 32


async def test_production_has_no_page(production: Stack) -> None:
    assert (await production.http.get("/graphql", headers=BROWSER)).headers["content-type"].startswith("application/")


async def test_development_has_a_page_that_may_speak_with_its_server_alone(stack: Stack) -> None:
    answer = await stack.http.get("/graphql", headers=BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    assert hashes and all(f"'sha256-{each}'" in policy["script-src"] for each in hashes)
    for tag in re.findall(r"<script\s[^>]*src=[^>]*>", answer.text):
        assert 'integrity="sha384-' in tag


SECRETS = ("secret", "SELECT", "INSERT", "Traceback", 'File "', "asyncpg", "sqlalchemy", "parley_app", "password")


def telling(text: str) -> list[str]:
    return [word for word in SECRETS if word in text]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'{"query": "{"}',
        b'{"query": "{ viewer { nothing } }"}',
        b'{"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": "\'; DROP TABLE agent; --"}}',
        b'{"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": {"a": []}}}',
        b'{"query": "{ conversations(first: -1, after: \\"x\\") { nodes { id } } }"}',
        b'{"query": "{ conversations(first: 999999999999) { nodes { id } } }"}',
    ],
)
async def test_no_answer_tells_how_it_was_made(production: Stack, company: Company, body: bytes) -> None:
    for token in ("x", "parley_x", str(production.client(company.agent).token)):
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        answer = await production.http.post("/graphql", content=body, headers=headers)
        assert answer.status_code < 500
        assert telling(answer.text) == []


async def test_a_failure_tells_a_trace_id_and_nothing_else(
    production: Stack, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("secret: SELECT * FROM person WHERE password = 'hush'")

    monkeypatch.setattr("resolvers.context.actor_of", fail)
    token = str(production.client(company.agent).token)
    asked = {"query": "{ __typename }"}
    with capture_logs() as lines:
        answer: httpx2.Response = await production.http.post(
            "/graphql", json=asked, headers={"authorization": f"Bearer {token}"}
        )
    extensions = answer.json()["errors"][0]["extensions"]
    assert extensions["code"] == "INTERNAL"
    assert extensions["traceId"] in str(lines)
    assert telling(answer.text) == []
    assert token not in str(lines)


async def test_no_log_line_holds_a_token(production: Stack, company: Company) -> None:
    token = str(production.client(company.agent).token)
    forged = token[:-4] + "AAAA"
    with capture_logs() as lines:
        for given in (token, forged):
            headers = {"authorization": f"Bearer {given}"}
            await production.http.post("/graphql", json={"query": "{ viewer { __typename } }"}, headers=headers)
            await production.http.get("/graphql", params={"query": "{ viewer { id } }", "token": given})
    assert lines
    assert token[-20:] not in str(lines)
    assert forged[-20:] not in str(lines)
