"""Budgets as time passes, as they change, and while other things fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from domain.base import UnavailableError
from domain.model import BudgetExhaustedError, BudgetUnknownError, Usage
from domain.spending.budget import Amount
from domain.spending.events import BudgetScope, BudgetSpent, BudgetWarned, Period
from infra.spending.ledger import SqlLedger
from infra.spending.refusals import Refusals
from infra.unit_of_work import SqlUnits
from tests.spending.conftest import Treasury
from tests.stack import found_company

ASKED = Usage(read=10, written=0)
"""Ten micros."""


async def reserve(treasury: Treasury, **values: Any) -> bool:
    """Whether a call that costs ten micros may be made."""
    try:
        await treasury.ledger.reserve(treasury.request(**values), "scripted", ASKED)
    except BudgetExhaustedError:
        return False
    return True


async def test_each_limit_is_told_once_in_a_period(treasury: Treasury) -> None:
    treasury.clock.at = datetime(2027, 1, 31, 12, tzinfo=UTC)
    await treasury.limit(soft=15, hard=25, period=Period.DAY)
    assert [await reserve(treasury) for _ in range(4)] == [True, True, False, False]
    await treasury.redis.flushall()
    assert not await reserve(treasury)
    month = datetime(2027, 1, 31, tzinfo=UTC)
    assert await treasury.told(BudgetWarned) == [BudgetWarned(treasury.organization_id, month, 20, 20)]
    assert await treasury.told(BudgetSpent) == [BudgetSpent(treasury.organization_id, month, 20, 20)]


@pytest.mark.parametrize(
    ("period", "last", "next_"),
    [
        (Period.DAY, datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
        (Period.MONTH, datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),
        (Period.MONTH, datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)),
    ],
)
async def test_a_new_period_begins_with_the_whole_budget(
    treasury: Treasury, period: Period, last: datetime, next_: datetime
) -> None:
    await treasury.limit(hard=10, period=period)
    treasury.clock.at = last
    before = await treasury.ledger.reserve(treasury.request(), "scripted", ASKED)
    assert not await reserve(treasury)
    await treasury.redis.flushall()
    treasury.clock.at = next_
    assert await reserve(treasury)
    treasury.ledger.settle(before, Usage(read=4))
    await treasury.ledger.flush()
    assert sorted(use.micros for use in await treasury.uses()) == [4, 10]


async def test_a_budget_that_is_made_late_knows_what_was_used_before_it(treasury: Treasury) -> None:
    open_call = await treasury.ledger.reserve(treasury.request(), "scripted", Usage(read=100))
    done = await treasury.ledger.reserve(treasury.request(), "scripted", Usage(read=100))
    treasury.ledger.settle(done, Usage(read=30))
    await treasury.ledger.flush()
    await treasury.limit(hard=139)
    assert not await reserve(treasury)
    treasury.ledger.settle(open_call, Usage(read=5))
    await treasury.ledger.flush()
    await treasury.redis.flushall()
    assert await reserve(treasury)
    assert await treasury.uses() == [Amount(45, 45)]


async def test_each_conversation_and_each_key_has_its_own_share(treasury: Treasury) -> None:
    await treasury.limit(hard=10, scope=BudgetScope.CONVERSATION)
    await treasury.limit(hard=20, scope=BudgetScope.API_KEY)
    one, other, key = uuid4(), uuid4(), uuid4()
    assert await reserve(treasury, conversation_id=one, api_key_id=key)
    assert not await reserve(treasury, conversation_id=one)
    assert await reserve(treasury, conversation_id=other, api_key_id=key)
    assert not await reserve(treasury, conversation_id=uuid4(), api_key_id=key)
    assert await reserve(treasury)


async def test_tokens_are_limited_where_no_price_is_known(treasury: Treasury) -> None:
    await treasury.limit(hard=0, tokens=25)
    for _ in range(2):
        await treasury.ledger.reserve(treasury.request(), "unpriced", ASKED)
    with pytest.raises(BudgetExhaustedError):
        await treasury.ledger.reserve(treasury.request(), "unpriced", ASKED)
    assert await treasury.uses() == [Amount(0, 20)]
    assert [call.micros for call in await treasury.calls()] == [None, None]


async def test_a_raised_limit_is_noticed_when_the_refusal_is_forgotten(treasury: Treasury) -> None:
    await treasury.limit(hard=5)
    assert not await reserve(treasury)
    name = f"parley:spent:{treasury.organization_id}:{treasury.organization_id}"
    assert 0 < await treasury.redis.pttl(name) <= 2_000
    await treasury.limit(hard=15)
    await treasury.redis.flushall()
    assert await reserve(treasury)


async def test_without_redis_nothing_is_overspent(treasury: Treasury) -> None:
    away = Redis(port=1)
    ledger = SqlLedger(treasury.ledger.units, Refusals(away), treasury.clock, uuid4, treasury.ledger.prices)
    await treasury.limit(hard=100)
    calls = (ledger.reserve(treasury.request(), "scripted", ASKED) for _ in range(50))
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert len([each for each in found if not isinstance(each, BaseException)]) == 10
    assert len([each for each in found if isinstance(each, BudgetExhaustedError)]) == 40
    await away.aclose()


async def test_other_organizations_neither_pay_nor_wait(treasury: Treasury, database_url: str) -> None:
    await treasury.limit(hard=10)
    assert await reserve(treasury)
    assert not await reserve(treasury)
    neighbour = await found_company(database_url)
    request = treasury.request()
    await treasury.ledger.reserve(replace(request, organization_id=neighbour.id), "scripted", ASKED)
    assert await treasury.uses() == [Amount(10, 10)]


async def test_without_the_database_nobody_knows_what_is_left(treasury: Treasury) -> None:
    @asynccontextmanager
    async def away(*_: object) -> AsyncIterator[None]:
        raise UnavailableError
        yield

    treasury.ledger.units = cast(SqlUnits, away)
    with pytest.raises(BudgetUnknownError):
        await treasury.ledger.reserve(treasury.request(), "model", Usage(10, 10))
