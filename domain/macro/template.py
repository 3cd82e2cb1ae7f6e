"""Texts with variables in them: `{{customer.name}}`, or `{{customer.name|there}}` for where nobody knows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.base import FieldProblem, InvalidInputError

VARIABLE = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}")
BRACES = re.compile(r"\{\{|\}\}")
KNOWN = ("customer.name", "agent.name", "conversation.subject")
ATTRIBUTE = "attribute."


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its values; `missing` are the variables that nobody knows and that say nothing instead."""

    text: str
    missing: tuple[str, ...]


def checked_template(text: str, attributes: Callable[[str], bool], path: str) -> str:
    """The text, if each of its variables is one there is; `attributes` says which keys are."""
    if BRACES.search(VARIABLE.sub("", text)):
        raise InvalidInputError(FieldProblem(path, "Write variables as {{customer.name}} or {{customer.name|there}}."))
    for name, _ in VARIABLE.findall(text):
        if name not in KNOWN and not (name.startswith(ATTRIBUTE) and attributes(name.removeprefix(ATTRIBUTE))):
            raise InvalidInputError(FieldProblem(path, f"There is no variable {{{{{name}}}}}."))
    return text


def rendered(text: str, values: Mapping[str, str]) -> Rendered:
    """The text with its variables replaced, all at once: what stands in a value is never read as a variable."""
    missing: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        name, fallback = found[1], found[2]
        known = values.get(name, "").strip()
        if not known and fallback is None:
            missing[name] = None
            return found[0]
        return known or fallback.strip()

    return Rendered(VARIABLE.sub(value, text), tuple(missing))
