"""A test case: what the customer says, what is expected of the answer, and the verdict on one that was given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Protocol
from uuid import UUID

from domain.assistant import Citation
from domain.base import FieldProblem, InvalidInputError
from domain.text import checked, clipped

MOST_TURNS = 20
LONGEST_TURN = 2_000
MOST_EXPECTED = 20
LONGEST_EXPECTED = 500
MOST_TOOLS = 20
LONGEST_RESULT = 4_000
LONGEST_NAME = 200
MOST_FAILURES = 20


class OutcomeKind(StrEnum):
    """The kinds of an assistant's outcome."""

    ANSWER = "answer"
    CLARIFICATION = "clarification"
    HANDOFF = "handoff"
    REFUSAL = "refusal"
    ACTION_PROPOSAL = "action_proposal"


@dataclass(frozen=True, slots=True)
class Wording:
    """Words to look for in a reply: plain ones, whatever their capitals and spaces, or a regular expression."""

    text: str
    is_pattern: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What the customer says, turn by turn, and what has to come of it.

    `outcome` of None allows any; `must_cite` has titles or ids of articles. What must be said or cited has to be in
    the last reply, what must not be said in none. `tools` are the only tools that may be called, with the results
    that stand in for their own.
    """

    turns: tuple[str, ...]
    outcome: OutcomeKind | None = None
    must_cite: tuple[str, ...] = ()
    must_say: tuple[Wording, ...] = ()
    must_not_say: tuple[Wording, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)


class Patterns(Protocol):
    """Regular expressions of an engine whose time grows with the text alone, whatever the expression."""

    def problem(self, pattern: str) -> str | None:
        """Why a pattern cannot be used; None where it can."""
        ...

    def found(self, pattern: str, text: str) -> bool:
        """Whether it matches anywhere in the text."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant came to after one turn."""

    kind: OutcomeKind
    text: str
    citations: tuple[Citation, ...] = ()
    model: str = ""


def checked_script(script: Script, patterns: Patterns, *, prefix: str = "input.") -> Script:
    """The script, if it can be rehearsed; `InvalidInputError` names every part that cannot be."""
    problems = list(_problems(script, patterns, prefix))
    if problems:
        raise InvalidInputError(*problems)
    for place, turn in enumerate(script.turns):
        checked(turn, f"{prefix}turns.{place}", longest=LONGEST_TURN)
    for name, texts in _expected(script):
        for place, text in enumerate(texts):
            checked(text, f"{prefix}{name}.{place}", longest=LONGEST_EXPECTED)
    for name, result in script.tools.items():
        checked(name, f"{prefix}tools", longest=LONGEST_NAME)
        checked(result, f"{prefix}tools", longest=LONGEST_RESULT)
    return script


def _expected(script: Script) -> Iterator[tuple[str, Sequence[str]]]:
    yield "mustCite", script.must_cite
    yield "mustSay", [each.text for each in script.must_say]
    yield "mustNotSay", [each.text for each in script.must_not_say]


def _problems(script: Script, patterns: Patterns, prefix: str) -> Iterator[FieldProblem]:
    if not 1 <= len(script.turns) <= MOST_TURNS:
        yield FieldProblem(f"{prefix}turns", f"Give 1 to {MOST_TURNS} turns.")
    if len(script.tools) > MOST_TOOLS:
        yield FieldProblem(f"{prefix}tools", f"Give at most {MOST_TOOLS} tools.")
    for name, texts in _expected(script):
        if len(texts) > MOST_EXPECTED:
            yield FieldProblem(f"{prefix}{name}", f"Give at most {MOST_EXPECTED}.")
    if script.outcome is None and not any(texts for _, texts in _expected(script)):
        yield FieldProblem(f"{prefix}outcome", "Expect something: without it, no answer would be wrong.")
    for name, wordings in (("mustSay", script.must_say), ("mustNotSay", script.must_not_say)):
        for place, one in enumerate(wordings[:MOST_EXPECTED]):
            problem = patterns.problem(one.text[:LONGEST_EXPECTED]) if one.is_pattern else None
            if problem:
                yield FieldProblem(f"{prefix}{name}.{place}.text", problem)


def failures(script: Script, replies: Sequence[Reply], patterns: Patterns) -> tuple[str, ...]:
    """What is wrong with the replies to a script, each in a sentence, the first 20; none means that they pass."""
    found = islice(_failures(script, replies, patterns), MOST_FAILURES)
    return tuple(found) if replies else ("There was no reply.",)


def _failures(script: Script, replies: Sequence[Reply], patterns: Patterns) -> Iterator[str]:
    last = replies[-1]
    if script.outcome not in (None, last.kind):
        yield f"Expected the outcome '{script.outcome}', and it was '{last.kind}'."
    for wanted in script.must_cite:
        if not any(_is_of(wanted, citation) for citation in last.citations):
            yield f"Does not cite “{clipped(wanted, 80)}”: {_named(last.citations)}."
    for one in script.must_say:
        if not says(last.text, one, patterns):
            yield f"Does not say “{clipped(one.text, 80)}”."
    for one in script.must_not_say:
        for turn, reply in enumerate(replies, 1):
            if says(reply.text, one, patterns):
                yield f"Says “{clipped(one.text, 80)}” in reply {turn}."


def _is_of(wanted: str, citation: Citation) -> bool:
    return _folded(wanted) in (_folded(citation.title), str(citation.article_id))


def _named(citations: Iterable[Citation]) -> str:
    titles = list(dict.fromkeys(f"“{citation.title}”" for citation in citations))
    return f"it cites {', '.join(titles)}" if titles else "it cites nothing"


def says(text: str, wording: Wording, patterns: Patterns) -> bool:
    """Whether a text has the wording: as whole words and numbers, so that neither “£250” nor “£25.50” says “£25”."""
    if wording.is_pattern:
        return patterns.found(wording.text, text)
    said, wanted = _folded(text), _folded(wording.text)
    start = said.find(wanted)
    while start >= 0:
        if _is_whole(said, start, start + len(wanted)):
            return True
        start = said.find(wanted, start + 1)
    return False


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether neither end of a piece is inside a word or a number."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    first, last = text[start], text[end - 1]
    if (first.isalnum() and before[-1:].isalnum()) or (last.isalnum() and after[:1].isalnum()):
        return False
    goes_on = last.isdigit() and after[:1] in (".", ",") and after[1:].isdigit()
    came_from = first.isdigit() and before[-1:] in (".", ",") and before[:1].isdigit()
    return not (goes_on or came_from)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class RehearsedCase:
    """A test case as it was when its suite was run."""

    id: UUID
    name: str
    critical: bool
    script: Script
