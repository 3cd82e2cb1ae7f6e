"""A company where one customer's distinctive words stand everywhere that they can come to, and others' beside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from domain.account.organization import default_inbox_of
from domain.assistant import Answer, Delta, Piece, Provenance, Question, ScriptedAssistant
from domain.base import system_of
from domain.delivery import Medium, Parcel
from domain.ports import Receipt
from domain.tool.call import Call
from domain.tool.events import CallState
from domain.tool.ports import Reply
from infra import bootstrap
from infra.channels.rows import channel_messages, unreachables
from infra.rows import events, jobs, messages
from schema.base import parse_id
from tests.documents import CONVERSATION, ERRORS, SEND, START, command
from tests.files.test_files import COMPLETE, REQUEST, path_of
from tests.stack import Client, Company, Stack
from tests.vouching import backend, identified, visitor

WORD = "quagmirekiwi"
PHONE = "+4930901820999"
NEEDLES = (WORD, PHONE)
OTHER = "somebodyelse"
WAIT = 20.0


def mutation(name: str, selection: str) -> str:
    pascal = name[0].upper() + name[1:]
    return f"""mutation Do($input: {pascal}Input!) {{ {name}(input: $input) {{
      __typename ... on {pascal}Success {{ {selection} }} {ERRORS} }} }}"""


async def done(client: Client, name: str, selection: str, /, **given: Any) -> Any:
    """What came of a mutation, which must succeed."""
    came = (await client.ask(mutation(name, selection), input=given))[name]
    assert came["__typename"].endswith("Success"), came
    return came


def inner(identity: str) -> UUID:
    return UUID(parse_id(identity, "id")[1])


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(WAIT):
        while not (found := await look()):
            await asyncio.sleep(0.05)
        return found


@dataclass
class Talkative(ScriptedAssistant):
    """Repeats who they are to those who said it, and cannot show where it has that from."""

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        said = WORD if WORD in question.text else OTHER
        why = Provenance("scripted", 1.0, 0.5, unsupported=(f"So {said} it is.",), decision=f"about {said}")
        yield Delta(f"Dear {said}, ")
        yield Answer(f"Dear {said}, within 45 days.", (), why)


@dataclass
class World:
    """A running Parley, a company in it, and the customer who is to be forgotten."""

    stack: Stack
    company: Company
    parts: bootstrap.Parts
    folder: Path
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def admin(self) -> Client:
        return self.stack.client(self.company.admin)

    @property
    def agent(self) -> Client:
        return self.stack.client(self.company.agent)

    @property
    def customer_id(self) -> UUID:
        return inner(self.ids["customer"])

    async def quiet(self) -> None:
        """Return when nothing is left to be done about what happened."""

        async def is_done() -> bool:
            new = select(events.c.id).where(events.c.delivered_position.is_(None)).limit(1)
            async with self.parts.database.tenant(self.company.id) as connection:
                waiting = select(jobs.c.id).where(jobs.c.state != "dead").limit(1)
                return not (await connection.scalar(new) or await connection.scalar(waiting))

        await until(is_done)

    async def file(self, client: Client, name: str, **more: Any) -> str:
        """A text that was uploaded and looked into."""
        content = f"Signed: {WORD}".encode()
        asked = (await client.ask(REQUEST, name=name, size=len(content), type="text/plain", **more))["requestUpload"]
        await self.stack.http.put(path_of(asked["upload"]["url"]), content=content)
        await client.ask(COMPLETE, id=asked["file"]["id"])
        return str(asked["file"]["id"])

    async def plant(self) -> None:
        """Let the customer come in, and let their words go everywhere."""
        customer = await self._come_in()
        await self._talk(customer)
        await self._learn()
        await self._carry(inner(self.ids["conversation"]))
        await self._export()
        await self.quiet()

    async def _come_in(self) -> Client:
        """First as a visitor, who turns out to be a customer whom the company vouches for, and of whom it knows."""
        theirs = await backend(self.stack, self.company)
        before = await visitor(self.stack, self.company, name=f"Visitor {WORD}")
        await Client(self.stack.http, self.stack.socket_url, before).ask(START, text=f"I am {WORD}.")
        self.stack.http.headers["user-agent"] = f"Browser of {WORD}"
        said = {"sub": f"id-{WORD}", "name": f"Ms {WORD}", "email": f"{WORD}@customers.example"}
        token = await identified(self.stack, theirs.token(**said), before)
        self.stack.http.headers["user-agent"] = "tests"
        customer = Client(self.stack.http, self.stack.socket_url, token)
        me = "{ viewer { customer { id } } }"
        self.ids["customer"] = (await customer.ask(me))["viewer"]["customer"]["id"]
        about = {"customerId": self.ids["customer"]}
        await done(self.admin, "updateCustomer", "customer { id }", **about, phone=PHONE, zone="Europe/Berlin")
        for owner in ("CUSTOMER", "CONVERSATION"):
            wanted = {"appliesTo": owner, "key": "nick", "label": "Nick", "kind": "TEXT"}
            await done(self.admin, "defineAttribute", "__typename", **wanted)
        nick = [{"key": "nick", "value": f"nick {WORD}"}]
        await done(self.admin, "setCustomerAttributes", "customer { id }", **about, attributes=nick)
        for name in ("blockCustomer", "unblockCustomer"):
            await done(self.admin, name, "customer { id }", **about, reason=f"because of {WORD}")
        again = await identified(self.stack, theirs.token(sub=f"id-{WORD}"))
        return Client(self.stack.http, self.stack.socket_url, again)

    async def _talk(self, customer: Client) -> None:
        """Everything that people do in a conversation."""
        await done(self.admin, "changeSettings", "__typename", survey={"enabled": True})
        file = await self.file(customer, f"{WORD}.txt")
        await self.quiet()
        sent = {"text": f"How does {WORD} return a coat?", "fileIds": [file]}
        begun = await done(customer, "startConversation", "conversation { id }", **sent)
        identity = self.ids["conversation"] = begun["conversation"]["id"]
        await self.quiet()
        nodes = (await customer.ask(CONVERSATION, id=identity))["conversation"]["messages"]["nodes"]
        rated = {"messageId": nodes[-1]["id"], "helpful": False, "comment": f"No, says {WORD}."}
        await done(customer, "rateAnswer", "__typename", **rated)
        await done(customer, "leaveEmail", "__typename", conversationId=identity, email=f"left-{WORD}@mail.example")
        await customer.ask(command("requestHandoff"), id=identity)
        nick = [{"key": "nick", "value": f"nick {WORD}"}]
        await done(self.agent, "setConversationAttributes", "__typename", conversationId=identity, attributes=nick)
        note = await self.file(self.agent, f"note {WORD}.txt", purpose="NOTE")
        await done(self.agent, "addNote", "note { id }", conversationId=identity, text=f"Mind {WORD}.", fileIds=[note])
        gone = await done(self.agent, "addNote", "note { id }", conversationId=identity, text=f"Taken back: {WORD}.")
        await done(self.agent, "deleteNote", "note { id }", noteId=gone["note"]["id"])
        macro = {"name": "Hello", "isShared": True, "text": "Hello {{customer.name}}, {{attribute.nick}}."}
        made = await done(self.admin, "createMacro", "macro { id }", **macro, actions={"handling": "TAKE_OVER"})
        applied = {"conversationId": identity, "macroId": made["macro"]["id"]}
        await done(self.agent, "applyMacro", "__typename", **applied)
        await self.agent.ask(SEND, id=identity, text=f"Dear {WORD}, I see to it.")
        await customer.ask(SEND, id=identity, text=f"Thanks, {WORD}.")
        await self.agent.ask(SEND, id=identity, text=f"You are welcome, {WORD}.")
        await self.agent.ask(command("resolveConversation"), id=identity)
        await self.quiet()
        survey = "query S($id: ID!) { conversation(id: $id) { survey { id } } }"
        asked = (await customer.ask(survey, id=identity))["conversation"]["survey"]["id"]
        await done(customer, "answerSurvey", "__typename", surveyId=asked, score=2, comment=f"Slow, says {WORD}.")
        await self.file(customer, f"unsent {WORD}.txt")
        await done(self.agent, "saveDraft", "__typename", conversationId=identity, text=f"Next, {WORD}")

    async def _learn(self) -> None:
        """What people make of a conversation."""
        given = {"conversationId": self.ids["conversation"]}
        source = (await done(self.admin, "createSource", "source { id }", name="Learned"))["source"]["id"]
        suite = (await done(self.admin, "createSuite", "suite { id }", name="Learned"))["suite"]["id"]
        for enabled in (True, False):
            made = await done(self.admin, "createCuratedAnswerFrom", "curatedAnswer { id }", **given)
            if not enabled:
                gone = {"curatedAnswerId": made["curatedAnswer"]["id"]}
                await done(self.admin, "deleteCuratedAnswer", "__typename", **gone)
        await done(self.agent, "createArticleFrom", "article { id }", **given, sourceId=source)
        await done(self.admin, "createTestCaseFrom", "testCase { id }", **given, suiteId=suite)
        await done(self.admin, "runSuite", "suiteRun { id }", suiteId=suite)
        await self.quiet()

    async def _carry(self, conversation_id: UUID) -> None:
        """What comes and goes by other ways, of which the servers are not there: as those ways leave it."""
        about = {"conversation": str(conversation_id)}
        async with self.parts.units(system_of(self.company.id)) as unit:
            call = Call(uuid4(), self.company.id, tool="find_order", title="Find order")
            call.conversation_id, call.customer_id = conversation_id, self.customer_id
            call.input, call.digest, call.arguments = {"name": WORD}, "0" * 64, WORD.encode()
            call.start(at=bootstrap.now())
            call.finish(Reply(CallState.SUCCEEDED, f"Order of {WORD}"), took_ms=5)
            unit.calls.add(call)
            content = {"text": f"Dear {WORD}", "subject": WORD}
            for medium, key in ((Medium.EMAIL, "mail"), (Medium.WEBHOOK, "hook")):
                more = about | ({"customer": str(self.customer_id)} if key == "mail" else {"endpoint": str(uuid4())})
                to = f"{WORD}@customers.example" if key == "mail" else "https://hooks.example/"
                parcel = Parcel(
                    key=f"{key}:1", medium=medium, route=f"{key}:1", recipient=to, content=content, about=more
                )
                await unit.deliveries.post([parcel])
            await unit.commit(Receipt(call.id))
        await self._left_by_others(conversation_id)

    async def _left_by_others(self, conversation_id: UUID) -> None:
        """Mail of theirs, mail to somebody else with them in copy, and an address that is not written to."""
        theirs = {"organization_id": self.company.id}
        at, address = bootstrap.now(), f"{WORD}@customers.example"
        inbox = default_inbox_of(self.company.id)
        async with self.parts.database.tenant(self.company.id) as connection:
            for where in (conversation_id, inner(self.ids["other"])):
                message = await connection.scalar(select(messages.c.id).where(messages.c.conversation_id == where))
                is_own = where == conversation_id
                mail = {"id": uuid4(), "inbox_id": inbox, "conversation_id": where, "message_id": message}
                mail |= {"external_id": f"<1@{WORD if is_own else OTHER}>", "is_inbound": True, "subject": "Re"}
                mail |= {"sender": address if is_own else "other@customers.example", "authentication": "passed"}
                mail |= {"participants": [address, "other@customers.example"], "original": WORD if is_own else None}
                await connection.execute(insert(channel_messages).values(mail | theirs | {"created_at": at}))
            bounced = {"inbox_id": inbox, "address": address, "failure": "bounced", "created_at": at}
            await connection.execute(insert(unreachables).values(bounced | theirs))
            await connection.commit()

    async def _export(self) -> None:
        """An archive of all that, which must go too."""
        await self.ask("EXPORT")

    async def ask(self, kind: str) -> Any:
        """A request that was fulfilled."""
        given = {"customerId": self.ids["customer"], "kind": kind, "runNow": True}
        made = await done(self.admin, "createPrivacyRequest", "privacyRequest { id }", **given)
        return await self.over(made["privacyRequest"]["id"])

    async def over(self, request: str) -> Any:
        """A request once it is over."""
        wanted = """query P($id: ID!) { node(id: $id) { ... on PrivacyRequest {
          id kind state failure size url conversationCount fileCount startsAt dueAt finishedAt createdAt
          customer { id name erasedAt } agent { name } } } }"""

        async def look() -> Any:
            found = (await self.admin.ask(wanted, id=request))["node"]
            return found if found["state"] not in ("OPEN", "RUNNING") else None

        return await until(look)
