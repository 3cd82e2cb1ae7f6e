"""An assistant made of assistants: whatever fails where, there is one clean text, one outcome, and all attempts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assistant import (
    Answer,
    Assistant,
    Delta,
    Handoff,
    HandoffReason,
    Outcome,
    Piece,
    Provenance,
    Question,
    Restarted,
    ScriptedAssistant,
)
from domain.base import UnavailableError
from domain.model import BudgetExhaustedError, ModelBrokeOffError, ModelUnavailableError
from infra.models.chain import chain
from infra.models.fallback import Fallback, NoOutcomeError
from tests.stack import scripted

QUESTION = Question(UUID(int=1), UUID(int=2), "Where is my parcel?")


@dataclass
class Played:
    """Plays its pieces; what is an exception is raised."""

    pieces: Sequence[Piece | Exception]
    name: str = "played"
    closed: list[str] = field(default_factory=list)

    async def answer(self, _: Question) -> AsyncIterator[Piece]:
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.closed.append(self.name)


def answer(text: str) -> Answer:
    return Answer(text, (), Provenance("m", 1.0, 0.5))


async def collected(assistant: Assistant) -> list[Piece]:
    return [piece async for piece in assistant.answer(QUESTION)]


def clean(pieces: Sequence[Piece]) -> str:
    """What a reader sees in the end: the deltas after the last beginning."""
    text = ""
    for piece in pieces:
        text = "" if isinstance(piece, Restarted) else text + (piece.text if isinstance(piece, Delta) else "")
    return text


async def test_a_failure_before_any_text_is_not_noticed() -> None:
    broken = Played([ModelUnavailableError("away")], "first")
    *deltas, outcome = await collected(Fallback([broken, scripted("Within 45 days.")]))
    assert all(isinstance(piece, Delta) for piece in deltas)
    provenance = cast(Outcome, outcome).provenance
    assert provenance is not None
    assert [(one.name, one.error) for one in provenance.attempts] == [("first", "unavailable"), ("scripted", None)]


async def test_text_that_broke_off_is_void() -> None:
    broken = Played([Delta("Within "), ModelBrokeOffError("cut")])
    pieces = await collected(Fallback([broken, scripted("In 45 days.")]))
    assert pieces[:2] == [Delta("Within "), Restarted()]
    assert clean(pieces) == "In 45 days."


async def test_each_kind_of_failure_has_its_name() -> None:
    failures: list[Exception] = [
        BudgetExhaustedError("month"),
        ValueError("a mistake of ours"),
        ModelBrokeOffError("x"),
    ]
    told: list[Exception] = []
    chain = Fallback(
        [*(Played([one]) for one in failures), Played([]), scripted("Yes.")], failed=lambda _, error: told.append(error)
    )
    outcome = cast(Answer, (await collected(chain))[-1])
    codes = [one.error for one in outcome.provenance.attempts]
    assert codes == ["budget_exhausted", "failed", "broke_off", "failed", None]
    assert told[:3] == failures
    assert isinstance(told[3], NoOutcomeError)


async def test_if_all_fail_the_last_failure_is_raised() -> None:
    chain = Fallback([Played([ModelBrokeOffError("one")]), Played([ModelUnavailableError("two")])])
    with pytest.raises(ModelUnavailableError, match="two"):
        await collected(chain)


async def test_an_outage_of_what_all_stand_on_is_raised_at_once() -> None:
    other = scripted("Yes.")
    with pytest.raises(UnavailableError):
        await collected(Fallback([Played([UnavailableError()]), other]))
    assert other.asked == []


async def test_an_outcome_without_provenance_stays_as_it_is() -> None:
    handoff = Handoff(HandoffReason.CUSTOMER_ASKED, "", "Somebody will answer.")
    assert await collected(Fallback([Played([handoff])])) == [handoff]


async def test_the_order_may_depend_on_the_question() -> None:
    async def backwards(_: Question, assistants: Sequence[Assistant]) -> Sequence[Assistant]:
        return assistants[::-1]

    outcome = (await collected(Fallback([scripted("One."), scripted("Two.")], backwards)))[-1]
    assert cast(Answer, outcome).text == "Two."


@pytest.mark.parametrize(
    ("preferred", "order"), [(None, ["a", "b"]), ("b", ["b", "a"]), ("c", ["c", "a", "b"]), ("gone", ["a", "b"])]
)
async def test_the_model_that_an_organization_prefers_is_asked_first(preferred: str | None, order: list[str]) -> None:
    async def prefers(_: Question) -> str | None:
        return preferred

    asked = {name: Played([ModelUnavailableError("away")], name) for name in "abc"}
    told: list[str] = []
    for played in asked.values():
        played.closed = told
    with pytest.raises(ModelUnavailableError):
        await collected(chain(asked, ["a", "b"], prefers))
    assert told == order


async def test_closing_closes_the_one_that_is_answering() -> None:
    first, second = Played([ModelBrokeOffError("x")], "a"), Played([Delta("one "), Delta("two")], "b")
    pieces = cast(AsyncGenerator[Piece, None], Fallback([first, second]).answer(QUESTION))
    assert await anext(pieces) == Delta("one ")
    await pieces.aclose()
    assert (first.closed, second.closed) == (["a"], ["b"])


texts = st.lists(st.text(min_size=1, max_size=5), max_size=4)
failures = st.sampled_from([ModelBrokeOffError("x"), ModelUnavailableError("y"), ValueError("z")])
restarting = st.lists(texts, max_size=2)


@st.composite
def assistants(draw: st.DrawFn, *, succeeds: bool) -> Played | ScriptedAssistant:
    """One that begins anew as often as it likes, and then fails or gives its outcome."""
    pieces: list[Piece | Exception] = []
    for void in draw(restarting):
        pieces += [*map(Delta, void), Restarted()]
    last = draw(texts)
    pieces += map(Delta, last)
    pieces.append(answer("".join(last)) if succeeds else draw(failures))
    return Played(pieces, draw(st.sampled_from("abc")))


@given(st.lists(assistants(succeeds=False), max_size=3), assistants(succeeds=True))
async def test_whatever_fails_where_the_reader_sees_the_outcome_and_nothing_else(
    broken: list[Played], whole: Played
) -> None:
    pieces = await collected(Fallback([*broken, whole]))
    outcome = pieces[-1]
    assert isinstance(outcome, Answer)
    assert [piece for piece in pieces if isinstance(piece, Answer)] == [outcome]
    assert clean(pieces) == outcome.text
    assert [one.name for one in outcome.provenance.attempts] == [one.name for one in [*broken, whole]]
    assert [one.error is None for one in outcome.provenance.attempts] == [False] * len(broken) + [True]
