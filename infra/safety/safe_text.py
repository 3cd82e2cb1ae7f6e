"""Turns whatever a model writes into light Markdown that is safe to show, while it is being written.

What may come out: paragraphs, bold, italic, lists, inline code, citations such as `[1]`, and addresses that are known.
Everything else loses its marks and keeps its words: HTML, images, links, headings, quotes, tables, fences and rules; so
do characters that hide or turn text around. A link's words stay, and its address stands beside them where it is known,
so that no words can pretend to lead elsewhere.

Text is cut into segments at white space and around characters from U+0E00 on (scripts without spaces begin there).
No forbidden construct survives within a segment, none can reach over white space, and none can be put together from
what two segments leave. So it does not matter in which pieces the text arrives, and at most a word is held back, or
`FARTHEST` characters after the beginning of a tag, a link's address or a citation.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from infra.safety.addresses import NONE_KNOWN, Known, without_strange

LONGEST_RUN = 400
"""Characters without a space that are no word any more: the rest of them goes."""
FARTHEST = 300
"""Characters within which a tag or an address in parentheses must end to be one."""
MOST_JOINED = 4
"""Tags, links and citations with spaces in them that a segment without a space between them goes on with; more go."""
DEEPEST = 6
"""Spaces before an item of a list that count."""

HIDDEN = re.compile(
    "[\x00-\x08\x0d-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    "\ufffe\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
BREAK = re.compile("[\x0b\x0c\x85\u2028\u2029]")
BLANK = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")

WIDE = "\u0e00-\U0010ffff"
PART = re.compile(rf"(?P<blank>[ \n]+)|(?P<wide>[{WIDE}])|(?P<run>[^ \n{WIDE}]+)")
RUN_ON = re.compile(rf"[^ \n{WIDE}]*")
OPENED = re.compile(r"(?P<tag><[A-Za-z/!?][^<>]*)$|(?P<target>\]\([^()]*)$|(?P<cited>\[\d[\d,; ]{0,20})$")
CLOSING = {"tag": ">", "target": ")", "cited": "]"}

CITED = re.compile(r"\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")
NUMBERED = "\ue000"
"""The first of the private characters that stand for citations until all else is clean; none comes in from outside."""
AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>]+)>")
TAG = re.compile(r"<[A-Za-z/!?][^<>]*>|<(?=[A-Za-z/!?])")
TARGET = re.compile(r"\]\(([^()\s]*)[^()]*\)?")
BRACKET = re.compile(r"!?\[|\]")
GLUED = re.compile(r"([\ue000-\uf8ff])\(")
DEFINING = re.compile(r"([\ue000-\uf8ff]):")
STRUCK = re.compile(r"`{3,}|~{2,}")

SUSPECT = re.compile(r"[<>\[\]()&|`~@/:]|www\.", re.IGNORECASE)
"""What every forbidden construct within a segment has something of: most words have none."""
QUOTING = re.compile(r"^>+")
HEADING = re.compile(r"#{1,6}")
RULE = re.compile(r"[-=_*~+:]{2,}|[=_~]")
MOVING = (".", ",", ";")
BULLET = re.compile(r"[-*+]|\d{1,3}[.)]")

Cite = Callable[[int], int | None]
"""What number a citation of the model's gets in the text; None for one that is to go."""


def _as_it_is(number: int) -> int | None:
    return number


