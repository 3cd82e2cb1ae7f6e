"""What an article says, within its limits, and what a document brings along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

from domain.base import FieldProblem, InvalidInputError
from domain.knowledge.events import Audience
from domain.text import checked

MAX_TITLE = 300
MAX_BODY = 200_000
MAX_QUESTIONS = 50
MAX_QUESTION = 500
MAX_LINK = 2_000
MAX_NAME = 500
"""The longest name of a source or a document."""


@dataclass(frozen=True, slots=True)
class Content:
    """One version of an article: `body` is Markdown, `questions` are ways to ask for it."""

    title: str
    body: str
    questions: tuple[str, ...] = ()
    audience: Audience = Audience.EVERYONE
    link: str | None = None

    @property
    def digest(self) -> str:
        """The same for the same content, whenever and wherever it is computed."""
        parts = (self.title, self.body, self.audience, self.link or "", *self.questions)
        return blake2b("\x00".join(parts).encode(), digest_size=16).hexdigest()

    @property
    def phrases(self) -> tuple[str, ...]:
        """The title and the questions, each once whatever its capitals."""
        return tuple({phrase.casefold(): phrase for phrase in reversed((self.title, *self.questions))}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Document:
    """What an import reads: content under a name that stays the same within its source when the content changes."""

    external_id: str
    content: Content


def content_of(
    title: str,
    body: str,
    *,
    questions: Iterable[str] = (),
    audience: Audience = Audience.EVERYONE,
    link: str | None = None,
    prefix: str = "",
) -> Content:
    """Checked content; `InvalidInputError` names every field that cannot be used, under `prefix`."""
    title, body, link = " ".join(title.split()), _lines(body), (link or "").strip() or None
    asked = tuple(dict.fromkeys(" ".join(question.split()) for question in questions if question.strip()))
    problems = [
        *_problems(title, f"{prefix}title", MAX_TITLE),
        *_problems(body, f"{prefix}body", MAX_BODY),
        *(
            problem
            for question in asked[:MAX_QUESTIONS]
            for problem in _problems(question, f"{prefix}questions", MAX_QUESTION)
        ),
        *_link_problems(link, f"{prefix}link"),
    ]
    if len(asked) > MAX_QUESTIONS:
        problems.append(FieldProblem(f"{prefix}questions", f"At most {MAX_QUESTIONS} questions are allowed."))
    if problems:
        raise InvalidInputError(*problems)
    return Content(title, body, asked, audience, link)


def name_of(text: str, path: str) -> str:
    """A checked name of a source or a document, on one line."""
    return checked(" ".join(text.split()), path, longest=MAX_NAME)


def _lines(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _problems(text: str, path: str, longest: int) -> tuple[FieldProblem, ...]:
    try:
        checked(text, path, longest=longest)
    except InvalidInputError as error:
        return error.fields
    return ()


def _link_problems(link: str | None, path: str) -> tuple[FieldProblem, ...]:
    """Anything but the web's own schemes could run as a script in the page that shows the link."""
    if link is None:
        return ()
    try:
        usable = urlsplit(link).scheme in ("http", "https") and bool(urlsplit(link).hostname)
    except ValueError:
        usable = False
    if not usable:
        return (FieldProblem(path, "A link must begin with https:// or http:// and name a host."),)
    return _problems(link, path, MAX_LINK)
