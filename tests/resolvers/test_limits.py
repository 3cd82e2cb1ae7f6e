"""What callers may cost, over real HTTP and sockets: the bill, the refusal, and when to come back."""

import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets

from domain.budget import Allowance
from resolvers.transport.charging import size
from tests.documents import START
from tests.infra.cable import cable
from tests.stack import Company, GraphQLFailedError, Stack, running, scripted

PAGE = "query Page($first: Int) { conversations(first: $first) { nodes { id subject } } }"
WIDE = "{" + " ".join(f"a{number}: viewer {{ __typename }}" for number in range(10, 38)) + "}"
"""56 fields, and about 150 points to be read for the first time."""
SMALL = {f"budget_{kind}": Allowance(600, 1) for kind in ("anonymous", "customer", "staff")}


@pytest.fixture
async def poor(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """Where nobody may cost much."""
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False, **SMALL) as started:
        yield started


async def post(stack: Stack, token: str | None, document: str, **variables: Any) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return await stack.http.post("/graphql", json={"query": document, "variables": variables}, headers=headers)


async def test_an_answer_brings_its_bill(poor: Stack, company: Company) -> None:
    token = poor.client(company.agent).token
    answer = (await post(poor, token, PAGE, first=20)).json()
    cost = answer["extensions"]["cost"]
    assert cost["requested"] == 61  # the connection, and twenty conversations with two fields each
    assert cost["actual"] == size(answer["data"]) == 2  # there are none
    assert cost["available"] == pytest.approx(600 - 2 - 1 - len(PAGE) / 5, abs=1.5)
    assert cost["restoreRate"] == 1


async def test_a_mutation_brings_its_bill(poor: Stack, company: Company) -> None:
    answer = (await post(poor, poor.client(company.customer).token, START, text="Hello")).json()
    assert answer["extensions"]["cost"]["actual"] == size(answer["data"]) > 2


async def test_who_has_used_up_a_budget_is_told_when_to_come_back(poor: Stack, company: Company) -> None:
    token = poor.client(company.agent).token
    answers = [await post(poor, token, WIDE) for _ in range(10)]
    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    refused = answers[-1]
    assert refused.status_code == 429
    error = refused.json()["errors"][0]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert refused.headers["retry-after"] == str(error["extensions"]["retryAfter"])
    assert 1 <= error["extensions"]["retryAfter"] <= 62
    assert "data" not in refused.json()
    assert (await post(poor, poor.client(company.admin).token, WIDE)).status_code == 200


async def test_sockets_are_charged_to_the_same_budget(poor: Stack, company: Company) -> None:
    agent = poor.client(company.agent)
    for _ in range(2):
        assert [event async for event in agent.watch(WIDE)]
    with pytest.raises(GraphQLFailedError) as refused:
        await anext(agent.watch(WIDE))
    assert refused.value.code == "RATE_LIMITED"
    assert refused.value.errors[0]["extensions"]["retryAfter"] >= 1
    assert (await post(poor, agent.token, WIDE)).status_code == 429


async def test_no_patience_gets_more_than_a_whole_budget(poor: Stack, company: Company) -> None:
    wide = PAGE.replace("id subject", "id subject state handoffReason handoffSummary unreadCount")
    refused = await post(poor, poor.client(company.agent).token, wide, first=100)
    assert refused.json()["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED", "limit": "cost"}


async def test_strangers_of_one_address_share_a_budget(poor: Stack) -> None:
    answers = [await post(poor, None, "{ __typename }") for _ in range(2)]
    available = [answer.json()["extensions"]["cost"]["available"] for answer in answers]
    assert available[1] < available[0] < 600


async def test_wrong_documents_cost_too(poor: Stack, company: Company) -> None:
    token = poor.client(company.agent).token
    answers = [await post(poor, token, "{ nothing }" + " " * 800) for _ in range(6)]
    codes = [answer.json()["errors"][0]["extensions"]["code"] for answer in answers]
    assert codes[:2] == ["GRAPHQL_VALIDATION_FAILED"] * 2
    assert codes[-2:] == ["RATE_LIMITED"] * 2


@pytest.mark.parametrize("how", ["gone", "frozen"])
async def test_an_outage_of_redis_stops_nobody_and_lifts_no_limit(
    company: Company, fresh_database_url: str, redis_url: str, how: str
) -> None:
    port = urlsplit(redis_url).port
    assert port
    async with cable(port) as line:
        through = redis_url.replace(f":{port}", f":{urlsplit(line.address).port}")
        options: dict[str, Any] = {"with_worker": False} | SMALL
        async with running(fresh_database_url, through, scripted("x"), **options) as stack:
            token = stack.client(company.agent).token
            assert (await post(stack, token, WIDE)).status_code == 200
            line.is_down, line.is_deaf = how == "gone", how == "frozen"
            if how == "gone":
                line.cut()
            statuses = []
            for _ in range(10):
                began = time.monotonic()
                statuses.append((await post(stack, token, WIDE)).status_code)
                assert time.monotonic() - began < 10
            assert statuses[0] == 200
            assert statuses[-1] == 429
            line.is_down = line.is_deaf = False


async def test_opening_sockets_costs_too(poor: Stack) -> None:
    with pytest.raises(websockets.ConnectionClosed, match="1013"):
        for _ in range(7):
            assert [event async for event in poor.client(None).watch("{ __typename }")]
