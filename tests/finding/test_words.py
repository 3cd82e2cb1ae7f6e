"""What a search means and what is shown of a text, without any I/O."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import InvalidInputError
from domain.search.excerpt import LONGEST, excerpt, folded
from domain.search.query import search


@pytest.mark.parametrize(
    ("text", "opening", "prefix", "words"),
    [
        ("boots", "", "boots", ("boots",)),
        ("my boo", "my ", "boo", ("my", "boo")),
        ("a b", "", "", ("a", "b")),
        ('"return label"', "", "", ("return", "label")),
        ('"return label" soc', '"return label" ', "soc", ("return", "label", "soc")),
        ("boots -red", "", "", ("boots",)),
        ("boots or shoes", "boots or ", "shoes", ("boots", "shoes")),
        ("ann@shop.example", "", "", ("ann", "shop", "example")),
        ("boots ", "", "", ("boots",)),
    ],
)
def test_what_is_typed_is_understood(text: str, opening: str, prefix: str, words: tuple[str, ...]) -> None:
    found = search(text)
    assert (found.opening, found.prefix, found.words) == (opening, prefix, words)


@pytest.mark.parametrize("text", ["", "-red", "?", "w " * 21, "x" * 201, "a\tb", "half \ud800"])
def test_what_is_no_search_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        search(text)


def test_no_types_are_no_search() -> None:
    with pytest.raises(InvalidInputError):
        search("boots", ())


@given(st.text(max_size=2_000), st.sets(st.text(alphabet="abäß", min_size=1, max_size=2), max_size=3))
def test_an_excerpt_is_a_part_of_the_text_in_pieces(text: str, wanted: set[str]) -> None:
    pieces = excerpt(text, lambda word: word in wanted)
    line = "".join(piece.text for piece in pieces)
    assert line.removeprefix("…").removesuffix("…") in " ".join(text.split())
    assert len(line) <= LONGEST + 2
    assert all(folded(piece.text) in wanted for piece in pieces if piece.is_match)


def test_an_excerpt_begins_near_the_words() -> None:
    pieces = excerpt(
        "nothing to see here. " * 50 + "The blue boots are torn. " + "And so on. " * 50, {"blue", "boots"}.__contains__
    )
    shown = [piece.text for piece in pieces if piece.is_match]
    assert shown == ["blue", "boots"]
    assert pieces[0].text == "…" and pieces[-1].text.endswith("…")
