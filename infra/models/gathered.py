"""A language model whose pieces come a few at a time: everything behind it costs per piece, and nobody sees each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import cast

from domain.model import CallPiece, LanguageModel, ModelDone, ModelPiece, ModelRequest, TextPiece
from infra.live.tasks import end

Pieces = AsyncGenerator[ModelPiece, None]

AT_ONCE = 8
"""Pieces at the beginning that do not wait: somebody waits for the first word."""


@dataclass
class _Box:
    """What came and was not taken yet; `ended` holds the error that the reply ended with, or None."""

    pieces: list[ModelPiece] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[Exception | None] = field(default_factory=list)
    count: int = 0

    async def fill(self, pieces: Pieces) -> None:
        failure: Exception | None = None
        try:
            async for piece in pieces:
                self.count += 1
                self.pieces.append(piece)
                self.came.set()
        except Exception as error:  # it is the reader's, who waits for it
            failure = error
        self.ended.append(failure)
        self.came.set()

    def take(self) -> list[ModelPiece]:
        self.came.clear()
        taken, self.pieces = self.pieces, []
        return taken


@dataclass
class Gathered:
    """Yields the first pieces at once, and then what came in each `every` seconds, joined as far as it can be."""

    model: LanguageModel
    every: float
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.model.name

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        """The model's pieces."""
        box = _Box()
        async with aclosing(cast(Pieces, self.model.generate(request))) as pieces:
            filling = asyncio.create_task(box.fill(pieces))
            try:
                while True:
                    await box.came.wait()
                    for piece in joined(box.take()):
                        yield piece
                    if box.ended and not box.pieces:
                        break
                    await asyncio.sleep(0 if box.ended or box.count <= AT_ONCE else self.every)
            finally:
                await end([filling])
        if failure := box.ended[0]:
            raise failure


def joined(pieces: Sequence[ModelPiece]) -> Iterator[ModelPiece]:
    """The same text and the same calls in as few pieces as can be."""
    held: TextPiece | CallPiece | None = None
    for piece in pieces:
        match held, piece:
            case TextPiece(), TextPiece():
                held = TextPiece(held.text + piece.text)
            case CallPiece(), CallPiece() if piece.index == held.index and not piece.name:
                held = CallPiece(held.index, held.arguments + piece.arguments, held.id, held.name)
            case _:
                if held is not None:
                    yield held
                held = None if isinstance(piece, ModelDone) else piece
                if isinstance(piece, ModelDone):
                    yield piece
    if held is not None:
        yield held
