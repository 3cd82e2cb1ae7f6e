"""Which passages and articles fit a question best: what meaning, words and known phrases say, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import exp, log
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
AGREEMENT = 0.08
"""What the mean of phrases and passages gains: two that agree are surer than either."""
MIDDLE = 0.015
"""What a passage's cosine gains as evidence: its vector is the middle of two, and so a little further from all."""
STEEPNESS = 12.0
FAIR = 0.5
"""Confidence is 0.5 at this evidence and rises by 0.03 with each 0.01 there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may fit: its cosine with the question alone and with its history, and its BM25.

    The history helps to tell passages apart; it says nothing of whether the question can be answered.
    """

    passage_id: UUID
    article_id: UUID
    alone: float
    similarity: float
    words: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place: `score` ranks, `similarity` is its cosine with the question, `confidence` (0 to 1)
    says whether its article answers."""

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


def evidence_of(confidence: float) -> float:
    """The evidence that has a confidence above 0 and below 1."""
    return FAIR + log(confidence / (1 - confidence)) / STEEPNESS


@dataclass(frozen=True, slots=True)
class Phrases:
    """How well the phrases of articles fit, in the units of a cosine; `learned` names those that the head knows."""

    evidence: Mapping[UUID, float]
    learned: Set[UUID] = frozenset()

    def beside(self, article: UUID, passages: float) -> float:
        """The evidence for an article with that of its passages.

        Several phrases that were learned from say as much as passages do. A title alone may say little, and then
        does no harm.
        """
        own = self.evidence.get(article, 0.0)
        return AGREEMENT + (own + passages) / 2 if article in self.learned else max(own, passages)


def rank(candidates: Sequence[Candidate], phrases: Phrases, length: float) -> list[Ranked]:
    """The candidates, best first; `length` is how many different words the organization's passages have on average.

    A passage counts by its own meaning and words, and by its article's: how well the article's phrases and its best
    passages fit. A title alone lifts the best passage and no more: what it names, others may name too.
    """
    unit = WORDS * longness(length) / (max((one.words for one in candidates), default=0.0) or 1.0)
    ranked = [one for found in _by_article(candidates).values() for one in _of_article(found, phrases, unit)]
    return sorted(ranked, key=lambda one: (-one.score, one.passage_id))


def longness(length: float) -> float:
    """From 0, where passages are short, to 1; `length` is how many different words they have on average."""
    return min(max((length - SHORT) / (LONG - SHORT), 0.0), 1.0)


def topics(candidates: Sequence[Candidate], phrases: Phrases) -> list[Topic]:
    """The articles, best first; one whose passages are all further away than the candidates counts as the furthest."""
    furthest = min((one.alone for one in candidates), default=None)
    grouped = _by_article(candidates)
    evidence = {article: _evidence(found, phrases) for article, found in grouped.items()}
    for article, amount in phrases.evidence.items():
        if article not in grouped:
            evidence[article] = amount if furthest is None else phrases.beside(article, furthest)
    found = [Topic(article, amount, confidence_of(amount)) for article, amount in evidence.items()]
    return sorted(found, key=lambda topic: -topic.evidence)


def _by_article(candidates: Sequence[Candidate]) -> dict[UUID, list[Candidate]]:
    grouped: dict[UUID, list[Candidate]] = {}
    for one in candidates:
        grouped.setdefault(one.article_id, []).append(one)
    return grouped


def _evidence(passages: Sequence[Candidate], phrases: Phrases) -> float:
    return phrases.beside(passages[0].article_id, MIDDLE + max(one.alone for one in passages))


def _of_article(passages: Sequence[Candidate], phrases: Phrases, unit: float) -> list[Ranked]:
    """The passages of one article; what its phrases say is said of its best passage."""
    article = passages[0].article_id
    own = {one.passage_id: one.similarity + unit * one.words for one in passages}
    best = sorted(passages, key=lambda one: -own[one.passage_id])[:SUPPORTERS]
    meaning = sum(one.similarity for one in best) / len(best)
    words = unit * sum(one.words for one in best) / len(best)
    support = (phrases.beside(article, meaning) if article in phrases.learned else meaning) + words
    lifted = phrases.beside(article, best[0].similarity) + unit * best[0].words
    own[best[0].passage_id] = max(own[best[0].passage_id], lifted)
    sure = confidence_of(_evidence(passages, phrases))
    return [Ranked(one.passage_id, article, own[one.passage_id] + support, one.alone, sure) for one in passages]
