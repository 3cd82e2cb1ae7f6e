"""Calls of models against budgets: never more than there is, whatever happens beside them."""

from __future__ import annotations

from domain.model import (
    ModelDone,
    ModelPiece,
    ModelRequest,
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
