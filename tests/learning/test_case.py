"""What a test case asks for, and the verdict on replies."""

from time import monotonic
from uuid import UUID, uuid4

import pytest

from domain.assistant import Citation
from domain.base import InvalidInputError
from domain.learning.case import OutcomeKind, Reply, Script, Wording, checked_script, failures, says
from infra.learning.patterns import LinearPatterns

PATTERNS = LinearPatterns()
RETURNS = Citation(UUID(int=1), UUID(int=2), "Returns")


def reply(text: str = "You have 45 days.", kind: OutcomeKind = OutcomeKind.ANSWER, *cited: Citation) -> Reply:
    return Reply(kind, text, cited or (RETURNS,))


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("It costs £25.", "£25", True),
        ("It costs £25, or less.", "£25", True),
        ("It costs £250.", "£25", False),
        ("It costs £25.50.", "£25", False),
        ("It costs 1,250 pounds.", "250 pounds", False),
        ("It costs 250  POUNDS.", "250 pounds", True),
        ("Unreturnable, and returnable.", "returnable", True),
        ("Unreturnable.", "returnable", False),
        ("Straße", "STRASSE", True),
        ("Version 2.5 of 25", "25", True),
    ],
)
def test_plain_words_are_found_as_whole_words(text: str, wanted: str, found: bool) -> None:
    assert says(text, Wording(wanted), PATTERNS) is found


def test_patterns_cannot_be_made_to_hang() -> None:
    assert says("Within 45 days.", Wording(r"\b\d+ days", is_pattern=True), PATTERNS)
    assert not says("Within 45 DAYS.", Wording(r"\b\d+ days", is_pattern=True), PATTERNS)
    began = monotonic()
    assert not says("a" * 10_000 + "!", Wording("(a+)+$", is_pattern=True), PATTERNS)
    assert monotonic() - began < 2, "an engine that goes back and forth would take longer than anybody lives"
    for pattern in (r"(?=look)ahead", r"(back)\1", "(((a{100}){100}){100})", "(", "[z-a]"):
        assert PATTERNS.problem(pattern), pattern


def test_a_reply_as_expected_has_no_failures() -> None:
    script = Script(
        ("?",), OutcomeKind.ANSWER, ("returns", str(UUID(int=2))), (Wording("45 days"),), (Wording("30 days"),)
    )
    assert failures(script, [reply()], PATTERNS) == ()


def test_each_failure_is_told() -> None:
    script = Script(("?",), OutcomeKind.ANSWER, ("Delivery",), (Wording("45 days"),), (Wording("guarantee"),))
    first, last = reply("We guarantee it."), reply("30 days.", OutcomeKind.CLARIFICATION)
    assert failures(script, [first, last], PATTERNS) == (
        "Expected the outcome 'answer', and it was 'clarification'.",
        "Does not cite “Delivery”: it cites “Returns”.",
        "Does not say “45 days”.",
        "Says “guarantee” in reply 1.",
    )
    assert failures(script, [], PATTERNS) == ("There was no reply.",)


@pytest.mark.parametrize(
    ("script", "path"),
    [
        (Script(()), "input.turns"),
        (Script(("?",)), "input.outcome"),
        (Script(("?",) * 21, OutcomeKind.ANSWER), "input.turns"),
        (Script(("?" * 2_001,), OutcomeKind.ANSWER), "input.turns.0"),
        (Script((" ",), OutcomeKind.ANSWER), "input.turns.0"),
        (Script(("?",), must_say=(Wording("(", is_pattern=True),)), "input.mustSay.0.text"),
        (Script(("?",), must_not_say=(Wording("x" * 501),)), "input.mustNotSay.0"),
        (Script(("?",), must_cite=("t",) * 21), "input.mustCite"),
        (Script(("?",), OutcomeKind.ANSWER, tools={"look": "x" * 4_001}), "input.tools"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_by_name(script: Script, path: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_script(script, PATTERNS)
    assert path in [problem.path for problem in refused.value.fields]


def test_an_article_is_meant_by_its_id_or_title_alone() -> None:
    other = Citation(uuid4(), uuid4(), "Returns of mattresses")
    assert failures(Script(("?",), must_cite=("Returns",)), [reply("x", OutcomeKind.ANSWER, other)], PATTERNS)
