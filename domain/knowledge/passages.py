"""How an article falls into passages: along its headings, none too long to find, none too short to say something."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from domain.assistant import Embedder
from domain.knowledge.content import Content

AIM = 900
"""Characters of a passage: what the embedding model reads in full."""
WHOLE = 1_400
"""Up to this length a list, a table or a piece of code stays in one passage."""
TINY = 200
"""Neighbours that are both shorter than this are put together."""

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
LINE_END = re.compile(r"\n")
SPACE = re.compile(r"\s+")


class BlockKind(StrEnum):
    """What a block of Markdown is, as far as cutting goes."""

    HEADING = "heading"
    PROSE = "prose"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block of Markdown as it was written; of a heading, only its text and its `level` from 1 to 6."""

    kind: BlockKind
    text: str
    level: int = 0


Outline = Callable[[str], Sequence[Block]]
"""Reads the blocks of a Markdown text."""

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article, as it is found and quoted; `headings` lead to it from the article's top."""

    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Index:
    """What is found of an article: its passages, and its phrases, the ways of asking for it.

    `vectors` are those of the passages, then of the phrases; empty until they are computed.
    """

    title: str
    passages: tuple[Passage, ...]
    phrases: tuple[str, ...]
    vectors: tuple[Vector, ...] = ()

    @property
    def meanings(self) -> list[Meaning]:
        """What the vectors are computed from."""
        passages = (meaning(self.title, passage.headings, passage.text) for passage in self.passages)
        return [*passages, *((phrase,) for phrase in self.phrases)]


Meaning = tuple[str, ...]
"""Texts that have one vector together, each an equal part of it."""


def meaning(title: str, headings: Sequence[str], text: str) -> Meaning:
    """What a passage's vector is computed from: its text below title and headings on one line, and its text alone.

    Titles name what all of a company's articles are about, its own name first; what one says is in its text.
    """
    return f"{outline_of(title, headings)}\n{text}", text


async def embedded(embedder: Embedder, meanings: Sequence[Meaning]) -> list[Vector]:
    """One vector of length 1 a meaning, in order. Raises what the embedder does."""
    made = iter(await embedder.embed([text for one in meanings for text in one]))
    return [_middle(list(islice(made, len(one)))) for one in meanings]


def _middle(vectors: Sequence[Vector]) -> Vector:
    if len(vectors) == 1:
        return vectors[0]
    total = [sum(numbers) for numbers in zip(*vectors, strict=True)]
    length = sum(number * number for number in total) ** 0.5 or 1.0
    return [number / length for number in total]


def outline_of(title: str, headings: Sequence[str]) -> str:
    """Title and headings on one line."""
    return " › ".join((title, *headings))


def index_of(content: Content, outline: Outline) -> Index:
    """What is found of a content, without vectors yet."""
    return Index(content.title, tuple(split(outline(content.body))), content.phrases)


def split(blocks: Iterable[Block]) -> list[Passage]:
    """The passages of an article, in its order; all text that is no heading is in one of them."""
    passages = [passage for headings, texts in _sections(blocks) for passage in _packed(headings, texts)]
    return _gathered(passages)


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    path: list[tuple[int, str]] = []
    held: list[Block] = []
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            held.append(block)
            continue
        yield tuple(text for _, text in path), held
        path = [(level, text) for level, text in path if level < block.level]
        path.append((block.level, block.text))
        held = []
    yield tuple(text for _, text in path), held


def _packed(headings: tuple[str, ...], blocks: Iterable[Block]) -> Iterator[Passage]:
    """As many pieces as fit into one passage, then the next."""
    text = ""
    for piece in (piece for block in blocks for piece in _pieces(block)):
        if text and not _go_together(text, piece):
            yield Passage(headings, text)
            text = ""
        text = f"{text}\n\n{piece}" if text else piece
    if text:
        yield Passage(headings, text)


def _go_together(text: str, piece: str) -> bool:
    """A line that introduces a long list stays with it; a tiny rest may stick out a little."""
    length = len(text) + len(piece)
    return length <= AIM or len(text) < TINY or (len(piece) < TINY and length <= AIM + TINY)


def _pieces(block: Block) -> Iterator[str]:
    if block.kind is BlockKind.LINES:
        return _cut(block.text, WHOLE, (LINE_END, SENTENCE_END, SPACE))
    return _cut(block.text, AIM, (SENTENCE_END, SPACE))


def _cut(text: str, longest: int, ends: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """The text in pieces of at most `longest` characters, cut at the first kind of end that the text has."""
    while len(text) > longest:
        stop, start = _place(text, AIM, ends)
        yield text[:stop]
        text = text[start:]
    if text.strip():
        yield text


def _place(text: str, longest: int, ends: Sequence[re.Pattern[str]]) -> tuple[int, int]:
    """Where the first piece stops, and where the next one starts."""
    for end in ends:
        last = None
        for match in end.finditer(text, 0, longest + 1):
            if text[: match.start()].strip():
                last = match
        if last is not None:
            return last.start(), last.end()
    return longest, longest


def _gathered(passages: Sequence[Passage]) -> list[Passage]:
    """Tiny neighbours under the same parent become one passage, which then shows their headings in its text."""
    found: list[Passage] = []
    alone = True
    for passage in passages:
        if found and _are_tiny_siblings(found[-1], passage, alone=alone):
            first = _shown(found[-1]) if alone else found[-1].text
            found[-1] = Passage(passage.headings[:-1], f"{first}\n\n{_shown(passage)}")
            alone = False
        else:
            found.append(passage)
            alone = True
    return found


def _are_tiny_siblings(before: Passage, passage: Passage, *, alone: bool) -> bool:
    parent = before.headings[:-1] if alone else before.headings
    fits = len(before.text) + len(passage.text) < AIM and len(passage.text) < TINY
    return (
        bool(passage.headings) and parent == passage.headings[:-1] and fits and (not alone or len(before.text) < TINY)
    )


def _shown(passage: Passage) -> str:
    return f"**{passage.headings[-1]}**\n\n{passage.text}" if passage.headings else passage.text
