"""What the built-in assistant decides, on a search that follows a script."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from domain.assistant import (
    Answer,
    Assistant,
    Clarification,
    Delta,
    Handoff,
    HandoffReason,
    Outcome,
    Question,
    Restarted,
    Speaker,
    Turn,
)
from infra.ai.composing import CLARIFYING
from infra.ai.intent import Intents
from infra.ai.local import LocalAssistant
from infra.knowledge.retrieval import Found
from infra.matching.embedding import MiniLM
from tests.infra.ai.conftest import Finds


@dataclass
class Scripted:
    """Finds the same for every question, and remembers the questions."""

    found: Found
    asked: list[Question] = field(default_factory=list)

    async def __call__(self, question: Question) -> Found:
        self.asked.append(question)
        return self.found


@dataclass
class Said:
    """What came of a question."""

    deltas: list[str]
    outcome: Outcome


class Desk:
    """An assistant with a scripted search."""

    def __init__(self, intents: Intents) -> None:
        self.intents = intents
        self.search = Scripted(Found((), ()))
        self.threshold: float | None = None

    async def ask(self, text: str, *history: Turn, summary: str = "") -> Said:
        assistant: Assistant = LocalAssistant(self.search, self.intents, self._threshold, "model", words_per_second=0)
        question = Question(uuid4(), uuid4(), text, history, summary)
        said = [piece async for piece in assistant.answer(question)]
        assert not isinstance(said[-1], Delta | Restarted)
        return Said([piece.text for piece in said[:-1] if isinstance(piece, Delta)], said[-1])

    async def _threshold(self, organization_id: UUID) -> float | None:
        return self.threshold


@pytest.fixture(scope="module")
def intents(embedder: MiniLM) -> Intents:
    return Intents(embedder)


@pytest.fixture
def desk(intents: Intents) -> Desk:
    return Desk(intents)


async def test_a_clear_question_is_answered_with_its_sources(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Refunds", 0.8), ("Returns", 0.6), ("Sizes", 0.2))
    said = await desk.ask("When do I get my money back?")
    assert isinstance(said.outcome, Answer)
    assert "".join(said.deltas) == said.outcome.text
    assert len(said.deltas) > 5
    assert [one.title for one in said.outcome.citations] == ["Refunds", "Returns"]
    assert desk.search.asked[0].text == "When do I get my money back?"


async def test_the_provenance_tells_why(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Refunds", 0.8), ("Sizes", 0.2))
    outcome = (await desk.ask("When do I get my money back?")).outcome
    why = outcome.provenance
    assert why is not None
    assert (why.model, why.threshold, why.decision) == ("model", 0.45, "confident enough")
    assert why.confidence == desk.search.found.passages[0].confidence
    assert [one.passage_id for one in why.passages] == [one.passage_id for one in desk.search.found.passages]
    assert why.total_ms >= why.retrieval_ms > 0


async def test_what_nothing_fits_goes_to_a_person(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Sizes", 0.3))
    began = Turn(Speaker.CUSTOMER, "hello, a question about Saturn")
    said = await desk.ask("How many rings does it have?", began, summary="Asked about sizes in May.")
    assert isinstance(said.outcome, Handoff)
    assert said.outcome.reason is HandoffReason.NOT_IN_KNOWLEDGE
    assert "".join(said.deltas) == said.outcome.text
    for part in ("rings", "Saturn", "in May", "“Sizes”"):
        assert part in said.outcome.summary


async def test_an_empty_knowledge_answers_nothing(desk: Desk) -> None:
    outcome = (await desk.ask("Where is my parcel?")).outcome
    assert isinstance(outcome, Handoff)
    assert outcome.provenance is not None
    assert outcome.provenance.decision == "nothing found"


@pytest.mark.parametrize(("threshold", "kind"), [(None, Answer), (0.2, Answer), (0.9, Handoff), (0.0, Answer)])
async def test_the_organization_sets_the_threshold(
    desk: Desk, finds: Finds, threshold: float | None, kind: type[Outcome]
) -> None:
    desk.search.found = finds(("Refunds", 0.6))
    desk.threshold = threshold
    assert isinstance((await desk.ask("When do I get my money back?")).outcome, kind)


async def test_two_articles_that_fit_alike_are_asked_about_once(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Cancel an order", 0.7), ("Change an order", 0.69), ("Sizes", 0.6))
    said = await desk.ask("my order is wrong")
    assert isinstance(said.outcome, Clarification)
    assert said.outcome.choices == ("Cancel an order", "Change an order")
    assert "".join(said.deltas) == said.outcome.text
    assert said.outcome.text.startswith(CLARIFYING)
    asked = Turn(Speaker.ASSISTANT, said.outcome.text)
    assert isinstance((await desk.ask("the wrong colour", asked)).outcome, Answer)


async def test_a_tie_of_articles_that_do_not_fit_is_no_tie(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Cancel an order", 0.3), ("Change an order", 0.3))
    assert isinstance((await desk.ask("is it going to rain tomorrow?")).outcome, Handoff)


async def test_two_articles_of_one_name_are_no_choice(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Refunds", 0.7), ("Refunds", 0.7))
    assert isinstance((await desk.ask("When do I get my money back?")).outcome, Answer)


async def test_whoever_asks_for_a_person_gets_one_without_a_search(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Contact", 0.9))
    said = await desk.ask("Let me talk to a real person please")
    assert isinstance(said.outcome, Handoff)
    assert said.outcome.reason is HandoffReason.CUSTOMER_ASKED
    assert "Let me talk" in said.outcome.summary
    assert desk.search.asked == []


async def test_thanks_are_answered_without_sources(desk: Desk) -> None:
    said = await desk.ask("thank you very much!")
    assert isinstance(said.outcome, Answer)
    assert said.outcome.citations == ()
    assert desk.search.asked == []


async def test_a_long_message_is_quoted_in_part(desk: Desk) -> None:
    outcome = (await desk.ask("Why does the moon not fall down? " * 300)).outcome
    assert isinstance(outcome, Handoff)
    assert len(outcome.summary) < 400


async def test_closing_stops_the_words(desk: Desk, finds: Finds) -> None:
    desk.search.found = finds(("Refunds", 0.8))
    assistant = LocalAssistant(desk.search, desk.intents, desk._threshold, "model", words_per_second=1_000)
    stream = assistant.answer(Question(uuid4(), uuid4(), "When do I get my money back?"))
    assert isinstance(await anext(stream), Delta)
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
