"""A model behind an endpoint: what is sent, what comes back, and each way in which it fails."""

from __future__ import annotations

import asyncio
import socket
import traceback
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast
from uuid import UUID

import pytest

from domain.model import (
    CallPiece,
    ModelBrokeOffError,
    ModelDone,
    ModelError,
    ModelMessage,
    ModelPiece,
    ModelRefusedError,
    ModelReplyError,
    ModelRequest,
    ModelTimedOutError,
    ModelUnavailableError,
    Purpose,
    Role,
    TextPiece,
    ToolCall,
    ToolSpec,
    Usage,
)
from infra.models.declared import DeclaredModel, Limits, RealModelError
from infra.models.openai import OpenAIModel
from tests.models.replies import Ending, Reply, call, empty, endless, first, hang, status, text
from tests.models.server import ModelServer

TOOL = ToolSpec("answer", "Answer the question.", {"type": "object", "properties": {"text": {"type": "string"}}})


def request(**values: Any) -> ModelRequest:
    messages = (ModelMessage(Role.SYSTEM, "Be kind."), ModelMessage(Role.USER, "May I send it back?"))
    return ModelRequest(UUID(int=1), Purpose.ANSWER, **{"messages": messages, **values})


def model_at(server: ModelServer, **values: Any) -> OpenAIModel:
    values = {"base_url": server.base_url, "model": "small", "api_key": "a-key-of-ours", **values}
    return OpenAIModel("small", DeclaredModel.model_validate(values))


async def said(model: OpenAIModel, asked: ModelRequest | None = None) -> list[ModelPiece]:
    async with aclosing(cast(AsyncGenerator[ModelPiece, None], model.generate(asked or request()))) as pieces:
        return [piece async for piece in pieces]


async def test_text_comes_piece_by_piece_and_ends_with_what_it_used(model_server: ModelServer) -> None:
    model_server.say(text("Within 45 days."))
    pieces = await said(model_at(model_server))
    assert pieces[:-1] == [TextPiece("Within "), TextPiece("45 "), TextPiece("days.")]
    assert pieces[-1] == ModelDone("stop", "small", Usage(read=11, written=7, cached=3))


async def test_a_call_keeps_its_number_and_its_arguments_to_the_byte(model_server: ModelServer) -> None:
    model_server.say(call("answer", '{"text": "Schöne Grüße 🙂', size=3))
    pieces = await said(model_at(model_server))
    called = [piece for piece in pieces if isinstance(piece, CallPiece)]
    assert (called[0].id, called[0].name) == ("call_1", "answer")
    assert {piece.index for piece in called} == {0}
    assert "".join(piece.arguments for piece in called) == '{"text": "Schöne Grüße 🙂'
    assert cast(ModelDone, pieces[-1]).reason == "tool_calls"


@pytest.mark.parametrize("index", [None, 0])
async def test_a_new_id_is_a_new_call_where_the_endpoint_does_not_count(
    model_server: ModelServer, index: int | None
) -> None:
    calls = [{"id": id_, "function": {"name": "look", "arguments": f'"{id_}"'}} for id_ in ("a", "b")]
    deltas = tuple({"tool_calls": [one if index is None else one | {"index": index}]} for one in calls)
    model_server.say(Reply(deltas, finish="tool_calls"))
    pieces = [piece for piece in await said(model_at(model_server)) if isinstance(piece, CallPiece)]
    assert [(piece.index, piece.id, piece.arguments) for piece in pieces] == [(0, "a", '"a"'), (1, "b", '"b"')]


