"""How long to wait between the attempts at a delivery, and when to give it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from domain.delivery import Medium

Chance = Callable[[], float]
"""A number from 0 up to 1, such as `random.random`."""

HOUR = 3600.0
WAITS: Mapping[Medium, Sequence[float]] = MappingProxyType(
    {
        Medium.WEBHOOK: (5, 30, 120, 600, 1800, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR),
        Medium.EMAIL: (10, 60, 300, 900, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR),
        Medium.SMS: (5, 30, 120, 600, 1800, HOUR),
        Medium.PUSH: (5, 30, 120, 600, 1800, HOUR, 2 * HOUR),
    }
)
"""Seconds before each further attempt: about a day for what is worth reading a day later, hours for the rest."""
JITTER = 0.1
"""By how much a wait is longer or shorter at most, so that what failed together does not come back together."""
LONGEST = 24 * HOUR
"""A receiver that asks for more patience than this gets no more."""


def next_try(medium: Medium, attempts: int, at: datetime, after: float | None, chance: Chance) -> datetime | None:
    """When to try again after so many attempts, at `after` seconds from now at the earliest; None is never."""
    waits = WAITS[medium]
    if attempts > len(waits):
        return None
    wait = waits[attempts - 1] * (1 + JITTER * (2 * chance() - 1))
    return at + timedelta(seconds=max(wait, min(after or 0, LONGEST)))
