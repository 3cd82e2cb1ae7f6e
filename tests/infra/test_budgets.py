"""Leaky buckets: what they hold, whom they refuse, and what happens while Redis is away."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from domain.budget import Budget
from infra.edge import budgets
from infra.edge.budgets import PREFIX, RedisBudgets

SLOW = Budget("somebody", capacity=100, restore_rate=1)
QUICK = Budget("somebody", capacity=100, restore_rate=200)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(url)
    try:
        yield redis
    finally:
        await redis.aclose()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connected(redis_url) as opened:
        yield opened


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address where nobody listens, and nobody else will."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}"


async def test_what_fits_is_taken_and_what_does_not_is_told_when(redis: Redis) -> None:
    kept = RedisBudgets(redis)
    assert (await kept.take(SLOW, 60)).available == pytest.approx(40, abs=1)
    refused = await kept.take(SLOW, 60)
    assert refused.retry_after == pytest.approx(20, abs=1)
    assert refused.available == pytest.approx(40, abs=1)
    assert (await kept.take(SLOW, 40)).retry_after == 0


async def test_it_leaks(redis: Redis) -> None:
    kept = RedisBudgets(redis)
    await kept.take(QUICK, 100)
    refused = await kept.take(QUICK, 50)
    assert 0 < refused.retry_after <= 0.25
    await asyncio.sleep(refused.retry_after)
    assert (await kept.take(QUICK, 50)).retry_after == 0


async def test_an_empty_bucket_leaves_nothing_in_redis(redis: Redis) -> None:
    kept = RedisBudgets(redis)
    await kept.take(QUICK, 20)
    assert 0 < await redis.pttl(PREFIX + "somebody") <= 100
    await asyncio.sleep(0.12)
    assert await redis.exists(PREFIX + "somebody") == 0


async def test_processes_share_a_bucket_and_callers_do_not(redis: Redis) -> None:
    one, other = RedisBudgets(redis), RedisBudgets(redis)
    await one.take(SLOW, 90)
    assert (await other.take(SLOW, 20)).retry_after > 0
    assert (await other.take(Budget("somebody else", 100, 1), 20)).retry_after == 0


async def test_no_two_of_a_crowd_take_the_same_points(redis: Redis) -> None:
    crowd = [RedisBudgets(redis) for _ in range(5)]
    balances = await asyncio.gather(*(each.take(SLOW, 10) for each in crowd * 10))
    assert sum(balance.retry_after == 0 for balance in balances) == 10


async def test_points_given_back_can_be_taken_again(redis: Redis) -> None:
    kept = RedisBudgets(redis)
    await kept.take(SLOW, 100)
    assert kept.charge(SLOW, -70).available == pytest.approx(70, abs=1)
    assert (await kept.take(SLOW, 60)).retry_after == 0
    assert (await RedisBudgets(redis).take(SLOW, 60)).retry_after > 0


async def test_a_debt_is_paid_before_anything_is_taken(redis: Redis) -> None:
    kept = RedisBudgets(redis)
    assert kept.charge(SLOW, 150).retry_after == pytest.approx(50, abs=1)
    await kept.tell()
    refused = await RedisBudgets(redis).take(SLOW, 1)
    assert refused.retry_after == pytest.approx(51, abs=1)
    assert refused.available == pytest.approx(-50, abs=1)


async def test_more_than_a_batch_is_told(redis: Redis) -> None:
    kept = RedisBudgets(redis)
    for number in range(250):
        kept.charge(Budget(str(number), 100, 1), 50)
    await kept.tell()
    assert len(await redis.keys(PREFIX + "*")) == 250


async def test_without_redis_the_process_keeps_the_level_itself(nowhere: str) -> None:
    async with connected(nowhere) as away:
        kept = RedisBudgets(away)
        balances = [await kept.take(SLOW, 30) for _ in range(4)]
    assert [balance.retry_after > 0 for balance in balances] == [False, False, False, True]
    assert balances[3].retry_after == pytest.approx(20, abs=1)


async def test_an_outage_neither_empties_a_bucket_nor_is_forgotten(redis: Redis, nowhere: str) -> None:
    seconds = iter(range(0, 10_000, 2))
    kept = RedisBudgets(redis, clock=lambda: next(seconds) / 1_000)
    await kept.take(SLOW, 50)
    async with connected(nowhere) as away:
        kept._pour = away.register_script(budgets.POUR)
        assert (await kept.take(SLOW, 40)).retry_after == 0
        assert (await kept.take(SLOW, 20)).retry_after > 0
    kept._pour, kept._ask_again_at = redis.register_script(budgets.POUR), 0.0
    await kept.tell()
    assert (await RedisBudgets(redis).take(SLOW, 20)).retry_after == pytest.approx(10, abs=1)


async def test_a_flood_of_keys_does_not_grow_the_process(nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "MOST_KEYS", 10)
    async with connected(nowhere) as away:
        kept = RedisBudgets(away)
        for number in range(100):
            kept.charge(Budget(str(number), 100, 1), 50)
    assert len(kept._empty_at) == len(kept._untold) == 10
