"""Pieces that come a few at a time: nothing is lost, doubled or late, and closing closes all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model import (
    CallPiece,
    ModelBrokeOffError,
    ModelDone,
    ModelMessage,
    ModelPiece,
    ModelRequest,
    Purpose,
    Role,
    ScriptedModel,
    TextPiece,
)
from infra.models.gathered import AT_ONCE, Gathered, joined

REQUEST = ModelRequest(UUID(int=1), Purpose.ANSWER, (ModelMessage(Role.USER, "Hello?"),))


@dataclass
class Paced:
    """A piece now and then."""

    pieces: Sequence[ModelPiece | Exception]
    pause: float
    name: str = "paced"
    is_closed: bool = False

    async def generate(self, _: ModelRequest) -> AsyncIterator[ModelPiece]:
        try:
            for piece in self.pieces:
                await asyncio.sleep(self.pause)
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.is_closed = True


pieces = st.lists(
    st.one_of(
        st.builds(TextPiece, st.text(max_size=3)),
        st.builds(CallPiece, st.integers(0, 1), st.text(max_size=3)),
        st.builds(lambda index: CallPiece(index, "", f"id{index}", "answer"), st.integers(0, 1)),
    ),
    max_size=20,
)


def meaning(said: Sequence[ModelPiece]) -> list[object]:
    """Character by character, whatever the pieces."""
    found: list[object] = []
    for piece in said:
        if isinstance(piece, TextPiece):
            found += piece.text
        elif isinstance(piece, CallPiece):
            found += [("begins", piece.index, piece.id, piece.name)] * bool(piece.name)
            found += [(piece.index, character) for character in piece.arguments]
        else:
            found.append(piece)
    return found


@given(pieces)
def test_joining_changes_nothing(said: list[ModelPiece]) -> None:
    whole = [*said, ModelDone("stop", "m")]
    assert meaning(list(joined(whole))) == meaning(whole)


@given(pieces)
async def test_nothing_is_lost_on_the_way(said: list[ModelPiece]) -> None:
    whole = [*said, ModelDone("stop", "m")]
    model = Gathered(ScriptedModel([whole]), 0)
    assert meaning([piece async for piece in model.generate(REQUEST)]) == meaning(whole)


async def test_the_first_pieces_come_at_once_and_later_ones_together() -> None:
    said: list[ModelPiece] = [TextPiece(str(number)) for number in range(60)]
    model = Gathered(Paced([*said, ModelDone("stop", "m")], 0.002), 0.05)
    found = [piece async for piece in model.generate(REQUEST)]
    assert meaning(found) == meaning([*said, ModelDone("stop", "m")])
    assert found[0] == TextPiece("0")
    assert len(found) < 40


@pytest.mark.parametrize("failure", [ModelBrokeOffError("cut"), ValueError("a mistake of ours")])
async def test_a_failure_comes_after_what_was_said(failure: Exception) -> None:
    said: list[ModelPiece | Exception] = [TextPiece("x")] * (AT_ONCE + 5)
    seen: list[ModelPiece] = []
    with pytest.raises(type(failure)):
        async for piece in Gathered(Paced([*said, failure], 0.001), 0.02).generate(REQUEST):
            seen.append(piece)
    assert len(meaning(seen)) == AT_ONCE + 5


async def test_closing_closes_the_model() -> None:
    model = Paced([TextPiece("x")] * 100, 0.01)
    said = cast(AsyncGenerator[ModelPiece, None], Gathered(model, 0.02).generate(REQUEST))
    await anext(said)
    began = monotonic()
    await said.aclose()
    assert model.is_closed
    assert monotonic() - began < 0.5
