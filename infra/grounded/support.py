"""Finds the statements of an answer that nothing in its prompt bears out, without asking a second model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.assistant import Embedder

ENOUGH_WORDS = 0.75
"""Share of a statement's content words in one source that bears it out."""
ENOUGH_MEANING = 0.8
"""Cosine to a sentence of a source that bears it out. Both were chosen on `tests/grounded/statements.jsonl`."""
SAME_WORDS = 0.8
"""From this share of its words in one sentence on, a statement must say no where that sentence does, and only there."""
COMPARED = 3
"""Sentences of the sources, those with most words in common, that a statement is compared with in meaning."""
MOST_STATEMENTS = 40
PLAIN_WORDS = 3
"""A sentence with fewer content words, and no number, states nothing."""
NEAR = 3
"""Words behind a number among which its unit is."""

SENTENCE = re.compile(r"(?<=[^\s\d][.!?…:])[\"'”)\]*_]*\s+|(?<=\d[.!?])\s+(?=[A-ZÀ-Þ])|\n+|(?<=[。！？])")
MARK = re.compile(r"(?<![^\S\n])[^\S\n]+\[\d+\]|\[\d+\]|[*_`#>]|^[^\S\n]*(?:[-+]|\d{1,3}[.)])\s+", re.MULTILINE)
WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
TOKEN = re.compile(rf"{NUMBER.pattern}|{WORD.pattern}|[€$£%]")
NEGATIVE = re.compile(r"\b(?:not|no|never|nobody|nothing|none|cannot|without|\w+n['’]t)\b", re.IGNORECASE)
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
COUNTED = "second minute hour day night week month year time piece metre meter kilogram gram litre"
SYMBOLS = {"euro": "€", "eur": "€", "dollar": "$", "usd": "$", "pound": "£", "gbp": "£", "percent": "%"}
SYMBOLS |= {symbol: symbol for symbol in "€$£%"}
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
UNITS = SYMBOLS | {word: word for word in COUNTED.split()}
SPELLED = {word: str(number) for number, word in enumerate(SMALL.split())}
SPELLED |= {word: str(10 * number) for number, word in enumerate(TENS.split(), 2)}
STOP = frozenset((*EMPTY.split(), *SYMBOLS, *(f"{word}s" for word in SYMBOLS)))


@dataclass(frozen=True, slots=True)
class Checked:
    """How many statements a text makes, and which of them nothing bears out."""

    statements: int
    unsupported: tuple[str, ...]

    @property
    def support(self) -> float:
        """The share of statements that are borne out; 1 where there is none."""
        return 1 - len(self.unsupported) / self.statements if self.statements else 1.0


Figure = tuple[str, str]
"""A number in one form, and its unit, empty where it has none."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the sources say: their figures, their words, and their sentences with theirs."""

    figures: frozenset[Figure]
    sources: Sequence[frozenset[str]]
    sentences: Sequence[tuple[str, frozenset[str]]]

    @classmethod
    def of(cls, sources: Sequence[str]) -> Evidence:
        """Read them."""
        figures = frozenset(figure for source in sources for figure in figures_in(source, spelled=True))
        held = [(one, words_in(one)) for source in sources for one in sentences(source)]
        return cls(figures, [words_in(source) for source in sources], held)

    def has(self, figures: frozenset[Figure]) -> bool:
        """Whether each of these stands there, with its unit if it has one there."""
        numbers = {number for number, _ in self.figures}
        return all(
            {(number, unit), (number, "")} & self.figures if unit else number in numbers for number, unit in figures
        )


@dataclass(frozen=True, slots=True)
class Support:
    """Compares numbers to the letter, then words, then meaning where words do not decide."""

    embedder: Embedder

    async def check(self, text: str, sources: Sequence[str]) -> Checked:
        """The statements of a text against its sources: passages with their titles, and results of tools."""
        statements = [one for one in sentences(text) if _states(one)][:MOST_STATEMENTS]
        evidence = Evidence.of(sources)
        found = [one for one in statements if not await self._is_borne_out(one, evidence)]
        return Checked(len(statements), tuple(found))

    async def _is_borne_out(self, statement: str, evidence: Evidence) -> bool:
        if not evidence.has(figures_in(statement)):
            return False
        words = words_in(statement)
        near = sorted(((_share(words, of), one) for one, of in evidence.sentences), reverse=True)[:COMPARED]
        if near and near[0][0] >= SAME_WORDS and _denies(statement) != _denies(near[0][1]):
            return False
        if not words or max((_share(words, of) for of in evidence.sources), default=0.0) >= ENOUGH_WORDS:
            return True
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


def figures_in(text: str, *, spelled: bool = False) -> frozenset[Figure]:
    """The numbers of a text. Words are numbers too where they count something; with `spelled` everywhere."""
    tokens, found = TOKEN.findall(text.lower()), set()
    for place, token in enumerate(tokens):
        unit = _unit(tokens[place + 1 : place + 1 + NEAR], tokens[max(0, place - 1) : place])
        if token[0].isdigit():
            found.add((_plain(token), unit))
        elif token in SPELLED and (spelled or unit):
            found.add((SPELLED[token], unit))
    return frozenset(found)


def _unit(after: Sequence[str], before: Sequence[str]) -> str:
    """What a number counts: a symbol beside it, or a unit among the next words."""
    beside = [SYMBOLS[one] for one in (*before, *after[:1]) if one in "€$£%"]
    units = [UNITS[one.removesuffix("s")] for one in after if one.removesuffix("s") in UNITS]
    return next(iter([*beside, *units]), "")


def _states(sentence: str) -> bool:
    if sentence.endswith(("?", "？")):
        return False
    return bool(figures_in(sentence)) or len(words_in(sentence)) >= PLAIN_WORDS


def _denies(sentence: str) -> bool:
    return bool(NEGATIVE.search(sentence))


def _plain(number: str) -> str:
    """A number without marks between its thousands, with a point before its decimals and no zeros behind them."""
    if THOUSANDS.fullmatch(number):
        return re.sub("[.,]", "", number)
    whole, _, decimals = number.replace(",", ".").rpartition(".")
    whole = whole.replace(".", "")
    return f"{whole}.{decimals}".rstrip("0").removesuffix(".") if whole and ":" not in number else number


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _share(words: Iterable[str], other: frozenset[str]) -> float:
    wanted = frozenset(words)
    return len(wanted & other) / len(wanted) if wanted else 0.0
