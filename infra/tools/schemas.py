"""JSON schemas of tools: what staff and servers may say, and whether a model's arguments fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from jsonschema import Draft202012Validator, SchemaError
from jsonschema.validators import create

from domain.base import FieldProblem, InvalidInputError
from domain.tool.ports import BadArgumentsError

MOST_NODES = 2_000
MOST_CHECKS = 200_000
"""Parts of a schema times parts of the arguments: each of one may be held against each of the other."""
DEEPEST = 24
LONGEST_CHAIN = 12
LONGEST_SCHEMA = 50_000
LONGEST_ARGUMENTS = 20_000
LOCAL = ("#/$defs/", "#/definitions/")
ELSEWHERE = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary")
NAMED = ("properties", "patternProperties", "dependentSchemas")
UNCHECKED = frozenset(("pattern", "patternProperties", "$ref", "$dynamicRef", "format"))
UNCHECKED |= {"uniqueItems", "unevaluatedItems", "unevaluatedProperties"}
"""Left to the tool's own end: a pattern that somebody else wrote can take a processor for hours.

So can the others, which compare each part with each, or check anew at each level.
"""

_Validator = create(
    meta_schema=Draft202012Validator.META_SCHEMA,
    validators={name: check for name, check in Draft202012Validator.VALIDATORS.items() if name not in UNCHECKED},
    type_checker=Draft202012Validator.TYPE_CHECKER,
)


class JsonSchemas:
    """Reads schemas of the draft 2020-12, of bounded size, which refer to nothing outside themselves."""

    def sound(self, parameters: Mapping[str, Any], path: str) -> Mapping[str, Any]:
        """The schema with its references written out; `InvalidInputError` at `path` for one that cannot be used."""
        try:
            return _sound(parameters)
        except _UnsoundError as error:
            raise InvalidInputError(FieldProblem(path, str(error))) from None

    def arguments(self, parameters: Mapping[str, Any], written: str) -> dict[str, Any]:
        """The arguments that a model wrote as JSON; raises `BadArgumentsError` where they do not fit."""
        if len(written) > LONGEST_ARGUMENTS:
            raise BadArgumentsError(f"The arguments are longer than {LONGEST_ARGUMENTS:,} characters.")
        try:
            given = orjson.loads(written or "{}")
        except orjson.JSONDecodeError:
            raise BadArgumentsError("The arguments are not JSON.") from None
        if not isinstance(given, dict):
            raise BadArgumentsError("The arguments are no JSON object.")
        if "\\u0000" in written or any(deep > DEEPEST for deep, _ in _nodes(given)):
            raise BadArgumentsError("The arguments hold a NUL character, or are nested too deeply.")
        if _count(given) * _count(parameters) > MOST_CHECKS:
            raise BadArgumentsError("The arguments have too many parts for a schema of this size.")
        for problem in _Validator(parameters).iter_errors(given):
            where = ".".join(map(str, problem.absolute_path))
            raise BadArgumentsError(f"{where or 'The arguments'}: {problem.message}"[:500])
        return given


class _UnsoundError(Exception):
    """A sentence that says what is wrong with a schema."""


def _sound(parameters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        size = len(orjson.dumps(parameters))
    except (orjson.JSONEncodeError, RecursionError):
        raise _UnsoundError("must be JSON.") from None
    if size > LONGEST_SCHEMA or not isinstance(parameters, Mapping) or parameters.get("type") != "object":
        raise _UnsoundError(f"must be a JSON schema of the type object, of at most {LONGEST_SCHEMA:,} characters.")
    if any(deep > DEEPEST for deep, _ in _nodes(parameters)):
        raise _UnsoundError(f"is nested more than {DEEPEST} deep.")
    written = _Inlining(parameters).written()
    if any(deep > DEEPEST for deep, _ in _nodes(written)):
        raise _UnsoundError(f"is nested more than {DEEPEST} deep, with its references written out.")
    try:
        Draft202012Validator.check_schema(written)
    except SchemaError as error:
        raise _UnsoundError(f"is not a schema of the draft 2020-12: {error.message}"[:300]) from None
    if "\\u0000" in orjson.dumps(written).decode():
        raise _UnsoundError("holds a NUL character.")
    return written


class _Inlining:
    """Writes references out, so that what a schema costs to check is what it looks like."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._nodes = 0

    def written(self) -> dict[str, Any]:
        """The schema without references."""
        found: dict[str, Any] = self._of(self._root, ())
        return {name: value for name, value in found.items() if name not in ("$defs", "definitions", "$schema")}

    def _of(self, value: Any, within: tuple[str, ...], *, named: bool = False) -> Any:
        """`named` is a table of schemas by names that people chose."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _UnsoundError(f"has more than {MOST_NODES:,} parts, with its references written out.")
        if isinstance(value, list):
            return [self._of(each, within) for each in value]
        if not isinstance(value, Mapping):
            return value
        if named:
            return {name: self._of(each, within) for name, each in value.items()}
        if any(name in value for name in ELSEWHERE):
            raise _UnsoundError(f"may use none of {', '.join(ELSEWHERE)}.")
        inner = {
            name: self._of(each, within, named=name in NAMED)
            for name, each in value.items()
            if name not in ("$ref", "$defs", "definitions", "$schema", "$comment")
        }
        target = value.get("$ref")
        return inner if not isinstance(target, str) else {**self._target(target, within), **inner}

    def _target(self, target: str, within: tuple[str, ...]) -> dict[str, Any]:
        if not target.startswith(LOCAL):
            raise _UnsoundError("may refer to its own $defs only.")
        if target in within:
            raise _UnsoundError("may not refer to itself.")
        if len(within) >= LONGEST_CHAIN:
            raise _UnsoundError(f"has more than {LONGEST_CHAIN} references, each within the one before.")
        place: Any = self._root
        for part in target[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            place = place.get(name) if isinstance(place, Mapping) else None
        if not isinstance(place, Mapping):
            raise _UnsoundError(f"refers to {target[:50]}, which is not there.")
        found: dict[str, Any] = self._of(place, (*within, target))
        return found


def _nodes(value: Any) -> Iterator[tuple[int, Any]]:
    """Every part with its depth; stops going down where it is too deep."""
    waiting = [(1, value)]
    while waiting:
        deep, one = waiting.pop()
        yield deep, one
        if deep <= DEEPEST:
            below = one.values() if isinstance(one, Mapping) else one if isinstance(one, list) else ()
            waiting += [(deep + 1, each) for each in below]


def _count(value: Any) -> int:
    return sum(1 for _ in _nodes(value))
