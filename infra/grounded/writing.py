"""The text of an outcome while it is being written: safe, its citations numbered, held until it rests on a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.assistant import Citation
from domain.model import ModelReplyError
from infra.ai.composing import cited
from infra.grounded.leaking import Leaks
from infra.grounded.outcomes import ANSWER, Growing
from infra.knowledge.retrieval import ScoredPassage
from infra.safety.addresses import addresses_in, among
from infra.safety.safe_text import SafeText

LONGEST_ASIDE = 1_000
"""Characters of a text that answers nothing: a question back, a refusal."""


@dataclass
class Sources:
    """The passages of a prompt by their numbers there, and the numbers that the text gives those it names."""

    passages: Sequence[ScoredPassage]
    named: list[int] = field(default_factory=list)
    strange: set[int] = field(default_factory=set)

    def cite(self, number: int) -> int | None:
        """The number in the text; None, and noted, for a source that was not in the prompt."""
        if not self.has(number):
            return None
        if number not in self.named:
            self.named.append(number)
        return self.named.index(number) + 1

    def has(self, number: int) -> bool:
        """Whether there is such a passage."""
        if 1 <= number <= len(self.passages):
            return True
        self.strange.add(number)
        return False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The passages that the text names, in the order of their numbers there."""
        return tuple(cited(self.passages[number - 1]) for number in self.named)


class Written:
    """The text of one call: `text` is all of it so far, of which readers may have `shown`.

    An answer is held until it rests on something: a source that it names in its list or in its text, unless it
    `rests` already, on the result of a tool. The text of other outcomes is not held. With `waits` nothing is shown
    before its end, so that what is checked only then can keep it back.
    """

    def __init__(
        self, passages: Sequence[ScoredPassage], instructions: str, leaks: Leaks, *, rests: bool, waits: bool
    ) -> None:
        texts = [instructions, *(text for one in passages for text in (one.text, one.link or ""))]
        self.sources = Sources(passages)
        self.text = ""
        self.shown = ""
        self.is_leaked = False
        self._clean = SafeText(among(addresses_in(texts)), self.sources.cite)
        self._leaks = leaks
        self._raw = ""
        self._rests = rests
        self._waits = waits
        self._listed: list[int] = []

    @property
    def is_grounded(self) -> bool:
        """Whether it rests on anything."""
        return self._rests or bool(self.sources.named or self._listed)

    def take(self, call: Growing) -> str:
        """The next piece to show of a call that has grown; raises ModelReplyError for what is no such call."""
        arguments = call.so_far()
        self._grow(call.name, arguments, is_listed=list(arguments)[-1:] == ["text"])
        if self._waits or self.is_leaked or (call.name == ANSWER and not self.is_grounded):
            return ""
        piece, self.shown = self.text[len(self.shown) :], self.text
        return piece

    def finish(self, call: Growing) -> None:
        """The call is complete; raises ModelReplyError where it is not, or its text is empty."""
        self._grow(call.name, call.complete(), is_listed=True)
        self._add(self._clean.end())
        if not self.text:
            raise ModelReplyError(f"The text of '{call.name}' is empty.")
        if self._listed and not self.sources.named:
            self._add(" " + "".join(f"[{self.sources.cite(number)}]" for number in self._listed))

    def _grow(self, name: str, arguments: dict[str, Any], *, is_listed: bool) -> None:
        raw = arguments.get("text", "")
        if not isinstance(raw, str) or not raw.startswith(self._raw):
            raise ModelReplyError(f"The text of '{name}' is none.")
        if is_listed and name == ANSWER and not (self._listed and self._raw):
            self._listed = self._valid(arguments.get("sources", []))
        self._add(self._clean.feed(raw[len(self._raw) :]))
        self._raw = raw
        if name != ANSWER and len(self.text) > LONGEST_ASIDE:
            raise ModelReplyError(f"The text of '{name}' is too long to be that.")

    def _add(self, piece: str) -> None:
        self.text += piece
        self.is_leaked = self.is_leaked or (bool(piece) and self._leaks.found(piece))

    def _valid(self, numbers: Any) -> list[int]:
        """The passages of the list of sources; a number written as text is one too."""
        listed = numbers if isinstance(numbers, list) else [numbers]
        found = [int(one) for one in listed if str(one).isascii() and str(one).isdigit() and len(str(one)) < 4]
        return list(dict.fromkeys(number for number in found if self.sources.has(number)))
