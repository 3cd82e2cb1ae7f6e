"""The demo company answers the questions that its guides have people ask first."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.assistant import Answer, Question
from infra.ai.intent import Intents
from infra.ai.local import LocalAssistant
from infra.ai.search import AssistantSearch
from infra.commands.demo import QUESTION
from infra.demo.company import ARTICLES
from infra.knowledge.retrieval import Retrieval
from infra.matching.embedding import MiniLM
from tests.infra.knowledge.conftest import Knowledge
from tests.infra.knowledge.test_secrets import imported

README = Path(__file__).parents[3] / "README.md"


def of_the_readme() -> str:
    """What the README's customer asks."""
    [asked] = re.findall(r'startConversation\(input: \{ text: "([^"]+)"', README.read_text(encoding="utf-8"))
    return str(asked)


async def unset(_: UUID) -> float | None:
    return None


@pytest.mark.parametrize("text", [of_the_readme(), QUESTION, "How many weeks may I take to give a jacket back?"])
async def test_first_questions_are_answered_with_their_source(
    knowledge: Knowledge, embedder: MiniLM, text: str
) -> None:
    await imported(knowledge, ARTICLES, "")
    search = AssistantSearch(knowledge.database.tenant, Retrieval(embedder))
    assistant = LocalAssistant(search, Intents(embedder), unset, embedder.name, words_per_second=0)
    outcome = [piece async for piece in assistant.answer(Question(uuid4(), knowledge.company.id, text))][-1]
    assert isinstance(outcome, Answer)
    assert outcome.citations[0].link == "https://help.mizzleford.example/returns/return-an-item"
    assert text == QUESTION or "45 days" in outcome.text
