"""Credentials that are worth nothing can be tried so often from one address, and no more."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import websockets

from resolvers.edge import guarding
from resolvers.edge.rates import Policy
from tests.stack import Company, Stack, running, scripted

ASK = {"query": "{ viewer { __typename } }"}


@pytest.fixture
async def strict(fresh_database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stack]:
    monkeypatch.setattr(guarding, "CREDENTIALS", Policy("credentials", quota=3, window=30))
    trusted = ("127.0.0.1",)
    async with running(
        fresh_database_url, redis_url, scripted("x"), with_worker=False, trusted_proxies=trusted
    ) as started:
        yield started


async def ask(stack: Stack, credential: str | None, address: str = "192.0.2.1") -> httpx2.Response:
    headers = {"x-forwarded-for": address} | ({"authorization": f"Bearer {credential}"} if credential else {})
    return await stack.http.post("/graphql", json=ASK, headers=headers)


async def test_guessing_ends_in_a_wait(strict: Stack, company: Company) -> None:
    answers = [await ask(strict, f"parley_guess{number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2
    refused = answers[-1].json()["errors"][0]["extensions"]
    assert refused["code"] == "TOO_MANY_ATTEMPTS"
    assert answers[-1].headers["retry-after"] == str(refused["retryAfter"])
    assert 1 <= refused["retryAfter"] <= 10
    good = strict.client(company.agent).token
    assert (await ask(strict, good, "192.0.2.2")).status_code == 200


async def test_good_credentials_are_no_attempts(strict: Stack, company: Company) -> None:
    for _ in range(6):
        assert (await ask(strict, strict.client(company.agent).token)).status_code == 200
        assert (await ask(strict, None)).status_code == 200


async def test_sockets_are_attempts_too(strict: Stack, company: Company) -> None:
    for _ in range(4):
        await ask(strict, "parley_guess", "127.0.0.1")
    client = strict.client(company.agent)
    with pytest.raises(websockets.ConnectionClosed, match="4403"):
        await anext(client.watch("{ viewer { __typename } }"))
