"""Rules of tags, attributes, texts with variables and subjects, without I/O."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assist.ports import Dialogue
from domain.assist.subject import gist
from domain.assistant import Speaker, Turn
from domain.base import InvalidInputError
from domain.conversation.events import ConversationState
from domain.conversation.triage import Triage
from domain.macro.macro import MacroActions
from domain.macro.template import checked_template, rendered
from domain.triage.attribute import AttributeKind, changed_attributes, checked_attributes
from domain.triage.filter import MOST, ConversationFilter, checked_filter
from domain.triage.label import labels_of, wanted_labels
from infra.triage.stored import Actions, encoded, filter_of


def defined(key: str, kind: AttributeKind, *choices: str) -> Any:
    return SimpleNamespace(key=key, kind=kind, choices=choices)


DEFINITIONS = [
    defined("text", AttributeKind.TEXT),
    defined("number", AttributeKind.NUMBER),
    defined("boolean", AttributeKind.BOOLEAN),
    defined("date", AttributeKind.DATE),
    defined("choice", AttributeKind.CHOICE, "a", "b"),
    defined("choices", AttributeKind.CHOICES, "a", "b", "c"),
]


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("text", "x", [1, True, "", " ", "\x00", "x" * 1_001, ["x"]]),
        ("number", -2.5, ["1", True, float("nan"), float("inf"), 1e16, [1]]),
        ("boolean", False, [0, 1, "true", []]),
        ("date", "2026-02-28", ["2026-02-30", "28.2.2026", 20260228.0, True, ""]),
        ("choice", "b", ["c", 1, ["a"], ""]),
        ("choices", ("a", "c"), [("a", "d"), "a", 1]),
    ],
)
def test_a_value_fits_its_definition_or_is_refused_by_its_path(key: str, right: Any, wrong: list[Any]) -> None:
    assert checked_attributes(DEFINITIONS, {key: right}, "input.attributes") == {key: right}
    for value in wrong:
        with pytest.raises(InvalidInputError) as refused:
            checked_attributes(DEFINITIONS, {key: value}, "input.attributes")
        assert [problem.path for problem in refused.value.fields] == [f"input.attributes.{key}"], value


def test_values_are_set_one_by_one_and_none_takes_one_away() -> None:
    held: Mapping[str, Any] = {"text": "x", "number": 1, "gone": "its definition was deleted"}
    changed = changed_attributes(DEFINITIONS, held, {"number": None, "choices": ["c", "a", "a"]}, "p")
    assert changed == {"text": "x", "choices": ("a", "c")}


def test_equal_values_have_equal_labels_and_several_choices_have_one_each() -> None:
    three, same = ({"number": value} for value in (3, 3.0))
    assert set(wanted_labels(three)) == set(wanted_labels(same))
    assert set(wanted_labels({"x": True})) != set(wanted_labels({"y": True}))
    tag = uuid4()
    found = labels_of(Triage(tag_ids=(tag,), attributes={"choices": ("a", "c")}))
    assert found == {tag, *wanted_labels({"choices": "a"}), *wanted_labels({"choices": "c"})}


@given(value=st.text(max_size=40))
def test_a_value_is_text_and_never_a_template(value: str) -> None:
    values = {"customer.name": value, "agent.name": "SECRET"}
    said = rendered("Dear {{customer.name|you}}!", values).text
    assert said == f"Dear {value.strip() or 'you'}!"


def test_a_value_that_looks_like_a_variable_stays_as_it_is() -> None:
    said = rendered("{{customer.name}}: {{agent.name}}", {"customer.name": "{{agent.name}}", "agent.name": "Ann"})
    assert said.text == "{{agent.name}}: Ann" and said.missing == ()


@pytest.mark.parametrize(
    "text", ["{{customer.email}}", "{{attribute.unknown}}", "{{ }}", "{{customer.name", "}}", "{{CUSTOMER.NAME}}"]
)
def test_what_is_no_variable_is_refused_when_it_is_saved(text: str) -> None:
    with pytest.raises(InvalidInputError):
        checked_template(text, {"model"}.__contains__, "input.text")


def test_variables_have_fallbacks_and_are_told_where_there_is_none() -> None:
    text = checked_template("{{ customer.name | there }} {{attribute.model}} {x}", {"model"}.__contains__, "t")
    assert rendered(text, {"attribute.model": "K2"}).text == "there K2 {x}"
    assert rendered(text, {}).missing == ("attribute.model",)


FILTERS = st.builds(
    ConversationFilter,
    states=st.lists(st.sampled_from(ConversationState), max_size=3).map(tuple),
    any_tag_ids=st.lists(st.uuids(), max_size=3).map(tuple),
    attributes=st.dictionaries(st.text(max_size=5), st.one_of(st.booleans(), st.integers(), st.text(max_size=5))),
    is_assigned=st.none() | st.booleans(),
    waiting_seconds=st.none() | st.integers(0, 10**6),
    active_after=st.none() | st.datetimes(timezones=st.timezones().filter(lambda zone: zone.key == "UTC")),
)


@given(wanted=FILTERS)
def test_a_saved_filter_is_the_filter(wanted: ConversationFilter) -> None:
    assert filter_of(encoded(wanted)) == wanted


def test_saved_actions_are_the_actions() -> None:
    actions = MacroActions(add_tag_ids=(UUID(int=1),), attributes={"vip": True, "n": 2}, snooze_minutes=5)
    assert Actions().decode(Actions().encode(actions)) == actions


def test_a_filter_that_lists_too_much_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        checked_filter(ConversationFilter(any_tag_ids=tuple(uuid4() for _ in range(MOST + 1))), "filter")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hi! How are you? My blue kettle leaks at the bottom since Monday. Thanks!", "My blue kettle leaks"),
        ("Refund", "Refund"),
        ("\n\nHello\nInvoice 4711 was charged twice", "Invoice 4711 was charged twice"),
        ("", ""),
    ],
)
def test_the_sentence_that_says_most_is_the_subject(question: str, expected: str) -> None:
    turns = [Turn(Speaker.CUSTOMER, question), Turn(Speaker.ASSISTANT, "This is a much longer answer with more words.")]
    dialogue = Dialogue(uuid4(), uuid4(), uuid4(), uuid4(), ConversationState.WAITING, turns, 2)
    assert gist(dialogue).startswith(expected)
    assert bool(gist(dialogue)) is bool(expected)
