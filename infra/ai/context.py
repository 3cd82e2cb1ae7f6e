"""Makes a question that leans on the conversation before it stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.assistant import Speaker, Turn

LONGEST = 10
"""Words of a question that is taken to lean on another; longer ones say what they mean."""
CARRIED = 200

LEADING = re.compile(r"^\W*(?:and|but|or|so|then|also|what about|how about|what if|what else)\b", re.IGNORECASE)
POINTING = re.compile(r"\b(?:it|its|that|this|these|those|ones?|the same)\b", re.IGNORECASE)
"""Not “they” and “there”: people call the company and its places so, and mean no earlier message."""


def leans(question: str) -> bool:
    """Whether a question points at something that was said before."""
    return len(question.split()) <= LONGEST and bool(LEADING.search(question) or POINTING.search(question))


def standing(question: str, history: Sequence[Turn]) -> str | None:
    """The question behind the customer's last words that stand alone; None where it does not lean on any."""
    if not leans(question):
        return None
    said = [turn.text[:CARRIED] for turn in history if turn.speaker is Speaker.CUSTOMER]
    alone = next((text for text in reversed(said) if not leans(text)), None)
    return None if alone is None else f"{alone}\n{question}"
