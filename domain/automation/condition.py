"""Conditions: trees of tests on what is known of a conversation, its customer and a message, written as JSON.

    {"all": [{"fact": "conversation.priority", "is": ["high", "urgent"]},
             {"not": {"fact": "message.text", "contains": ["invoice", "refund"]}}]}

A test names a fact and one operator; `all`, `any` and `not` combine them; `{}` is always true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.automation.fact import ATTRIBUTE, FACTS, Fact, FactKind, Facts, Value

LONGEST_NAME = 500

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a condition is true, and the tests that made it so, each with what was the case."""

    is_true: bool
    reasons: Sequence[str] = ()


def _words(value: Value) -> str:
    return str(value or "").casefold()


def _is(value: Value, wanted: Sequence[Any]) -> bool:
    if isinstance(value, str):
        return _words(value) in map(_words, wanted)
    return any(value == one and isinstance(value, bool) is isinstance(one, bool) for one in wanted)


def _number(value: Value) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _set(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


OPERATORS: Mapping[str, Callable[[Value, Sequence[Any]], bool]] = {
    "is": _is,
    "contains": lambda value, wanted: any(_words(one) in _words(value) for one in wanted),
    "starts_with": lambda value, wanted: any(_words(value).startswith(_words(one)) for one in wanted),
    "above": lambda value, wanted: (found := _number(value)) is not None and found > wanted[0],
    "below": lambda value, wanted: (found := _number(value)) is not None and found < wanted[0],
    "any": lambda value, wanted: not _set(value).isdisjoint(wanted),
    "all": lambda value, wanted: _set(value) >= set(wanted),
    "exists": lambda value, wanted: (value not in (None, "", frozenset())) is wanted[0],
}
"""What each operator makes of a fact and the values that it is given; texts are compared whatever their case."""

TAKES: Mapping[FactKind, tuple[str, ...]] = {
    FactKind.TEXT: ("is", "contains", "starts_with", "exists"),
    FactKind.NUMBER: ("is", "above", "below", "exists"),
    FactKind.FLAG: ("is",),
    FactKind.CHOICE: ("is", "exists"),
    FactKind.ID: ("is", "exists"),
    FactKind.IDS: ("any", "all", "exists"),
    FactKind.ATTRIBUTE: ("is", "contains", "above", "below", "exists"),
}
"""The operators that facts of a kind take."""


def fact_of(name: str) -> Fact | None:
    """What a name stands for."""
    if name.startswith(ATTRIBUTE) and len(name) <= LONGEST_NAME:
        return Fact(FactKind.ATTRIBUTE, "A custom attribute.")
    return FACTS.get(name)


def tests_of(tree: Tree) -> Iterator[tuple[str, str, Sequence[Any]]]:
    """Every test of a kept condition: fact, operator, values."""
    for name, below in tree.items():
        if name == "fact":
            operator = next(key for key in tree if key != "fact")
            yield below, operator, tree[operator]
        elif name in ("all", "any") and "fact" not in tree:
            for one in below:
                yield from tests_of(one)
        elif name == "not":
            yield from tests_of(below)


def evaluate(tree: Tree, facts: Facts) -> Outcome:
    """Whether a kept condition is true of some facts; the reasons are the fewest tests that decided."""
    if not tree:
        return Outcome(is_true=True)
    if "fact" in tree:
        return _tested(tree, facts)
    if "not" in tree:
        outcome = evaluate(tree["not"], facts)
        return Outcome(not outcome.is_true, outcome.reasons)
    name = "all" if "all" in tree else "any"
    outcomes = [evaluate(one, facts) for one in tree[name]]
    decides = name == "any"  # the first that is true decides `any`, the first that is false `all`
    for outcome in outcomes:
        if outcome.is_true is decides:
            return outcome
    return Outcome(not decides, [reason for outcome in outcomes for reason in outcome.reasons])


def _tested(tree: Tree, facts: Facts) -> Outcome:
    ((name, operator, wanted),) = tests_of(tree)
    value = facts.get(name)
    is_true = OPERATORS[operator](value, wanted)
    said = f"{name} {operator} {', '.join(map(str, wanted))[:200]}"
    return Outcome(is_true, (f"{said}: {'yes' if is_true else 'no'}, it was {_shown(value)}",))


def _shown(value: Value) -> str:
    """A fact in a log: texts that people wrote are clipped."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))[:200] or "nothing"
    return "nothing" if value is None else str(value)[:200]
