"""Budgets, prices and spending by the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from domain.account.permission import Permission, Scope
from domain.model import ModelMessage, ModelRequest, Purpose, Role, Usage
from domain.spending.ledger import Reservation
from infra.bootstrap import new_id, now
from infra.database import Database
from infra.live.signals import Sender
from infra.spending.ledger import SqlLedger
from infra.spending.refusals import Refusals
from infra.unit_of_work import SqlUnits
from tests.hiring import hired
from tests.stack import Client, Company, Stack, found_company, running, scripted

SET_BUDGET = """
mutation Set($input: SetBudgetInput!) {
  setBudget(input: $input) {
    ... on SetBudgetSuccess {
      budget {
        id scope period softMicros hardMicros hardTokens startsAt endsAt
        apiKey { id } use { micros tokens warnedAt spentAt }
      }
    }
    ... on Error { code message }
    ... on InvalidInputError { fields { path } }
  }
}"""
REMOVE = """
mutation Remove($id: ID!) {
  deleteBudget(input: {budgetId: $id, reason: "Too tight"}) {
    ... on DeleteBudgetSuccess { deletedId }
    ... on Error { code }
  }
}"""
SET_PRICES = """
mutation Prices($input: SetPricesInput!) {
  setPrices(input: $input) {
    ... on SetPricesSuccess { priceList { currency prices { model read written cached } } }
    ... on Error { code message }
    ... on InvalidInputError { fields { path } }
  }
}"""
SPENDING = """
query Spent($since: DateTime!, $until: DateTime!, $by: SpendingBy!) {
  spending(since: $since, until: $until, by: $by) {
    currency
    parts {
      name day calls micros readTokens cachedTokens writtenTokens unpricedCalls estimatedCalls openCalls
    }
  }
}"""
BUDGETS = "{ budgets { id scope period hardMicros use { micros tokens spentAt } } }"
MONTHLY = {"scope": "ORGANIZATION", "period": "MONTH"}
PRICES = {"currency": "EUR", "prices": [{"model": "large", "read": 3_000_000, "written": 15_000_000, "cached": 0}]}


@pytest.fixture
async def serving(database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    async with running(database_url, redis_url, scripted("x"), with_worker=False) as started:
        yield started


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture
async def ledger(database_url: str, redis_url: str) -> AsyncIterator[SqlLedger]:
    database, redis = Database(database_url, pool_size=2), Redis.from_url(redis_url)
    ledger = SqlLedger(SqlUnits(database, Sender(redis), now), Refusals(redis), now, new_id)
    yield ledger
    await ledger.flush()
    await redis.aclose()
    await database.close()


async def set_budget(client: Client, **values: Any) -> Any:
    return (await client.ask(SET_BUDGET, input=MONTHLY | values))["setBudget"]


async def called(ledger: SqlLedger, company: Company, model: str, purpose: Purpose = Purpose.ANSWER) -> Reservation:
    """A call of which a hundred tokens are read and ten are written at most."""
    request = ModelRequest(company.id, purpose, [ModelMessage(Role.USER, "?")], conversation_id=uuid4())
    return await ledger.reserve(request, model, Usage(100, 10, estimated=True))


async def test_a_budget_is_set_changed_found_and_removed(serving: Stack, company: Company) -> None:
    admin = serving.client(company.admin)
    made = (await set_budget(admin, hardMicros=5_000_000_000, softMicros=4_000_000_000))["budget"]
    assert made["hardMicros"] == 5_000_000_000
    assert made["use"] == {"micros": 0, "tokens": 0, "warnedAt": None, "spentAt": None}
    changed = (await set_budget(admin, hardMicros=7, idempotencyKey="k"))["budget"]
    assert (changed["id"], changed["softMicros"], changed["hardMicros"]) == (made["id"], None, 7)
    found = await admin.ask("query Found($id: ID!) { node(id: $id) { ... on Budget { hardMicros } } }", id=made["id"])
    assert found == {"node": {"hardMicros": 7}}
    other = (await set_budget(admin, scope="CONVERSATION", period="DAY", hardTokens=9))["budget"]
    listed = (await admin.ask(BUDGETS))["budgets"]
    assert [each["id"] for each in listed] == [made["id"], other["id"]]
    assert listed[1]["use"] is None
    assert (await admin.ask(REMOVE, id=made["id"]))["deleteBudget"] == {"deletedId": made["id"]}
    assert [each["id"] for each in (await admin.ask(BUDGETS))["budgets"]] == [other["id"]]
    assert (await admin.ask(REMOVE, id=made["id"]))["deleteBudget"] == {"code": "NOT_FOUND"}


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({}, "input.hardMicros"),
        ({"hardMicros": -1}, "input.hardMicros"),
        ({"hardTokens": 5, "softTokens": 6}, "input.softTokens"),
        ({"hardMicros": 5, "apiKeyId": "QXBpS2V5OjAxOTNkMGQyLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA"}, "input.apiKeyId"),
    ],
)
async def test_a_budget_that_means_nothing_is_refused(
    serving: Stack, company: Company, values: dict[str, Any], path: str
) -> None:
    refused = await set_budget(serving.client(company.admin), **values)
    assert (refused["code"], refused["fields"]) == ("INVALID_INPUT", [{"path": path}])


async def test_who_sees_the_assistant_sees_budgets_and_only_who_may_sets_them(
    serving: Stack, company: Company, database_url: str
) -> None:
    agent, customer = serving.client(company.agent), serving.client(company.customer)
    assert (await agent.ask(BUDGETS))["budgets"] == []
    assert (await set_budget(agent, hardMicros=1))["code"] == "FORBIDDEN"
    for document in (BUDGETS, "{ priceList { currency } }"):
        with pytest.raises(Exception, match="FORBIDDEN"):
            await customer.ask(document)
    keeper = await hired(
        database_url, company, {Permission.MANAGE_BUDGETS: Scope.ALL, Permission.READ_ASSISTANT: Scope.ALL}
    )
    assert "budget" in await set_budget(serving.client(keeper), hardMicros=1)


async def test_spending_adds_up_by_model_purpose_and_day(serving: Stack, company: Company, ledger: SqlLedger) -> None:
    admin = serving.client(company.admin)
    assert (await admin.ask(SET_PRICES, input=PRICES))["setPrices"]["priceList"] == PRICES
    ledger.settle(await called(ledger, company, "large"), Usage(1_000, 100, 400))
    ledger.settle(await called(ledger, company, "large", Purpose.SUMMARIZE), Usage(10, 1, estimated=True))
    await called(ledger, company, "large")
    ledger.settle(await called(ledger, company, "small"), Usage(5, 5))
    await ledger.flush()
    whole = {"since": (now() - timedelta(days=1)).isoformat(), "until": (now() + timedelta(days=1)).isoformat()}
    spent = (await admin.ask(SPENDING, by="MODEL", **whole))["spending"]
    assert spent["currency"] == "EUR"
    large, small = spent["parts"]
    assert (large["calls"], large["micros"]) == (3, 600 * 3 + 100 * 15 + 10 * 3 + 15 + 100 * 3 + 10 * 15)
    assert (large["readTokens"], large["cachedTokens"], large["writtenTokens"]) == (1_110, 400, 111)
    assert (large["estimatedCalls"], large["openCalls"], large["unpricedCalls"]) == (1, 1, 0)
    assert (small["micros"], small["unpricedCalls"]) == (None, 1)
    by_purpose = (await admin.ask(SPENDING, by="PURPOSE", **whole))["spending"]["parts"]
    assert [(each["name"], each["calls"]) for each in by_purpose] == [("answer", 3), ("summarize", 1)]
    by_day = (await admin.ask(SPENDING, by="DAY", **whole))["spending"]["parts"]
    assert sum(each["calls"] for each in by_day) == 4
    assert all(each["name"] == each["day"] for each in by_day)


async def test_a_budget_shows_what_was_used_of_it(serving: Stack, company: Company, ledger: SqlLedger) -> None:
    admin = serving.client(company.admin)
    await admin.ask(SET_PRICES, input=PRICES)
    ledger.settle(await called(ledger, company, "large"), Usage(1_000, 0))
    await set_budget(admin, hardMicros=10_000)
    await called(ledger, company, "large")
    await ledger.flush()
    (budget,) = (await admin.ask(BUDGETS))["budgets"]
    assert budget["use"] == {"micros": 3_000 + 450, "tokens": 1_110, "spentAt": None}


@pytest.mark.parametrize(
    ("prices", "path"),
    [
        ({"currency": "euro", "prices": []}, "input.currency"),
        ({"currency": "EUR", "prices": [{"model": "x", "read": -1, "written": 0}]}, "input.prices.0"),
        ({"currency": "EUR", "prices": [{"model": " ", "read": 1, "written": 0}]}, "input.prices.0.model"),
        ({"currency": "EUR", "prices": [{"model": "x", "read": 1, "written": 0}] * 2}, "input.prices"),
    ],
)
async def test_prices_that_mean_nothing_are_refused(
    serving: Stack, company: Company, prices: dict[str, Any], path: str
) -> None:
    refused = (await serving.client(company.admin).ask(SET_PRICES, input=prices))["setPrices"]
    assert (refused["code"], refused["fields"]) == ("INVALID_INPUT", [{"path": path}])


@pytest.mark.parametrize("number", ["5.5", "9007199254740992", '"7"', "true"])
async def test_a_number_that_is_none_is_refused(serving: Stack, company: Company, number: str) -> None:
    given = f"scope: ORGANIZATION, period: DAY, hardMicros: {number}"
    document = f"mutation {{ setBudget(input: {{{given}}}) {{ __typename }} }}"
    with pytest.raises(Exception, match="BigInt"):
        await serving.client(company.admin).ask(document)


async def test_a_time_that_is_too_long_is_refused(serving: Stack, company: Company) -> None:
    whole = {"since": (now() - timedelta(days=401)).isoformat(), "until": now().isoformat()}
    with pytest.raises(Exception, match="INVALID_INPUT"):
        await serving.client(company.admin).ask(SPENDING, by="DAY", **whole)
