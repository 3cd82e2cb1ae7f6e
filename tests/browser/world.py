"""Work on the demo company's desk: conversations in every state, so that no page is empty, and the ids pages need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from infra.database import Database
from infra.local.embedded import filled
from infra.settings import Settings
from tests.browser.running import Parley
from tests.stack import Client

QUESTIONS = (
    ("Three", "How do I return something I bought?"),
    ("Four", "There is a white film on my boots. Is that covered by the warranty?"),
    ("Five", "How much does delivery cost, and how long does it take?"),
    ("Six", "Can I cancel an order that I placed this morning?"),
    ("Seven", "I want to talk to a person about my parcel."),
    ("Eight", "How do I wash a rain jacket?"),
)
SETTLED, WAITING, NOTED = 5, 4, 1
START = """
mutation Start($text: String!) {
  startConversation(input: {text: $text}) {
    ... on StartConversationSuccess { conversation { id customer { id } } }
    ... on Error { message }
  }
}"""
ANSWERED = "query Answered($id: ID!) { conversation(id: $id) { isAnswering messages(last: 1) { nodes { kind } } } }"
TAG = """
mutation Tag($name: String!, $color: TagColor!) {
  createTag(input: {name: $name, color: $color}) { ... on CreateTagSuccess { tag { id } } }
}"""
TAGGED = """
mutation Tagged($c: ID!, $t: [ID!]!) { setConversationTags(input: {conversationId: $c, tagIds: $t}) { __typename } }
"""
OVER = "mutation Over($c: ID!) { requestHandoff(input: {conversationId: $c}) { __typename } }"
NOTE = "mutation Note($c: ID!, $t: String!) { addNote(input: {conversationId: $c, text: $t}) { __typename } }"
SETTLE = "mutation Settle($c: ID!) { resolveConversation(input: {conversationId: $c}) { __typename } }"
ARTICLE = "query { articles(first: 1) { nodes { id } } }"
SURVEY = """
mutation { changeSettings(input: {survey: {enabled: true, delayMinutes: 0}}) { ... on Error { message } } }
"""


@asynccontextmanager
async def owning(parley: Parley) -> AsyncIterator[Client]:
    """The company's owner by the API; customers are asked how it went as soon as they were helped."""
    async with httpx2.AsyncClient(base_url=parley.address, timeout=30) as http:
        owner = Client(http, "", parley.run("token", "admin"))
        await owner.ask(SURVEY)
        yield owner


@asynccontextmanager
async def database_of(parley: Parley) -> AsyncIterator[tuple[Database, str]]:
    """The database of one that runs, and the secret that it seals under."""
    settings = filled(Settings(data_dir=parley.folder / ".parley"))
    database = Database(settings.sqlalchemy_url, pool_size=1)
    yield database, settings.secret
    await database.close()


async def furnish(owner: Client) -> Mapping[str, str]:
    """Conversations with answers, tags and notes; the ids by the names that `Place.path` has."""
    made = [await _asked(owner.http, f"Customer {name}", text) for name, text in QUESTIONS]
    conversations = [one["id"] for one in made]
    for id in conversations:
        await _answered(owner, id)
    tags = [(await owner.ask(TAG, name=name, color=color)) for name, color in (("returns", "TEAL"), ("vip", "PURPLE"))]
    ids = [one["createTag"].get("tag", {}).get("id") for one in tags]
    if all(ids):
        await owner.ask(TAGGED, c=conversations[0], t=ids)
        await owner.ask(TAGGED, c=conversations[2], t=ids[:1])
    await owner.ask(OVER, c=conversations[WAITING])
    await owner.ask(NOTE, c=conversations[NOTED], t="The film is bloom of natural rubber, not a fault.")
    await owner.ask(SETTLE, c=conversations[SETTLED])
    article = (await owner.ask(ARTICLE))["articles"]["nodes"][0]["id"]
    return {"conversation": conversations[NOTED], "customer": made[NOTED]["customer"]["id"], "article": article}


async def _asked(http: httpx2.AsyncClient, name: str, text: str) -> Any:
    answer = await http.post("/auth/visitor", json={"organization": "mizzleford", "name": name})
    customer = Client(http, "", answer.json()["access_token"])
    return (await customer.ask(START, text=text))["startConversation"]["conversation"]


async def _answered(owner: Client, id: str) -> None:
    async with asyncio.timeout(60):
        while True:
            found = (await owner.ask(ANSWERED, id=id))["conversation"]
            if not found["isAnswering"] and found["messages"]["nodes"][0]["kind"] != "TEXT":
                return
            await asyncio.sleep(0.2)
