"""Two people who answer at once: the second sees the first before sending, and the collision is explicit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest

from domain.base import Actor
from tests.documents import START, command
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted

ERRORS = "... on Error { code message }"
SEND = f"""
mutation Send($id: ID!, $text: String!, $seen: String, $anyway: Boolean! = false) {{
  sendMessage(input: {{conversationId: $id, text: $text, seenCursor: $seen, sendAnyway: $anyway}}) {{
    __typename
    ... on SendMessageSuccess {{ conversation {{ cursor draft {{ text }} }} sentMessage {{ id text }} }}
    ... on ConversationMovedOnError {{ cursor replyCount lastReply {{ text author {{ ... on Agent {{ name }} }} }} }}
    {ERRORS}
  }}
}}"""
STATE = """
query State($id: ID!) {
  conversation(id: $id) {
    cursor viewers { isTyping agent { name } } messages(first: 50) { nodes { text kind } }
  }
}"""
SIGNALS = "subscription Signals($id: ID!) { conversationSignals(id: $id) { kind isStaff until agent { name } } }"


def signal(name: str) -> str:
    return f"mutation Signal($id: ID!) {{ {name}(input: {{conversationId: $id}}) {{ __typename {ERRORS} }} }}"


@dataclass
class Desk:
    """A conversation that an agent has, with an admin beside them."""

    stack: Stack
    company: Company
    id: str

    def client(self, actor: Actor) -> Client:
        return self.stack.client(actor)

    async def cursor(self, client: Client) -> str:
        return str((await client.ask(STATE, id=self.id))["conversation"]["cursor"])

    async def send(self, client: Client, text: str, **options: Any) -> Any:
        return (await client.ask(SEND, id=self.id, text=text, **options))["sendMessage"]

    async def take_from_colleague(self, client: Client) -> None:
        for name in ("requestHandoff", "takeOverConversation"):
            answer = (await client.ask(command(name), id=self.id))[name]
            assert answer["__typename"].endswith("Success"), answer


@pytest.fixture
async def stack(database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    async with running(database_url, redis_url, scripted("Yes."), with_worker=False) as made:
        yield made


@pytest.fixture
async def desk(stack: Stack, database_url: str) -> Desk:
    company = await found_company(database_url)
    started = await stack.client(company.customer).ask(START, text="Where is my parcel?")
    made = Desk(stack, company, started["startConversation"]["conversation"]["id"])
    taken = await stack.client(company.agent).ask(command("takeOverConversation"), id=made.id)
    assert taken["takeOverConversation"]["__typename"] == "TakeOverConversationSuccess"
    return made


async def test_the_second_writer_sees_the_first_and_then_what_the_first_said(desk: Desk) -> None:
    agent, admin = desk.client(desk.company.agent), desk.client(desk.company.admin)
    seen = await desk.cursor(admin)
    async with aclosing(admin.watch(SIGNALS, id=desk.id)) as heard:
        await agent.ask(signal("setViewing"), id=desk.id)
        await agent.ask(signal("setTyping"), id=desk.id)
        signals = [(await anext(heard))["conversationSignals"] for _ in range(2)]
    assert {(one["kind"], one["agent"]["name"]) for one in signals} == {("VIEWING", "Person 2"), ("TYPING", "Person 2")}
    state = (await admin.ask(STATE, id=desk.id))["conversation"]
    assert state["viewers"] == [{"isTyping": True, "agent": {"name": "Person 2"}}]

    assert (await desk.send(agent, "It is on its way.", seen=seen))["__typename"] == "SendMessageSuccess"
    await desk.take_from_colleague(admin)
    refused = await desk.send(admin, "No idea.", seen=seen)
    assert refused["__typename"] == "ConversationMovedOnError"
    assert (refused["code"], refused["replyCount"]) == ("CONVERSATION_MOVED_ON", 1)
    assert refused["lastReply"] == {"text": "It is on its way.", "author": {"name": "Person 2"}}
    assert (await desk.send(admin, "It left today.", seen=refused["cursor"]))["__typename"] == "SendMessageSuccess"
    told = [one["text"] for one in (await admin.ask(STATE, id=desk.id))["conversation"]["messages"]["nodes"]]
    assert "No idea." not in told and told[-1] == "It left today."


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.06, 0.2])
async def test_of_two_who_race_exactly_one_is_heard(desk: Desk, pause: float) -> None:
    """The admin takes the conversation while the agent sends: whoever comes second is told so, and says nothing."""
    agent, admin = desk.client(desk.company.agent), desk.client(desk.company.admin)
    seen = await desk.cursor(admin)

    async def first() -> Any:
        await asyncio.sleep(pause)
        return await desk.send(agent, "from the agent", seen=seen)

    async def second() -> Any:
        await desk.take_from_colleague(admin)
        return await desk.send(admin, "from the admin", seen=seen)

    outcomes = await asyncio.gather(first(), second())
    [won] = [one for one in outcomes if one["__typename"] == "SendMessageSuccess"]
    [lost] = [one for one in outcomes if one["__typename"] != "SendMessageSuccess"]
    if lost["__typename"] == "ConversationMovedOnError":
        assert lost["lastReply"]["text"] == won["sentMessage"]["text"]
    else:
        assert lost["code"] == "FORBIDDEN", "it was taken from them before either had said anything"
    messages = (await admin.ask(STATE, id=desk.id))["conversation"]["messages"]["nodes"]
    assert [one["text"] for one in messages if one["text"].startswith("from the")] == [won["sentMessage"]["text"]]


async def test_sending_anyway_is_possible_and_the_cursor_must_be_ours(desk: Desk) -> None:
    agent, admin = desk.client(desk.company.agent), desk.client(desk.company.admin)
    seen = await desk.cursor(admin)
    await desk.send(agent, "First.")
    assert (await desk.send(agent, "Mine are no news to me.", seen=seen))["__typename"] == "SendMessageSuccess"
    await desk.take_from_colleague(admin)
    assert (await desk.send(admin, "Whatever.", seen=seen, anyway=True))["__typename"] == "SendMessageSuccess"
    assert (await desk.send(admin, "Nonsense.", seen="bm90aGluZw"))["code"] == "INVALID_INPUT"


async def test_customers_hear_that_somebody_types_and_no_more(desk: Desk) -> None:
    customer, agent = desk.client(desk.company.customer), desk.client(desk.company.agent)
    async with aclosing(customer.watch(SIGNALS, id=desk.id)) as heard:
        first = asyncio.ensure_future(anext(heard))
        for name in ("setViewing", "setTyping"):
            await agent.ask(signal(name), id=desk.id)
        told = (await asyncio.wait_for(first, 5))["conversationSignals"]
    assert (told["kind"], told["isStaff"], told["agent"]) == ("TYPING", True, None)
    assert (await customer.ask(STATE, id=desk.id))["conversation"]["viewers"] == []
    await customer.ask(signal("setViewing"), id=desk.id)
    assert (await agent.ask(STATE, id=desk.id))["conversation"]["viewers"] == [{"isTyping": False, "agent": None}]


async def test_signals_are_told_once_a_second_and_end_when_somebody_leaves(desk: Desk) -> None:
    agent, admin = desk.client(desk.company.agent), desk.client(desk.company.admin)
    await agent.ask(signal("setViewing"), id=desk.id)
    async with aclosing(admin.watch(SIGNALS, id=desk.id)) as heard:
        assert (await anext(heard))["conversationSignals"]["kind"] == "VIEWING", "what held before is told first"
        await asyncio.gather(*(agent.ask(signal("setTyping"), id=desk.id) for _ in range(5)))
        await agent.ask(command("markConversationRead"), id=desk.id)
        await agent.ask(signal("stopViewing"), id=desk.id)
        kinds = [(await anext(heard))["conversationSignals"]["kind"] for _ in range(3)]
    assert kinds == ["TYPING", "READ", "LEFT"]
    assert (await admin.ask(STATE, id=desk.id))["conversation"]["viewers"] == []


async def test_who_does_not_see_a_conversation_neither_signals_nor_hears_in_it(desk: Desk) -> None:
    stranger = desk.client(desk.company.other_customer)
    assert (await stranger.ask(signal("setTyping"), id=desk.id))["setTyping"]["code"] == "NOT_FOUND"
    with pytest.raises(GraphQLFailedError) as refused:
        async with aclosing(stranger.watch(SIGNALS, id=desk.id)) as heard:
            await anext(heard)
    assert refused.value.code == "NOT_FOUND"
