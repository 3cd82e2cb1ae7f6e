"""What is learned from an organization's phrases: a softmax regression on their vectors, beside their words."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from infra.knowledge.spaces import UNSCALED, Scale
from infra.matching.wording import Words

STEPS = 300
RATE = 0.5
PENALTY = 3e-5
WEIGHT = 0.05
"""The penalty on large weights is the lesser of `PENALTY` and `WEIGHT` a phrase: the more phrases, the less it takes.

Chosen on validation parts of public corpora; a third or three times as much hardly changes the accuracy.
"""
NEAREST = 5.0
"""A topic's value is its logit plus this many times the cosine of its nearest phrase."""
SURENESS = 5.0
"""A topic's evidence adds this many times both that cosine and the cosine of its phrases' mean."""
WORDED = 0.15
WORDED_SURELY = 0.2
"""What the words of a question add to a topic's logit, and to its evidence, for each unit of their log-odds."""
FEWEST_TOPICS = 5
FEWEST_PHRASES = 2
MOST_PHRASES = 20_000
MOST_TOPICS = 2_000
"""Larger knowledge is found by cosine alone: fitting would take minutes and hundreds of megabytes."""

LOGIT = 8.0
"""Logits are scaled so that the mean one of the learned phrases, for their own topics, is this: more phrases make
greater logits, but no surer answers."""
CENTRE = 11.5
SPREAD = 24.0
"""Evidence in the units of a cosine is 0.5 + (evidence - CENTRE) / SPREAD.

Measured on validation questions, 5 to 150 topics of 2 to 130 phrases: 5 % of the known ones lie below 10 to 16, 80 %
of those from other worlds below 8 to 11.
"""

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """A fitted regression: `weights` and `means` are topics by dimensions, the means of length 1; `bias` a topic.

    `scale` brings its logits to their usual size.
    """

    topics: tuple[UUID, ...]
    weights: Matrix
    bias: Matrix
    means: Matrix
    scale: float
    words: Words

    def evidence(
        self, text: str, vector: Sequence[float], nearest: Mapping[UUID, float], scaled: Scale = UNSCALED
    ) -> dict[UUID, float]:
        """How well each topic fits a question, its words and its vector, in the units of a cosine, best first.

        `nearest` holds the cosine of the nearest phrase of the topics that have one near, `scaled` as are those with
        the means. The order is by value; a topic's evidence is never above that of a topic with a greater value.
        """
        question = np.asarray(vector, np.float32)
        cosines = np.array([nearest.get(topic, min(nearest.values(), default=0.0)) for topic in self.topics])
        logits = self.weights @ question + self.bias
        worded = self.words.weight * self.words.evidence(text)
        values = logits + NEAREST * cosines + WORDED * worded
        sure = (
            self.scale * logits
            + WORDED_SURELY * worded
            + NEAREST * cosines
            + SURENESS * (cosines + scaled.of(self.means @ question))
        )
        order = np.argsort(-values, kind="stable")
        amounts = np.minimum.accumulate(0.5 + (sure[order] - CENTRE) / SPREAD)
        return {self.topics[index]: float(amount) for index, amount in zip(order, amounts, strict=True)}

    def to_bytes(self) -> bytes:
        """The head as an uncompressed NumPy archive."""
        file = io.BytesIO()
        topics = np.frombuffer(b"".join(topic.bytes for topic in self.topics), np.uint8).reshape(-1, 16)
        fitted = {"weights": self.weights, "bias": self.bias, "means": self.means, "scale": np.array(self.scale)}
        arrays: dict[str, Any] = {"topics": topics, **fitted, **self.words.arrays()}
        np.savez(file, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Head:
        """The head that `to_bytes` wrote; raises ValueError for anything else."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            topics = tuple(UUID(bytes=row.tobytes()) for row in file["topics"])
            fitted = file["weights"], file["bias"], file["means"], float(file["scale"])
            return cls(topics, *fitted, Words.stored(file))


def train(
    phrases: Sequence[tuple[UUID, Sequence[float] | Matrix]], texts: Iterable[tuple[UUID, str]] = ()
) -> Head | None:
    """Fits a head to (topic, vector) pairs, and counts the words of (topic, text) pairs.

    The same pairs, in any order, give the same head.

    Topics with fewer than two phrases are left to the cosine. None where fewer than five topics are left, or where
    there is too much to fit. Takes half a second for 800 phrases, some 10 s for 15,000.
    """
    topics, vectors, classes = _arranged(phrases)
    if not FEWEST_TOPICS <= len(topics) <= MOST_TOPICS or len(vectors) > MOST_PHRASES:
        return None
    weights, bias = fit(vectors, classes, len(topics))
    means = np.stack([vectors[classes == index].mean(axis=0) for index in range(len(topics))])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    own = (vectors * weights[classes]).sum(axis=1) + bias[classes]
    return Head(topics, weights, bias, means, LOGIT / max(float(own.mean()), 1.0), Words.of(topics, texts))


def _arranged(
    phrases: Sequence[tuple[UUID, Sequence[float] | Matrix]],
) -> tuple[tuple[UUID, ...], Matrix, NDArray[np.int64]]:
    """Topics with enough phrases, the vectors of these, and the index of each vector's topic."""
    grouped: dict[UUID, list[Matrix]] = {}
    for topic, vector in phrases:
        grouped.setdefault(topic, []).append(np.asarray(vector, np.float32))
    kept = {topic: rows for topic, rows in sorted(grouped.items()) if len(rows) >= FEWEST_PHRASES}
    rows = [row for found in kept.values() for row in sorted(found, key=lambda row: row.tobytes())]
    classes = np.repeat(np.arange(len(kept)), [len(found) for found in kept.values()])
    return tuple(kept), np.array(rows, np.float32), classes


def fit(vectors: Matrix, classes: NDArray[np.int64], count: int) -> tuple[Matrix, Matrix]:
    """Softmax regression by Adam on all vectors at once, its rate falling along a cosine; no chance in it.

    Returns weights (classes by dimensions) and bias (classes).
    """
    inputs = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    wanted = np.zeros((len(vectors), count), np.float32)
    wanted[np.arange(len(vectors)), classes] = 1
    penalty = np.full((inputs.shape[1], 1), min(PENALTY, WEIGHT / len(vectors)), np.float32)
    penalty[-1] = 0
    solution = np.zeros((inputs.shape[1], count), np.float32)
    momentum, energy = np.zeros_like(solution), np.zeros_like(solution)
    for step in range(1, STEPS + 1):
        gradient = inputs.T @ ((softmax(inputs @ solution) - wanted) / len(vectors)) + penalty * solution
        momentum = 0.9 * momentum + 0.1 * gradient
        energy = 0.999 * energy + 0.001 * gradient**2
        rate = RATE * (1 + np.cos(np.pi * step / STEPS)) / 2
        solution -= rate * momentum / (1 - 0.9**step) / (np.sqrt(energy / (1 - 0.999**step)) + 1e-8)
    return solution[:-1].T.copy(), solution[-1].copy()


def softmax(logits: Matrix) -> Matrix:
    """Each row as shares that add up to 1."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)