async def test_what_is_sent_is_the_request_and_nothing_of_whose_it_is(model_server: ModelServer) -> None:
    messages = (
        ModelMessage(Role.USER, "Where is it?"),
        ModelMessage(Role.ASSISTANT, "", (ToolCall("c1", "look", "{}"),)),
        ModelMessage(Role.TOOL, "Here.", call_id="c1"),
    )
    asked = request(messages=messages, tools=(TOOL,), must_call=True, temperature=0.2, most_tokens=50)
    await said(model_at(model_server), asked)
    (received,) = model_server.received
    assert received.headers["authorization"] == "Bearer a-key-of-ours"
    assert "openai-organization" not in received.headers or received.headers["openai-organization"] == ""
    body = received.body
    assert (body["model"], body["temperature"], body["max_tokens"], body["tool_choice"]) == (
        "small",
        0.2,
        50,
        "required",
    )
    function = {"name": "look", "arguments": "{}"}
    assert body["messages"][1]["tool_calls"] == [{"id": "c1", "type": "function", "function": function}]
    assert body["messages"][2] == {"role": "tool", "content": "Here.", "tool_call_id": "c1"}
    assert body["tools"][0]["function"]["parameters"] == TOOL.parameters
    assert str(UUID(int=1)) not in str(body)


async def test_fields_that_an_endpoint_does_not_know_stay_away(model_server: ModelServer) -> None:
    model = model_at(model_server, without=["stream_options", "tool_choice"], tokens_field="max_completion_tokens")
    await said(model, request(tools=(TOOL,), most_tokens=9))
    body = model_server.received[0].body
    assert body["max_completion_tokens"] == 9
    assert not {"stream_options", "tool_choice", "max_tokens", "temperature"} & body.keys()


async def test_tokens_are_estimated_where_nobody_counts_them(model_server: ModelServer) -> None:
    model_server.say(text("Within 45 days.", usage=None))
    usage = cast(ModelDone, (await said(model_at(model_server)))[-1]).usage
    assert usage == Usage(read=7, written=4, estimated=True)


@pytest.mark.parametrize(
    ("reply", "error", "seen"),
    [
        (status(429, retry_after=2), ModelUnavailableError, 0),
        (status(500), ModelUnavailableError, 0),
        (status(503, retry_after=0.5), ModelUnavailableError, 0),
        (status(429, kind="insufficient_quota"), ModelRefusedError, 0),
        (status(400, kind="content_filter"), ModelRefusedError, 0),
        (status(401), ModelRefusedError, 0),
        (status(404), ModelRefusedError, 0),
        (Reply(status=307, headers={"location": "http://127.0.0.1:9/v1"}), ModelRefusedError, 0),
        (empty(), ModelReplyError, 0),
        (Reply(finish="content_filter"), ModelRefusedError, 0),
        (Reply(({"content": 7},)), ModelReplyError, 0),
        (Reply(({"tool_calls": [{"index": 0, "function": {}}]},)), ModelReplyError, 0),
        (Reply(({"tool_calls": 7},)), ModelReplyError, 0),
        (Reply(ending=Ending.CUT), ModelBrokeOffError, 0),
        (text("one two").then(Ending.CUT), ModelBrokeOffError, 2),
        (text("one two").then(Ending.ERROR), ModelBrokeOffError, 2),
        (text("one two").then(Ending.UNFINISHED), ModelBrokeOffError, 2),
        (text("one two").then(Ending.MALFORMED), ModelReplyError, 2),
        (first(call("answer", {"text": "Hello"}), 2, Ending.CUT), ModelBrokeOffError, 2),
    ],
)
async def test_each_failure_is_one_of_the_ports_errors(
    model_server: ModelServer, reply: Reply, error: type[ModelError], seen: int
) -> None:
    model_server.say(reply)
    pieces: list[ModelPiece] = []
    with pytest.raises(ModelError) as raised:
        async for piece in model_at(model_server).generate(request()):
            pieces.append(piece)
    assert type(raised.value) is error
    assert len(pieces) == seen
    assert "a-key-of-ours" not in str(raised.value)
    if isinstance(raised.value, ModelUnavailableError):
        wish = reply.headers.get("retry-after")
        assert raised.value.retry_after == (float(wish) if wish else None)
    assert len(model_server.received) == 1


