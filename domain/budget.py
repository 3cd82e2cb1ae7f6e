"""How much somebody may cost over time: a leaky bucket, and whoever keeps its level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

MOST_POINTS = 1_000_000_000


class Allowance(NamedTuple):
    """What each caller of a kind may cost: points at once, and points restored each second; written `5000,50`."""

    capacity: int
    restore_rate: int

    def __str__(self) -> str:
        return f"{self.capacity},{self.restore_rate}"

    @classmethod
    def parse(cls, text: str) -> Allowance:
        """Raises: ValueError with a sentence about what the text must be."""
        figures = [int(part) for part in text.split(",") if part.strip().isdecimal()]
        if len(figures) != 2 or not all(0 < figure <= MOST_POINTS for figure in figures):
            raise ValueError(f"must be two whole numbers between 1 and {MOST_POINTS}, such as 5000,50")
        return cls(*figures)


@dataclass(frozen=True, slots=True)
class Budget:
    """What the holder of `key` may cost: `capacity` points at once, `restore_rate` points more each second.

    Both are above zero. A point is one field of an answer, or one plain request.
    """

    key: str
    capacity: float
    restore_rate: float


@dataclass(frozen=True, slots=True)
class Balance:
    """What a budget holds: `available` points, below zero for a debt; `retry_after` seconds until there is enough."""

    available: float
    retry_after: float = 0.0


class Budgets(Protocol):
    """Keeps the level of every budget, for all processes together."""

    async def take(self, budget: Budget, amount: float) -> Balance:
        """Take points, at most the capacity, if the budget holds them; else none, and `retry_after` says when."""
        ...

    def charge(self, budget: Budget, amount: float) -> Balance:
        """Charge what was spent already, whatever the budget holds, or give points back (an amount below zero).

        Other processes know within seconds. `retry_after` of the balance is the time until the debt is paid.
        """
        ...
