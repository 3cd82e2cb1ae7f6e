"""What all formats share: why a document cannot be used, how bytes become text, and fields become content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Any

from domain.base import InvalidInputError
from domain.knowledge.content import MAX_NAME, Content, Document, content_of
from domain.knowledge.events import Audience

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

BODIES = ("body", "text", "answer")
QUESTIONS = ("questions", "question")
AUDIENCES = {
    "": Audience.EVERYONE,
    "everyone": Audience.EVERYONE,
    "public": Audience.EVERYONE,
    "internal": Audience.INTERNAL,
}
CALLED_INTERNAL = re.compile(r"^\s*internal\s*:|\(\s*internal\s*\)", re.IGNORECASE)
"""Titles such as “Internal: Refund limits” and “Refund limits (Internal)”."""


class UnusableError(Exception):
    """A document that cannot be imported; the message is the reason, made for a person."""


def decoded(content: bytes) -> str:
    """Text in UTF-8, or in UTF-16 that says so; raises `UnusableError` naming the first wrong byte."""
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise UnusableError(
            f"This is not UTF-8 text: byte {error.start:,} is 0x{byte:02X}. Save it as UTF-8."
        ) from None


def document_of(external_id: str, fields: Mapping[str, Any], *, internal_prefix: str) -> Document:
    """A document from named values of whatever type; raises `UnusableError` with every reason."""
    if len(external_id) > MAX_NAME:
        raise UnusableError(f"Its name is longer than {MAX_NAME} characters.")
    title = _text(fields, "title")
    questions = _texts(fields)
    audience = _audience(_text(fields, "audience"))
    title = title or next(iter(questions), "")
    if _is_internal(title, internal_prefix):
        audience = Audience.INTERNAL
    body = next((text for name in BODIES if (text := _text(fields, name))), "")
    return Document(external_id, _content(title, body, questions, audience, _text(fields, "link")))


def _is_internal(title: str, prefix: str) -> bool:
    """True for a title that says so itself: the most careful reading wins over a field that says otherwise."""
    return bool(CALLED_INTERNAL.search(title) or (prefix and title.casefold().startswith(prefix.casefold())))


def _content(title: str, body: str, questions: tuple[str, ...], audience: Audience, link: str) -> Content:
    try:
        return content_of(title, body, questions=questions, audience=audience, link=link)
    except InvalidInputError as error:
        raise UnusableError(" ".join(f"{problem.path}: {problem.message}" for problem in error.fields)) from None


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise UnusableError(f"“{name}” must be a text, not {_kind(value)}.")


def _texts(fields: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for name in QUESTIONS:
        value = fields.get(name) or []
        texts = value.splitlines() if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise UnusableError(f"“{name}” must be a text or a list of texts.")
        found += texts
    return tuple(text.strip() for text in found if text.strip())


def _audience(text: str) -> Audience:
    """An unknown audience is refused rather than taken for everyone."""
    try:
        return AUDIENCES[text.lower()]
    except KeyError:
        raise UnusableError(f"“audience” must be everyone or internal, not “{text[:40]}”.") from None


def _kind(value: object) -> str:
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), type(value).__name__)
