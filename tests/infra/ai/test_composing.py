"""Answers in the articles' own words, cut where a reader would."""

from infra.ai import composing
from infra.ai.composing import LONGEST, answer, excerpt, related_to
from tests.infra.ai.conftest import Finds


def test_a_short_text_stays_whole() -> None:
    text = "1. Open the app.\n2. Choose Orders.\n3. Choose Cancel."
    assert excerpt(f"\n{text}\n") == text


def test_a_long_text_ends_with_a_whole_sentence() -> None:
    sentences = [f"This is sentence number {number} of the passage." for number in range(60)]
    shown = excerpt(" ".join(sentences))
    assert len(shown) <= LONGEST + 2
    assert shown.endswith("of the passage. …")
    assert " ".join(sentences).startswith(shown.removesuffix(" …"))


def test_a_long_list_ends_with_a_whole_step() -> None:
    steps = [f"{number}. Press the button with the number {number} for a while" for number in range(1, 40)]
    shown = excerpt("\n".join(steps)).removesuffix(" …").splitlines()
    assert len(shown) > 5
    assert shown == steps[: len(shown)]


def test_a_text_without_any_place_to_cut() -> None:
    assert len(excerpt("x" * 2_000)) == LONGEST + 2
    assert excerpt("word " * 500).endswith("word …")


def test_what_is_quoted_or_named_is_cited_and_nothing_else(finds: Finds) -> None:
    found = finds(("Refunds", 0.8), ("Returns", 0.7), ("Shops", 0.4), ("Sizes", 0.3))
    related = related_to(found.passages[0], found.passages, 0.45)
    text, citations = answer(found.passages[0], related)
    assert text == "**Refunds**\n\nWhat there is to say about Refunds.\n\nSee also: Returns"
    assert [one.title for one in citations] == ["Refunds", "Returns"]
    assert [one.passage_id for one in citations] == [one.passage_id for one in found.passages[:2]]


def test_related_articles_are_few_and_each_named_once(finds: Finds) -> None:
    found = finds(("A", 0.9), ("A", 0.8), ("B", 0.8), ("B", 0.8), ("C", 0.8), ("D", 0.8))
    assert [one.title for one in related_to(found.passages[0], found.passages, 0.5)] == ["B", "C"]


def test_lines_for_customers_promise_no_more_than_is_so() -> None:
    assert "someone from our team" in composing.UNKNOWN
    assert "someone from our team" in composing.PERSON
