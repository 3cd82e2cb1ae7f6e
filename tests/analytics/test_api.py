"""Numbers by the API: a customer writes, the worker counts, and an admin asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra import bootstrap
from tests.documents import START, command
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted
from tests.test_readme import documents

GUIDE = Path(__file__).parents[2] / "docs" / "analytics.md"
ASK = """query A($input: AnalyticsInput!) { analytics(input: $input) {
  rows source freshness { eventsBehind asOf } columns { name type unit compared values labels } } }"""
BEHIND = """query D($input: AnalyticsCellInput!) { drilldown(input: $input) {
  nodes { numerator denominator facts at conversation { id } } pageInfo { hasNextPage } } }"""


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    async with running(database_url, valkey_url, scripted("Within 45 days.")) as started:
        yield started


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


def lately(**values: Any) -> dict[str, Any]:
    """A question about the last day and the next."""
    now = bootstrap.now()
    return {
        "range": {"from": (now - timedelta(days=1)).isoformat(), "to": (now + timedelta(days=1)).isoformat()}
    } | values


async def counted(client: Client, least: int, **values: Any) -> Any:
    """The answer, once its first number is as large."""
    async with asyncio.timeout(20):
        while True:
            answer = (await client.ask(ASK, input=lately(**values)))["analytics"]
            numbers = [column["values"] for column in answer["columns"] if column["type"] == "metric"]
            if sum(numbers[0]) >= least:
                return answer
            await asyncio.sleep(0.1)


async def test_what_a_customer_writes_is_counted_within_seconds(stack: Stack, company: Company) -> None:
    started = await stack.client(company.customer).ask(START, text="How long can I return it?")
    conversation = started["startConversation"]["conversation"]["id"]
    admin = stack.client(company.admin)
    answer = await counted(admin, 1, metrics=["answers", "conversations", "first_response_time_p50"])
    columns = {column["name"]: column for column in answer["columns"]}
    assert (columns["conversations"]["values"], columns["answers"]["values"]) == ([1], [1])
    assert columns["first_response_time_p50"]["unit"] == "seconds"
    assert 0 <= columns["first_response_time_p50"]["values"][0] < 20
    assert answer["freshness"]["asOf"] and answer["source"] == "FACTS"
    found = await admin.ask(BEHIND, input=lately(metric="conversations"))
    assert [node["conversation"]["id"] for node in found["drilldown"]["nodes"]] == [conversation]
    by_inbox = await counted(admin, 1, metrics=["conversations"], dimensions=["INBOX"])
    inbox = by_inbox["columns"][0]
    assert inbox["values"] == [(await admin.ask("{ inboxes { id } }"))["inboxes"][0]["id"]] and inbox["labels"][0]
    only = await counted(
        admin, 1, metrics=["conversations"], filters=[{"dimension": "INBOX", "values": inbox["values"]}]
    )
    assert only["columns"][0]["values"] == [1]


async def test_the_guide_works_as_it_stands(stack: Stack, company: Company) -> None:
    await stack.client(company.customer).ask(START, text="How long can I return it?")
    admin, now = stack.client(company.admin), bootstrap.now()
    await counted(admin, 1, metrics=["conversations"])
    board, behind, wall = documents(GUIDE)
    week = {"from": (now - timedelta(days=7)).isoformat(), "to": now.isoformat()}
    answer = (await admin.ask(board, **week))["analytics"]
    names = ["time", *(name for name in ("conversations", "containment_rate") for _ in range(2))]
    assert [column["name"] for column in answer["columns"]][:5] == names
    assert {len(column["values"]) for column in answer["columns"]} == {answer["rows"]} == {8}
    assert sum(answer["columns"][1]["values"]) == 1
    assert (await admin.ask(behind, **week))["drilldown"]["nodes"] == []
    async with aclosing(admin.watch(wall)) as boards:
        assert (await anext(boards))["metricChanged"]["conversations"] == 1


async def test_a_board_tells_when_it_has_changed_and_not_otherwise(stack: Stack, company: Company) -> None:
    watched = """subscription { metricChanged(timeZone: "Europe/Zurich") {
      conversations resolutions waiting peopleOnline answersUnderWay } }"""
    nothing = dict.fromkeys(("conversations", "resolutions", "waiting", "peopleOnline", "answersUnderWay"), 0)
    boards = stack.client(company.admin).watch(watched)
    async with asyncio.timeout(20), aclosing(boards):
        assert (await anext(boards))["metricChanged"] == nothing
        following = asyncio.ensure_future(anext(boards))
        await asyncio.sleep(2.5)
        assert not following.done(), "nothing has changed"
        customer = stack.client(company.customer)
        identity = (await customer.ask(START, text="Hello?"))["startConversation"]["conversation"]["id"]
        await customer.ask(command("requestHandoff"), id=identity)
        board = (await following)["metricChanged"]
        while (board["conversations"], board["waiting"]) != (1, 1):
            board = (await anext(boards))["metricChanged"]
    with pytest.raises(GraphQLFailedError) as error:
        await anext(stack.client(company.agent).watch(watched))
    assert error.value.code == "FORBIDDEN"


async def test_only_who_may_ask_for_numbers_gets_them(stack: Stack, company: Company) -> None:
    for actor in (company.agent, company.customer):
        with pytest.raises(GraphQLFailedError) as error:
            await stack.client(actor).ask(ASK, input=lately(metrics=["conversations"]))
        assert error.value.code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"metrics": ["nothing"]}, "input.metrics.0"),
        ({"metrics": ["conversations"] * 2}, "input.metrics"),
        ({"metrics": ["conversations"], "dimensions": ["MODEL"]}, "input.dimensions"),
        ({"metrics": ["conversations"], "timeZone": "Mars/Olympus"}, "input.timeZone"),
        ({"metrics": ["conversations"], "limit": 0}, "input.limit"),
        ({"metrics": ["conversations"], "order": {"by": "messages"}}, "input.order.by"),
        ({"metrics": ["conversations"], "filters": [{"dimension": "INBOX", "values": ["x"]}]}, "input.filters"),
    ],
)
async def test_what_cannot_be_asked_is_told_by_its_place(
    stack: Stack, company: Company, values: dict[str, Any], path: str
) -> None:
    with pytest.raises(GraphQLFailedError) as error:
        await stack.client(company.admin).ask(ASK, input=lately(**values))
    assert error.value.code == "INVALID_INPUT" and path in str(error.value)


async def test_more_values_than_an_answer_may_have_are_refused(stack: Stack, company: Company) -> None:
    now = bootstrap.now()
    years = {"from": (now - timedelta(days=3_000)).isoformat(), "to": now.isoformat()}
    wanted = {"metrics": ["conversations"], "range": years, "granularity": "HOUR"}
    with pytest.raises(GraphQLFailedError) as error:
        await stack.client(company.admin).ask(ASK, input=wanted)
    assert error.value.code == "INVALID_INPUT" and "50,000" in str(error.value)


async def test_the_catalogue_defines_every_metric(stack: Stack, company: Company) -> None:
    wanted = "{ metrics { name description definition sql unit dimensions isAdditive isBetterHigher fact } }"
    found = (await stack.client(company.admin).ask(wanted))["metrics"]
    assert len(found) > 50 and all(one["definition"] and one["sql"].startswith("SELECT ") for one in found)
    by_name = {one["name"]: one for one in found}
    assert by_name["conversations"]["isAdditive"] and not by_name["csat"]["isAdditive"]
    assert "REASON" in by_name["handoffs"]["dimensions"]
