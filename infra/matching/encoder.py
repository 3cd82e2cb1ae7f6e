"""The MiniLM sentence encoder in memory: texts become tokens, and tokens vectors, in the caller's thread."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from infra.matching.graph import BUILDER_VERSION, WIDTH, build, write

LAYERS = 6
MAX_TOKENS = 256
BATCH_TOKENS = 384
"""Positions in one run, padding included: larger batches of long texts fall out of the processor's cache."""


class Encoder:
    """Reads the weights in `folder`; the graph that is built of them is kept in `cache` (23 MB)."""

    def __init__(self, folder: Path, cache: Path, *, threads: int) -> None:
        self._tokenizer = _tokenizer(folder)
        self._session = _session(_built(folder, cache), threads)

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        for rows in _batches([len(ids) for ids in tokens]):
            vectors[rows] = self._session.run(["vectors"], {"tokens": _padded([tokens[row] for row in rows])})[0]
        return [row.tolist() for row in vectors]


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
