"""Tells a wish for a person, and small talk, from questions that knowledge may answer."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from domain.assistant import Embedder
from infra.ai import seeds
from infra.matching.head import Matrix, fit, softmax


class Intent(StrEnum):
    """What a message wants."""

    PERSON = "person"
    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    ASSENT = "assent"
    OTHER = "other"


SEEDS = {
    Intent.PERSON: seeds.PERSON,
    Intent.GREETING: seeds.GREETING,
    Intent.THANKS: seeds.THANKS,
    Intent.FAREWELL: seeds.FAREWELL,
    Intent.ASSENT: seeds.ASSENT,
    Intent.OTHER: seeds.OTHER,
}
SURE_PERSON = 0.85
SURE_TALK = 0.6
LONGEST_TALK = 8
"""Words of a clause of small talk; longer ones say something."""
MOST_CLAUSES = 8

LETTER = re.compile(r"[^\W\d_]")
CLAUSE_END = re.compile(r"(?<=[.!?;,])\s+|\n+")
WHO = (
    r"(?:human|person|people|someone|somebody|anyone|agent|representative|rep|operator|advis[oe]r|manager|supervisor|"
    r"colleague|employee|specialist|staff|team|support|service|department|desk|reception\w*|worker|assistant)"
)
WISH = re.compile(
    rf"\b(?:speak|talk|chat|discuss\b.*)\s+(?:\w+\s+)?(?:to|with)\s+(?:\w+\s+){{0,3}}{WHO}\b"
    rf"|\b(?:put|pass|hand|transfer|connect|switch|forward|get|give)\s+(?:me|us)\s+(?:\w+\s+){{0,5}}{WHO}\b"
    rf"|\b(?:real|actual|live|human)\s+(?:person|human|being|agent|people)\b"
    rf"|\bget\s+(?:someone|somebody|a person|a human)\b.*\bon the (?:line|phone)\b"
    rf"|\b(?:human|agent|operator|representative|team)\s*,?\s+please\b",
    re.IGNORECASE,
)
MACHINE = re.compile(r"\b(?:with|to|by)\s+(?:a |this |an? \w+ )?(?:machine|bot|robot|chatbot)s?\b", re.IGNORECASE)
"""Who names the machine wants something else, also in “I don't want to talk to a bot”."""
REFUSAL = re.compile(
    rf"\b(?:don'?t|do not|no)\s+(?:need|want|have|wish)\s+(?:you\s+)?(?:to\s+)?"
    rf"(?:talk|speak|chat|transfer|connect|be\s+\w+ed|(?:an?\s+)?(?:\w+\s+)?{WHO})\b|\bno need\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Fitted:
    weights: Matrix
    bias: Matrix


class Intents:
    """A small head over sentence vectors, learned from sentences of our own at the first use, beside patterns."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._learning = asyncio.Lock()
        self._fitted: _Fitted | None = None

    async def of(self, message: str) -> Intent:
        """What the message wants: a person if any clause does, small talk if all of it is."""
        clauses = [clause.strip() for clause in CLAUSE_END.split(message) if LETTER.search(clause)][:MOST_CLAUSES]
        if any(_wishes(clause) for clause in clauses):
            return Intent.PERSON
        shares = [await self._shares(clause) for clause in clauses]
        if any(
            share[Intent.PERSON] >= SURE_PERSON and not REFUSAL.search(clause)
            for clause, share in zip(clauses, shares, strict=True)
        ):
            return Intent.PERSON
        talks = [_talk(clause, share) for clause, share in zip(clauses, shares, strict=True)]
        return Intent.OTHER if Intent.OTHER in talks or not talks else talks[-1]

    async def _shares(self, clause: str) -> dict[Intent, float]:
        fitted = await self._learned()
        vector = np.asarray((await self._embedder.embed([clause]))[0], np.float32)
        shares = softmax((fitted.weights @ vector + fitted.bias)[None])[0]
        return dict(zip(SEEDS, map(float, shares), strict=True))

    async def _learned(self) -> _Fitted:
        async with self._learning:
            if self._fitted is None:
                texts = [(number, one) for number, lines in enumerate(SEEDS.values()) for one in seeds.sentences(lines)]
                vectors = np.array(await self._embedder.embed([one for _, one in texts]), np.float32)
                classes = np.array([number for number, _ in texts])
                self._fitted = _Fitted(*await asyncio.to_thread(fit, vectors, classes, len(SEEDS)))
            return self._fitted


intents_by = cache(Intents)
"""The ones of an embedder: they are learned from sentences of our own, which nobody needs to learn twice."""


def _wishes(clause: str) -> bool:
    """Whether a clause asks for a person in so many words."""
    return bool(MACHINE.search(clause) or (WISH.search(clause) and not REFUSAL.search(clause)))


def _talk(clause: str, shares: dict[Intent, float]) -> Intent:
    """The kind of small talk that a clause is, or none."""
    best = max(shares, key=lambda kind: shares[kind])
    short = len(clause.split()) <= LONGEST_TALK
    return best if short and best is not Intent.PERSON and shares[best] >= SURE_TALK else Intent.OTHER
