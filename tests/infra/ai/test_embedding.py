"""The model computes what its weights say, the same in any company, and is built once."""

import math
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from infra.matching import embedding
from infra.matching.embedding import MiniLM, ModelNotInstalledError, model_folder

TEXTS = [
    "Where is my parcel?",
    "How do I wash a wool jumper?",
    "I would like to return the boots that I bought last week, because the left one is too small for my foot.",
    "refund",
    "Bitte hilf mir! 🙂",
]


def exact(text: str) -> NDArray[np.float64]:
    """The model in plain NumPy with its own 32-bit weights, written from the description of the architecture."""
    folder = model_folder()
    weights = load_file(folder / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    ids = tokenizer.encode(text).ids
    hidden = weights["embeddings.word_embeddings.weight"][ids]
    hidden = hidden + weights["embeddings.position_embeddings.weight"][: len(ids)]
    hidden = normalised(weights, "embeddings.LayerNorm", hidden + weights["embeddings.token_type_embeddings.weight"][0])
    for number in range(6):
        hidden = block(weights, f"encoder.layer.{number}", hidden)
    mean: NDArray[np.float64] = hidden.mean(axis=0)
    return mean / np.linalg.norm(mean)


def block(weights: dict[str, NDArray[np.float32]], name: str, hidden: NDArray[np.float32]) -> NDArray[np.float32]:
    heads = [
        dense(weights, f"{name}.attention.self.{part}", hidden).reshape(-1, 12, 32).transpose(1, 0, 2)
        for part in ("query", "key", "value")
    ]
    scores = heads[0] @ heads[1].transpose(0, 2, 1) / math.sqrt(32)
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    mixed = (shares @ heads[2]).transpose(1, 0, 2).reshape(len(hidden), 384)
    attended = dense(weights, f"{name}.attention.output.dense", mixed)
    hidden = normalised(weights, f"{name}.attention.output.LayerNorm", attended + hidden)
    inner = dense(weights, f"{name}.intermediate.dense", hidden)
    inner = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
    return normalised(weights, f"{name}.output.LayerNorm", dense(weights, f"{name}.output.dense", inner) + hidden)


def dense(weights: dict[str, NDArray[np.float32]], name: str, hidden: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(hidden @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])


def normalised(weights: dict[str, NDArray[np.float32]], name: str, hidden: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = hidden - hidden.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return np.asarray(scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"])


async def test_vectors_are_those_of_the_exact_model(embedder: MiniLM) -> None:
    for text, vector in zip(TEXTS, await embedder.embed(TEXTS), strict=True):
        assert len(vector) == embedder.dimensions == 384
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
        assert float(np.dot(vector, exact(text))) > 0.985, text


async def test_close_in_meaning_is_close(embedder: MiniLM) -> None:
    lost, late, wash = await embedder.embed(["my card was stolen", "somebody took my bank card", "wash at 30 degrees"])
    assert np.dot(lost, late) > 0.6
    assert np.dot(lost, wash) < 0.2


async def test_a_vector_does_not_depend_on_its_neighbours(embedder: MiniLM) -> None:
    together = await embedder.embed(TEXTS * 10)
    for text, vector in zip(TEXTS, together, strict=False):
        assert np.allclose((await embedder.embed([text]))[0], vector, atol=1e-5)


async def test_odd_texts_have_vectors_too(embedder: MiniLM) -> None:
    long = "word " * 5_000
    empty, cut, beginning = await embedder.embed(["", long, "word " * 254])
    assert np.linalg.norm(empty) == pytest.approx(1, abs=1e-5)
    assert np.allclose(cut, beginning, atol=1e-5)
    assert await embedder.embed([]) == []


async def test_a_repeated_question_is_not_computed_again(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = MiniLM(models)
    computed: list[Sequence[str]] = []
    compute = embedder.compute

    def counted(texts: Sequence[str]) -> list[list[float]]:
        computed.append(texts)
        return compute(texts)

    monkeypatch.setattr(embedder, "compute", counted)
    monkeypatch.setattr(embedding, "REMEMBERED_TEXTS", 2)
    first = await embedder.embed(["a", "b", "a"])
    assert await embedder.embed(["b", "a"]) == [first[1], first[0]]
    assert computed == [["a", "b"]]
    await embedder.embed(["c"])
    await embedder.embed(["b"])
    assert computed == [["a", "b"], ["c"], ["b"]]


def build(folder: str) -> list[float]:
    return MiniLM(Path(folder)).compute(["hello"])[0]


def test_processes_that_build_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        found = pool.map(build, [str(tmp_path)] * 3)
    assert found[0] == found[1] == found[2]
    assert [path.suffix for path in tmp_path.iterdir()] == [".onnx"]


async def test_missing_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "PACKAGE", "no_such_weights")
    with pytest.raises(ModelNotInstalledError, match="requirements-model"):
        await MiniLM(tmp_path).embed(["hello"])
