"""What a corpus's replies come to: accuracy, recall, and how well confidence tells known from unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.corpora import Asked

KEPT = 0.95
"""Share of the known questions that the threshold, set on validation questions, is to keep."""


@dataclass(frozen=True)
class Reply:
    """What was found for a question: ids of passages and articles, best first, and how sure; `seconds` it took, and
    how many of the articles are `internal`."""

    asked: Asked
    passages: list[str]
    topics: list[str]
    evidence: float
    confidence: float
    seconds: float
    internal: int = 0


def found_at(replies: Sequence[Reply], place: int, found: Callable[[Reply], Sequence[str]]) -> float:
    """Percentage of the known questions with a right id among the first `place`."""
    known = [reply for reply in replies if reply.asked.in_scope]
    right = sum(bool(reply.asked.relevant & set(found(reply)[:place])) for reply in known)
    return 100 * right / len(known)


def auroc(replies: Sequence[Reply]) -> float:
    """The chance that a known question has more evidence than an unknown one."""
    known = np.array([reply.evidence for reply in replies if reply.asked.in_scope])
    unknown = np.array([reply.evidence for reply in replies if not reply.asked.in_scope])
    above = (known[:, None] > unknown).mean() + (known[:, None] == unknown).mean() / 2
    return float(above)


@dataclass(frozen=True)
class Decided:
    """Percentages at a threshold. `accuracy`: of known questions, answered and rightly; `overall`: of all, unknown
    ones rejected included; `kept`: of known questions, answered at all."""

    accuracy: float
    overall: float
    kept: float
    rejected: float
    precision: float


def threshold(replies: Sequence[Reply]) -> float:
    """The evidence above which `KEPT` of the known questions lie."""
    return float(np.quantile([reply.evidence for reply in replies if reply.asked.in_scope], 1 - KEPT))


def decide(replies: Sequence[Reply], least: float) -> Decided:
    """What comes of answering whatever has at least that much evidence."""
    known = [reply for reply in replies if reply.asked.in_scope]
    unknown = [reply for reply in replies if not reply.asked.in_scope]
    right = sum(reply.evidence >= least and reply.topics[0] in reply.asked.relevant for reply in known)
    kept = sum(reply.evidence >= least for reply in known)
    refused = sum(reply.evidence < least for reply in unknown)
    return Decided(
        accuracy=100 * right / len(known),
        overall=100 * (right + refused) / len(replies),
        kept=100 * kept / len(known),
        rejected=100 * refused / max(len(unknown), 1),
        precision=100 * refused / max(refused + len(known) - kept, 1),
    )
