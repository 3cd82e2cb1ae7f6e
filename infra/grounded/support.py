"""Finds the statements of an answer that nothing in its prompt bears out, without asking a second model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.assistant import Embedder

ENOUGH_WORDS = 0.6
"""Share of a statement's content words in one source that bears it out."""
ENOUGH_MEANING = 0.62
"""Cosine to a sentence of a source that bears it out."""
LEAST_WORDS = 0.15
"""Below this share of common words closeness in meaning is not believed: it would be a topic, not a statement."""
COMPARED = 3
"""Sentences of the sources, those with most words in common, that a statement is compared with in meaning."""
MOST_STATEMENTS = 40
PLAIN_WORDS = 3
"""A sentence with fewer content words, and no number, states nothing."""

SENTENCE = re.compile(r"(?<=[^\s\d][.!?…:])[\"'”)\]*_]*\s+|(?<=\d[.!?])\s+(?=[A-ZÀ-Þ])|\n+|(?<=[。！？])")
MARK = re.compile(r"[^\S\n]*\[\d+\]|[*_`#>]|^\s*(?:[-+]|\d{1,3}[.)])\s+", re.MULTILINE)
WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
COUNTED = """
second minute hour day night week month year time piece item euro pound dollar cent percent per metre meter kilogram
gram litre working business calendar
"""
SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty
"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
EMPTY = """
a about after all also am an and any are as at be because been before being both but by can could did do does doing for
from had has have having he her here hers him his how i if in into is it its just like may me might more most must my no
nor not now of off on once one only or other our ours out over own please she should so some such than thank that the
their theirs them then there these they this those through to too under until up us very was we were what when where
which while who whom why will with would yes you your yours
"""
UNITS = tuple(COUNTED.split())
SPELLED = {word: str(number) for number, word in enumerate(SMALL.split())}
SPELLED |= {word: str(10 * number) for number, word in enumerate(TENS.split(), 2)}
STOP = frozenset(EMPTY.split())


@dataclass(frozen=True, slots=True)
class Checked:
    """How many statements a text makes, and which of them nothing bears out."""

    statements: int
    unsupported: tuple[str, ...]

    @property
    def support(self) -> float:
        """The share of statements that are borne out; 1 where there is none."""
        return 1 - len(self.unsupported) / self.statements if self.statements else 1.0


@dataclass(frozen=True, slots=True)
class Support:
    """Compares numbers to the letter, then words, then meaning where words do not decide."""

    embedder: Embedder

    async def check(self, text: str, sources: Sequence[str]) -> Checked:
        """The statements of a text against its sources: passages with their titles, and results of tools."""
        statements = [one for one in sentences(text) if _states(one)][:MOST_STATEMENTS]
        numbers = frozenset(number for source in sources for number in numbers_in(source, spelled=True))
        held = [(one, words_in(one)) for source in sources for one in sentences(source)]
        found = [one for one in statements if not await self._is_borne_out(one, numbers, sources, held)]
        return Checked(len(statements), tuple(found))

    async def _is_borne_out(
        self,
        statement: str,
        numbers: frozenset[str],
        sources: Sequence[str],
        held: Sequence[tuple[str, frozenset[str]]],
    ) -> bool:
        if not numbers_in(statement) <= numbers:
            return False
        words = words_in(statement)
        if not words or max((_share(words, words_in(source)) for source in sources), default=0.0) >= ENOUGH_WORDS:
            return True
        near = sorted(((_share(words, of), one) for one, of in held), reverse=True)[:COMPARED]
        near = [(share, one) for share, one in near if share >= LEAST_WORDS]
        return bool(near) and await self._closeness(statement, [one for _, one in near]) >= ENOUGH_MEANING

    async def _closeness(self, statement: str, others: Sequence[str]) -> float:
        first, *rest = await self.embedder.embed([statement, *others])
        return max(sum(one * two for one, two in zip(first, other, strict=True)) for other in rest)


def sentences(text: str) -> list[str]:
    """The sentences and items of a text, without its marks."""
    return [one.strip() for one in SENTENCE.split(MARK.sub("", text)) if one and one.strip()]


def words_in(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(_stem(word) for word in WORD.findall(text.lower()) if len(word) > 1 and word not in STOP)


def numbers_in(text: str, *, spelled: bool = False) -> frozenset[str]:
    """The numbers of a text in one form. `spelled` counts every number word; else those that count something."""
    found = {_plain(number) for number in NUMBER.findall(text)}
    words = WORD.findall(text.lower())
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word in SPELLED and (spelled or following.startswith(UNITS)):
            found.add(SPELLED[word])
    return frozenset(found)


def _states(sentence: str) -> bool:
    if sentence.endswith(("?", "？")):
        return False
    return bool(numbers_in(sentence)) or len(words_in(sentence)) >= PLAIN_WORDS


def _plain(number: str) -> str:
    if THOUSANDS.fullmatch(number):
        return re.sub("[.,]", "", number)
    number = number.replace(",", ".")
    return number.rstrip("0").rstrip(".") if number.count(".") == 1 and number.replace(".", "").isdigit() else number


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _share(words: Iterable[str], other: frozenset[str]) -> float:
    wanted = frozenset(words)
    return len(wanted & other) / len(wanted) if wanted else 0.0
