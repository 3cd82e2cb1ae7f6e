"""How much a word tells: counts of an organization's words, and what a question's words weigh by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log

COMMON = 0.2
"""A word in more than this share of the passages finds nothing, it only ranks."""
SMALL = 200
"""Up to this many passages every word finds."""
FINDING = 16
RANKING = 64
"""Words of a question, with its history, that find passages and that rank them: those that tell most."""

Counts = Mapping[str, float]
"""Lexemes, as Postgres stems them, and how often each was said."""


@dataclass(frozen=True)
class Terms:
    """In how many of an organization's passages each lexeme is; `length` is the mean number of lexemes of one."""

    passages: int = 0
    length: float = 60.0
    frequency: Mapping[str, int] = field(default_factory=dict)

    def rarity(self, lexeme: str) -> float:
        """Its inverse document frequency as BM25 has it; 1 for every lexeme while nothing is counted."""
        if not self.passages:
            return 1.0
        found = self.frequency.get(lexeme, 0)
        return log(1 + max(self.passages - found + 0.5, 0.5) / (found + 0.5))

    def weigh(self, question: Counts, history: Counts, share: float) -> Weighed:
        """The words of a question, and with a `share` those of its history, by how much they tell."""
        counts = {lexeme: share * count for lexeme, count in history.items() if share}
        for lexeme, count in question.items():
            counts[lexeme] = counts.get(lexeme, 0.0) + count
        weights = {lexeme: count * self.rarity(lexeme) for lexeme, count in counts.items()}
        ranking = sorted(weights, key=lambda lexeme: (-weights[lexeme], lexeme))[:RANKING]
        finding = [lexeme for lexeme in ranking if self._finds(lexeme)][:FINDING]
        return Weighed({lexeme: weights[lexeme] for lexeme in ranking}, finding)

    def _finds(self, lexeme: str) -> bool:
        return self.passages <= SMALL or self.frequency.get(lexeme, 0) <= COMMON * self.passages


@dataclass(frozen=True)
class Weighed:
    """Weights of lexemes, and those among them by which passages are found."""

    weights: Mapping[str, float]
    finding: Sequence[str]

    @property
    def query(self) -> str:
        """A tsquery of any of the finding lexemes; empty where there are none."""
        return " | ".join(_quoted(lexeme) for lexeme in self.finding)


def _quoted(lexeme: str) -> str:
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
