"""Notices when an answer repeats what only the model was to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

RUN_OF_RULES = 10
"""Words in a row out of Parley's rules that no answer has by chance."""
RUN_OF_INSTRUCTIONS = 25
"""The same of the organization's own instructions: answers may well quote a sentence of them."""

WORD = re.compile(r"[^\W_]+")


class Leaks:
    """The runs of words of a prompt that no passage has too; `found` is asked with the text as it grows."""

    def __init__(self, rules: str, instructions: str, passages: Iterable[str], key: str) -> None:
        self._key = key
        public = [_words(passage) for passage in passages]
        self._runs = {
            length: _runs(_words(text), length) - {run for words in public for run in _runs(words, length)}
            for text, length in ((rules, RUN_OF_RULES), (instructions, RUN_OF_INSTRUCTIONS))
        }

    def found(self, text: str, since: int) -> bool:
        """Whether the text repeats such a run that ends behind `since`, its length at the question before."""
        back = max(0, since - 12 * RUN_OF_INSTRUCTIONS)
        words = _words(text[back:])
        return self._key in text[back:] or any(
            not _runs(words, length).isdisjoint(of) for length, of in self._runs.items()
        )


def _words(text: str) -> Sequence[str]:
    return WORD.findall(text.casefold())


def _runs(words: Sequence[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
