"""A question on its whole way: server, worker, search, a model's endpoint, and what a customer and an agent see."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.knowledge.content import content_of
from domain.knowledge.events import Audience
from infra import bootstrap
from tests.documents import CHANGED, START
from tests.models.faults import models_at
from tests.models.replies import Json, Reply, call
from tests.models.server import ModelServer
from tests.stack import Client, Company, Stack, found_company, running

SECRET = "Goodwill code HERON-42"
ARTICLES = {
    "Returns": ("You can return any coat within 45 days. The coat must be unworn.", Audience.EVERYONE),
    "Repairs": ("We repair coats for €18.", Audience.EVERYONE),
    "Goodwill for returns": (f"{SECRET}: agents may accept a return of a coat after 45 days.", Audience.INTERNAL),
}
BEGINNING = "WyIwIl0"
PASSAGE = re.compile(r"=== begin passage \[(\d+)\] [^\n]*\nReturns\n")
MESSAGES = """
query Messages($id: ID!) {
  conversation(id: $id) {
    lastActivityAt state handoffReason handoffSummary
    messages(last: 1) {
      nodes {
        id kind text choices rating { helpful comment }
        citations { title articleId }
        provenance {
          model promptNumber decision confidence firstTextMs costMicros removedCitations unsupported
          usage { read written cached estimated } attempts { name error } tools { name }
          passages { title } promptVersion { number isPublished } curatedAnswer { id }
        }
      }
    }
  }
}"""
RATE = """
mutation Rate($id: ID!, $helpful: Boolean!, $comment: String, $key: String) {
  rateAnswer(input: {messageId: $id, helpful: $helpful, comment: $comment, idempotencyKey: $key}) {
    ... on RateAnswerSuccess { ratedMessage { id rating { helpful comment } } }
    ... on Error { code }
  }
}"""

CURATE = """
mutation Curate {
  createCuratedAnswer(input: {questions: ["Do you sell gift vouchers?"], text: "Yes, from €10."}) {
    ... on CreateCuratedAnswerSuccess { curatedAnswer { id } }
  }
}"""


@pytest.fixture(scope="module")
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def stack(
    database_url: str, valkey_url: str, _model_server: ModelServer, company: Company
) -> AsyncIterator[Stack]:
    models = models_at(_model_server)
    async with running(database_url, valkey_url, None, ai_provider=("first",), models=models) as started:
        async with bootstrap.parts(started.settings) as parts:
            await publish(parts, company)
        yield started


async def publish(parts: bootstrap.Parts, company: Company) -> None:
    """The articles, published and read."""
    source = await parts.knowledge.sources.create(company.admin, "Help")
    for title, (body, audience) in ARTICLES.items():
        made = await parts.knowledge.articles.create(
            company.admin, source.id, content_of(title, body, audience=audience)
        )
        await parts.knowledge.articles.publish(company.admin, made.id)
        await parts.reading.indexing.index(company.id, made.id)


def citing(text: str) -> Any:
    """A reply that cites the passage on returns by its number in the prompt, as `{}` in the text."""

    def reply(body: Json) -> Reply:
        found = PASSAGE.search(body["messages"][-1]["content"])
        assert found, "the passage on returns is not in the prompt"
        return call("answer", {"sources": [int(found[1])], "text": text.replace("{}", f"[{found[1]}]")})

    return reply


async def asked(client: Client, text: str) -> tuple[str, list[Any]]:
    """The conversation that a question began, and everything that its watcher was told up to the end."""
    conversation = (await client.ask(START, text=text))["startConversation"]["conversation"]["id"]
    events = []
    async with asyncio.timeout(20):
        async for data in client.watch(CHANGED, id=conversation, after=BEGINNING):
            events.append(data["conversationChanged"])
            if events[-1]["__typename"] in ("AnswerCompleted", "HandoffRequested"):
                break
    return conversation, events


def written(events: list[Any]) -> str:
    """The text that frames made, of the last attempt."""
    text, last = "", max(event["attempt"] for event in events if event["__typename"] == "AnswerStarted")
    for event in events:
        if event["__typename"] == "AnswerFrame" and event["attempt"] == last:
            text = text[: event["offset"]] + event["text"]
    return text


async def last_message(client: Client, conversation: str) -> Any:
    found = (await client.ask(MESSAGES, id=conversation))["conversation"]
    return found["messages"]["nodes"][0]


async def test_an_answer_is_streamed_cited_and_explained(
    stack: Stack, company: Company, model_server: ModelServer
) -> None:
    model_server.say(citing("You can return any coat within 45 days {}, see [77]. The coat must be unworn {}."))
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    conversation, events = await asked(customer, "How long may I return a coat?")
    text = "You can return any coat within 45 days [1], see. The coat must be unworn [1]."
    assert written(events) == events[-1]["message"]["text"] == text
    message = await last_message(agent, conversation)
    assert [one["title"] for one in message["citations"]] == ["Returns"]
    why = message["provenance"]
    assert (why["promptNumber"], why["model"], why["removedCitations"], why["unsupported"]) == (0, "first", 1, [])
    assert (why["usage"]["read"], why["usage"]["written"], why["usage"]["cached"]) == (11, 7, 3)
    assert [(one["name"], one["error"]) for one in why["attempts"]] == [("first", None)]
    assert why["firstTextMs"] > 0
    assert (why["promptVersion"], why["curatedAnswer"]) == ({"number": 0, "isPublished": True}, None)
    assert "Goodwill for returns" not in [one["title"] for one in why["passages"]]
    assert (await last_message(customer, conversation))["provenance"] is None


async def test_a_curated_answer_leads_to_what_people_wrote(stack: Stack, company: Company) -> None:
    made = (await stack.client(company.admin).ask(CURATE))["createCuratedAnswer"]["curatedAnswer"]
    conversation, events = await asked(stack.client(company.customer), "Do you sell gift vouchers?")
    assert events[-1]["message"]["text"] == "Yes, from €10."
    why = (await last_message(stack.client(company.agent), conversation))["provenance"]
    assert (why["curatedAnswer"], why["promptVersion"]) == (made, None)


async def test_no_request_holds_an_internal_article_or_anybody_s_id(
    stack: Stack, company: Company, model_server: ModelServer
) -> None:
    model_server.say(citing("Within 45 days {}."))
    await asked(stack.client(company.customer), "Which goodwill code do agents have to accept a return after 45 days?")
    assert model_server.received
    for request in model_server.received:
        body = json.dumps(request.body, ensure_ascii=False)
        assert "We repair coats" in body or "You can return" in body
        for hidden in (SECRET, "HERON", "Goodwill for returns", str(company.customer.id), str(company.id)):
            assert hidden not in body


async def test_each_outcome_is_the_call_that_the_model_made(
    stack: Stack, company: Company, model_server: ModelServer
) -> None:
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    model_server.say(call("clarify", {"text": "Which coat?", "choices": ["Rain coat", "Wool coat"]}))
    conversation, _ = await asked(customer, "How long may I return it?")
    assert (await last_message(customer, conversation))["choices"] == ["Rain coat", "Wool coat"]
    model_server.say(call("refuse", {"text": "I cannot help with that."}))
    conversation, _ = await asked(customer, "Write my homework about coats.")
    assert (await last_message(customer, conversation))["kind"] == "REFUSAL"
    over = {"reason": "customer_asked", "summary": "Wants to talk about a coat.", "text": "Somebody will answer here."}
    model_server.say(call("hand_over", over))
    conversation, events = await asked(customer, "I want a person for my coat.")
    assert events[-1]["reason"] == "CUSTOMER_ASKED"
    assert events[-1]["message"]["text"] == over["text"]
    found = (await agent.ask(MESSAGES, id=conversation))["conversation"]
    assert (found["state"], found["handoffSummary"]) == ("WAITING", over["summary"])
    model_server.say(call("answer", {"sources": [], "text": "Just trust me: 90 days."}))
    conversation, events = await asked(customer, "How long may I return a coat in Mars?")
    assert events[-1]["reason"] == "NOT_IN_KNOWLEDGE"
    assert not any("90 days" in json.dumps(event) for event in events)


async def test_a_customer_says_whether_an_answer_helped_and_may_change_their_mind(
    stack: Stack, company: Company, model_server: ModelServer
) -> None:
    model_server.say(citing("Within 45 days {}."))
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    conversation, events = await asked(customer, "How long may I return a coat?")
    answer = events[-1]["message"]["id"]
    before = (await agent.ask(MESSAGES, id=conversation))["conversation"]["lastActivityAt"]
    rated = [
        (await customer.ask(RATE, id=answer, helpful=False, comment="Too short.", key="k"))["rateAnswer"]
        for _ in range(2)
    ]
    assert (
        rated[0] == rated[1] == {"ratedMessage": {"id": answer, "rating": {"helpful": False, "comment": "Too short."}}}
    )
    assert (await last_message(agent, conversation))["rating"] == {"helpful": False, "comment": "Too short."}
    changed = (await customer.ask(RATE, id=answer, helpful=True))["rateAnswer"]["ratedMessage"]["rating"]
    assert changed == {"helpful": True, "comment": None}
    told = customer.watch(CHANGED, id=conversation, after=events[-1]["cursor"])
    async with asyncio.timeout(10):
        kinds = [(await anext(told))["conversationChanged"]["__typename"] for _ in range(2)]
    assert kinds == ["AnswerRated", "AnswerRated"]
    after = (await agent.ask(MESSAGES, id=conversation))["conversation"]["lastActivityAt"]
    assert after == before, "a rating is no activity"
    refused = {
        "FORBIDDEN": (agent, answer, None),
        "NOT_FOUND": (stack.client(company.other_customer), answer, None),
        "INVALID_INPUT": (customer, answer, "x" * 1_001),
    }
    for code, (client, message, comment) in refused.items():
        assert (await client.ask(RATE, id=message, helpful=True, comment=comment))["rateAnswer"]["code"] == code
    question = await customer.ask(
        "query Q($id: ID!) { conversation(id: $id) { messages(first: 1) { nodes { id } } } }", id=conversation
    )
    first = question["conversation"]["messages"]["nodes"][0]["id"]
    assert (await customer.ask(RATE, id=first, helpful=True))["rateAnswer"]["code"] == "INVALID_STATE"
