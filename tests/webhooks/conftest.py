"""A running Parley whose webhooks may be on this machine, and somebody who receives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis import Redis

from tests.documents import ERRORS, START
from tests.stack import Client, Company, Stack, found_company, running, scripted
from tests.webhooks.receiver import Receiver, open_receiver

NETWORKS = ("127.0.0.0/8",)
SUBSCRIPTION = """
subscription Told($kinds: [InboxChangeKind!]) {
  inboxChanged(kinds: $kinds) {
    __typename
    ... on ConversationEvent { cursor at conversation { id subject } }
    ... on MessageSent { message { id number text } }
  }
}"""
CREATE = f"""
mutation Create($input: CreateWebhookInput!) {{
  createWebhook(input: $input) {{
    __typename ... on CreateWebhookSuccess {{ webhook {{ id url enabled cursor }} secret }} {ERRORS}
  }}
}}"""
READ = {"permission": "READ_CONVERSATIONS", "scope": "ALL"}


@dataclass
class Desk:
    """A company with its webhooks."""

    stack: Stack
    company: Company
    receiver: Receiver
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def admin(self) -> Client:
        return self.stack.client(self.company.admin)

    @property
    def customer(self) -> Client:
        return self.stack.client(self.company.customer)

    async def webhook(self, path: str, document: str = SUBSCRIPTION, *grants: Any, **input: Any) -> str:
        """A webhook at a path of the receiver's; its id."""
        wish = {"url": self.receiver.url + path, "document": document, "grants": list(grants) or [READ], **input}
        made = (await self.admin.ask(CREATE, input=wish))["createWebhook"]
        assert made["__typename"] == "CreateWebhookSuccess", made
        self.secrets[made["webhook"]["id"]] = made["secret"]
        return str(made["webhook"]["id"])

    async def start(self, text: str) -> str:
        """A conversation that the customer begins; its id."""
        begun = (await self.customer.ask(START, text=text))["startConversation"]
        return str(begun["conversation"]["id"])


async def until(condition: Callable[[], bool], *, seconds: float = 40) -> None:
    """Wait for something that happens elsewhere."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with open_receiver() as opened:
        yield opened


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    with Redis.from_url(valkey_url) as client:
        client.flushall()
    assistant = scripted(*["Certainly."] * 500)
    async with running(database_url, valkey_url, assistant, webhook_networks=NETWORKS) as made:
        yield made


@pytest.fixture
async def desk(stack: Stack, database_url: str, receiver: Receiver) -> Desk:
    """A new company."""
    for kept in (receiver.came, receiver.taken, receiver.answers):
        kept.clear()
    return Desk(stack, await found_company(database_url), receiver)
