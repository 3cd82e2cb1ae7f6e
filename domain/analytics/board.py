"""What a live board shows: how it stands at this moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Board:
    """Counts of today, by the clocks of a zone, and of now."""

    conversations: int
    resolutions: int
    waiting: int
    people_online: int
    answers_under_way: int
