"""Tools by the API, on a running Parley: set up, tried, called in an answer, approved, told; and kept from others."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate
from redis.asyncio import Redis
from sqlalchemy import update

from domain.assistant import Answer, Delta, Piece, Provenance, Question
from domain.base import Actor
from domain.model import ToolCall
from infra.bootstrap import new_id, now
from infra.chat import documents
from infra.database import Database
from infra.live.signals import Sender
from infra.rows import customers
from infra.tools.composition import tool_parts
from infra.unit_of_work import SqlUnits
from resolvers.root import schema
from tests.documents import ERRORS, SEND, START
from tests.stack import DATA, Client, Company, Stack, found_company, running, settings_for
from tests.test_readme import documents as documents_of
from tests.tools.conftest import ORDER
from tests.tools.shop import Answer as Reply
from tests.tools.shop import Shop

GUIDE = Path(__file__).parents[2] / "docs" / "tools.md"
CREATE = f"""
mutation Create($input: CreateToolInput!) {{
  createTool(input: $input) {{
    __typename
    ... on CreateToolSuccess {{ tool {{ id name kind enabled url secretHeader parameters }} signingKey }}
    {ERRORS}
  }}
}}"""
CHANGE = f"""
mutation Change($input: ChangeToolInput!) {{
  changeTool(input: $input) {{
    __typename ... on ChangeToolSuccess {{ tool {{ enabled title needsApproval }} signingKey }} {ERRORS}
  }}
}}"""
TRY = f"""
mutation Try($id: ID!, $arguments: JSON!) {{
  testTool(input: {{toolId: $id, arguments: $arguments}}) {{
    __typename ... on TestToolSuccess {{ sends call {{ state output triedBy {{ name }} }} }} {ERRORS}
  }}
}}"""
ACTIONS = """
{ actions(waiting: true) { nodes { id title expiresAt call { name input state } conversation { id } } } }
"""
DECIDED = """
query Decided($id: ID!) { node(id: $id) { ... on Action { decidedBy { name } reason call { state output } } } }
"""
CALLS = """
query Calls($id: ID!) {
  conversation(id: $id) {
    id state toolCalls(first: 10) { nodes { name state input output attempts tool { title } } }
    messages(first: 20) {
      nodes { kind text needsCode toolCall { name state } provenance { tools { name call { name state } } } }
    }
  }
}"""
VERIFY = f"""
mutation Verify($id: ID!, $code: String!) {{
  verifyMyself(input: {{conversationId: $id, code: $code}}) {{
    __typename ... on VerifyMyselfSuccess {{ conversation {{ id }} }} {ERRORS}
  }}
}}"""


def decision(name: str) -> str:
    """The document of `approveAction` or `rejectAction`."""
    kind = name[0].upper() + name[1:]
    return f"""
mutation Decide($id: ID!) {{
  {name}(input: {{actionId: $id}}) {{
    __typename ... on {kind}Success {{ action {{ id decidedAt decidedBy {{ name }} }} }} {ERRORS}
  }}
}}"""


@dataclass
class Clerk:
    """An assistant that makes one call for each question, `tool {arguments}`, and says what came of it."""

    tools: Any = None
    name: str = "clerk"
    asked: list[Question] = field(default_factory=list)

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        self.asked.append(question)
        name, _, arguments = question.text.partition(" ")
        result = await self.tools.call(question, ToolCall("1", name, arguments))
        outcome = result.outcome or Answer(result.text, (), Provenance(self.name, 1.0, 0.0, tools=(result.use,)))
        yield Delta(outcome.text)
        yield outcome


@dataclass
class Office:
    """A running Parley, whose assistant calls what it is asked to call."""

    stack: Stack
    company: Company
    shop: Shop
    database: Database

    def client(self, actor: Actor | None) -> Client:
        return self.stack.client(actor)

    async def create(self, name: str = "look", path: str = "/cancel", **values: Any) -> dict[str, Any]:
        """A tool by the API."""
        about = {"name": name, "title": name.title(), "description": "Does it.", "parameters": ORDER}
        given = {**about, "url": self.shop.url + path, "timeLimit": 3, **values}
        made = await self.client(self.company.admin).ask(CREATE, input=given)
        return dict(made["createTool"])

    async def say(self, text: str, conversation: str | None = None) -> str:
        """The customer says something and gets an answer: the conversation's id."""
        me = self.client(self.company.customer)
        if conversation is None:
            begun = await me.ask(START, text=text)
            conversation, before = str(begun["startConversation"]["conversation"]["id"]), 0
        else:
            before = len(await self.messages(conversation))
            await me.ask(SEND, id=conversation, text=text)
        await self.until(conversation, before + 2)
        return conversation

    async def until(self, conversation: str, count: int) -> list[dict[str, Any]]:
        """The messages, once there are so many."""
        async with asyncio.timeout(20):
            while len(found := await self.messages(conversation)) < count:
                await asyncio.sleep(0.02)
        return found

    async def messages(self, conversation: str) -> list[dict[str, Any]]:
        found = await self.client(self.company.agent).ask(CALLS, id=conversation)
        return list(found["conversation"]["messages"]["nodes"])


