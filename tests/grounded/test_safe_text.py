"""What a model writes, whatever it is and however it is cut, comes out as light Markdown that is safe to show."""

import re
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from infra.safety.addresses import addresses_in, among
from infra.safety.safe_text import FARTHEST, LONGEST_RUN, SafeText, safe

KNOWN = addresses_in(["Track it at https://ok.example/track or write to help@ok.example."])
FORBIDDEN = {"html_block", "html_inline", "image", "fence", "code_block", "heading_open", "blockquote_open", "hr"}
FORBIDDEN |= {"table_open", "s_open"}

NASTY = (
    *("<", ">", "</", "<b", "<!--", "-->", "<script>", "<img src=x onerror=y>", "<a href='x'>"),
    *("&lt;", "&#60;", "&amp;", "&"),
    *("[", "]", "(", ")", "](", "![", "[1]", "[12]", "[1, 2]", "[1](", "]:", ":", "[1]:", '"'),
    *("http://evil.example/?q=1", "https://ok.example/track", "www.evil.example", "javascript:alert(1)"),
    *("a@evil.example",),
    *("https", "://", "//", "evil.example/x", "help@ok.example", "help", "@"),
    *("#", "##", ">", "---", "===", "```", "~~~", "~~", "|", "|---|", "- ", "* ", "1. ", "**", "_", "`", "\\", "!"),
    *("\u202e", "\u200b", "\x00", "\u2066", "\ue000", "\U000e0041", "\ufeff", "\u00ad", "\r", "\r\n", "\u2028", "\t"),
    *(" ", "  ", "    ", "\n", "\n\n", "word", "Preis", "商品", "é", "🙂", "1", "."),
)
texts = st.lists(st.sampled_from(NASTY), max_size=14).map("".join) | st.text(max_size=40)


def chunked(text: str, cuts: list[int]) -> str:
    clean, out, start = SafeText(among(KNOWN)), "", 0
    for cut in sorted({cut % (len(text) + 1) for cut in cuts}):
        out += clean.feed(text[start:cut])
        start = cut
    return out + clean.feed(text[start:]) + clean.end()


@settings(max_examples=200, deadline=None)
@given(texts, st.lists(st.integers(0, 200), max_size=12))
@example("[a b](http://evil.example 'x') <a\nb>", [3, 9])
def test_it_does_not_matter_how_the_text_is_cut(text: str, cuts: list[int]) -> None:
    assert chunked(text, cuts) == safe(text, among(KNOWN))


@settings(max_examples=200, deadline=None)
@given(texts)
@example("<<b>script>")
@example("&a<b>mp;lt;script>")
@example("- - # x")
@example("a\n-\n=\nb")
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    once = safe(text, among(KNOWN))
    assert safe(once, among(KNOWN)) == once


@settings(max_examples=200, deadline=None)
@given(texts)
@example("[1]: http://evil.example\n\n[1]")
@example("![x][1]\n\n[1]: //evil.example")
@example("&#104;ttp://evil.example")
def test_no_forbidden_construct_comes_out(text: str) -> None:
    require_safe(safe(text, among(KNOWN)))


def require_safe(once: str) -> None:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = reader.parse(once)
    found = {token.type for block in tokens for token in (block, *(block.children or ()))}
    assert not found & FORBIDDEN
    assert "link_open" not in found
    assert not [one for one in once if unicodedata.category(one) in ("Cc", "Co", "Cs") and one != "\n"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\U000e0000-\U000e007f]", once)
    assert addresses_in([once]) <= KNOWN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello **bold** and *soft*, `code`, [1].", "Hello **bold** and *soft*, `code`, [1]."),
        ("See [track it](https://ok.example/track).", "See track it (https://ok.example/track)."),
        ("See [track it](http://evil.example/?q=secret).", "See track it."),
        ("![cat](http://evil.example/c.png) <b>big</b> 1 < 2 <3", "cat big 1 < 2 <3"),
        ("https://ok.example/track?x=1 is not https://ok.example/track", "is not https://ok.example/track"),
        ("# Head\n> quote\n\n\n\n- a\n  - b\n1. c\n---\nend", "Head\nquote\n\n- a\n  - b\n1. c\n\nend"),
        ("AT&amp;T &lt;b&gt;x", "AT&T x"),
        ("商品は[1]です。<b>押す</b>", "商品は[1]です。押す"),
        ("[1, 2] and [3](there)", "[1][2] and [3] (there)"),
        ("don’t pay €4.50 – it’s free…", "don’t pay €4.50 – it’s free…"),
    ],
)
def test_words_are_kept_and_marks_go(text: str, shown: str) -> None:
    assert safe(text, among(KNOWN)) == shown


def test_a_citation_is_numbered_once_and_what_is_refused_goes() -> None:
    asked: list[int] = []

    def cite(number: int) -> int | None:
        asked.append(number)
        return {7: 1, 3: 2}.get(number)

    clean = SafeText(cite=cite)
    assert clean.feed("One [7]. Two [9]. Three [3, 9][7] <[9]b>.") + clean.end() == "One [1]. Two. Three [2][1]."
    assert asked == [7, 9, 3, 9, 7, 9]


def test_a_word_is_all_that_is_held_back() -> None:
    clean = SafeText()
    assert clean.feed("The return win") == "The return"
    assert clean.feed("dow is ") == " window is"
    assert clean.feed("<b") == ""
    assert clean.feed(" and it goes on" * 30) != "", "a tag that does not end is none"
    assert len(safe("x" * 5 * LONGEST_RUN)) == LONGEST_RUN
    assert FARTHEST <= LONGEST_RUN


JOINED = (
    "<a b>",
    "](a b)",
    "[1, 2]",
    "<i ",
    "](c ",
    "[3,",
    "x",
    "<",
    ">",
    ")",
    "]",
    "[",
    "(",
    "&lt;",
    "a@b.example",
    "\n",
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(JOINED), min_size=8, max_size=60).map("".join), st.lists(st.integers(0, 300)))
@example("<a b>" * 30, list(range(0, 150, 3)))
def test_what_goes_on_without_a_space_may_be_cut_anywhere_and_is_safe(text: str, cuts: list[int]) -> None:
    once = safe(text, among(KNOWN))
    assert chunked(text, cuts) == once
    assert safe(once, among(KNOWN)) == once
    require_safe(once)


@pytest.mark.parametrize("part", ["<a b>", "](a b)", "[1, 2]", "<<a b>a "])
def test_a_text_takes_no_longer_than_it_is_long(part: str) -> None:
    """It would be minutes if each piece had everything before it looked at once more."""
    text, began = part * 1_600, time.monotonic()
    chunked(text, list(range(0, len(text), 3)))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("text", ["x" * 40_000, "@" * 40_000, "a." * 20_000, "x" * 20_000 + "@" + "y" * 20_000])
def test_a_word_without_an_end_is_looked_through_once(text: str) -> None:
    began = time.monotonic()
    assert not addresses_in([text])
    assert time.monotonic() - began < 5
