"""A model within its limits: how often it is asked, how long it may take, and when it is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from time import monotonic
from typing import Any, cast
from uuid import UUID

import pytest
from redis.asyncio import Redis

from domain.model import (
    BudgetExhaustedError,
    BudgetUnknownError,
    LanguageModel,
    ModelBrokeOffError,
    ModelDone,
    ModelMessage,
    ModelPiece,
    ModelRefusedError,
    ModelReplyError,
    ModelRequest,
    ModelTimedOutError,
    ModelUnavailableError,
    Purpose,
    Role,
    ScriptedModel,
    TextPiece,
)
from infra.models.breaker import Breaker, RestingError
from infra.models.declared import DeclaredModel, Limits
from infra.models.limits import Guarded
from infra.models.openai import OpenAIModel
from tests.models.replies import Ending, hang, status, text
from tests.models.server import ModelServer

REQUEST = ModelRequest(UUID(int=1), Purpose.ANSWER, (ModelMessage(Role.USER, "Hello?"),))
WHOLE = (TextPiece("Hello."), ModelDone("stop", "m"))
AWAY = ModelUnavailableError("away")

Guard = Callable[..., Guarded]


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def guard(redis: Redis) -> Guard:
    def guarded(model: LanguageModel, **values: Any) -> Guarded:
        limits = Limits(**{"failures": 100, **values})
        return Guarded(model, limits, breaker(redis, failures=limits.failures, rest=limits.rest))

    return guarded


def breaker(redis: Redis, failures: int = 2, rest: float = 20, probe: float = 5) -> Breaker:
    return Breaker("m", redis, failures=failures, rest=rest, probe=probe)


async def said(model: LanguageModel) -> list[ModelPiece]:
    async with aclosing(cast(AsyncGenerator[ModelPiece, None], model.generate(REQUEST))) as pieces:
        return [piece async for piece in pieces]


def served(server: ModelServer, **limits: Any) -> OpenAIModel:
    return OpenAIModel("m", DeclaredModel(base_url=server.base_url, model="m", limits=Limits(**limits)))


@pytest.mark.parametrize("failure", [AWAY, ModelBrokeOffError("broke off")])
async def test_what_has_not_begun_is_tried_again(guard: Guard, failure: Exception) -> None:
    model = ScriptedModel([(failure,), (failure,), WHOLE])
    assert await said(guard(model)) == list(WHOLE)
    assert len(model.asked) == 3


async def test_there_are_only_so_many_tries(guard: Guard) -> None:
    model = ScriptedModel([(AWAY,)])
    with pytest.raises(ModelUnavailableError):
        await said(guard(model, tries=2))
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    "failure", [ModelRefusedError("no"), ModelReplyError("bad"), BudgetExhaustedError("month"), BudgetUnknownError("x")]
)
async def test_what_would_fail_again_is_not_tried_again(guard: Guard, failure: Exception) -> None:
    model = ScriptedModel([(failure,), WHOLE])
    with pytest.raises(type(failure)):
        await said(guard(model))
    assert len(model.asked) == 1


async def test_nothing_is_tried_again_once_it_has_begun(guard: Guard) -> None:
    model = ScriptedModel([(TextPiece("Hel"), ModelBrokeOffError("broke off")), WHOLE])
    with pytest.raises(ModelBrokeOffError):
        await said(guard(model))
    assert len(model.asked) == 1


async def test_a_wish_to_be_asked_later_is_honoured(guard: Guard, model_server: ModelServer) -> None:
    model_server.say(status(429, retry_after=0.6), text("Hello."))
    pieces = await said(guard(served(model_server)))
    assert pieces[0] == TextPiece("Hello.")
    one, two = model_server.received
    assert two.at - one.at >= 0.6


async def test_a_wish_that_is_too_long_fails_at_once(guard: Guard, model_server: ModelServer) -> None:
    model_server.say(status(429, retry_after=30))
    began = monotonic()
    with pytest.raises(ModelUnavailableError) as raised:
        await said(guard(served(model_server), first_token=15))
    assert monotonic() - began < 10
    assert raised.value.retry_after == 30
    assert len(model_server.received) == 1


async def test_tries_share_the_time_for_the_first_token(guard: Guard, model_server: ModelServer) -> None:
    model_server.say(status(500), hang())
    with pytest.raises(ModelTimedOutError) as raised:
        await said(guard(served(model_server), first_token=0.8))
    assert raised.value.limit == "first_token"
    assert len(model_server.received) == 2
    await model_server.until(lambda: model_server.received[1].closed_at)


@pytest.mark.parametrize(
    ("values", "limit"),
    [({"between_tokens": 0.2}, "between_tokens"), ({"total": 0.3}, "total")],
)
async def test_a_reply_that_stalls_times_out(
    guard: Guard, model_server: ModelServer, values: dict[str, float], limit: str
) -> None:
    model_server.say(text("one two").then(Ending.HANG))
    seen: list[ModelPiece] = []
    with pytest.raises(ModelTimedOutError) as raised:
        async for piece in guard(served(model_server), **values).generate(REQUEST):
            seen.append(piece)
    assert raised.value.limit == limit
    assert seen == [TextPiece("one "), TextPiece("two")]
    await model_server.until(lambda: model_server.received[0].closed_at)


async def test_so_many_calls_at_a_time_and_no_more(guard: Guard, model_server: ModelServer) -> None:
    model_server.say(text("one").then(Ending.HANG))
    model = guard(served(model_server), concurrency=2, queue=0.1)
    held = [cast(AsyncGenerator[ModelPiece, None], model.generate(REQUEST)) for _ in range(2)]
    for one in held:
        await anext(one)
    with pytest.raises(ModelUnavailableError):
        await said(model)
    assert len(model_server.received) == 2
    await held[0].aclose()
    assert await anext(cast(AsyncGenerator[ModelPiece, None], model.generate(REQUEST))) == TextPiece("one")
    await held[1].aclose()


async def test_closing_gives_the_place_back_whenever_it_comes(guard: Guard, model_server: ModelServer) -> None:
    model_server.say(hang())
    model = guard(served(model_server), concurrency=1, queue=1)
    for _ in range(3):
        model_server.received.clear()
        asking = asyncio.create_task(said(model))
        await model_server.until(lambda: model_server.received)
        asking.cancel()
        await asyncio.wait([asking])
    model_server.say(text("Hello."))
    assert (await said(model))[0] == TextPiece("Hello.")


async def test_after_failures_in_a_row_no_worker_asks(redis: Redis) -> None:
    model = ScriptedModel([(AWAY,)])
    one, other = (Guarded(model, Limits(tries=1), breaker(redis)) for _ in range(2))
    for each in (one, other):
        with pytest.raises(ModelUnavailableError):
            await said(each)
    for each in (one, other):
        with pytest.raises(RestingError):
            await said(each)
    assert len(model.asked) == 2


async def test_a_success_between_failures_starts_the_count_anew(redis: Redis) -> None:
    model = ScriptedModel([(AWAY,), WHOLE, (AWAY,), WHOLE])
    guarded = Guarded(model, Limits(tries=1), breaker(redis))
    for fails in (True, False, True, False):
        if fails:
            with pytest.raises(ModelUnavailableError):
                await said(guarded)
        else:
            await said(guarded)


async def test_what_a_customer_can_cause_closes_nothing(redis: Redis) -> None:
    model = ScriptedModel([(ModelReplyError("empty"),), (ModelRefusedError("filter"),), (BudgetUnknownError("b"),)])
    guarded = Guarded(model, Limits(tries=1), breaker(redis, failures=1))
    for error in (ModelReplyError, ModelRefusedError, BudgetUnknownError, BudgetUnknownError):
        with pytest.raises(error):
            await said(guarded)


async def test_after_its_rest_one_call_shows_whether_it_is_back(redis: Redis) -> None:
    state = breaker(redis, failures=1, rest=0.2, probe=60)
    await state.record(failed=True)
    with pytest.raises(RestingError):
        await state.expect_closed()
    await asyncio.sleep(0.3)
    await state.expect_closed()
    with pytest.raises(RestingError):
        await state.expect_closed()
    await state.record(failed=False)
    for _ in range(3):
        await state.expect_closed()


async def test_a_failed_probe_opens_it_again(redis: Redis) -> None:
    state = breaker(redis, failures=1, rest=0.2, probe=0.1)
    await state.record(failed=True)
    await asyncio.sleep(0.3)
    await state.expect_closed()
    await state.record(failed=True)
    with pytest.raises(RestingError):
        await state.expect_closed()


async def test_without_redis_each_worker_counts_for_itself() -> None:
    async with Redis.from_url("redis://127.0.0.1:9/0") as away:
        state = breaker(away)
        await state.expect_closed()
        for _ in range(2):
            await state.record(failed=True)
        with pytest.raises(RestingError):
            await state.expect_closed()


async def test_lost_state_is_no_error(redis: Redis) -> None:
    state = breaker(redis, failures=1)
    await state.record(failed=True)
    for key in await redis.keys("parley:breaker:*"):
        await redis.set(key, "{}")
    await state.expect_closed()
    await state.record(failed=True)
    with pytest.raises(RestingError):
        await state.expect_closed()
