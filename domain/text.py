"""Text that people write: what is allowed, told field by field."""

from __future__ import annotations

from domain.base import FieldProblem, InvalidInputError

MAX_MESSAGE = 10_000
"""The longest message, in Unicode code points."""


def checked(text: str, path: str, *, longest: int = MAX_MESSAGE) -> str:
    """The text, if it can be stored and shown; otherwise `InvalidInputError` naming `path`."""
    if problem := _problem(text, longest):
        raise InvalidInputError(FieldProblem(path, problem))
    return text


def _problem(text: str, longest: int) -> str | None:
    if not text.strip():
        return "Write something: this is empty."
    if len(text) > longest:
        return f"This has {len(text):,} characters; at most {longest:,} are allowed. Send it in parts."
    if "\x00" in text:
        return "This contains a NUL character (U+0000). Remove it."
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "This is not valid Unicode: it contains half of a surrogate pair. Send whole characters."
    return None


def clipped(text: str, longest: int) -> str:
    """The text on one line, cut at a word with an ellipsis where it is longer than `longest`."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > longest // 2 else cut) + "…"
