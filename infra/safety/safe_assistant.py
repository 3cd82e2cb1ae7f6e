"""The last thing before a reader: whatever an assistant says, of articles' or people's words too, is safe Markdown."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import cast

from domain.assistant import Assistant, Clarification, Delta, Outcome, Piece, Question, Restarted
from infra.safety.safe_text import SafeText, safe

Pieces = AsyncGenerator[Piece, None]


@dataclass
class SafeAssistant:
    """Another assistant, made safe. Addresses stay: which ones a model may show was decided where it wrote them."""

    assistant: Assistant

    @property
    def name(self) -> str:
        """The other's."""
        return self.assistant.name

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The other's pieces; what is safe already passes as it is."""
        clean, shown = SafeText(_all), ""
        async with aclosing(cast(Pieces, self.assistant.answer(question))) as pieces:
            async for piece in pieces:
                if isinstance(piece, Restarted):
                    clean, shown = SafeText(_all), ""
                    yield piece
                    continue
                text = clean.feed(piece.text) if isinstance(piece, Delta) else clean.end()
                shown += text
                if text:
                    yield Delta(text)
                if not isinstance(piece, Delta):
                    yield _with(shown, piece)


def _all(_: str) -> bool:
    return True


def _with(text: str, outcome: Outcome) -> Outcome:
    if isinstance(outcome, Clarification):
        return replace(outcome, text=text, choices=tuple(safe(choice, _all) for choice in outcome.choices))
    return replace(outcome, text=text)
