"""What the chat shows: plain lines that are only ever added to, safe whatever the texts contain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType

PROMPT = "› "
ERASE = Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2))

_UNSAFE = [
    *range(0x20),
    *range(0x7F, 0xA0),
    0x061C,
    *range(0x200E, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
]
HARMLESS = {code: "�" for code in _UNSAFE if chr(code) not in "\n\t"} | {0x2028: "\n", 0x2029: "\n"}
"""Control characters could command the terminal, marks of direction could disguise a link; each becomes one sign."""


def harmless(text: str) -> str:
    """A text of the same length that does nothing to a terminal but appear."""
    return text.translate(HARMLESS)


class Screen:
    """A terminal, or a file where the same lines go.

    With `prompting` a prompt stands in the last line while nothing else is written there.
    """

    def __init__(self, console: Console, *, prompting: bool) -> None:
        self._console = console
        self._prompting = prompting
        self._prompted = False
        self.is_writing = False

    def prompt(self) -> None:
        """Ask for a line, unless something is being written."""
        if self._prompting and not self._prompted and not self.is_writing:
            self._print(PROMPT, style="bold cyan", end="")
            self._prompted = True

    def entered(self, line: str) -> None:
        """A line was read: the terminal has shown it, a transcript needs it."""
        if not self._prompting:
            self.line("You", line)
        self._prompted = False

    def note(self, sentence: str) -> None:
        """Something about the conversation, not of it."""
        self._print(f"· {harmless(sentence)}", style="dim")

    def problem(self, sentence: str) -> None:
        """Something that was not done."""
        self._print(f"! {harmless(sentence)}", style="red")

    def line(self, author: str, text: str) -> None:
        """All that somebody said at once."""
        self.begin(author)
        self.write(text)
        self.end()

    def begin(self, author: str) -> None:
        """The next texts are somebody's."""
        self._print(f"{harmless(author)}: ", style="bold", end="")
        self.is_writing = True

    def write(self, text: str) -> None:
        """More of a text that was begun."""
        self._console.out(harmless(text), end="", highlight=False)

    def end(self) -> None:
        """The text is whole."""
        if self.is_writing:
            self.is_writing = False
            self._console.print()

    def sources(self, citations: Sequence[Any]) -> None:
        """Where an answer comes from."""
        for number, citation in enumerate(citations, 1):
            link = f" — {citation['link']}" if citation["link"] else ""
            path = " › ".join(dict.fromkeys([citation["title"], *citation["headings"]]))
            self._print(harmless(f"  [{number}] {path}{link}"), style="dim")

    def choices(self, choices: Sequence[str]) -> None:
        """What to choose from."""
        for number, choice in enumerate(choices, 1):
            self._print(harmless(f"  {number}. {choice}"))

    def _print(self, text: str, *, style: str = "", end: str = "\n") -> None:
        self.end()
        if self._prompted:
            self._console.control(ERASE)
            self._prompted = False
        self._console.out(text, style=style, end=end, highlight=False)


class Writing:
    """An answer on the screen while it is written: of each newer text only what is not there yet is added."""

    def __init__(self, screen: Screen, author: str) -> None:
        self._screen = screen
        self._author = author
        self._shown = ""

    def show(self, text: str) -> None:
        """The text so far; one that only repeats the beginning of what is shown waits for the rest."""
        if not self._shown.startswith(text):
            self._add(text)

    def finish(self, text: str) -> None:
        """The whole text."""
        if text != self._shown:
            self._add(text)
        self._screen.end()

    def _add(self, text: str) -> None:
        if not text.startswith(self._shown):
            self._screen.end()
            self._screen.note("that was given up; from the beginning:")
            self._shown = ""
        if not self._screen.is_writing:
            self._screen.begin(self._author)
            self._screen.write("… " if self._shown else "")
        self._screen.write(text[len(self._shown) :])
        self._shown = text
