"""Calls of HTTP tools: what goes out, what comes back, what is on record, and that nothing is done twice."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.assistant import Rehearsal
from domain.model import ToolCall
from domain.tool.events import CallState, ToolCalled, ToolCallStarted
from domain.tool.tool import Method
from tests.tools.conftest import Desk
from tests.tools.shop import Answer


async def test_a_read_tool_runs_at_once_and_stands_on_record(desk: Desk) -> None:
    desk.shop.answers["/look"] = lambda asked: Answer({"state": "packed", "order": asked.json["order"]})
    await desk.reading("look", "/look")
    (spec,) = await desk.parts.tools.offered(desk.question)
    assert (spec.name, spec.parameters["required"]) == ("look", ["order"])
    result = await desk.call("look", order="R-1")
    assert json.loads(result.text) == {"state": "packed", "order": "R-1"}
    (row,) = await desk.calls()
    assert (row.id, row.state, row.input) == (result.use.call_id, "succeeded", {"order": "R-1"})
    (told,) = await desk.told(f"call:{row.id}")
    assert isinstance(told, ToolCalled) and told.input == {"order": "R-1"} and "packed" in told.output


async def test_who_asks_comes_from_the_session_whatever_the_model_says(desk: Desk) -> None:
    everything = {"type": "object", "properties": {"order": {"type": "string"}}}
    _, key = await desk.reading("look", parameters=everything)
    other = str(desk.company.other_customer.identity)
    await desk.vouch()
    await desk.call("look", order="R-2", **{"x-parley-customer": other, "customer_id": other, "sub": other})
    asked = desk.shop.asked[-1]
    claims, mine = asked.claims(key), str(desk.company.customer.identity)
    assert (asked.headers["x-parley-customer"], claims["sub"]) == (mine, mine)
    assert claims["organization_id"] == str(desk.company.id) and claims["external_id"].startswith("shop-")
    assert asked.headers["x-parley-customer-external-id"] == claims["external_id"]
    assert other not in json.dumps({**asked.headers, **claims})
    assert claims["exp"] - claims["iat"] == 60
    assert asked.headers["authorization"] == "Bearer shop-secret"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "no JSON object"),
        ("{}", "'order' is a required property"),
        ('{"order": 7}', "order: 7 is not of type"),
        ('{"order": "' + "x" * 30 + '"}', "too long"),
        ('{"order": "\\u0000"}', "NUL"),
        ('{"order": "' + "x" * 30_000 + '"}', "longer than"),
        ('{"order": "R", "deep": ' + "[" * 60 + "]" * 60 + "}", "too deeply"),
    ],
)
async def test_arguments_that_do_not_fit_go_nowhere(desk: Desk, written: str, problem: str) -> None:
    await desk.reading("look")
    result = await desk.parts.tools.call(desk.question, _call("look", written))
    assert problem in result.text and not result.use.succeeded
    assert desk.shop.asked == []
    (row,) = await desk.calls()
    assert (row.id, row.state) == (result.use.call_id, "failed")


async def test_an_acting_tool_is_on_record_before_and_after(desk: Desk) -> None:
    await desk.define("cancel", "/cancel")
    result = await desk.call("cancel", order="R-1")
    assert result.use.succeeded and list(desk.shop.done) == [str(result.use.call_id)]
    started, ended = await desk.told(f"call:{result.use.call_id}")
    assert isinstance(started, ToolCallStarted) and started.attempt == 1
    assert isinstance(ended, ToolCalled) and ended.state is CallState.SUCCEEDED


async def test_an_answer_that_is_begun_again_acts_once(desk: Desk) -> None:
    await desk.define("cancel", "/cancel")
    results = [await desk.call("cancel", order="R-1") for _ in range(3)]
    assert len({each.use.call_id for each in results}) == 1 and len({each.text for each in results}) == 1
    assert len(desk.shop.asked) == 1
    later = await desk.call("cancel", replace(desk.question, id=uuid4()), order="R-1")
    assert later.use.call_id != results[0].use.call_id and len(desk.shop.done) == 2


async def test_what_one_attempt_did_another_does_not_do_in_other_words(desk: Desk) -> None:
    await desk.define("cancel", "/cancel")
    first, second = (replace(desk.question, attempt_id=uuid4()) for _ in range(2))
    done = [await desk.call("cancel", first, order=order) for order in ("R-1", "R-2")]
    assert len(desk.shop.done) == 2
    again = await desk.call("cancel", second, order="R-3")
    assert again.use.call_id in {each.use.call_id for each in done}
    assert again.text.startswith("An earlier attempt") and '"R-' in again.text
    assert len(desk.shop.done) == 2


async def test_what_failed_for_one_attempt_another_may_try(desk: Desk) -> None:
    desk.shop.answers["/shipped"] = lambda _: Answer({"problem": "shipped already"}, 409)
    await desk.define("cancel", "/shipped")
    first, second = (replace(desk.question, attempt_id=uuid4()) for _ in range(2))
    assert not (await desk.call("cancel", first, order="R-1")).use.succeeded
    assert not (await desk.call("cancel", second, order="R-2")).use.succeeded
    assert len(desk.shop.asked) == 2


async def test_a_number_is_the_same_however_it_is_written(desk: Desk) -> None:
    amount = {"type": "object", "properties": {"order": {"type": "string"}, "amount": {"type": "number"}}}
    await desk.define("refund", "/cancel", parameters=amount)
    for written in ("10", "10.0", "1e1"):
        await desk.parts.tools.call(desk.question, _call("refund", f'{{"order": "R-1", "amount": {written}}}'))
    assert len(desk.shop.asked) == 1


async def test_a_call_that_was_killed_is_made_again_under_the_same_key(desk: Desk) -> None:
    desk.shop.answers["/slow"] = lambda asked: replace(desk.shop.cancel(asked), after=0.5)
    await desk.define("cancel", "/slow")
    killed = asyncio.create_task(desk.call("cancel", order="R-1"))
    while not desk.shop.done:
        await asyncio.sleep(0.01)
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    (row,) = await desk.calls()
    assert row.state == "running"
    again = await desk.call("cancel", order="R-1")
    assert again.use.succeeded and list(desk.shop.done) == [str(row.id)]
    assert {asked.headers["idempotency-key"] for asked in desk.shop.asked} == {str(row.id)}


async def test_a_killed_call_that_nobody_asks_for_again_is_reported_as_unknown(desk: Desk) -> None:
    desk.shop.answers["/slow"] = lambda asked: replace(desk.shop.cancel(asked), after=0.5)
    await desk.define("cancel", "/slow")
    killed = asyncio.create_task(desk.call("cancel", order="R-1"))
    while not desk.shop.done:
        await asyncio.sleep(0.01)
    killed.cancel()
    await asyncio.wait([killed])
    (row,) = await desk.calls()
    desk.ahead = timedelta(minutes=11)
    await desk.age(row.id)
    assert await desk.parts.commands.actions.lapse() == 1
    (row,) = await desk.calls()
    assert (row.state, row.due_at) == ("unknown", None)
    assert "Nobody knows" in (await desk.call("cancel", order="R-1")).text and len(desk.shop.asked) == 1


async def test_an_outcome_that_nobody_knows_is_said_to_be_one(desk: Desk) -> None:
    desk.shop.answers["/broken"] = lambda _: Answer(b"", 503)
    await desk.define("cancel", "/broken")
    await desk.reading("look", "/broken")
    acted, read = await desk.call("cancel", order="R-1"), await desk.call("look", order="R-1")
    assert "Nobody knows" in acted.text and "503" in read.text
    assert len({each.headers["idempotency-key"] for each in desk.shop.asked[:2]}) == 1  # tried twice, under one key
    assert sorted(row.state for row in await desk.calls()) == ["failed", "unknown"]
    assert "Nobody knows" in (await desk.call("cancel", order="R-1")).text and len(desk.shop.asked) == 3


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer({"problem": "shipped already"}, 409), "shipped already"),
        (Answer(b"", 302, {"location": "http://127.0.0.1:1/"}), "does not follow"),
        (Answer(b"x" * 300_000, 200, {"content-type": "text/plain"}), "broke off"),
        (Answer(b"\x1f\x8b", 200, {"content-encoding": "gzip"}), "broke off"),
        (Answer({}, after=3), "in time"),
    ],
    ids=["refused", "redirect", "too long", "packed", "too slow"],
)
async def test_what_does_not_come_back_well_is_said(desk: Desk, answer: Answer, says: str) -> None:
    desk.shop.answers["/odd"] = lambda _: answer
    await desk.reading("look", "/odd", time_limit=1)
    result = await desk.call("look", order="R-1")
    assert says in result.text and not result.use.succeeded


async def test_texts_are_clipped_and_fit_for_the_database(desk: Desk) -> None:
    desk.shop.answers["/text"] = lambda _: Answer(b"a\x00b" * 5_000, 200, {"content-type": "text/plain"})
    desk.shop.answers["/json"] = lambda _: Answer(b'{"a\\u0000": "\\u0000b"}')
    await desk.reading("text", "/text")
    await desk.reading("json", "/json")
    assert (await desk.call("text", order="R-1")).text.startswith("abab")
    assert json.loads((await desk.call("json", order="R-1")).text) == {"a": "b"}
    assert all(len(row.output) <= 8_000 for row in await desk.calls())


async def test_redacted_parts_are_nowhere(desk: Desk) -> None:
    card = {"type": "object", "properties": {"order": {"type": "string"}, "card": {"type": "object"}}}
    desk.shop.answers["/pay"] = lambda _: Answer({"rows": [{"iban": "CH93", "sum": 7}, {"iban": "DE12", "sum": 8}]})
    await desk.define(
        "pay", "/pay", parameters=card, redacted_input=("card.number",), redacted_output=("rows.iban", "nothing.here")
    )
    result = await desk.call("pay", order="R-1", card={"number": "4111", "name": "Ann"})
    assert desk.shop.asked[-1].json["card"]["number"] == "4111"
    (row,) = await desk.calls()
    everywhere = result.text + json.dumps(row.input) + row.output + repr(await desk.told("call:"))
    assert "4111" not in everywhere and "CH93" not in everywhere and "DE12" not in everywhere
    assert row.input["card"] == {"number": "[redacted]", "name": "Ann"} and row.arguments is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"rows": [{"iban": "CH93"}]}, 409),
        Answer({"rows": [{"iban": "CH93", "note": "x" * 9_000}]}),
        Answer(b'{"rows": [{"iban": "CH93"}]}', 200, {"content-type": "text/plain"}),
        Answer(b'{"rows": [{"iban": "CH93"}]', 422, {"content-type": "text/html"}),
    ],
    ids=["refused", "long", "mislabelled", "mislabelled and refused"],
)
async def test_redacted_parts_are_nowhere_however_they_come(desk: Desk, answer: Answer) -> None:
    desk.shop.answers["/pay"] = lambda _: answer
    await desk.reading("pay", "/pay", redacted_output=("rows.iban",))
    result = await desk.call("pay", order="R-1")
    (row,) = await desk.calls()
    assert "[redacted]" in result.text
    assert "CH93" not in result.text + row.output + repr(await desk.told("call:"))


async def test_arguments_that_do_not_fit_are_not_quoted_where_they_are_redacted(desk: Desk) -> None:
    await desk.reading("look", redacted_input=("order",))
    result = await desk.call("look", order="4111 1111 1111 1111 1111")
    assert "4111" not in result.text + repr(await desk.calls()) + repr(await desk.told("call:"))


@pytest.mark.parametrize("levels", [40, 300, 900])
async def test_an_answer_that_is_nested_without_end_is_cut_off(desk: Desk, levels: int) -> None:
    desk.shop.answers["/deep"] = lambda _: Answer(b"[" * levels + b"1" + b"]" * levels)
    await desk.reading("look", "/deep")
    result = await desk.call("look", order="R-1")
    assert result.use.succeeded and "cut off" in result.text


async def test_what_stands_in_the_address_is_not_for_a_model_to_say(desk: Desk) -> None:
    everything = {"type": "object", "properties": {"order": {"type": "string"}}}
    await desk.reading("look", "/orders?shop=mine", method=Method.GET, parameters=everything)
    assert "shop" in (await desk.call("look", order="R-1", shop="yours")).text and desk.shop.asked == []
    await desk.call("look", order="R-1")
    assert desk.shop.asked[-1].query == {"shop": "mine", "order": "R-1"}


async def test_arguments_stay_within_their_place_in_the_address(desk: Desk) -> None:
    await desk.reading("look", "/orders/{order}", method=Method.GET)
    assert "/orders/..%2Fadmin%3Fx" in (await _path(desk, "../admin?x"))
    result = await desk.call("look", order="..")
    assert "cannot stand in an address" in result.text and len(desk.shop.asked) == 1


async def test_a_rehearsal_touches_nothing(desk: Desk) -> None:
    await desk.define("cancel", "/cancel")
    await desk.reading("look")
    rehearsed = replace(desk.question, rehearsal=Rehearsal(results={"cancel": "Cancelled."}))
    assert [spec.name for spec in await desk.parts.tools.offered(rehearsed)] == ["cancel"]
    assert (await desk.call("cancel", rehearsed, order="R-1")).text == "Cancelled."
    assert not (await desk.call("look", rehearsed, order="R-1")).use.succeeded
    assert desk.shop.asked == [] and await desk.calls() == []


async def test_where_nobody_asks_only_looking_is_offered(desk: Desk) -> None:
    await desk.define("cancel", "/cancel")
    await desk.reading("look")
    nobody = replace(desk.question, conversation_id=None, customer_id=None)
    assert [spec.name for spec in await desk.parts.tools.offered(nobody)] == ["look"]
    assert "no tool" in (await desk.call("cancel", nobody, order="R-1")).text and desk.shop.done == {}


async def test_tools_that_are_off_unknown_or_anothers_are_not_there(desk: Desk) -> None:
    await desk.define("cancel", "/cancel", enabled=False)
    for name in ("cancel", "nothing", "n" * 500, "\x00"):
        result = await desk.parts.tools.call(desk.question, _call(name.replace("\x00", "?"), '{"order": "R-1"}'))
        assert "no tool" in result.text
    assert desk.shop.asked == []


async def test_a_question_gets_so_many_calls_and_no_more(desk: Desk) -> None:
    await desk.reading("look")
    for _ in range(20):
        await desk.call("look", order="R-1")
    assert "No more tools" in (await desk.call("look", order="R-1")).text
    await desk.define("cancel", "/cancel")
    assert "No more tools" in (await desk.call("cancel", order="R-1")).text
    assert len(desk.shop.asked) == 20 and len(await desk.calls()) == 20


def _call(name: str, written: str) -> ToolCall:
    return ToolCall("1", name, written)


async def _path(desk: Desk, order: str) -> str:
    await desk.call("look", order=order)
    return desk.shop.asked[-1].path
