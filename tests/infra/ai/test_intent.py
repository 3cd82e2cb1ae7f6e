"""Who wants a person, who is only being polite, and who asks something."""

import pytest

from infra.ai.intent import Intent, Intents
from infra.matching.embedding import MiniLM


@pytest.fixture(scope="module")
def intents(embedder: MiniLM) -> Intents:
    return Intents(embedder)


@pytest.mark.parametrize(
    "message",
    [
        "I want to speak to a human",
        "Your answers do not help. Put me through to somebody from the shop!",
        "agent please",
        "could one of your colleagues phone me",
        "I'd rather not discuss this with a machine",
        "HUMAN. NOW.",
        "I do not want to chat with a robot",
    ],
)
async def test_a_person_is_wanted(intents: Intents, message: str) -> None:
    assert await intents.of(message) is Intent.PERSON


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hello", Intent.GREETING),
        ("Good morning!", Intent.GREETING),
        ("thanks a lot!", Intent.THANKS),
        ("Great, thank you. Bye!", Intent.FAREWELL),
        ("ok", Intent.ASSENT),
    ],
)
async def test_small_talk(intents: Intents, message: str, kind: Intent) -> None:
    assert await intents.of(message) is kind


@pytest.mark.parametrize(
    "message",
    [
        "Where is my order?",
        "Hello, how do I return a coat?",
        "Somebody stole my card",
        "thanks, and how long does a refund take?",
        "Is there a price per person?",
        "I don't need to talk to anyone, just tell me the opening hours",
        "How do I contact the shop in Galway?",
        "?",
        "…",
    ],
)
async def test_a_question_is_a_question(intents: Intents, message: str) -> None:
    assert await intents.of(message) is Intent.OTHER
