"""An assistant made of assistants: where one fails, the next answers, and the reader sees one clean text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import cast

from domain.assistant import Assistant, Delta, ModelAttempt, Outcome, Piece, Question, Restarted
from domain.base import UnavailableError
from domain.model import ModelError

Pieces = AsyncGenerator[Piece, None]


Order = Callable[[Question, Sequence[Assistant]], Awaitable[Sequence[Assistant]]]
"""Says which of the assistants are asked a question, and in which order."""


async def as_given(_: Question, assistants: Sequence[Assistant]) -> Sequence[Assistant]:
    """The order in which they were named."""
    return assistants


class NoOutcomeError(Exception):
    """An assistant ended without an outcome."""


@dataclass
class Fallback:
    """Asks one assistant after the other until there is an outcome; `failed` is told of each that gave none.

    What a failed one has said is void: `Restarted` goes before the next one's text, if there was any. The outcome's
    provenance names all attempts. Raises what the last one raised; an outage of what all of them stand on at once.
    """

    assistants: Sequence[Assistant]
    order: Order = as_given
    failed: Callable[[str, Exception], None] = lambda _, __: None
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = ",".join(assistant.name for assistant in self.assistants)

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The pieces of the first that succeeds, after those of the ones that failed."""
        attempts: tuple[ModelAttempt, ...] = ()
        waiting = list(await self.order(question, self.assistants))
        while waiting:
            assistant, began, has_text = waiting.pop(0), perf_counter(), False
            try:
                async with aclosing(cast(Pieces, assistant.answer(question))) as pieces:
                    async for piece in pieces:
                        if not isinstance(piece, Delta | Restarted):
                            yield _attempted(piece, attempts, _attempt(assistant, began))
                            return
                        has_text = isinstance(piece, Delta)
                        yield piece
                raise NoOutcomeError(f"The assistant {assistant.name} ended without an outcome.")
            except UnavailableError:
                raise
            except Exception as error:
                self.failed(assistant.name, error)
                if not waiting:
                    raise
                attempts += (_attempt(assistant, began, error),)
            if has_text:
                yield Restarted()


def _attempt(assistant: Assistant, began: float, error: Exception | None = None) -> ModelAttempt:
    code = None if error is None else getattr(error, "code", ModelError.code)
    return ModelAttempt(assistant.name, round((perf_counter() - began) * 1000, 1), code)


def _attempted(outcome: Outcome, before: tuple[ModelAttempt, ...], last: ModelAttempt) -> Outcome:
    """The outcome with all attempts in its provenance; an assistant that has its own knows better than we do."""
    if outcome.provenance is None:
        return outcome
    attempts = before + (outcome.provenance.attempts or (last,))
    return replace(outcome, provenance=replace(outcome.provenance, attempts=attempts))