@pytest.mark.parametrize("code", [400, 401, 429, 500])
async def test_no_traceback_quotes_what_the_endpoint_wrote(model_server: ModelServer, code: int) -> None:
    """An endpoint may quote the prompt in its errors, and a part of the key."""
    model_server.say(Reply(status=code, body={"error": {"message": "You said: May I send it back? Key: a-key"}}))
    with pytest.raises(ModelError) as raised:
        await said(model_at(model_server))
    told = "".join(traceback.format_exception(raised.value))
    assert "send it back" not in told
    assert "a-key" not in told


async def test_whether_an_endpoint_is_there_is_known_without_a_token(model_server: ModelServer) -> None:
    await model_at(model_server).is_there()
    assert [received.path for received in model_server.received] == ["/v1/models"]
    with pytest.raises(ModelUnavailableError):
        await OpenAIModel("gone", DeclaredModel(base_url="http://127.0.0.1:9/v1", model="m")).is_there()


async def test_an_endpoint_that_is_not_there_is_unavailable() -> None:
    model = OpenAIModel("gone", DeclaredModel(base_url="http://127.0.0.1:9/v1", model="m"))
    with pytest.raises(ModelUnavailableError):
        await said(model)


async def test_an_endpoint_that_does_not_take_the_connection_times_out() -> None:
    """A listener whose queue of connections is full leaves further ones without an answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        where = listener.getsockname()
        waiting = [asyncio.create_task(asyncio.open_connection(*where)) for _ in range(4)]
        await asyncio.sleep(0.1)
        declared = DeclaredModel(base_url=f"http://127.0.0.1:{where[1]}/v1", model="m", limits=Limits(connect=0.2))
        with pytest.raises(ModelTimedOutError) as raised:
            await said(OpenAIModel("deaf", declared))
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
    assert raised.value.limit == "connect"


async def test_a_reply_without_end_is_cut_off_and_its_request_closed(model_server: ModelServer) -> None:
    model_server.say(endless(0))
    with pytest.raises(ModelReplyError):
        await said(model_at(model_server, limits={"most_characters": 200}))
    await model_server.until(lambda: model_server.received[0].closed_at)


async def test_a_reply_may_not_be_much_longer_than_its_tokens(model_server: ModelServer) -> None:
    model_server.say(endless(0))
    seen = 0
    with pytest.raises(ModelReplyError):
        async for _ in model_at(model_server).generate(request(most_tokens=5)):
            seen += 1
    assert seen <= 21


@pytest.mark.parametrize("reply", [hang(), text("one two three").slowly(60), text("one").then(Ending.HANG)])
async def test_cancelling_closes_the_request(model_server: ModelServer, reply: Reply) -> None:
    model_server.say(reply)
    asking = asyncio.create_task(said(model_at(model_server)))
    await model_server.until(lambda: model_server.received)
    await asyncio.sleep(0.05)
    asking.cancel()
    await asyncio.wait([asking])
    await model_server.until(lambda: model_server.received[0].closed_at, seconds=0.5)


async def test_closing_the_generator_closes_the_request(model_server: ModelServer) -> None:
    model_server.say(text("one two three").then(Ending.HANG))
    pieces = cast(AsyncGenerator[ModelPiece, None], model_at(model_server).generate(request()))
    assert await anext(pieces) == TextPiece("one ")
    await pieces.aclose()
    await model_server.until(lambda: model_server.received[0].closed_at, seconds=0.5)


def test_no_real_model_is_asked_by_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = DeclaredModel(base_url="https://models.example/v1", model="m")
    for one in (
        "https://127.0.0.1.models.example",
        "http://[::2]/v1",
        "http://localhost.example/v1",
        "http://2130706434",
    ):
        with pytest.raises(RealModelError):
            OpenAIModel("m", elsewhere.model_copy(update={"base_url": one}))
    with pytest.raises(RealModelError):
        OpenAIModel("m", elsewhere)
    monkeypatch.delenv("PARLEY_REAL_MODELS")
    OpenAIModel("m", elsewhere)
