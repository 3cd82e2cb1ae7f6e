"""Conditions: what is read, what is refused, and what is true."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.automation.condition import evaluate
from domain.automation.fact import Facts
from domain.automation.reading import checked_tree
from domain.base import InvalidInputError

FACTS: Facts = {
    "conversation.priority": "high",
    "conversation.tags": frozenset({"a", "b"}),
    "conversation.messages": 3,
    "conversation.is_spam": False,
    "message.text": "Where is my REFUND?",
    "customer.email": None,
    "conversation.attribute.plan": "gold",
    "conversation.attribute.seats": 7,
}


def same(concept: str, text: str, path: str) -> str:
    return text


def read(tree: Any) -> Any:
    return checked_tree(tree, same)


def asks(name: str, **operator: Any) -> dict[str, Any]:
    return {"fact": name, **operator}


@pytest.mark.parametrize(
    ("tree", "is_true"),
    [
        ({}, True),
        (asks("conversation.priority", **{"is": "high"}), True),
        (asks("conversation.priority", **{"is": ["low", "normal"]}), False),
        (asks("conversation.tags", any=["b", "c"]), True),
        (asks("conversation.tags", all=["b", "c"]), False),
        (asks("conversation.tags", exists=True), True),
        (asks("conversation.messages", above=2), True),
        (asks("conversation.messages", below=3), False),
        (asks("conversation.is_spam", **{"is": False}), True),
        (asks("message.text", contains=["invoice", "refund"]), True),
        (asks("message.text", starts_with="where"), True),
        (asks("customer.email", exists=False), True),
        (asks("customer.email", contains="x"), False),
        (asks("conversation.attribute.plan", **{"is": "Gold"}), True),
        (asks("conversation.attribute.seats", above=5), True),
        (asks("conversation.attribute.none", exists=True), False),
        ({"not": asks("conversation.priority", **{"is": "high"})}, False),
        ({"any": [asks("conversation.priority", **{"is": "low"}), asks("conversation.messages", **{"is": 3})]}, True),
        ({"all": [asks("conversation.messages", **{"is": 3}), asks("conversation.messages", above=9)]}, False),
    ],
)
def test_what_is_true(tree: Any, is_true: bool) -> None:
    assert evaluate(read(tree), FACTS).is_true is is_true


def test_the_reasons_are_the_tests_that_decided() -> None:
    tree = {"all": [asks("conversation.messages", above=1), {"not": asks("conversation.priority", **{"is": "high"})}]}
    outcome = evaluate(read(tree), FACTS)
    assert not outcome.is_true
    assert outcome.reasons == ("conversation.priority is high: yes, it was high",)


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ([], "input.condition"),
        ({"all": []}, "input.condition"),
        ({"all": [{}]}, "input.condition.all.0"),
        ({"some": []}, "input.condition"),
        ({"all": [], "any": []}, "input.condition"),
        (asks("conversation.mood", **{"is": "good"}), "input.condition"),
        (asks("conversation.priority", contains="h"), "input.condition"),
        (asks("conversation.priority", **{"is": "highest"}), "input.condition"),
        (asks("conversation.priority"), "input.condition"),
        (asks("conversation.priority", **{"is": "high", "exists": True}), "input.condition"),
        (asks("conversation.messages", above=True), "input.condition"),
        (asks("conversation.messages", above=[1, 2]), "input.condition"),
        (asks("conversation.is_spam", **{"is": "no"}), "input.condition"),
        (asks("message.text", contains=["x"] * 51), "input.condition"),
        (asks("message.text", contains="x" * 501), "input.condition"),
        (asks("message.text", contains="\x00"), "input.condition"),
        ({"not": {"not": {"not": {"not": {"not": {"not": asks("message.text", **{"is": "x"})}}}}}}, "input.condition"),
        ({"all": [{"any": [asks("message.text", **{"is": "x"})] * 49}] * 2}, "input.condition"),
    ],
)
def test_what_means_nothing_is_refused_where_it_stands(tree: Any, path: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(tree)
    assert refused.value.fields[0].path.startswith(path)


def test_ids_are_read_as_what_they_are_of() -> None:
    asked = []

    def noted(concept: str, text: str, path: str) -> str:
        asked.append((concept, text, path))
        return str(uuid4())

    checked_tree(asks("conversation.inbox", **{"is": ["one"]}), noted)
    assert asked == [("Inbox", "one", "input.condition.is")]


json = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=5),
    lambda children: (
        some.lists(children, max_size=3)
        | some.dictionaries(
            some.sampled_from(["all", "any", "not", "fact", "is", "above", "exists"]) | some.text(max_size=3),
            children,
            max_size=3,
        )
    ),
    max_leaves=20,
)


@given(json)
def test_whatever_is_sent_is_read_or_refused(tree: Any) -> None:
    try:
        kept = read(tree)
    except InvalidInputError:
        return
    assert isinstance(evaluate(kept, FACTS).is_true, bool)