class SafeText:
    """One text on its way: `feed` gives what is safe to show so far, `end` the rest.

    `known` tells which addresses may be shown. `cite` is asked once for each citation, in the order of the text.
    """

    def __init__(self, known: Known = NONE_KNOWN, cite: Cite = _as_it_is) -> None:
        self._known = known
        self._cite = cite
        self._buffer = ""
        self._blank = ""
        self._is_begun = False
        self._at_start = True
        self._indent = 0
        self._marker = ""

    def feed(self, piece: str) -> str:
        """Take the next piece in."""
        self._buffer += visible(piece)
        return self._taken(final=False)

    def end(self) -> str:
        """Nothing more comes."""
        return self._taken(final=True)

    def _taken(self, *, final: bool) -> str:
        out: list[str] = []
        while (part := PART.match(self._buffer)) is not None:
            if part["blank"]:
                self._pass(part["blank"])
                self._buffer = self._buffer[part.end() :]
            elif (end := self._end_of_segment(part, final=final)) is None:
                break
            else:
                segment, self._buffer = self._buffer[:end], self._buffer[end:]
                out.append(self._said(segment, spaced=self._buffer[:1] in ("", " ", "\n")))
        return "".join(out)

    def _end_of_segment(self, part: re.Match[str], *, final: bool) -> int | None:
        """Where the segment at the front of the buffer ends; None while that depends on what is still to come."""
        if part["wide"]:
            return part.end()
        end, start, joined = part.end(), 0, 0
        while True:
            if end - start > LONGEST_RUN:
                self._buffer = self._buffer[: start + LONGEST_RUN] + self._buffer[end:]
                end = start + LONGEST_RUN
            if end == len(self._buffer) and not final:
                return None
            opened = OPENED.search(self._buffer, 0, end)
            if opened is None:
                return end
            closed = self._closed(opened, end)
            if closed is None:
                is_known = final or "\n" in self._buffer[end:] or len(self._buffer) - opened.start() > FARTHEST
                return end if is_known else None
            joined += 1
            if joined > MOST_JOINED:
                self._buffer = self._buffer[: opened.start()] + self._buffer[closed:]
                closed = opened.start()
            else:
                start = closed
            on = RUN_ON.match(self._buffer, closed)
            end = on.end() if on else closed

    def _closed(self, opened: re.Match[str], end: int) -> int | None:
        """Behind the character that closes what was opened, if it comes soon enough and on the same line."""
        mark = CLOSING[str(opened.lastgroup)]
        within = self._buffer[: opened.start() + FARTHEST].find(mark, end)
        return None if within < 0 or "\n" in self._buffer[end:within] else within + 1

    def _pass(self, blank: str) -> None:
        """White space: at most one empty line, one space, and the indentation of a list's item."""
        breaks = blank.count("\n")
        if breaks:
            self._blank = "\n" * min(breaks + self._blank.count("\n"), 2)
            self._at_start, self._marker, self._indent = True, "", 0
        after = len(blank) - 1 - blank.rfind("\n")
        if self._at_start and not self._marker:
            self._indent += after
        elif not self._blank:
            self._blank = " "

    def _said(self, segment: str, *, spaced: bool) -> str:
        words = self._clean(segment).split()
        if words and words[0] in MOVING and segment[0] != words[0] and self._blank == " ":
            self._blank = ""  # what stood behind something that went moves up to the word before it
        out = ""
        for place, word in enumerate(words):
            if place:
                self._pass(" ")
            out += self._word(word, spaced=spaced or place + 1 < len(words))
        return out

    def _word(self, word: str, *, spaced: bool) -> str:
        """One word where it stands; what makes a line more than words, at its start, goes or is held."""
        if self._at_start:
            word = QUOTING.sub("", word)
            if not word or (spaced and (HEADING.fullmatch(word) or RULE.fullmatch(word))):
                return ""
            if spaced and BULLET.fullmatch(word):
                self._marker = self._marker or word
                return ""
        return self._before() + word

    def _before(self) -> str:
        """The white space and the mark of an item that a word brings with it."""
        blank = self._blank if self._is_begun else ""
        if self._marker:
            blank += " " * (min(self._indent, DEEPEST) if self._is_begun else 0) + self._marker + " "
        self._blank, self._marker, self._at_start, self._is_begun = "", "", False, True
        return blank

    def _clean(self, segment: str) -> str:
        """The segment without any forbidden construct, also one that came about by taking another away."""
        if not SUSPECT.search(segment):
            return segment
        text = CITED.sub(self._cited, _flat(segment))
        before = None
        while before != text:
            before = text
            text = AUTOLINK.sub(r"\1", _flat(text))
            text = BRACKET.sub("", TARGET.sub(self._target, TAG.sub("", text))).replace("|", " ")
            text = STRUCK.sub("", without_strange(text, self._known))
            text = DEFINING.sub(r"\1", GLUED.sub(r"\1 (", text))
        return "".join(f"[{ord(one) - ord(NUMBERED)}]" if "\ue000" <= one <= "\uf8ff" else one for one in text)

    def _cited(self, match: re.Match[str]) -> str:
        asked = [self._cite(int(number)) for number in re.split(r"[,;]", match[1])]
        return "".join(chr(ord(NUMBERED) + number) for number in asked if number is not None)

    def _target(self, match: re.Match[str]) -> str:
        return f" ({match[1]})" if match[1] and self._known(match[1]) else ""


def safe(text: str, known: Known = NONE_KNOWN) -> str:
    """A whole text made safe."""
    clean = SafeText(known)
    return clean.feed(text) + clean.end()


def visible(text: str) -> str:
    """The text without characters that hide or turn it around, on lines of one kind."""
    if text.isascii() and text.isprintable():
        return text
    return HIDDEN.sub("", BLANK.sub(" ", BREAK.sub("\n", text)))


def _flat(text: str) -> str:
    """Entities as the characters they stand for: readers' programs would make them that, and then links of them."""
    while "&" in text and (plain := html.unescape(text)) != text:
        marks = {one for one in text if "\ue000" <= one <= "\uf8ff"}
        text = "".join(one for one in plain if one in marks or not HIDDEN.match(one))
        text = BLANK.sub(" ", BREAK.sub(" ", text)).replace("\n", " ")
    return text