@dataclass
class Building:
    """What the tests of this module share: a running Parley, and its database."""

    stack: Stack
    database: Database


@pytest.fixture(scope="module")
async def building(database_url: str, valkey_url: str) -> AsyncIterator[Building]:
    clerk, redis, networks = Clerk(), Redis(), ("127.0.0.0/8",)
    database = Database(database_url, pool_size=4)
    units, settings = SqlUnits(database, Sender(redis), now), settings_for(database_url, valkey_url)
    settings = settings.model_copy(update={"tool_networks": networks})
    clerk.tools = tool_parts(settings, database, units, now, new_id).tools
    async with running(database_url, valkey_url, clerk, tool_networks=networks) as stack:
        yield Building(stack, database)
    await database.close()
    await redis.aclose()


@pytest.fixture
async def office(building: Building, database_url: str, shop: Shop) -> Office:
    """A new company in the building."""
    shop.asked.clear()
    shop.done.clear()
    return Office(building.stack, await found_company(database_url), shop, building.database)


async def test_a_tool_is_set_up_tried_and_changed(office: Office) -> None:
    admin = office.client(office.company.admin)
    made = await office.create("look", "/look", kind="READ", secretHeader="X-Key", secret="s3cret")
    assert made["tool"]["secretHeader"] == "X-Key" and len(made["signingKey"]) > 40
    tool = made["tool"]["id"]
    tried = (await admin.ask(TRY, id=tool, arguments={"order": "R-1"}))["testTool"]
    assert tried["call"]["state"] == "SUCCEEDED" and tried["call"]["triedBy"] == {"name": "Person 4"}
    assert tried["sends"] == f'POST {office.shop.url}/look\n{{"order":"R-1"}}'
    asked = office.shop.asked[-1]
    assert asked.headers["x-key"] == "s3cret" and "x-parley-customer" not in asked.headers
    assert "s3cret" not in json.dumps([made, tried])
    wrong = (await admin.ask(TRY, id=tool, arguments={}))["testTool"]
    assert wrong["fields"][0]["path"] == "input.arguments"
    changed = (await admin.ask(CHANGE, input={"toolId": tool, "kind": "ACTING", "needsApproval": True}))["changeTool"]
    assert changed["tool"]["needsApproval"] and changed["signingKey"] is None
    not_called = (await admin.ask(TRY, id=tool, arguments={"order": "R-1"}))["testTool"]
    assert not_called["call"] is None and len(office.shop.asked) == 1


async def test_what_cannot_be_a_tool_is_refused_field_by_field(office: Office) -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": "hand_over"}, "input.name"),
        ({"name": "two words"}, "input.name"),
        ({"url": "ftp://shop.example"}, "input.url"),
        ({"url": "https://user:pass@shop.example"}, "input.url"),
        ({"url": "https://{order}.example/"}, "input.url"),
        ({"url": "https://shop.example/{nothing}"}, "input.url"),
        ({"timeLimit": 60}, "input.timeLimit"),
        ({"title": "[Win](https://evil.example)"}, "input.title"),
        ({"title": "two\nlines"}, "input.title"),
        ({"parameters": {"type": "array"}}, "input.parameters"),
        ({"kind": "READ", "needsApproval": True}, "input.needsApproval"),
        ({"secretHeader": "X-Parley-Customer", "secret": "x"}, "input.secretHeader"),
        ({"secretHeader": "Host", "secret": "x"}, "input.secretHeader"),
        ({"secretHeader": "X-Key", "secret": "a\nb"}, "input.secret"),
        ({"secretHeader": "X-Key"}, "input.secret"),
    )
    for values, path in cases:
        refused = await office.create(**values)
        assert refused["__typename"] == "InvalidInputError", values
        assert path in [each["path"] for each in refused["fields"]]


