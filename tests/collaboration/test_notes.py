"""Notes and drafts: what people write for each other, and what they are about to say."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.account.permission import Permission, Scope
from infra import bootstrap
from infra.rows import events
from schema.base import encode_cursor, global_id
from tests.documents import START, command
from tests.hiring import hired
from tests.stack import Client, Company, Stack, found_company, running, scripted, settings_for

ERRORS = "... on Error { code message } ... on InvalidInputError { fields { path message } }"
NOTE = "id text deletedAt author { name } mentioned { name } attachments { name state }"
ADD = f"""
mutation Add($id: ID!, $text: String!, $mentioned: [ID!], $files: [ID!], $key: String) {{
  addNote(input: {{
    conversationId: $id, text: $text, mentionedIds: $mentioned, fileIds: $files, idempotencyKey: $key
  }}) {{ __typename ... on AddNoteSuccess {{ note {{ {NOTE} }} }} {ERRORS} }}
}}"""
DELETE = f"""
mutation Delete($id: ID!) {{
  deleteNote(input: {{noteId: $id}}) {{ __typename ... on DeleteNoteSuccess {{ note {{ {NOTE} }} }} {ERRORS} }}
}}"""
NOTES = f"""
query Notes($id: ID!) {{
  conversation(id: $id) {{
    lastActivityAt messageCount notes(first: 10) {{ nodes {{ {NOTE} }} }} draft {{ text savedAt }}
  }}
}}"""
CHANGED = """
subscription Changed($id: ID!, $after: String) {
  conversationChanged(id: $id, after: $after) {
    __typename ... on NoteAdded { note { text mentioned { name } } } ... on MessageSent { message { text } }
  }
}"""
SAVE = f"""
mutation Save($id: ID!, $text: String!) {{
  saveDraft(input: {{conversationId: $id, text: $text}}) {{
    __typename ... on SaveDraftSuccess {{ conversation {{ draft {{ text }} }} }} {ERRORS}
  }}
}}"""
SEND = f"""
mutation Send($id: ID!, $text: String!) {{
  sendMessage(input: {{conversationId: $id, text: $text}}) {{ __typename {ERRORS} }}
}}"""
UPLOAD = """
mutation Upload {
  requestUpload(input: {name: "a.txt", size: 5, contentType: "text/plain", purpose: NOTE}) {
    ... on RequestUploadSuccess { file { id } }
  }
}"""
FILE = "query File($id: ID!) { node(id: $id) { ... on File { name } } }"


@dataclass
class Desk:
    """A conversation, and who works on it."""

    stack: Stack
    company: Company
    id: str
    parts: bootstrap.Parts

    @property
    def agent(self) -> Client:
        return self.stack.client(self.company.agent)

    @property
    def admin(self) -> Client:
        return self.stack.client(self.company.admin)

    @property
    def customer(self) -> Client:
        return self.stack.client(self.company.customer)

    async def conversation(self, client: Client) -> Any:
        return (await client.ask(NOTES, id=self.id))["conversation"]

    async def add(self, client: Client, text: str, **more: Any) -> Any:
        return (await client.ask(ADD, id=self.id, text=text, **more))["addNote"]


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[Desk]:
    company = await found_company(database_url)
    async with (
        running(database_url, redis_url, scripted("Yes."), with_worker=False) as stack,
        bootstrap.parts(settings_for(database_url, redis_url)) as parts,
    ):
        started = await stack.client(company.customer).ask(START, text="Where is my parcel?")
        yield Desk(stack, company, started["startConversation"]["conversation"]["id"], parts)


async def test_colleagues_read_notes_and_customers_do_not(desk: Desk) -> None:
    before = await desk.conversation(desk.agent)
    mentioned = [global_id("Agent", desk.company.admin.identity)]
    async with aclosing(desk.customer.watch(CHANGED, id=desk.id, after=_cursor(1))) as heard:
        added = await desk.add(desk.agent, "Careful with this one.", mentioned=mentioned)
        assert added["note"]["author"] == {"name": "Person 2"}
        assert added["note"]["mentioned"] == [{"name": "Person 4"}]
        await desk.customer.ask(SEND, id=desk.id, text="Hello?")
        told = [(await anext(heard))["conversationChanged"] for _ in range(2)]
        assert [one.get("message", {}).get("text") for one in told] == ["Where is my parcel?", "Hello?"]
    async with aclosing(desk.admin.watch(CHANGED, id=desk.id, after=_cursor(2))) as heard:
        news = (await anext(heard))["conversationChanged"]
        assert news == {
            "__typename": "NoteAdded",
            "note": {"text": "Careful with this one.", "mentioned": [{"name": "Person 4"}]},
        }
    after = await desk.conversation(desk.admin)
    assert [note["text"] for note in after["notes"]["nodes"]] == ["Careful with this one."]
    assert after["messageCount"] == before["messageCount"] + 1
    assert (await desk.conversation(desk.customer))["notes"]["nodes"] == []
    assert (await desk.customer.ask(FILE, id=added["note"]["id"]))["node"] is None
    assert (await desk.add(desk.customer, "Mine"))["code"] == "FORBIDDEN"


def _cursor(version: int) -> str:
    return encode_cursor([str(version)])


@pytest.mark.parametrize("scope", [Scope.OWN, Scope.TEAM])
async def test_who_may_not_read_the_conversation_is_not_mentioned(desk: Desk, database_url: str, scope: Scope) -> None:
    newcomer = await hired(database_url, desk.company, {Permission.READ_CONVERSATIONS: scope})
    people = [global_id("Agent", one.identity) for one in (desk.company.admin, newcomer)]
    refused = await desk.add(desk.agent, "Look", mentioned=people)
    message = "Newcomer may not read this conversation."
    assert refused["fields"] == [{"path": "input.mentionedIds.1", "message": message}]
    assert (await desk.conversation(desk.agent))["notes"]["nodes"] == []
    nobody = await desk.add(desk.agent, "Look", mentioned=[global_id("Agent", UUID(int=7))])
    assert nobody["code"] == "NOT_FOUND"


async def test_only_its_author_takes_a_note_back_and_the_audit_log_says_so(desk: Desk) -> None:
    file_id = (await desk.agent.ask(UPLOAD))["requestUpload"]["file"]["id"]
    assert (await desk.add(desk.agent, "With a file", files=[file_id]))["code"] == "INVALID_INPUT"
    note = (await desk.add(desk.agent, "Rather rude.", key="once"))["note"]
    assert (await desk.add(desk.agent, "Rather rude.", key="once"))["note"]["id"] == note["id"]
    assert (await desk.admin.ask(DELETE, id=note["id"]))["deleteNote"]["code"] == "FORBIDDEN"
    assert (await desk.customer.ask(DELETE, id=note["id"]))["deleteNote"]["code"] == "FORBIDDEN"
    for _ in range(2):
        deleted = (await desk.agent.ask(DELETE, id=note["id"]))["deleteNote"]["note"]
        assert (deleted["text"], deleted["deletedAt"] is None) == ("", False)
    wanted = select(events.c.audited).where(events.c.kind == "NoteDeleted", events.c.organization_id == desk.company.id)
    async with desk.parts.database.tenant(desk.company.id) as connection:
        assert list((await connection.execute(wanted)).scalars()) == [True]


async def test_a_draft_is_kept_for_its_writer_alone_until_it_is_sent(desk: Desk) -> None:
    await desk.agent.ask(command("takeOverConversation"), id=desk.id)
    for text in ("Dear", "Dear Ann"):
        saved = (await desk.agent.ask(SAVE, id=desk.id, text=text))["saveDraft"]
        assert saved["conversation"]["draft"] == {"text": text}
    assert (await desk.conversation(desk.admin))["draft"] is None
    assert (await desk.conversation(desk.customer))["draft"] is None
    await desk.customer.ask(SAVE, id=desk.id, text="One more thing")
    await desk.agent.ask(SEND, id=desk.id, text="Dear Ann, …")
    assert (await desk.conversation(desk.agent))["draft"] is None
    assert (await desk.conversation(desk.customer))["draft"]["text"] == "One more thing"
    await desk.customer.ask(command("discardDraft").replace("unreadCount", "unreadCount draft { text }"), id=desk.id)
    assert (await desk.conversation(desk.customer))["draft"] is None


async def test_a_draft_has_a_limit_and_needs_a_conversation_of_ones_own(desk: Desk) -> None:
    assert (await desk.agent.ask(SAVE, id=desk.id, text="ü" * 10_001))["saveDraft"]["code"] == "INVALID_INPUT"
    other = desk.stack.client(desk.company.other_customer)
    assert (await other.ask(SAVE, id=desk.id, text="Hm"))["saveDraft"]["code"] == "NOT_FOUND"
