"""Finds the web and mail addresses in a text, and tells which of them an answer may show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

WITHIN = r"[^\s<>\"'`()\[\]{}|*\\^\u0e00-\U0010ffff]"
ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{1,30}}:)?//{WITHIN}*"
    rf"|(?<![a-z0-9])(?:javascript|vbscript|data|mailto|tel|sms|file|blob|intent):{WITHIN}+"
    rf"|(?<![a-z0-9])www\.{WITHIN}*"
    rf"|(?<!{WITHIN})(?:(?!@){WITHIN})*@{WITHIN}+\.{WITHIN}+"
    rf"|(?<![a-z0-9-])(?<![a-z0-9-]\.)(?:[a-z0-9-]+\.)+[a-z]{{2,24}}(?::\d+)?/{WITHIN}*",
    re.IGNORECASE | re.ASCII,
)
"""What readers' programs make links of. A bare host such as `shop.example` is none, in Markdown and in our surfaces.

What may be long is looked for from its first character alone: from each it would take the square of the time.
"""
GONE = "\uf8ff"
"""A private character where an address was, which takes parentheses around it along; none comes in from outside."""
EMPTIED = re.compile(f"\\({GONE}\\)|{GONE}")
PUNCTUATION = ".,;:!?_~"


Known = Callable[[str], bool]
"""Whether an address may be shown."""


def addresses_in(texts: Iterable[str]) -> frozenset[str]:
    """Every address that stands in the texts, in the form in which they are compared."""
    return frozenset(_plain(_parted(match)[0]) for text in texts for match in ADDRESS.finditer(text))


def without_strange(text: str, known: Known) -> str:
    """The text without the addresses that are not known; the punctuation that follows one stays."""

    def judged(match: re.Match[str]) -> str:
        address, rest = _parted(match)
        return match.group() if known(address) else GONE + rest

    return EMPTIED.sub("", ADDRESS.sub(judged, text))


def among(addresses: frozenset[str]) -> Known:
    """Whether an address is one of these, to the letter: what a reader's click could tell would be in a difference."""
    return lambda address: _plain(address) in addresses


def _parted(match: re.Match[str]) -> tuple[str, str]:
    whole = match.group()
    address = whole.rstrip(PUNCTUATION)
    return address, whole[len(address) :]


def _plain(address: str) -> str:
    return address.removeprefix("https://").removesuffix("/")


NONE_KNOWN = among(frozenset())
"""For texts that are to lead nowhere."""
