"""A language model whose every call is paid from the organization's budgets."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import cast

from domain.model import (
    CallPiece,
    LanguageModel,
    ModelDone,
    ModelPiece,
    ModelRefusedError,
    ModelRequest,
    ModelTimedOutError,
    ModelUnavailableError,
    Usage,
)
from domain.spending.ledger import Ledger, Reservation
from domain.spending.tokens import believable, of_request, of_text


@dataclass
class Metered:
    """Sets the most that a call can use aside, makes it, and then counts what it did use.

    It stands right around the model itself, inside of retries and fallbacks: each attempt is a call of its own.
    `reply_tokens` are set aside for a reply where the request does not say how long it may be.
    """

    model: LanguageModel
    ledger: Ledger
    reply_tokens: int = 1_000
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.model.name

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        """The model's own reply, with usage and cost in its end; `BudgetExhaustedError` before anything is asked.

        A call that is broken off, by whomever, is counted by what was written until then; one that the model turned
        away before its first piece is not counted.
        """
        read = of_request(request)
        estimate = Usage(read, request.most_tokens or self.reply_tokens, estimated=True)
        meter = _Meter(await self.ledger.reserve(request, self.name, estimate), read)
        try:
            async with aclosing(cast(AsyncGenerator[ModelPiece, None], self.model.generate(request))) as pieces:
                async for piece in pieces:
                    yield meter.passed(piece)
        except (ModelUnavailableError, ModelRefusedError) as error:
            meter.is_free = meter.written == 0 and not isinstance(error, ModelTimedOutError)
            raise
        finally:
            self.ledger.settle(meter.reservation, meter.usage)


@dataclass
class _Meter:
    """What has come of one call so far."""

    reservation: Reservation
    read: int
    written: int = 0
    is_free: bool = False
    told: Usage | None = None

    @property
    def usage(self) -> Usage:
        """What the model said, or else an estimate by the text of both sides."""
        if self.is_free:
            return Usage()
        return self.told or Usage(self.read, self.written, estimated=True)

    def passed(self, piece: ModelPiece) -> ModelPiece:
        """The piece as it goes on, counted."""
        if not isinstance(piece, ModelDone):
            self.written += of_text(piece.name + piece.arguments if isinstance(piece, CallPiece) else piece.text)
            return piece
        if piece.usage is not None and believable(piece.usage):
            self.told = piece.usage
        return replace(piece, usage=self.usage, cost_micros=self.reservation.cost_of(self.usage))
