"""Which passages and articles fit a question best: what meaning, words and known phrases say, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from uuid import UUID

WORDS = 0.35
"""What the passage whose words fit best gets for them, beside a cosine of at most 1, where passages are long."""
SHORT = 10.0
LONG = 30.0
"""Words count for nothing where passages have 10 different words on average, and fully from 30 on.

The vector of a short answer holds all that its words say, and the words of a question about it are often others.
"""
SUPPORTERS = 3
"""Passages of an article that speak for each other."""
STEEPNESS = 12.0
FAIR = 0.5
"""Confidence is 0.5 at this evidence and rises by 0.03 with each 0.01 there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may fit: `similarity` is its cosine with the question (and its history), `words` its BM25."""

    passage_id: UUID
    article_id: UUID
    similarity: float
    words: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place in the order: `score` ranks, `confidence` (0 to 1) says whether it answers."""

    passage_id: UUID
    article_id: UUID
    score: float
    similarity: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Topic:
    """An article that may answer: `evidence` is in the units of a cosine, `confidence` from 0 to 1."""

    article_id: UUID
    evidence: float
    confidence: float


def confidence_of(evidence: float) -> float:
    """The chance-like number from 0 to 1 that thresholds are compared with."""
    return 1 / (1 + exp(-STEEPNESS * (evidence - FAIR)))


def rank(candidates: Sequence[Candidate], phrases: Mapping[UUID, float], length: float) -> list[Ranked]:
    """The candidates, best first; `phrases` is the evidence of articles' phrases, `length` the mean of passages.

    A passage counts by its own meaning and words, and by its article's: how well the article's phrases or its best
    passages fit.
    """
    share = WORDS * min(max((length - SHORT) / (LONG - SHORT), 0.0), 1.0)
    unit = share / (max((one.words for one in candidates), default=0.0) or 1.0)
    grouped: dict[UUID, list[Candidate]] = {}
    for one in candidates:
        grouped.setdefault(one.article_id, []).append(one)
    ranked = [one for article, found in grouped.items() for one in _of_article(found, phrases.get(article, 0.0), unit)]
    return sorted(ranked, key=lambda one: (-one.score, one.passage_id))


def topics(candidates: Sequence[Candidate], phrases: Mapping[UUID, float]) -> list[Topic]:
    """The articles, best first: each by its phrases or its closest passage, whichever says more."""
    evidence = dict(phrases)
    for one in candidates:
        evidence[one.article_id] = max(evidence.get(one.article_id, -1.0), one.similarity)
    found = [Topic(article, amount, confidence_of(amount)) for article, amount in evidence.items()]
    return sorted(found, key=lambda topic: -topic.evidence)


def _of_article(passages: Sequence[Candidate], phrases: float, unit: float) -> list[Ranked]:
    """The passages of one article; what its phrases say is said of its best passage."""
    own = {one.passage_id: one.similarity + unit * one.words for one in passages}
    best = sorted(passages, key=lambda one: -own[one.passage_id])[:SUPPORTERS]
    meaning = sum(one.similarity for one in best) / len(best)
    words = unit * sum(one.words for one in best) / len(best)
    support = max(meaning, phrases) + words
    own[best[0].passage_id] = max(own[best[0].passage_id], phrases + unit * best[0].words)
    sure = confidence_of(max(phrases, *(one.similarity for one in passages)))
    return [
        Ranked(one.passage_id, one.article_id, own[one.passage_id] + support, one.similarity, sure) for one in passages
    ]
