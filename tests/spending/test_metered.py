"""Calls of models against budgets: never more than there is, whatever happens beside them."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Any, cast

import pytest

from domain.model import (
    BudgetExhaustedError,
    CallPiece,
    ModelBrokeOffError,
    ModelDone,
    ModelPiece,
    ModelRequest,
    ModelTimedOutError,
    ModelUnavailableError,
    ScriptedModel,
    TextPiece,
    Usage,
)
from domain.spending.budget import Amount
from infra.spending.metered import Metered
from tests.spending.conftest import Treasury

USED = Usage(read=50, written=20)
SAID: list[ModelPiece | Exception] = [TextPiece("Hi."), ModelDone("stop", "scripted", USED)]


def metered(treasury: Treasury, *script: ModelPiece | Exception) -> Metered:
    return Metered(ScriptedModel([script or SAID]), treasury.ledger)


async def said(model: Metered, request: ModelRequest) -> list[ModelPiece]:
    return [piece async for piece in model.generate(request)]


async def test_a_call_is_paid_as_the_model_counted_it(treasury: Treasury) -> None:
    await treasury.limit(hard=10_000)
    done = (await said(metered(treasury), treasury.request()))[-1]
    assert done == ModelDone("stop", "scripted", USED, cost_micros=90)
    await treasury.ledger.flush()
    assert await treasury.uses() == [Amount(90, 70)]
    (call,) = await treasury.calls()
    assert (call.micros, call.read, call.written, call.estimated) == (90, 50, 20, False)
    assert call.settled_at is not None


async def test_nobody_pays_twice_for_a_settlement_that_came_twice(treasury: Treasury) -> None:
    await treasury.limit(hard=10_000)
    reservation = await treasury.ledger.reserve(treasury.request(), "scripted", Usage(10, 100))
    for _ in range(3):
        treasury.ledger.settle(reservation, USED)
    await treasury.ledger.flush()
    treasury.ledger.settle(reservation, USED)
    await treasury.ledger.flush()
    assert await treasury.uses() == [Amount(90, 70)]


async def test_two_hundred_at_once_get_as_many_calls_as_there_is_money_for(treasury: Treasury) -> None:
    """Each call sets 208 micros aside: 8 tokens of a message with 5 bytes, at most 100 of the reply at 2 micros."""
    model = metered(treasury, TextPiece("Hi."), ModelDone("stop", "scripted", Usage(read=3, written=100)))
    request = treasury.request()
    await treasury.limit(hard=7 * 208 + 100)
    found = await asyncio.gather(*(said(model, request) for _ in range(200)), return_exceptions=True)
    refused = [each for each in found if isinstance(each, BudgetExhaustedError)]
    assert len(refused) == 193
    assert {each.budget for each in refused} == {"organization/month"}
    assert len(cast(ScriptedModel, model.model).asked) == 7
    await treasury.ledger.flush()
    assert await treasury.uses() == [Amount(7 * 203, 7 * 103)]


async def test_models_that_use_more_than_was_set_aside_overspend_by_the_calls_in_flight(treasury: Treasury) -> None:
    """One that writes ten times what it may is believed; what had begun until then is all that is overspent."""
    model = metered(treasury, TextPiece("Hi."), ModelDone("stop", "scripted", Usage(read=3, written=1_000)))
    await treasury.limit(hard=7 * 208)
    first = await asyncio.gather(*(said(model, treasury.request()) for _ in range(200)), return_exceptions=True)
    await treasury.ledger.flush()
    assert len([each for each in first if isinstance(each, list)]) == 7
    assert await treasury.uses() == [Amount(7 * 2_003, 7 * 1_003)]
    await treasury.redis.flushall()
    with pytest.raises(BudgetExhaustedError):
        await said(model, treasury.request(most_tokens=1))


async def test_two_processes_share_one_budget(treasury: Treasury) -> None:
    await treasury.limit(tokens=10 * 108)
    other = treasury.beside()
    waits = [treasury.ledger.reserve(treasury.request(), "scripted", Usage(8, 100)) for _ in range(50)]
    waits += [other.reserve(treasury.request(), "scripted", Usage(8, 100)) for _ in range(50)]
    found = await asyncio.gather(*waits, return_exceptions=True)
    assert len([each for each in found if not isinstance(each, Exception)]) == 10


async def test_a_crash_after_the_reservation_is_paid_as_it_was_estimated(treasury: Treasury) -> None:
    await treasury.limit(hard=10_000)
    await treasury.ledger.reserve(treasury.request(), "scripted", Usage(9, 100, estimated=True))
    await said(metered(treasury), treasury.request())
    await treasury.ledger.flush()
    assert await treasury.uses() == [Amount(209 + 90, 109 + 70)]
    lost, settled = await treasury.calls()
    assert (lost.micros, lost.estimated, lost.settled_at) == (209, True, None)
    assert settled.settled_at is not None


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param([ModelUnavailableError("no")], Amount(), id="turned away"),
        pytest.param([ModelTimedOutError("first_token")], Amount(8, 8), id="read and never answered"),
        pytest.param([TextPiece("Hello there, dear"), ModelBrokeOffError("cut")], Amount(8 + 12, 8 + 6), id="cut"),
        pytest.param([CallPiece(0, '{"a": 1}', "1", "say"), ModelDone("stop", "x")], Amount(16, 12), id="silent"),
        pytest.param(
            [TextPiece("Hi."), ModelDone("stop", "x", Usage(read=-(10**9), written=5))], Amount(10, 9), id="absurd"
        ),
    ],
)
async def test_whatever_ends_a_call_it_is_paid_for_what_it_did(
    treasury: Treasury, script: list[Any], expected: Amount
) -> None:
    await treasury.limit(hard=10_000)
    with suppress(ModelUnavailableError, ModelBrokeOffError):
        await said(metered(treasury, *script), treasury.request())
    await treasury.ledger.flush()
    assert await treasury.uses() == [expected]


async def test_who_stops_listening_pays_for_what_was_written(treasury: Treasury) -> None:
    await treasury.limit(hard=10_000)
    model = metered(treasury, TextPiece("Hi."), TextPiece("Never read."), ModelDone("stop", "x", USED))
    async with aclosing(cast(Any, model.generate(treasury.request()))) as pieces:
        assert await anext(pieces) == TextPiece("Hi.")
    await treasury.ledger.flush()
    assert await treasury.uses() == [Amount(10, 9)]


async def test_who_leaves_while_they_wait_for_money_leaves_it_there(treasury: Treasury) -> None:
    await treasury.limit(hard=10_000)
    waiting = asyncio.create_task(said(metered(treasury), treasury.request()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await treasury.ledger.flush()
    assert await treasury.uses() in ([], [Amount()])
