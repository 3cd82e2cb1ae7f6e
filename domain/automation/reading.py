"""Reads conditions as people write them: what is wrong with one is told place by place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.automation.condition import TAKES, Tree, fact_of
from domain.automation.fact import ATTRIBUTE, FACTS, Fact, FactKind
from domain.base import FieldProblem, InvalidInputError

DEEPEST = 5
MOST_TESTS = 50
MOST_VALUES = 50
LONGEST_VALUE = 500
SHAPE = f"Give one of all, any and not, or a test of a fact; all and any take a list of 1 to {MOST_TESTS}."

ReadId = Callable[[str, str, str], str]
"""From the name of a type, an id as clients know it and where it stands to the id inside; `InvalidInputError`."""


def checked_tree(tree: Any, read_id: ReadId, path: str = "input.condition") -> Tree:
    """A condition as it is kept; `InvalidInputError` naming everything that is wrong with it."""
    reader = _Reader(read_id)
    whole = reader.part(tree, path, 0)
    if reader.tests > MOST_TESTS:
        reader.refused(path, f"At most {MOST_TESTS} tests are allowed.")
    if reader.problems:
        raise InvalidInputError(*reader.problems[:MOST_TESTS])
    return whole


class _Reader:
    """One reading: the problems and the number of tests so far."""

    def __init__(self, read_id: ReadId) -> None:
        self.problems: list[FieldProblem] = []
        self.tests = 0
        self._read_id = read_id

    def refused(self, path: str, message: str) -> Tree:
        self.problems.append(FieldProblem(path, message))
        return {}

    def part(self, node: Any, path: str, depth: int) -> Tree:
        if not isinstance(node, Mapping) or depth > DEEPEST:
            return self.refused(path, f"This must be an object, at most {DEEPEST} deep.")
        if "fact" in node:
            self.tests += 1
            return self._test(node, path)
        if not node and depth == 0:
            return {}
        return self._combined(node, path, depth)

    def _combined(self, node: Mapping[str, Any], path: str, depth: int) -> Tree:
        name, below = next(iter(node.items()), (None, None))
        if name == "not" and len(node) == 1:
            return {name: self.part(below, f"{path}.not", depth + 1)}
        is_list = isinstance(below, list) and 0 < len(below) <= MOST_TESTS
        if len(node) != 1 or name not in ("all", "any") or not is_list:
            return self.refused(path, SHAPE)
        return {name: [self.part(one, f"{path}.{name}.{place}", depth + 1) for place, one in enumerate(below or ())]}

    def _test(self, node: Mapping[str, Any], path: str) -> Tree:
        name, operators = node["fact"], [key for key in node if key != "fact"]
        fact = fact_of(name) if isinstance(name, str) else None
        if fact is None:
            return self.refused(path, f"There is no such fact. There are: {', '.join(FACTS)}, {ATTRIBUTE}….")
        if len(operators) != 1 or operators[0] not in TAKES[fact.kind]:
            return self.refused(path, f"Give one operator: {', '.join(TAKES[fact.kind])}.")
        operator, given = operators[0], node[operators[0]]
        values = given if isinstance(given, list) else [given]
        if problem := _problem(fact, operator, values):
            return self.refused(path, problem)
        if fact.concept and operator != "exists":
            values = [self._read_id(fact.concept, one, f"{path}.{operator}") for one in values]
        return {"fact": name, operator: values}


def _problem(fact: Fact, operator: str, values: Sequence[Any]) -> str | None:
    """What is wrong with the values of a test."""
    if not 0 < len(values) <= MOST_VALUES:
        return f"Give 1 to {MOST_VALUES} values."
    if operator == "exists" or fact.kind is FactKind.FLAG:
        return None if len(values) == 1 and isinstance(values[0], bool) else "Give true or false."
    if operator in ("above", "below") or fact.kind is FactKind.NUMBER:
        is_one = operator == "is" or len(values) == 1
        return None if is_one and all(map(_is_number, values)) else "Give a number."
    if fact.kind is FactKind.ATTRIBUTE and operator == "is" and not any(isinstance(one, str) for one in values):
        return None if all(isinstance(one, bool | int | float) for one in values) else "Give texts or numbers."
    return _text_problem(fact, values)


def _text_problem(fact: Fact, values: Sequence[Any]) -> str | None:
    if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_VALUE and one.isprintable() for one in values):
        return f"Give texts of 1 to {LONGEST_VALUE} printable characters."
    if fact.choices and (unknown := [one for one in values if one not in fact.choices]):
        return f"'{unknown[0][:50]}' is none of {', '.join(fact.choices)}."
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
