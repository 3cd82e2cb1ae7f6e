"""Puts an answer together from passages, in their own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.assistant import Citation
from infra.knowledge.retrieval import ScoredPassage, ScoredTopic

LONGEST = 700
"""Characters of a passage that an answer shows; the rest is behind its link."""
SHORTEST = 200
"""A cut leaves at least this much, where there is a place for it."""
RELATED = 2

STOP = re.compile(r"(?<=[^\s\d][.!?…:])[\"'”)\]*_]*(?=\s)|\n(?=\s*(?:[-*+]|\d+[.)])\s)|\n\n")
"""Where a text may be cut: after a sentence (not after the number of a step), before an item, between paragraphs."""


def excerpt(text: str) -> str:
    """The text, or its beginning up to the last whole sentence, step or paragraph within `LONGEST` characters."""
    text = text.strip()
    if len(text) <= LONGEST:
        return text
    ends = [match.end() for match in STOP.finditer(text, 0, LONGEST) if match.end() >= SHORTEST]
    end = ends[-1] if ends else text.rfind(" ", 0, LONGEST)
    return f"{text[: end if end > 0 else LONGEST].rstrip()} …"


def answer(best: ScoredPassage, related: Sequence[ScoredPassage]) -> tuple[str, tuple[Citation, ...]]:
    """The words of an answer in light Markdown, and what it quotes or names."""
    parts = [f"**{' › '.join((best.title, *best.headings))}**", excerpt(best.text)]
    if related:
        parts.append("See also: " + ", ".join(one.title for one in related))
    return "\n\n".join(parts), tuple(cited(one) for one in (best, *related))


def related_to(best: ScoredPassage, passages: Sequence[ScoredPassage], least: float) -> list[ScoredPassage]:
    """The best passage of the next best other articles, where it answers too with at least that confidence."""
    found: dict[str, ScoredPassage] = {}
    for one in passages:
        if one.article_id != best.article_id and one.title != best.title and one.confidence >= least:
            found.setdefault(one.title, one)
    return list(found.values())[:RELATED]


def clarification(topics: Sequence[ScoredTopic]) -> tuple[str, tuple[str, ...]]:
    """One question back, and the titles to choose from."""
    choices = tuple(topic.title for topic in topics)
    return "\n".join([CLARIFYING, "", *(f"- {choice}" for choice in choices)]), choices


def cited(passage: ScoredPassage) -> Citation:
    """A passage as the source of a statement."""
    return Citation(passage.passage_id, passage.article_id, passage.title, passage.headings, passage.link)


CLARIFYING = "I found more than one thing that fits. Which of these do you mean?"
UNKNOWN = (
    "I can't find a reliable answer to that in what I have been given, so I have passed your question on: "
    "someone from our team will answer you here."
)
PERSON = "Of course. I have passed this on: someone from our team will answer you here."
GREETING = "Hello! What can I help you with?"
THANKS = "You're welcome! Just write if there is anything else."
FAREWELL = "Thank you for writing, and goodbye!"
ASSENT = "All right. Just write what else you would like to know."
