"""Help for agents on its whole way, by a model on loopback and without one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.assist.conftest import KEPT, begun, kept, told
from tests.documents import SEND, command
from tests.models.replies import Ending, call, first, status, text
from tests.models.server import ModelServer
from tests.stack import Company, GraphQLFailedError, Stack

SUGGEST = """
subscription Suggest($id: ID!) {
  suggestReply(conversationId: $id) {
    __typename
    ... on WrittenText { text }
    ... on Suggestion { text madeBy confidence citations { title } }
    ... on NoSuggestion { explanation }
  }
}"""
REWRITE = """
subscription Rewrite($text: String!, $tone: TextTone, $to: String) {
  rewriteText(text: $text, tone: $tone, translateTo: $to) {
    __typename
    ... on WrittenText { text }
    ... on RewrittenText { text }
    ... on NeedsLanguageModelError { code message }
  }
}"""
SUMMARIZE, CLASSIFY = command("summarizeConversation"), command("classifyConversation")
CLASS = {"topic": "Repairs", "language": "de", "sentiment": "negative", "urgency": "high"}


async def suggested(stack: Stack, actor: Any, conversation: str) -> list[Any]:
    return await told(stack.client(actor), SUGGEST, "suggestReply", id=conversation)


async def rewritten(stack: Stack, actor: Any, draft: str, **wish: Any) -> list[Any]:
    return await told(stack.client(actor), REWRITE, "rewriteText", text=draft, **wish)


async def taken(stack: Stack, company: Company, question: str) -> str:
    """A conversation that an agent has."""
    conversation = await begun(stack.client(company.customer), question)
    await stack.client(company.agent).ask(command("takeOverConversation"), id=conversation)
    return conversation


async def test_a_conversation_is_sorted_once_it_is_answered(
    modelled: Stack, company: Company, model_server: ModelServer
) -> None:
    """Without asking a model: most conversations need no person."""
    model_server.say(call("answer", {"sources": [1], "text": "Within 45 days [1]."}))
    conversation = await begun(modelled.client(company.customer), "How do I return my coat? I need this today!")
    found = await kept(modelled.client(company.agent), conversation, "classification")
    assert (found["topic"], found["language"], found["madeBy"]) == ("Returns", "en", "local")
    assert 0 <= found["confidence"] <= 1
    assert model_server.beside == []


async def test_a_conversation_that_needs_a_person_is_sorted_and_told_by_a_model(
    modelled: Stack, company: Company, model_server: ModelServer
) -> None:
    model_server.say(call("summarize", {"summary": "Wants a repair."}), model="summarize")
    model_server.say(call("classify", CLASS), model="classify")
    customer, agent = modelled.client(company.customer), modelled.client(company.agent)
    conversation = await begun(customer, "Mein Mantel ist kaputt, ich brauche die Reparatur sofort!")
    await customer.ask(command("requestHandoff"), id=conversation)
    found = await kept(agent, conversation, "classification", until=lambda one: one["madeBy"] == "first")
    assert {name: found[name].lower() if name != "topic" else found[name] for name in CLASS} == CLASS
    assert found["confidence"] is None
    summary = await kept(agent, conversation, "summary")
    assert (summary["text"], summary["madeBy"]) == ("Wants a repair.", "first")


async def test_what_a_model_says_wrongly_is_done_without_it(
    modelled: Stack, company: Company, model_server: ModelServer
) -> None:
    agent = modelled.client(company.agent)
    conversation = await taken(modelled, company, "How much is a repair of my coat?")
    for wrong in (
        call("classify", CLASS | {"topic": "Ignore the company"}),
        call("classify", CLASS | {"urgency": "very"}),
        call("classify", "{"),
        text("negative"),
        status(400),
    ):
        model_server.say(wrong, model="classify")
        await agent.ask(CLASSIFY, id=conversation)
        found = (await agent.ask(KEPT, id=conversation))["conversation"]["classification"]
        assert (found["topic"], found["language"], found["madeBy"]) == ("Repairs", "en", "local")
    model_server.say(call("summarize", {"summary": ""}), model="summarize")
    await agent.ask(SUMMARIZE, id=conversation)
    found = (await agent.ask(KEPT, id=conversation))["conversation"]["summary"]
    assert found["madeBy"] == "local"
    assert "How much is a repair of my coat?" in found["text"]


async def test_a_summary_is_made_anew_as_a_person_talks_on(
    modelled: Stack, company: Company, model_server: ModelServer
) -> None:
    customer, agent = modelled.client(company.customer), modelled.client(company.agent)
    conversation = await taken(modelled, company, "My coat has a hole.")
    await kept(agent, conversation, "summary")
    model_server.say(call("summarize", {"summary": "They have talked on."}), model="summarize")
    for number in range(10):
        await (agent if number % 2 else customer).ask(SEND, id=conversation, text=f"Line {number}")
    found = await kept(agent, conversation, "summary", until=lambda one: one["text"] == "They have talked on.")
    assert found["madeBy"] == "first"
    asked = sum("summarize" in json.dumps(one.body["tools"]) for one in model_server.beside)
    assert asked <= 4, "not one for each message"
    await customer.ask(SEND, id=conversation, text="One more thing")
    assert (await agent.ask(KEPT, id=conversation))["conversation"]["summary"]["isCurrent"] is False


async def test_a_request_that_is_repeated_is_asked_once(
    modelled: Stack, company: Company, model_server: ModelServer
) -> None:
    agent = modelled.client(company.agent)
    conversation = await taken(modelled, company, "Where is my coat?")
    await kept(agent, conversation, "summary")
    model_server.beside.clear()
    for _ in range(3):
        await agent.ask(SUMMARIZE, id=conversation, key="once")
    assert len(model_server.beside) == 1


async def test_no_customer_is_shown_what_is_kept_for_staff_nor_helped_like_them(
    modelled: Stack, company: Company
) -> None:
    conversation = await taken(modelled, company, "How do I return my coat?")
    agent = modelled.client(company.agent)
    await agent.ask(CLASSIFY, id=conversation)
    await agent.ask(SUMMARIZE, id=conversation)
    found = (await agent.ask(KEPT, id=conversation))["conversation"]
    assert found["summary"] and found["classification"]
    customer = modelled.client(company.customer)
    found = (await customer.ask(KEPT, id=conversation))["conversation"]
    assert (found["summary"], found["classification"]) == (None, None)
    for document in (SUMMARIZE, CLASSIFY):
        (answer,) = (await customer.ask(document, id=conversation)).values()
        assert answer["code"] == "FORBIDDEN"
    with pytest.raises(GraphQLFailedError) as refused:
        await suggested(modelled, company.customer, conversation)
    assert refused.value.code == "FORBIDDEN"
    with pytest.raises(GraphQLFailedError) as refused:
        await rewritten(modelled, company.customer, "Hello", tone="FORMAL")
    assert refused.value.code == "FORBIDDEN"


async def test_a_reply_is_suggested_from_internal_articles_too(
    modelled: Stack, company: Company, model_server: ModelServer
) -> None:
    conversation = await taken(modelled, company, "Can you waive the repair fee? I am a loyal customer.")
    model_server.received.clear()
    model_server.say(call("answer", {"sources": [1], "text": "We gladly waive it [1]."}))
    *pieces, end = await suggested(modelled, company.agent, conversation)
    assert end["__typename"] == "Suggestion"
    assert "".join(piece["text"] for piece in pieces) == end["text"]
    assert end["madeBy"] == "first"
    assert "HERON-42" in json.dumps(model_server.received[-1].body)


async def test_without_a_model_the_nearest_passage_is_suggested(local: Stack, company: Company) -> None:
    conversation = await taken(local, company, "How long can I return a coat?")
    *pieces, end = await suggested(local, company.agent, conversation)
    assert end["__typename"] == "Suggestion"
    assert "45 days" in end["text"]
    assert "".join(piece["text"] for piece in pieces) == end["text"]
    assert end["citations"][0]["title"] == "Returns"
    unknown = await taken(local, company, "What is the capital of Mongolia?")
    (end,) = (each for each in await suggested(local, company.agent, unknown) if each["__typename"] != "WrittenText")
    assert end["__typename"] == "NoSuggestion"
    assert "Mongolia" in end["explanation"]


async def test_a_text_is_written_anew_as_it_comes(modelled: Stack, company: Company, model_server: ModelServer) -> None:
    model_server.say(call("rewrite", {"text": "Sehr geehrte Frau Frei, „gern“ 😀."}).slowly(0.03))
    *pieces, end = await rewritten(modelled, company.agent, "Hi! Sure.", tone="FORMAL", to="de")
    assert end == {"__typename": "RewrittenText", "text": "Sehr geehrte Frau Frei, „gern“ 😀."}
    assert len(pieces) > 1
    assert "".join(piece["text"] for piece in pieces) == end["text"]


async def test_rewriting_needs_a_model_that_answers(
    modelled: Stack, local: Stack, company: Company, model_server: ModelServer
) -> None:
    (refused,) = await rewritten(local, company.agent, "Hello", tone="FRIENDLY")
    assert refused["code"] == "NEEDS_LANGUAGE_MODEL"
    model_server.say(status(400), model="first")
    model_server.say(call("rewrite", {"text": "Dear all"}), model="second")
    assert (await rewritten(modelled, company.agent, "Hello", tone="FRIENDLY"))[-1]["text"] == "Dear all"
    model_server.forget()
    model_server.say(first(call("rewrite", {"text": "Dear all of you"}), 4, Ending.CUT))
    *_, end = await rewritten(modelled, company.agent, "Hello", tone="FRIENDLY")
    assert end["code"] == "NEEDS_LANGUAGE_MODEL"
    model_server.say(text("I will not."))
    *_, end = await rewritten(modelled, company.agent, "Hello", tone="FRIENDLY")
    assert end["code"] == "NEEDS_LANGUAGE_MODEL"


@pytest.mark.parametrize("wish", [{}, {"to": "german"}, {"to": "DE"}])
async def test_a_wish_that_means_nothing_is_refused(modelled: Stack, company: Company, wish: dict[str, str]) -> None:
    with pytest.raises(GraphQLFailedError) as refused:
        await rewritten(modelled, company.agent, "Hello", **wish)
    assert refused.value.code == "INVALID_INPUT"
