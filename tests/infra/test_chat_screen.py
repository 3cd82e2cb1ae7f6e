"""What the chat writes and reads, without a server: harmless texts, growing answers, lines of a pipe, pauses."""

import io
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from infra.chat.client import backoff
from infra.chat.lines import Lines
from infra.chat.screen import Screen, Writing, harmless


@given(st.text())
def test_what_is_harmless_keeps_its_length_and_its_letters(text: str) -> None:
    safe = harmless(text)
    assert len(safe) == len(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", safe)
    assert all(a == b for a, b in zip(text, safe, strict=True) if a.isalnum())


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "Z", "So"], exclude_characters="\u2028\u2029"))))
def test_pieces_join_to_the_text(pieces: list[str]) -> None:
    output = io.StringIO()
    screen = Screen(Console(file=output, width=5), prompting=False)
    writing = Writing(screen, "A")
    for end in range(len(pieces) + 1):
        writing.show("".join(pieces[:end]))
    writing.finish("".join(pieces))
    assert output.getvalue() == (f"A: {''.join(pieces)}\n" if any(pieces) else "")


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["one", "one two", "", "o", "one two", "one two three"], "A: one two three\n"),
        (["one", "uno"], "A: one\n· that was given up; from the beginning:\nA: uno\n"),
        (["one two", "one"], "A: one two\n· that was given up; from the beginning:\nA: one\n"),
    ],
)
def test_a_later_attempt_at_an_answer(texts: list[str], shown: str) -> None:
    output = io.StringIO()
    writing = Writing(Screen(Console(file=output), prompting=False), "A")
    for text in texts:
        writing.show(text)
    writing.finish(texts[-1])
    assert output.getvalue() == shown


async def test_lines_of_a_pipe() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"one\r\n\ntw\xffo\nthree")
    os.close(writing)
    lines = Lines(reading)
    assert [await lines.next() for _ in range(5)] == ["one", "", "tw�o", "three", None]


def test_waits_grow_to_a_bound_and_differ() -> None:
    first, second = ([next(pauses) for _ in range(12)] for pauses in (backoff(), backoff()))
    assert all(0.05 <= pause <= 5 for pause in first)
    assert first[0] <= 0.1
    assert min(first[-3:]) >= 2.5
    assert first != second