async def test_a_secret_does_not_follow_a_tool_to_another_address(office: Office) -> None:
    made = await office.create("look", secretHeader="X-Key", secret="s3cret")
    moved = {"toolId": made["tool"]["id"], "url": f"{office.shop.url}/elsewhere"}
    refused = (await office.client(office.company.admin).ask(CHANGE, input=moved))["changeTool"]
    assert refused["fields"][0]["path"] == "input.secret"


async def test_an_action_is_approved_done_and_told(office: Office) -> None:
    made = await office.create("cancel", needsApproval=True, title="Cancel an order")
    conversation = await office.say('cancel {"order": "R-1"}')
    agent, customer = office.client(office.company.agent), office.client(office.company.customer)
    (waiting,) = (await agent.ask(ACTIONS))["actions"]["nodes"]
    assert waiting["call"] == {"name": "cancel", "input": {"order": "R-1"}, "state": "PROPOSED"}
    assert waiting["conversation"]["id"] == conversation and office.shop.asked == []
    done = (await agent.ask(decision("approveAction"), id=waiting["id"]))["approveAction"]
    assert done["action"]["decidedBy"] == {"name": "Person 2"}
    late = await office.client(office.company.other_agent).ask(decision("rejectAction"), id=waiting["id"])
    assert late["rejectAction"]["__typename"] == "ConflictError"
    messages = await office.until(conversation, 3)
    assert [each["kind"] for each in messages] == ["TEXT", "ACTION_PROPOSAL", "ACTION_RESULT"]
    assert messages[2]["text"] == "Our team agreed: “Cancel an order” is done."
    assert messages[2]["toolCall"] == {"name": "cancel", "state": "SUCCEEDED"}
    assert len(office.shop.done) == 1
    claims = office.shop.asked[0].claims(made["signingKey"])
    assert claims["sub"] == str(office.company.customer.id) == office.shop.asked[0].headers["x-parley-customer"]
    (call,) = (await agent.ask(CALLS, id=conversation))["conversation"]["toolCalls"]["nodes"]
    assert (call["state"], call["attempts"], call["tool"]["title"]) == ("SUCCEEDED", 1, "Cancel an order")
    seen = (await customer.ask(CALLS, id=conversation))["conversation"]
    assert seen["toolCalls"]["nodes"] == [] and seen["messages"]["nodes"][1]["toolCall"] is None
    assert seen["state"] == "WITH_ASSISTANT" and (await agent.ask(ACTIONS))["actions"]["nodes"] == []


async def test_an_action_is_rejected_and_told(office: Office) -> None:
    await office.create("cancel", needsApproval=True)
    conversation = await office.say('cancel {"order": "R-1"}')
    agent = office.client(office.company.agent)
    (waiting,) = (await agent.ask(ACTIONS))["actions"]["nodes"]
    await agent.ask(decision("rejectAction"), id=waiting["id"])
    assert "decided not to" in (await office.until(conversation, 3))[2]["text"]
    decided = (await agent.ask(DECIDED, id=waiting["id"]))["node"]
    assert decided["call"]["state"] == "REJECTED" and office.shop.asked == []


