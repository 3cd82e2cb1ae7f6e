"""Notices, word by word, when a text repeats what only the model was to read."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from functools import lru_cache

from infra.grounded.prompting import RULES

RUN_OF_RULES = 10
"""Words in a row out of Parley's rules that no answer has by chance."""
RUN_OF_INSTRUCTIONS = 25
"""The same of the organization's own instructions: answers may well quote a sentence of them."""

WORD = re.compile(r"[^\W_]+")
Run = tuple[str, ...]


class Leaks:
    """Watches one text for the key of its prompt's fences, and for runs of its words that no passage has too."""

    def __init__(self, instructions: str, passages: Iterable[str], key: str) -> None:
        self._key = key
        self._passages = passages
        self._secret: Mapping[int, frozenset[Run]] = {
            RUN_OF_RULES: _runs(RULES, RUN_OF_RULES),
            RUN_OF_INSTRUCTIONS: _runs(instructions, RUN_OF_INSTRUCTIONS),
        }
        self._words: deque[str] = deque(maxlen=RUN_OF_INSTRUCTIONS)
        self._begun = ""

    def found(self, piece: str) -> bool:
        """Whether the text, with this next piece of it, says such a thing; the word at its end counts with the next."""
        text = self._begun + piece
        *whole, last = [(match.end(), match[0].casefold()) for match in WORD.finditer(text)] or [(0, "")]
        if last[0] == len(text):
            self._begun = last[1]
        else:
            self._begun, whole = "", [*whole, last]
        return any(self._said(word) for _, word in whole) or self._begun == self._key

    def _said(self, word: str) -> bool:
        if word:
            self._words.append(word)
        return word == self._key or any(self._repeats(length) for length in self._secret)

    def _repeats(self, length: int) -> bool:
        if len(self._words) < length:
            return False
        run = tuple(self._words)[-length:]
        return run in self._secret[length] and not any(run in _runs(passage, length) for passage in self._passages)


@lru_cache(maxsize=256)
def _runs(text: str, length: int) -> frozenset[Run]:
    words = [word.casefold() for word in WORD.findall(text)]
    return frozenset(tuple(words[start : start + length]) for start in range(len(words) - length + 1))
