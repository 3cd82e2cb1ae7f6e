"""Leaves out of a record what the organization does not want to be kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

LEFT_OUT = "[redacted]"


def redacted(value: Any, paths: Collection[str]) -> Any:
    """The same JSON value without what is at the dotted paths; a list stands for each of its items.

    `card.number` means `{"card": {"number": …}}` and also `{"card": [{"number": …}, …]}`.
    """
    for path in paths:
        value = _without(value, path.split("."))
    return value


def _without(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, path) for each in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    rest = path[1:]
    return value | {path[0]: _without(value[path[0]], rest) if rest else LEFT_OUT}
