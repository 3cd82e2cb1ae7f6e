"""Curated answers: said where they match, and nowhere else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.assistant import Answer, Delta, Outcome, Question, ScriptedAssistant, Speaker, Turn
from domain.base import ForbiddenError, InvalidInputError, NotFoundError
from domain.learning.curated import curation_of
from infra.learning.curated import MODEL, Curated, CuratedSearch
from tests.learning.shop import Shop
from tests.stack import found_company, scripted

BEHIND = "That is what the assistant says."
ASKED = ("How long can I send things back?", "What is the return period?")
TEXT = "You have 45 days, and in December until the end of January."


def curated(shop: Shop, behind: ScriptedAssistant | None = None) -> Curated:
    parts = shop.parts
    search = CuratedSearch(parts.database.tenant, parts.reading.embedder)
    return Curated(search, parts.intents, behind or scripted(BEHIND), words_per_second=0)


async def say(shop: Shop, text: str, *history: Turn) -> Outcome:
    question = Question(uuid4(), shop.company.id, text, history)
    said = [piece async for piece in curated(shop).answer(question)]
    *deltas, outcome = said
    assert isinstance(outcome, Answer)
    assert "".join(piece.text for piece in deltas if isinstance(piece, Delta)) == outcome.text
    return outcome


async def test_a_question_that_was_foreseen_gets_the_answer_word_for_word(shop: Shop) -> None:
    articles = [shop.articles["Returns"]]
    receipt = await shop.learning.curated_answers.create(shop.admin, curation_of(ASKED, TEXT, articles))
    for question in ("how long may I send things back", "What's the return period?"):
        outcome = await say(shop, question)
        assert isinstance(outcome, Answer) and outcome.text == TEXT
        assert [citation.title for citation in outcome.citations] == ["Returns"]
        assert outcome.provenance.curated_answer_id == receipt.id and outcome.provenance.model == MODEL


async def test_everything_else_is_for_the_assistant_behind(shop: Shop) -> None:
    await shop.learning.curated_answers.create(shop.admin, curation_of([*ASKED, "How long does it take?"], TEXT))
    earlier = Turn(Speaker.CUSTOMER, "I want to know about express delivery.")
    assert (await say(shop, "How long does it take?")).text == TEXT
    for question, history in (
        ("Can I return a mattress?", ()),
        ("How long does it take?", (earlier,)),
        ("I want to talk to a human about the return period, please", ()),
        ("Hello", ()),
    ):
        assert (await say(shop, question, *history)).text == BEHIND, question


async def test_between_two_that_fit_alike_neither_is_said(shop: Shop) -> None:
    answers = shop.learning.curated_answers
    await answers.create(shop.admin, curation_of(["What is the return period?"], "One."))
    await answers.create(shop.admin, curation_of(["What's the return period?"], "Two."))
    assert (await say(shop, "What is the return period?")).text == BEHIND


async def test_only_enabled_answers_are_said_and_changes_hold_at_once(shop: Shop) -> None:
    answers = shop.learning.curated_answers
    receipt = await answers.create(shop.admin, curation_of(ASKED, TEXT), enabled=False)
    assert (await say(shop, ASKED[0])).text == BEHIND
    await answers.enable(shop.admin, receipt.id, enabled=True)
    assert (await say(shop, ASKED[0])).text == TEXT
    await answers.change(shop.admin, receipt.id, curation_of(["When is the shop in Leeds open?"], "From nine."))
    assert (await say(shop, ASKED[0])).text == BEHIND
    assert (await say(shop, "When is the shop in Leeds open?")).text == "From nine."
    await answers.delete(shop.admin, receipt.id)
    assert (await say(shop, "When is the shop in Leeds open?")).text == BEHIND


async def test_internal_articles_are_not_cited(shop: Shop) -> None:
    await shop.hide("Returns")
    await shop.learning.curated_answers.create(
        shop.admin, curation_of(ASKED, TEXT, [shop.articles["Returns"], shop.articles["Warranty"]])
    )
    outcome = await say(shop, ASKED[0])
    assert isinstance(outcome, Answer) and [citation.title for citation in outcome.citations] == ["Warranty"]


async def test_another_company_has_answers_of_its_own(shop: Shop, database_url: str) -> None:
    await shop.learning.curated_answers.create(shop.admin, curation_of(ASKED, TEXT))
    neighbour = await found_company(database_url)
    search = CuratedSearch(shop.parts.database.tenant, shop.parts.reading.embedder)
    assert await search(shop.company.id, ASKED[0]) and not await search(neighbour.id, ASKED[0])
    what = curation_of(ASKED, TEXT, [shop.articles["Returns"]])
    with pytest.raises(NotFoundError):
        await shop.learning.curated_answers.create(neighbour.admin, what)
    with pytest.raises(ForbiddenError):
        await shop.learning.curated_answers.create(shop.company.agent, what)


@pytest.mark.parametrize(
    ("questions", "text", "path"),
    [
        ([], "Yes.", "input.questions"),
        (["?"] * 3 + [str(number) for number in range(20)], "Yes.", "input.questions"),
        (["x" * 501], "Yes.", "input.questions.0"),
        ([" "], "Yes.", "input.questions.0"),
        (["?"], " ", "input.text"),
        (["?"], "x" * 4_001, "input.text"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(questions: list[str], text: str, path: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        curation_of(questions, text)
    assert [problem.path for problem in refused.value.fields] == [path]
