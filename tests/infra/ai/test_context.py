"""Questions that lean on what was said before."""

import pytest

from domain.assistant import Speaker, Turn
from infra.ai.context import standing

HISTORY = (
    Turn(Speaker.CUSTOMER, "Do you ship to Norway?"),
    Turn(Speaker.ASSISTANT, "Yes, we do."),
    Turn(Speaker.CUSTOMER, "and is it fast?"),
    Turn(Speaker.AGENT, "Five days."),
)


@pytest.mark.parametrize("question", ["and how much does it cost?", "What about Sweden?", "how long does that take"])
def test_a_leaning_question_stands_behind_the_last_one_that_stands_alone(question: str) -> None:
    assert standing(question, HISTORY) == f"Do you ship to Norway?\n{question}"


@pytest.mark.parametrize("question", ["How do I reset my password?", "Do they sell boots?", "Is there a shop in Cork?"])
def test_others_stand_alone(question: str) -> None:
    assert standing(question, HISTORY) is None


def test_nothing_to_lean_on() -> None:
    assert standing("and that?", ()) is None
    assert standing("and that?", (Turn(Speaker.CUSTOMER, "what about this?"),)) is None


def test_a_long_question_says_what_it_means() -> None:
    assert standing("I bought a coat on Monday and now it has a hole in the left sleeve", HISTORY) is None
