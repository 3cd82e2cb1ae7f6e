"""Whatever assistant answers, what reaches a reader is safe Markdown, and its deltas are its text to the byte."""

from uuid import uuid4

from domain.assistant import (
    Answer,
    Clarification,
    Delta,
    Handoff,
    HandoffReason,
    Outcome,
    Provenance,
    Question,
    Restarted,
    ScriptedAssistant,
)
from infra.safety.safe_assistant import SafeAssistant
from tests.grounded.playing import Stage, calling, passage

WHY = Provenance("people", 1.0, 0.5)
ARTICLE = "**Returns**\n\nSee [our page](https://shop.example/r) <img src=x onerror=y> or ![a](//evil.example/a)."


async def said(outcome: Outcome) -> tuple[str, Outcome]:
    """All deltas, joined, and the outcome."""
    pieces = [piece async for piece in SafeAssistant(ScriptedAssistant([outcome])).answer(_question())]
    assert not any(isinstance(piece, Restarted) for piece in pieces)
    last = pieces[-1]
    assert not isinstance(last, Delta | Restarted)
    return "".join(piece.text for piece in pieces if isinstance(piece, Delta)), last


def _question() -> Question:
    return Question(uuid4(), uuid4(), "How?")


async def test_what_an_article_or_a_person_wrote_loses_what_is_not_safe_and_keeps_its_addresses() -> None:
    text, outcome = await said(Answer(ARTICLE, (), WHY))
    assert text == outcome.text == "**Returns**\n\nSee our page (https://shop.example/r) or a (//evil.example/a)."
    text, outcome = await said(Clarification("Which <b>one</b>?", ("<i>This</i>", "That"), WHY))
    assert isinstance(outcome, Clarification)
    assert (text, outcome.choices) == ("Which one?", ("This", "That"))
    text, _ = await said(Handoff(HandoffReason.CUSTOMER_ASKED, "They ask.", "Somebody <script>will</script> come."))
    assert text == "Somebody will come."


async def test_what_is_safe_already_passes_as_it_is_and_a_restart_begins_anew() -> None:
    stage = Stage([passage("Within 30 days.")], [calling("answer", sources=[1], text="Within 30 days [1].")])
    direct = await stage.play()
    pieces = [piece async for piece in SafeAssistant(stage.assistant).answer(_question())]
    last = pieces[-1]
    assert isinstance(last, Answer)
    assert last.text == direct.text == "".join(piece.text for piece in pieces if isinstance(piece, Delta))

    class Restarting:
        name = "restarting"

        async def answer(self, question: Question):  # type: ignore[no-untyped-def]
            yield Delta("Half a <b")
            yield Restarted()
            yield Delta("Whole.")
            yield Answer("Whole.", (), WHY)

    pieces = [piece async for piece in SafeAssistant(Restarting()).answer(_question())]
    assert [type(piece).__name__ for piece in pieces] == ["Delta", "Restarted", "Delta", "Answer"]
    assert pieces[-2:] == [Delta("Whole."), Answer("Whole.", (), WHY)]
