"""What an organization decides about the widget of an inbox, and what strangers are shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from domain.account.settings import LANGUAGE, MOST_LANGUAGES, BusinessHours
from domain.base import FieldProblem, InvalidInputError
from domain.text import checked
from domain.widget.colour import VISIBLE, WHITE, colour_of, contrast

LONGEST_GREETING = 300
LONGEST_LABEL = 40
LONGEST_LINK = 2_000
ACCENT = "#0f6b64"


class Side(StrEnum):
    """Which lower corner of the page it sits in: where lines of the page's language end, or where they start."""

    END = "end"
    START = "start"


@dataclass(frozen=True, slots=True)
class WidgetSettings:
    """How a widget looks and what it says first; `greetings` by language, None for what was not decided."""

    accent: str = ACCENT
    side: Side = Side.END
    greetings: Mapping[str, str] = field(default_factory=dict)
    label: str | None = None
    privacy_link: str | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> WidgetSettings:
        """The settings as they are stored, with what holds where nothing was decided."""
        return cls(
            accent=stored.get("accent", ACCENT),
            side=Side(stored.get("side", Side.END)),
            greetings=stored.get("greetings") or {},
            label=stored.get("label"),
            privacy_link=stored.get("privacy_link"),
        )


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is to be decided anew: None leaves a part as it is; an empty text takes it away."""

    accent: str | None = None
    side: Side | None = None
    greetings: Sequence[tuple[str, str]] | None = None
    label: str | None = None
    privacy_link: str | None = None

    def stored(self) -> Mapping[str, Any]:
        """The decided parts as they are stored; `InvalidInputError` naming everything that cannot be."""
        if problems := list(self._problems()):
            raise InvalidInputError(*problems)
        parts = {
            "accent": self.accent and colour_of(self.accent),
            "side": self.side and str(self.side),
            "greetings": None if self.greetings is None else dict(self.greetings),
            "label": None if self.label is None else self.label.strip(),
            "privacy_link": None if self.privacy_link is None else self.privacy_link.strip(),
        }
        return {name: part or None for name, part in parts.items() if part is not None}

    def _problems(self) -> Iterator[FieldProblem]:
        yield from _accent_problems(self.accent)
        if self.label and self.label.strip():
            yield from _text_problems(self.label, "input.launcherLabel", LONGEST_LABEL)
        if self.privacy_link and self.privacy_link.strip() and not _is_link(self.privacy_link.strip()):
            yield FieldProblem("input.privacyLink", "This is no address such as `https://shop.example/privacy`.")
        greetings = self.greetings or ()
        if len(greetings) > MOST_LANGUAGES or len(dict(greetings)) != len(greetings):
            yield FieldProblem("input.greetings", f"Give each language once, at most {MOST_LANGUAGES}.")
        for place, (language, text) in enumerate(greetings[:MOST_LANGUAGES]):
            if not LANGUAGE.fullmatch(language):
                problem = "This is no tag of a language such as `en` or `pt-BR`."
                yield FieldProblem(f"input.greetings.{place}.language", problem)
            yield from _text_problems(text, f"input.greetings.{place}.text", LONGEST_GREETING)


@dataclass(frozen=True, slots=True)
class Widget:
    """The widget of an inbox as strangers may know it; `opens_at` is when people are there next, None while they are.

    `allowed_origins` are those of the pages that may show it.
    """

    inbox_id: UUID
    organization: str
    slug: str
    settings: WidgetSettings
    languages: Sequence[str]
    takes_visitors: bool
    hours: BusinessHours | None
    allowed_origins: Sequence[str]
    opens_at: datetime | None = None


def _accent_problems(accent: str | None) -> Iterator[FieldProblem]:
    colour = None if accent is None else colour_of(accent)
    if accent is not None and colour is None:
        yield FieldProblem("input.accent", "This is no colour such as `#0f6b64`.")
    elif colour and (found := contrast(colour, WHITE)) < VISIBLE:
        problem = f"Buttons of this colour are hardly seen on white ({found:.1f}:1, at least 3:1). Take a darker one."
        yield FieldProblem("input.accent", problem)


def _text_problems(text: str, path: str, longest: int) -> Iterator[FieldProblem]:
    try:
        checked(text, path, longest=longest)
    except InvalidInputError as error:
        yield from error.fields


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and text.isprintable() and len(text) <= LONGEST_LINK
