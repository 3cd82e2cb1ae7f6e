"""Embeddings by an endpoint: vectors in order and of length 1, few calls, and errors of the port and no others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest

from domain.model import ModelError, ModelRefusedError, ModelReplyError, ModelUnavailableError
from infra.models import embeddings
from infra.models.declared import DeclaredModel, RealModelError
from infra.models.embeddings import EndpointEmbedder
from tests.models import server
from tests.models.server import ModelServer


def declared(base_url: str, **values: object) -> DeclaredModel:
    return DeclaredModel.model_validate(
        {"base_url": base_url, "model": "small", "dimensions": 8, "api_key": "a-key", "texts_per_second": 1e5} | values
    )


@pytest.fixture
async def embedder(model_server: ModelServer) -> AsyncIterator[EndpointEmbedder]:
    made = EndpointEmbedder(declared(model_server.base_url))
    yield made
    await made.close()


async def test_each_text_gets_its_vector_in_order(embedder: EndpointEmbedder, model_server: ModelServer) -> None:
    texts = [f"text {number}" for number in range(150)]
    vectors = await embedder.embed(texts)
    assert [len(request.body["input"]) for request in model_server.received] == [64, 64, 22]
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(vectors, [server._vector(one, 8) for one in texts], atol=1e-6)
    assert model_server.received[0].headers["authorization"] == "Bearer a-key"


async def test_a_question_is_asked_once(embedder: EndpointEmbedder, model_server: ModelServer) -> None:
    first = await embedder.embed(["where is my parcel", "hello"])
    assert await embedder.embed(["hello", "where is my parcel"]) == first[::-1]
    assert len(model_server.received) == 1


async def test_longer_vectors_are_cut_to_length_one(model_server: ModelServer) -> None:
    cut = EndpointEmbedder(declared(model_server.base_url, dimensions=3))
    (vector,) = await cut.embed(["hello"])
    whole = server._vector("hello", 8)[:3]
    assert np.allclose(vector, whole / np.linalg.norm(whole), atol=1e-6)
    assert cut.name == "small/3"
    await cut.close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"data": []}, ModelReplyError),
        ({"data": [{"index": 0, "embedding": [1.0, 2.0]}]}, ModelReplyError),
        ({"data": [{"index": 0, "embedding": [0.0] * 8}]}, ModelReplyError),
        ({"data": [{"index": 0, "embedding": ["x"] * 8}]}, ModelReplyError),
        ({"data": None}, ModelReplyError),
        ({}, ModelReplyError),
    ],
)
async def test_what_is_no_vector_is_an_error_of_the_port(
    embedder: EndpointEmbedder, monkeypatch: pytest.MonkeyPatch, answer: object, error: type[ModelError]
) -> None:
    monkeypatch.setattr(server, "embeddings", lambda _: answer)
    with pytest.raises(error):
        await embedder.embed(["hello"])


async def test_a_refusal_is_final_and_says_nothing_of_the_key(
    embedder: EndpointEmbedder, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, 401)
    with pytest.raises(ModelRefusedError) as caught:
        await embedder.embed(["hello"])
    assert "a-key" not in str(caught.value)
    assert len(model_server.received) == 1


async def test_after_a_failure_questions_leave_the_endpoint_alone_for_a_while(
    embedder: EndpointEmbedder, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, 503)
    for _ in range(3):
        with pytest.raises(ModelUnavailableError):
            await embedder.embed(["hello"])
    assert len(model_server.received) == 2, "one try, one more, and then a rest"
    monkeypatch.undo()
    monkeypatch.setattr(embedder, "_rests_until", 0.0)
    assert len(await embedder.embed(["hello"])) == 1


async def test_a_slow_endpoint_is_not_waited_for(embedder: EndpointEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(server, "_json", never)
    monkeypatch.setattr(embeddings, "QUESTION_TIMEOUT", 0.3)
    with pytest.raises(ModelUnavailableError, match="total"):
        await embedder.embed(["hello"])


async def test_nobody_there_is_an_error_of_the_port() -> None:
    alone = EndpointEmbedder(declared("http://127.0.0.1:9/v1"))
    with pytest.raises(ModelUnavailableError):
        await alone.embed(["hello"])
    await alone.close()


def test_no_real_model_is_asked_in_tests() -> None:
    with pytest.raises(RealModelError):
        EndpointEmbedder(declared("https://models.example/v1"))


def answer_with(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """Let the server answer each request with a status."""
    answered = server._json

    async def answer(send: server.Send, _: int, headers: Sequence[str], body: object) -> None:
        await answered(send, code, headers, {"error": {"message": "No."}})

    monkeypatch.setattr(server, "_json", answer)
