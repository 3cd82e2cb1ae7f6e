"""Which words, and pairs of neighbours, tell an article's phrases from those of the others: counted, not fitted."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

RARE = 0.3
"""How often a word counts as said by every topic beforehand, by its share of all phrases."""
LONE = 8.0
"""Phrases of a topic, on average, up to which their words say nothing that their vectors do not say better."""

WORD = re.compile(r"\w+")

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Words:
    """Counts of a naive Bayes classifier: `terms` are hashes in order, of which number i was said by the `topics` from
    `starts[i]` to `starts[i + 1]`, in so many of their phrases as `counts` has; `sizes` are the topics' phrases."""

    terms: NDArray[np.uint32]
    starts: NDArray[np.int32]
    topics: NDArray[np.int32]
    counts: NDArray[np.int32]
    sizes: NDArray[np.int32]

    @classmethod
    def of(cls, topics: Sequence[UUID], phrases: Iterable[tuple[UUID, str]]) -> Words:
        """Counts the phrases of these topics; their order does not matter."""
        place = {topic: number for number, topic in enumerate(topics)}
        known = [(place[topic], text) for topic, text in phrases if topic in place]
        counted = Counter((term, topic) for topic, text in known for term in _terms(text))
        pairs = np.array(sorted(counted), np.int64).reshape(-1, 2)
        counts = np.array([counted[term, topic] for term, topic in pairs.tolist()], np.int32)
        terms, starts = np.unique(pairs[:, 0].astype(np.uint32), return_index=True)
        sizes = np.bincount(np.array([topic for topic, _ in known], np.int64), minlength=len(topics))
        bounds = np.append(starts, len(pairs)).astype(np.int32)
        return cls(terms, bounds, pairs[:, 1].astype(np.int32), counts, sizes.astype(np.int32))

    @property
    def weight(self) -> float:
        """How much words say beside vectors, from 0 to 1: the more, the more phrases a topic has."""
        return max(0.0, 1.0 - LONE / max(float(self.sizes.mean()), 1.0)) if len(self.sizes) else 0.0

    def evidence(self, text: str) -> Numbers:
        """For each topic the logarithm of the odds that its phrases have the words of a text, by the root of their
        number."""
        total = np.zeros(len(self.sizes))
        asked = np.array(sorted(_terms(text)), np.uint32)
        places = np.searchsorted(self.terms, asked)
        found = [place for place, term in zip(places, asked, strict=True) if self._has(place, term)]
        for place in found:
            total += self._odds(slice(self.starts[place], self.starts[place + 1]))
        return np.asarray(total / max(len(found), 1) ** 0.5, np.float32)

    def _has(self, place: int, term: int) -> bool:
        return place < len(self.terms) and self.terms[place] == term

    def _odds(self, said: slice) -> NDArray[np.float64]:
        own = np.zeros(len(self.sizes))
        own[self.topics[said]] = self.counts[said]
        everybody, phrases = own.sum(), self.sizes.sum()
        expected = RARE * everybody / phrases
        inside = (own + expected) / (self.sizes + RARE)
        outside = (everybody - own + expected) / (phrases - self.sizes + RARE)
        return np.asarray(np.log(inside / outside))

    def arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """What it is made of, by names, to be stored."""
        return {f"words_{name}": getattr(self, name) for name in ("terms", "starts", "topics", "counts", "sizes")}

    @classmethod
    def stored(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Words:
        """What `arrays` gave."""
        return cls(*(arrays[f"words_{name}"] for name in ("terms", "starts", "topics", "counts", "sizes")))  # type: ignore[arg-type]


def _terms(text: str) -> set[int]:
    words = WORD.findall(text.casefold())
    pairs = (f"{one} {two}" for one, two in pairwise(words))
    return {zlib.crc32(term.encode()) for term in (*words, *pairs)}