async def test_a_customer_shows_who_they_are_and_goes_on(office: Office) -> None:
    office.shop.answers["/mine"] = lambda asked: Reply({"order": asked.json["order"]})
    await office.create("mine", "/mine", kind="READ", needsVerifiedCustomer=True)
    known = {"external_id": "shop-7", "verified_at": now(), "email": "ann@customers.example"}
    async with office.database.tenant(office.company.id) as connection:
        mine = customers.c.id == office.company.customer.id
        await connection.execute(update(customers).where(mine).values(known))
        await connection.commit()
    conversation = await office.say('mine {"order": "R-1"}')
    last = (await office.messages(conversation))[-1]
    assert (last["kind"], last["needsCode"]) == ("CLARIFICATION", True)
    code, me = await _mailed("ann@customers.example"), office.client(office.company.customer)
    wrong = await me.ask(VERIFY, id=conversation, code=f"{(int(code) + 1) % 10**6:06}")
    assert wrong["verifyMyself"]["fields"][0]["path"] == "input.code"
    right = await me.ask(VERIFY, id=conversation, code=code)
    assert right["verifyMyself"]["__typename"] == "VerifyMyselfSuccess"
    await office.say('mine {"order": "R-1"}', conversation)
    answer = (await office.messages(conversation))[-1]
    assert json.loads(answer["text"]) == {"order": "R-1"}
    assert answer["provenance"]["tools"] == [{"name": "mine", "call": {"name": "mine", "state": "SUCCEEDED"}}]
    assert office.shop.asked[0].headers["x-parley-customer-external-id"] == "shop-7"


async def test_another_company_has_nothing_of_it(office: Office, database_url: str) -> None:
    made = await office.create("cancel", needsApproval=True)
    await office.say('cancel {"order": "R-1"}')
    (waiting,) = (await office.client(office.company.agent).ask(ACTIONS))["actions"]["nodes"]
    other = await found_company(database_url)
    admin = office.client(other.admin)
    assert (await admin.ask(ACTIONS))["actions"]["nodes"] == []
    approved = await admin.ask(decision("approveAction"), id=waiting["id"])
    assert approved["approveAction"]["__typename"] == "NotFoundError"
    changed = await admin.ask(CHANGE, input={"toolId": made["tool"]["id"], "enabled": False})
    assert changed["changeTool"]["__typename"] == "NotFoundError"
    tried = await admin.ask(TRY, id=made["tool"]["id"], arguments={"order": "R-1"})
    assert tried["testTool"]["__typename"] == "NotFoundError" and office.shop.asked == []


async def test_the_guides_story_happens(office: Office) -> None:
    create, attempt, calls, actions, approve, verify, server, refresh = documents_of(GUIDE)
    admin, agent = office.client(office.company.admin), office.client(office.company.agent)
    made = (await admin.ask(create, url=f"{office.shop.url}/cancel"))["createTool"]
    tried = (await admin.ask(attempt, tool=made["tool"]["id"]))["testTool"]
    assert tried["sends"].endswith('{"order":"R-1"}') and tried["call"] is None
    conversation = await office.say('cancel_order {"order": "R-1"}')
    (waiting,) = (await agent.ask(actions))["actions"]["nodes"]
    assert (await agent.ask(approve, action=waiting["id"]))["approveAction"]["__typename"] == "ApproveActionSuccess"
    await office.until(conversation, 3)
    (call,) = (await agent.ask(calls, conversation=conversation))["conversation"]["toolCalls"]["nodes"]
    assert (call["state"], json.loads(call["output"])) == ("SUCCEEDED", {"cancelled": "R-1"})
    asked = office.shop.asked[0]
    assert asked.claims(made["signingKey"])["body_sha256"] == hashlib.sha256(asked.body).hexdigest()
    entered = await office.client(office.company.customer).ask(verify, conversation=conversation, code="123456")
    assert entered["verifyMyself"]["__typename"] == "InvalidStateError"
    joined = (await admin.ask(server, url=office.shop.url))["createMcpServer"]
    asked_what = (await admin.ask(refresh, server=joined["mcpServer"]["id"]))["refreshMcpServer"]
    assert "did not answer as an MCP server" in asked_what["message"]


def test_the_chat_sends_codes_as_the_schema_wants_them() -> None:
    assert validate(schema._schema, parse(documents.command("verifyMyself", "code"))) == []


async def _mailed(address: str) -> str:
    """The code in the mail to an address, once it is there."""
    async with asyncio.timeout(20):
        while True:
            for mail in _mails():
                if address in mail and (found := re.search(r"^(\d{6})\r?$", mail, re.MULTILINE)):
                    return found[1]
            await asyncio.sleep(0.05)


def _mails() -> list[str]:
    folder = Path(DATA.name) / "mail"
    return [path.read_text() for path in sorted(folder.glob("*.eml"))] if folder.exists() else []
