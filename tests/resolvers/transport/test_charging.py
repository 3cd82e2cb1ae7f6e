"""Operations are charged before and after, events one by one, and a caller in debt waits."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx2
import pytest

from domain.budget import Balance, Budget
from resolvers.transport import Charges, TransportLimits
from resolvers.transport.charging import size
from tests.resolvers.transport.conftest import Running, eventually
from tests.resolvers.transport.test_socket import ready, receive, send, subscribe
from tests.resolvers.transport.toy import World

PATH = "/graphql"


@dataclass
class Ledger:
    """Budgets that leak by the clock of the process, and tell what was asked of them."""

    level: float = 0.0
    at: float = field(default_factory=time.monotonic)
    taken: list[float] = field(default_factory=list)
    charged: list[float] = field(default_factory=list)

    async def take(self, budget: Budget, amount: float) -> Balance:
        self._leak(budget)
        if self.level + amount > budget.capacity:
            missing = self.level + amount - budget.capacity
            return Balance(budget.capacity - self.level, missing / budget.restore_rate)
        self.taken.append(amount)
        self.level += amount
        return Balance(budget.capacity - self.level)

    def charge(self, budget: Budget, amount: float) -> Balance:
        self._leak(budget)
        self.charged.append(amount)
        self.level = max(0.0, self.level + amount)
        return Balance(budget.capacity - self.level, max(0.0, (self.level - budget.capacity) / budget.restore_rate))

    def _leak(self, budget: Budget) -> None:
        now = time.monotonic()
        self.level = max(0.0, self.level - (now - self.at) * budget.restore_rate)
        self.at = now


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def charged(serve: Callable[..., Running], ledger: Ledger) -> Callable[..., Running]:
    """Starts a server where everybody has the same budget."""

    def start(capacity: float, restore_rate: float) -> Running:
        budget = Budget("everybody", capacity, restore_rate)
        return serve(TransportLimits(), charges=Charges(lambda: ledger, lambda caller, connection: budget))

    return start


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(timeout=10) as opened:
        yield opened


async def test_the_estimate_comes_first_and_what_was_too_much_is_given_back(
    charged: Callable[..., Running], http: httpx2.AsyncClient, ledger: Ledger
) -> None:
    answer = (await http.post(charged(1_000, 1).url, json={"query": "{ items { number } }"})).json()
    assert ledger.taken == [11]  # ten items, since the document does not say how many
    assert size(answer["data"]) == answer["extensions"]["cost"]["actual"] == 3  # there are two
    assert ledger.charged[-1] == 3 - 11


async def test_an_answer_with_errors_gives_nothing_back(
    charged: Callable[..., Running], http: httpx2.AsyncClient, ledger: Ledger
) -> None:
    query = "{ items(first: 100) { number } strictBoom }"
    answer = (await http.post(charged(1_000, 1).url, json={"query": query})).json()
    assert answer["data"] is None
    cost = answer["extensions"]["cost"]
    assert cost["requested"] == cost["actual"] == 102
    assert ledger.charged[-1] == 0


async def test_a_document_is_read_at_a_cost_once(
    charged: Callable[..., Running], http: httpx2.AsyncClient, ledger: Ledger
) -> None:
    url = charged(1_000, 1).url
    for _ in range(3):
        await http.post(url, json={"query": "{ hello }" + " " * 91})
    assert [amount for amount in ledger.charged if amount > 1] == [21]


async def test_who_is_in_debt_has_nothing_read(
    charged: Callable[..., Running], http: httpx2.AsyncClient, ledger: Ledger
) -> None:
    url = charged(100, 1).url
    ledger.level = 150
    refused = await http.post(url, json={"query": "{ not even a document"})
    assert refused.status_code == 429
    extensions = refused.json()["errors"][0]["extensions"]
    assert extensions == {"code": "RATE_LIMITED", "retryAfter": int(refused.headers["retry-after"])}
    assert extensions["retryAfter"] in (50, 51)
    assert refused.json()["extensions"]["cost"]["available"] in (-51, -50)


async def test_a_stream_that_is_refused_says_so_by_its_status(
    charged: Callable[..., Running], http: httpx2.AsyncClient, ledger: Ledger
) -> None:
    url = charged(1_000, 1).url
    for level, query in ((1_050, "subscription { count(to: 1) }"), (950, "subscription { count(to: 1000000) } #")):
        ledger.level = level
        body = {"query": query + " " * 300}
        refused = await http.post(url, json=body, headers={"accept": "text/event-stream"})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/json; charset=utf-8"
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_large_body_costs_what_it_takes_to_decode(
    charged: Callable[..., Running], http: httpx2.AsyncClient, ledger: Ledger
) -> None:
    url = charged(1_000, 1).url
    body = {"query": "{ hello }", "variables": {"unused": "x" * 100_000}}
    assert (await http.post(url, json=body)).status_code == 200
    assert 500 < ledger.level < 520
    assert [(await http.post(url, json=body)).status_code for _ in range(2)] == [429, 429]


async def test_messages_of_a_caller_in_debt_are_read_slowly(charged: Callable[..., Running], ledger: Ledger) -> None:
    async with ready(charged(200, 1)) as opened:
        for expected in (0.0, 1.0):
            began = time.monotonic()
            await send(opened, type="ping")
            assert (await receive(opened))["type"] == "pong"
            assert expected <= time.monotonic() - began < expected + 5
            ledger.level = 300


async def test_the_first_event_is_billed_and_each_later_one_is_charged(
    charged: Callable[..., Running], ledger: Ledger
) -> None:
    async with ready(charged(1_000, 1)) as opened:
        await subscribe(opened, "1", "subscription { count(to: 3) }")
        events = [(await receive(opened))["payload"] for _ in range(3)]
    assert [list(event) for event in events] == [["data", "extensions"], ["data"], ["data"]]
    assert events[0]["extensions"]["cost"]["requested"] == 1
    assert ledger.taken == [1]
    assert [amount for amount in ledger.charged if amount == 1] == [1, 1]


async def test_events_wait_for_a_caller_in_debt(charged: Callable[..., Running], ledger: Ledger) -> None:
    async with ready(charged(200, 20)) as opened:
        ledger.level = 190
        await subscribe(opened, "1", "subscription { count(to: 30) }")
        began = time.monotonic()
        for _ in range(30):
            await receive(opened)
        assert 0.5 < time.monotonic() - began < 10


async def test_a_caller_in_debt_can_still_leave(charged: Callable[..., Running], ledger: Ledger, world: World) -> None:
    async with ready(charged(200, 0.1)) as opened:
        ledger.level = 190
        await subscribe(opened, "1", "subscription { count(to: 30) }")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                while True:
                    assert (await receive(opened))["type"] == "next"
        assert world.ended == 0
    await eventually(lambda: world.ended == 1)


def test_the_size_of_an_answer_is_its_fields() -> None:
    assert size(None) == size([]) == 0
    assert size({"a": 1, "b": {"c": [{"d": 1}, {"d": 2}, None], "e": []}}) == 6
