"""Articles fall into passages along their headings, and nothing of them is lost."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.content import content_of
from domain.knowledge.passages import AIM, TINY, WHOLE, Block, BlockKind, Passage, embedded, index_of, meaning, split

HEADING, PROSE, LINES = BlockKind.HEADING, BlockKind.PROSE, BlockKind.LINES
LONG = "A sentence that says something worth quoting. " * 6

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
prose = st.lists(words, min_size=1, max_size=300).map(" ".join)
lines = st.lists(words, min_size=1, max_size=120).map("\n".join)
blocks = st.lists(
    st.one_of(
        st.builds(Block, st.just(HEADING), words, st.integers(1, 6)),
        st.builds(Block, st.just(PROSE), prose),
        st.builds(Block, st.just(LINES), lines),
    ),
    max_size=12,
)


def squeezed(text: str) -> str:
    return "".join(text.split())


def without_shown_headings(passages: list[Passage]) -> str:
    return squeezed("".join(passage.text for passage in passages))


@given(blocks)
def test_no_text_is_lost_and_it_stays_in_order(given_blocks: list[Block]) -> None:
    passages = split(given_blocks)
    text = without_shown_headings(passages)
    for block in given_blocks:
        if block.kind is HEADING:
            continue
        for piece in block.text.split():
            place = text.find(squeezed(piece))
            assert place >= 0
            text = text[place + len(squeezed(piece)) :]


@given(blocks)
def test_no_passage_is_much_longer_than_what_stays_whole(given_blocks: list[Block]) -> None:
    assert all(len(passage.text) <= WHOLE + AIM + TINY for passage in split(given_blocks))
    assert all(passage.text.strip() for passage in split(given_blocks))


def test_headings_lead_to_a_passage() -> None:
    passages = split(
        [
            Block(PROSE, LONG),
            Block(HEADING, "Returns", 2),
            Block(PROSE, LONG),
            Block(HEADING, "From abroad", 3),
            Block(PROSE, LONG),
            Block(HEADING, "Refunds", 2),
            Block(PROSE, LONG),
        ]
    )
    assert [passage.headings for passage in passages] == [(), ("Returns",), ("Returns", "From abroad"), ("Refunds",)]


def test_long_prose_is_cut_after_sentences() -> None:
    passages = split([Block(PROSE, (LONG * 10).strip())])
    assert len(passages) > 2
    assert all(passage.text.endswith(".") and len(passage.text) <= AIM + TINY for passage in passages)


def test_a_list_with_its_introduction_stays_in_one_piece_and_a_very_long_one_is_cut_between_items() -> None:
    item = "- " + "step " * 10
    short = "\n".join([item] * 24)
    assert len(short) <= WHOLE
    assert [passage.text for passage in split([Block(PROSE, "Do this:"), Block(LINES, short)])] == [
        f"Do this:\n\n{short}"
    ]
    long = split([Block(LINES, "\n".join([item] * 200))])
    assert len(long) > 5
    assert all(passage.text.startswith("- ") and passage.text.rstrip().endswith("step") for passage in long)


def test_tiny_neighbours_share_a_passage_that_shows_their_headings() -> None:
    passages = split(
        [
            Block(HEADING, "Fees", 2),
            Block(HEADING, "Cash", 3),
            Block(PROSE, "Free."),
            Block(HEADING, "Card", 3),
            Block(PROSE, "Two euros."),
            Block(HEADING, "Other", 2),
            Block(PROSE, "Ask us."),
        ]
    )
    assert passages == [
        Passage(("Fees",), "**Cash**\n\nFree.\n\n**Card**\n\nTwo euros."),
        Passage(("Other",), "Ask us."),
    ]


def test_an_index_holds_the_phrases_once() -> None:
    content = content_of("Refunds", "Text.", questions=["When?", "refunds", "when?"])
    index = index_of(content, lambda body: [Block(PROSE, body)])
    assert index.phrases == ("Refunds", "When?")
    assert index.meanings == [("Refunds\nText.", "Text."), ("Refunds",), ("When?",)]
    assert re.fullmatch("[0-9a-f]{32}", content.digest)


class Ways:
    """Embeds each text as one of two directions."""

    name = "ways"
    dimensions = 2

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, 0.0] if text.startswith("Title") else [0.0, 1.0] for text in texts]


async def test_a_passage_is_read_with_its_title_and_without_and_a_phrase_once() -> None:
    with_title, phrase = await embedded(Ways(), [meaning("Title", ("Part",), "Text."), ("Title?",)])
    assert with_title == pytest.approx([0.5**0.5, 0.5**0.5])
    assert phrase == [1.0, 0.0]
    assert await embedded(Ways(), []) == []
