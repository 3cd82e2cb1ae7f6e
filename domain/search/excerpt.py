"""What is shown of a text that was found: the part where the words are, in pieces that match or do not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WORD = re.compile(r"\w+")
LONGEST = 240
"""Characters of an excerpt, about three lines."""
BEFORE = 60
"""Characters that stand before the first match, so that one sees what it is about."""
ELLIPSIS = "…"

Matches = Callable[[str], bool]
"""Whether a word, folded, is one of those that are looked for."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of an excerpt. Plain text, never markup."""

    text: str
    is_match: bool


def folded(word: str) -> str:
    """A word without what does not count: capitals, accents and other forms of the same letters."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(each for each in parts if not "\u0300" <= each <= "\u036f").lower()


def excerpt(text: str, matches: Matches) -> tuple[Segment, ...]:
    """The best part of a text: where most of the words are together, or its beginning where none is."""
    line = " ".join(text.split())
    spans = [found.span() for found in WORD.finditer(line) if matches(folded(found.group()))]
    start, end = _part(line, spans)
    pieces: list[Segment] = [Segment(ELLIPSIS, is_match=False)] if start else []
    place = start
    for first, last in spans:
        if start <= first and last <= end:
            pieces += [Segment(line[place:first], is_match=False), Segment(line[first:last], is_match=True)]
            place = last
    pieces.append(Segment(line[place:end] + (ELLIPSIS if end < len(line) else ""), is_match=False))
    return tuple(piece for piece in pieces if piece.text)


def _part(line: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where the excerpt begins and ends, between words."""
    if len(line) <= LONGEST:
        return 0, len(line)
    start = max((max(first - BEFORE, 0) for first, _ in spans), key=lambda at: _within(spans, at), default=0)
    start = line.find(" ", start) + 1 if start else 0
    end = min(start + LONGEST, len(line))
    return start, end if end == len(line) else max(line.rfind(" ", start, end), start + LONGEST // 2)


def _within(spans: Sequence[tuple[int, int]], start: int) -> int:
    return sum(start <= first and last <= start + LONGEST for first, last in spans)
