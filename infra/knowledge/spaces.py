"""Where the vectors of an embedding model are, and how they are compared: with those of the same model only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.assistant import Embedder

FEWEST = 20
"""Texts from which two models can be compared."""
STEEPEST = 8.0


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of one model: in the texts' own rows (the built-in model's), or in the tables beside them.

    The tables beside hold vectors of any length. An index is for one length only, which the statement must therefore
    name, together with the model: no two models' vectors ever meet.
    """

    model: str
    dimensions: int
    beside: bool

    @classmethod
    def of(cls, embedder: Embedder, *, beside: bool) -> Space:
        """The space of what an embedder makes."""
        return cls(embedder.name, embedder.dimensions, beside)

    def source(self, table: str) -> str:
        """What to select `passage` or `phrase` from, with their vectors as `compared` names them."""
        if not self.beside:
            return table
        return f"{table} JOIN {table}_vector AS made ON {self._belongs(table)}"

    def source_of_all(self, table: str) -> str:
        """The same, with the texts that have no vector yet."""
        return f"{table} LEFT JOIN {table}_vector AS made ON {self._belongs(table)}" if self.beside else table

    def _belongs(self, table: str) -> str:
        return f"made.{table}_id = {table}.id AND made.model = :model AND made.dimensions = {self.dimensions:d}"

    def compared(self, table: str) -> str:
        """A text's vector."""
        return f"CAST(made.vector AS halfvec({self.dimensions:d}))" if self.beside else f"{table}.embedding"

    def asked(self, name: str) -> str:
        """The vector that is bound by a name, as numbers."""
        kind = f"halfvec({self.dimensions:d})" if self.beside else "vector"
        return f"CAST(CAST(:{name} AS real[]) AS {kind})"


BUILT_IN = Space("all-MiniLM-L6-v2", 384, beside=False)
"""The space of the built-in model, whose vectors every organization has."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Brings the cosines of one model to those of another: `slope` x cosine + `offset`."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, cosine: float) -> float:
        return self.slope * cosine + self.offset

    def of(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Many at once."""
        return np.asarray(self.slope * cosines + self.offset, np.float32)

    @classmethod
    def between(cls, made: NDArray[np.float32], own: NDArray[np.float32]) -> Scale:
        """From the vectors of the same texts (rows) by one model to those by another.

        Two things are made alike: the cosine of any two texts, in the middle, and of a text with the one that is
        nearest. Every model spreads its cosines in its own way; thresholds are set in those of the built-in one.
        """
        if len(made) < FEWEST:
            return cls()
        (far, near), (far_own, near_own) = _anchors(made), _anchors(own)
        slope = min(max((near_own - far_own) / max(near - far, 1e-6), 1 / STEEPEST), STEEPEST)
        return cls(slope, far_own - slope * far)


def _anchors(vectors: NDArray[np.float32]) -> Sequence[float]:
    cosines = vectors @ vectors.T
    others = cosines[~np.eye(len(vectors), dtype=bool)].reshape(len(vectors), -1)
    return float(np.median(others)), float(np.median(others.max(axis=1)))


UNSCALED = Scale()
"""The built-in model's own cosines."""
