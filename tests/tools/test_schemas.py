"""Schemas of tools: what can be offered to a model, and what arguments fit, whoever wrote either."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest

from domain.base import InvalidInputError
from domain.tool.ports import BadArgumentsError
from infra.tools.schemas import JsonSchemas

SCHEMAS = JsonSchemas()


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def deep(levels: int) -> dict[str, Any]:
    return of() if levels == 0 else of(x=deep(levels - 1))


def chained(links: int, link: dict[str, Any]) -> dict[str, Any]:
    """A schema that is short to write and deep, written out."""
    named = {f"l{n}": {**link, "properties": {"x": {"$ref": f"#/$defs/l{n + 1}"}}} for n in range(links)}
    named = named if link else {f"l{n}": {"$ref": f"#/$defs/l{n + 1}"} for n in range(links)}
    return {**of(x={"$ref": "#/$defs/l0"}), "$defs": {**named, f"l{links}": {"type": "string"}}}


def laughing(levels: int) -> dict[str, Any]:
    """A schema of some lines that is a billion parts, written out."""
    lines = {f"l{n}": {"allOf": [{"$ref": f"#/$defs/l{n + 1}"}] * 2} for n in range(levels)}
    return {**of(x={"$ref": "#/$defs/l0"}), "$defs": {**lines, f"l{levels}": {"type": "string"}}}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "string"},
        of(x={"$ref": "https://example.com/schema.json"}),
        of(x={"$ref": "file:///etc/passwd"}),
        of(x={"$ref": "#"}),
        of(x={"$ref": "#/properties/x"}),
        of(x={"$ref": "#/$defs/missing"}),
        {**of(x={"$ref": "#/$defs/a"}), "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}},
        {**of(), "$id": "https://example.com/"},
        of(x={"$dynamicRef": "#a"}),
        of(x={"type": "strange"}),
        of(x={"maxLength": -1}),
        {"type": "object", "properties": []},
        of(x={"description": "x" * 60_000}),
        of(x={"description": "\x00"}),
        deep(30),
        chained(500, {}),
        chained(11, of(more={"minLength": 1})),
        chained(300, of(more={"minLength": 1})),
        laughing(30),
    ],
    ids=str,
)
def test_what_cannot_be_offered_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        SCHEMAS.sound(schema, "input.parameters")


def test_references_are_written_out() -> None:
    schema = {**of(x={"$ref": "#/$defs/size"}, definitions={"type": "string"}), "$defs": {"size": {"enum": ["S", "M"]}}}
    assert SCHEMAS.sound(schema, "p") == of(x={"enum": ["S", "M"]}, definitions={"type": "string"})


def test_a_sound_schema_is_checked_by() -> None:
    schema = SCHEMAS.sound({**of(size={"enum": ["S", "M"]}, many={"minimum": 1}), "required": ["size"]}, "p")
    assert SCHEMAS.arguments(schema, '{"size": "S", "many": 2}') == {"size": "S", "many": 2}
    for wrong in ('{"size": "XL"}', '{"many": 1}', '{"size": "S", "many": 0}'):
        with pytest.raises(BadArgumentsError):
            SCHEMAS.arguments(schema, wrong)


def test_patterns_are_left_to_the_tools_end() -> None:
    """One that never ends would stand in the way of everybody."""
    schema = SCHEMAS.sound(of(x={"pattern": "^(a+)+$"}), "p")
    began = time.monotonic()
    assert SCHEMAS.arguments(schema, json.dumps({"x": "a" * 5_000 + "!"}))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("schema", "given"),
    [
        (of(x={"items": {"allOf": [{"type": "integer"}] * 900}}), {"x": [1] * 9_000}),
        (of(x={"uniqueItems": True}), {"x": [{"a": n} for n in range(2_000)]}),
    ],
    ids=["each with each", "unique"],
)
def test_nobody_waits_long_for_arguments_to_be_checked(schema: dict[str, Any], given: object) -> None:
    sound, began = SCHEMAS.sound(schema, "p"), time.monotonic()
    with suppress(BadArgumentsError):
        SCHEMAS.arguments(sound, json.dumps(given, separators=(",", ":")))
    assert time.monotonic() - began < 3
