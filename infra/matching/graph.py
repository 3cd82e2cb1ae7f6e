"""The MiniLM sentence encoder as an ONNX graph with 8-bit weights, built from its published weights without PyTorch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

BUILDER_VERSION = 1
"""Counts changes of this file that change what it builds; part of the cached file's name."""

OPSET = 20
HEADS = 12
WIDTH = 384
PADDING = 0
WEIGHT_STEPS = 63
"""Weights are kept in 7 of 8 bits: processors without VNNI would overflow when they add two full products."""
INPUT_STEPS = 127

Weights = Mapping[str, NDArray[np.float32]]


class Graph:
    """An ONNX graph as it is written down: each operation returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """A named tensor; the same name twice is the same tensor."""
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def ints(self, *values: int) -> str:
        """A vector of integers: axes and shapes."""
        return self.constant(f"ints_{values}", np.array(values, np.int64))

    def number(self, value: float) -> str:
        """A single number."""
        return self.constant(f"number_{value}", np.array(value, np.float32))

    def add(self, operation: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        """One operation; with several outputs they are called `name:0`, `name:1`, …"""
        name = f"{operation}_{len(self.nodes)}"
        names = [name] if outputs == 1 else [f"{name}:{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(operation, inputs, names, name=name, **attributes))
        return name


def build(weights: Weights, layers: int) -> onnx.ModelProto:
    """The encoder: `tokens` (int64, texts x positions, padded with 0) to `vectors` (float32, texts x 384, length 1)."""
    graph = Graph()
    present = graph.add("Not", graph.add("Equal", "tokens", graph.constant("padding", np.array(PADDING, np.int64))))
    mask = graph.add("Cast", present, to=TensorProto.FLOAT)
    missing = graph.add("Mul", graph.add("Sub", mask, graph.number(1.0)), graph.number(10_000.0))
    bias = graph.add("Unsqueeze", missing, graph.ints(1, 2))
    hidden = _embed(graph, weights)
    for layer in range(layers):
        hidden = _layer(graph, weights, f"encoder.layer.{layer}", hidden, bias)
    _pool(graph, hidden, mask)
    return _model(graph)


def _embed(graph: Graph, weights: Weights) -> str:
    """Word, position and segment vectors, added up."""
    positions = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    steps, scale = _quantise(weights["embeddings.word_embeddings.weight"], axis=1, limit=INPUT_STEPS)
    words = graph.add("Gather", graph.constant("words", steps), "tokens")
    scales = graph.add("Gather", graph.constant("words.scale", scale), "tokens")
    words = graph.add("Mul", graph.add("Cast", words, to=TensorProto.FLOAT), scales)
    length = graph.add("Shape", "tokens", start=1, end=2)
    places = graph.add("Slice", graph.constant("positions", positions), graph.ints(0), length, graph.ints(0))
    return _normalise(graph, weights, "embeddings.LayerNorm", graph.add("Add", words, places))


def _layer(graph: Graph, weights: Weights, name: str, hidden: str, bias: str) -> str:
    """One transformer block: attention, then the feed-forward part, each added to its input and normalised."""
    attended = _dense(graph, weights, f"{name}.attention.output.dense", _attend(graph, weights, name, hidden, bias))
    hidden = _normalise(graph, weights, f"{name}.attention.output.LayerNorm", graph.add("Add", attended, hidden))
    inner = graph.add("Gelu", _dense(graph, weights, f"{name}.intermediate.dense", hidden))
    outer = _dense(graph, weights, f"{name}.output.dense", inner)
    return _normalise(graph, weights, f"{name}.output.LayerNorm", graph.add("Add", outer, hidden))


def _attend(graph: Graph, weights: Weights, name: str, hidden: str, bias: str) -> str:
    """Multi-head attention; query, key and value come from one multiplication, which is faster than three."""
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([weights[f"{part}.weight"] for part in parts]).T
    offset = np.concatenate([weights[f"{part}.bias"] for part in parts])
    joined = _multiply(graph, f"{name}.qkv", hidden, matrix, offset)
    split = graph.add("Split", joined, outputs=3, num_outputs=3, axis=-1)
    query, key, value = (
        graph.add("Transpose", graph.add("Reshape", f"{split}:{index}", graph.ints(0, 0, HEADS, -1)), perm=order)
        for index, order in enumerate(([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]))
    )
    scores = graph.add("Mul", graph.add("MatMul", query, key), graph.number((WIDTH // HEADS) ** -0.5))
    shares = graph.add("Softmax", graph.add("Add", scores, bias), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.add("Reshape", mixed, graph.ints(0, 0, WIDTH))


def _dense(graph: Graph, weights: Weights, name: str, hidden: str) -> str:
    return _multiply(graph, name, hidden, weights[f"{name}.weight"].T, weights[f"{name}.bias"])


def _multiply(graph: Graph, name: str, hidden: str, matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
    """`hidden @ matrix + bias` in 8-bit whole numbers.

    Each position is scaled by its own largest value, not by the batch's: closer to the exact result, and a text's
    vector does not depend on the texts that are computed with it.
    """
    steps, scale = _quantise(matrix, axis=0, limit=WEIGHT_STEPS)
    top = graph.add("ReduceMax", graph.add("Abs", hidden), graph.ints(-1), keepdims=1)
    unit = graph.add("Mul", top, graph.number(1 / INPUT_STEPS))
    whole = graph.add("Add", graph.add("Round", graph.add("Div", hidden, unit)), graph.number(128.0))
    zero = graph.constant("zero_point", np.array(128, np.uint8))
    whole = graph.add("Cast", whole, to=TensorProto.UINT8)
    product = graph.add("MatMulInteger", whole, graph.constant(f"{name}.weight", steps), zero)
    product = graph.add("Mul", graph.add("Cast", product, to=TensorProto.FLOAT), unit)
    product = graph.add("Mul", product, graph.constant(f"{name}.scale", scale))
    return graph.add("Add", product, graph.constant(f"{name}.bias", bias))


def _quantise(matrix: NDArray[np.float32], axis: int, limit: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The matrix as whole steps of -limit to limit, and the size of a step along `axis`."""
    scale = np.abs(matrix).max(axis=axis, keepdims=True) / limit
    scale[scale == 0] = 1
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)


def _normalise(graph: Graph, weights: Weights, name: str, hidden: str) -> str:
    scale, bias = (graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", hidden, scale, bias, axis=-1, epsilon=1e-12)


def _pool(graph: Graph, hidden: str, mask: str) -> None:
    """The mean over the text's own positions, scaled to length 1 (the mean's divisor falls out of it)."""
    kept = graph.add("Mul", hidden, graph.add("Unsqueeze", mask, graph.ints(2)))
    total = graph.add("ReduceSum", kept, graph.ints(1), keepdims=0)
    graph.nodes.append(helper.make_node("LpNormalization", [total], ["vectors"], axis=-1, p=2))


def _model(graph: Graph) -> onnx.ModelProto:
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["texts", "positions"])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])
    body = helper.make_graph(graph.nodes, "minilm", [tokens], [vectors], list(graph.constants.values()))
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 10
    return model


def write(model: onnx.ModelProto, target: Path) -> None:
    """Puts the model at `target` in one step, so that processes that build it at once do not disturb each other."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(model.SerializeToString())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
