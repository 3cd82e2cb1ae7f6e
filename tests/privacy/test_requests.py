"""Requests about people's data: who makes them, when they begin, how they are taken back, and that they go on."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select, update

from domain.account.permission import Permission, Scope
from domain.privacy.fulfilment import Fulfilment
from domain.privacy.request import KEPT_FOR
from infra.desk.rows import timers
from infra.privacy.erasing import SqlErasure
from infra.rows import conversations, events, messages
from schema.base import global_id
from tests.documents import CHANGED, SEND, START
from tests.files.test_files import path_of
from tests.hiring import hired
from tests.privacy.world import OTHER, PHONE, WORD, World, done, inner, mutation
from tests.stack import found_company

LISTED = """query L($filter: PrivacyRequestFilterInput) {
  privacyRequests(filter: $filter) { nodes { id kind state agent { name } customer { id } } } }"""
AUDIT = "{ auditLog(first: 50) { nodes { kind reason subject agent { name } } } }"
ASKED = "privacyRequest { id state startsAt dueAt createdAt }"


async def begun(world: World, texts: Sequence[str] = ("How do I return a coat?",)) -> list[str]:
    """Conversations of the company's first customer, who is who is asked about."""
    customer = world.stack.client(world.company.customer)
    world.ids["customer"] = str(global_id("Customer", world.company.customer.identity))
    made = [(await customer.ask(START, text=text))["startConversation"]["conversation"]["id"] for text in texts]
    await world.quiet()
    return made


async def create(world: World, kind: str = "ERASURE", **more: Any) -> Any:
    given = {"customerId": world.ids["customer"], "kind": kind, **more}
    return (await done(world.admin, "createPrivacyRequest", ASKED, **given))["privacyRequest"]


async def said(world: World, conversation: str) -> list[str]:
    wanted = select(messages.c.text).where(messages.c.conversation_id == inner(conversation))
    async with world.parts.database.tenant(world.company.id) as connection:
        return list((await connection.scalars(wanted.order_by(messages.c.number))).all())


async def test_an_erasure_waits_and_can_be_taken_back_until_it_begins(world: World) -> None:
    [conversation] = await begun(world)
    asked = await create(world, reason="They wrote to us.")
    at, starts, due = (datetime.fromisoformat(asked[name]) for name in ("createdAt", "startsAt", "dueAt"))
    assert asked["state"] == "OPEN"
    assert abs(starts - at - timedelta(hours=24)) < timedelta(seconds=5)
    assert abs(due - at - timedelta(days=30)) < timedelta(seconds=5)
    assert (await create(world))["id"] == asked["id"], "asked again it is the same request"
    [listed] = (await world.admin.ask(LISTED, filter={"states": ["OPEN"]}))["privacyRequests"]["nodes"]
    assert (listed["kind"], listed["agent"]) == ("ERASURE", {"name": "Person 4"})
    taken = await done(
        world.admin, "cancelPrivacyRequest", "privacyRequest { state }", privacyRequestId=asked["id"], reason="No."
    )
    assert taken["privacyRequest"]["state"] == "CANCELLED"
    async with world.parts.database.tenant(world.company.id) as connection:
        assert await connection.scalar(select(func.count()).where(timers.c.name == "privacy_request")) == 0
    assert (await said(world, conversation))[0] == "How do I return a coat?"
    log = (await world.admin.ask(AUDIT))["auditLog"]["nodes"]
    told = [(each["kind"], each["reason"], each["agent"]["name"]) for each in log if "Privacy" in each["kind"]]
    assert told == [
        ("PrivacyRequestCancelled", "No.", "Person 4"),
        ("PrivacyRequested", "They wrote to us.", "Person 4"),
    ]


async def test_who_wants_it_now_hurries_a_request_that_waits_and_nothing_stops_it_then(world: World) -> None:
    [conversation] = await begun(world)
    asked = await create(world)
    assert (await create(world, runNow=True))["id"] == asked["id"]
    request = await world.over(asked["id"])
    assert (request["state"], request["conversationCount"], request["customer"]["name"]) == ("DONE", 1, "[erased]")
    assert set(await said(world, conversation)) == {"[erased]"}
    late = {"input": {"privacyRequestId": asked["id"]}}
    refused = await world.admin.ask(mutation("cancelPrivacyRequest", "__typename"), **late)
    assert refused["cancelPrivacyRequest"]["code"] == "INVALID_STATE"
    for name, more in (("createPrivacyRequest", {"kind": "EXPORT"}), ("updateCustomer", {"name": "Again"})):
        given = {"input": {"customerId": world.ids["customer"], **more}}
        again = (await world.admin.ask(mutation(name, "__typename"), **given))[name]
        assert again["code"] == "INVALID_STATE" and "erased" in again["message"]
    kinds = [each["kind"] for each in (await world.admin.ask(AUDIT))["auditLog"]["nodes"]]
    assert {"PrivacyRequestStarted", "PrivacyRequestDone", "CustomerErased", "PrivacyRequestHurried"} <= set(kinds)


async def test_requests_are_for_those_who_look_after_peoples_data(world: World, fresh_database_url: str) -> None:
    await begun(world)
    asked = await create(world)
    document, given = mutation("createPrivacyRequest", "__typename"), {"kind": "EXPORT"}
    given |= {"customerId": world.ids["customer"]}
    with pytest.raises(Exception, match=r"privacy\.manage"):
        await world.agent.ask(LISTED)
    assert (await world.agent.ask(document, input=given))["createPrivacyRequest"]["code"] == "FORBIDDEN"
    node = "query N($id: ID!) { node(id: $id) { id } }"
    assert (await world.agent.ask(node, id=asked["id"]))["node"] is None
    needed = (Permission.MANAGE_PRIVACY, Permission.READ_CUSTOMERS, Permission.READ_AGENTS)
    grants = dict.fromkeys(needed, Scope.ALL)
    officer = world.stack.client(await hired(fresh_database_url, world.company, grants))
    assert len((await officer.ask(LISTED))["privacyRequests"]["nodes"]) == 1
    foreign = world.stack.client((await found_company(fresh_database_url)).admin)
    assert (await foreign.ask(document, input=given))["createPrivacyRequest"]["code"] == "NOT_FOUND"
    assert (await foreign.ask(node, id=asked["id"]))["node"] is None


async def test_an_erasure_that_is_killed_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle of a conversation: that one is whole, the one before is done once, the rest follow."""
    made = await begun(world, [f"Question {number}" for number in range(4)])
    whole, erased = SqlErasure.conversation, []

    async def mortal(self: SqlErasure, conversation_id: UUID) -> Any:
        found = await whole(self, conversation_id)
        erased.append(conversation_id)
        if len(erased) == 3:
            raise ConnectionError("killed in the middle")
        return found

    monkeypatch.setattr(SqlErasure, "conversation", mortal)
    request = await create(world, runNow=True)
    finished = await world.over(request["id"])
    assert finished["state"] == "DONE"
    assert len(erased) == 5, "two were done, the third twice, then the fourth"
    assert [set(await said(world, each)) for each in made] == [{"[erased]"}] * 4
    e, told = events.c, select(func.count()).where(events.c.kind == "ConversationErased")
    async with world.parts.database.tenant(world.company.id) as connection:
        assert await connection.scalar(told) == 4
        ended = select(func.count()).where(e.kind.in_(["CustomerErased", "PrivacyRequestDone"]))
        assert await connection.scalar(ended) == 2
    fulfilment: Fulfilment = world.parts.desk.privacy.fulfilment
    await fulfilment.fulfil(world.company.id, inner(request["id"]))
    async with world.parts.database.tenant(world.company.id) as connection:
        assert await connection.scalar(told) == 4, "what is over stays so"


async def test_who_watches_is_told_and_the_customer_is_out(world: World) -> None:
    [conversation] = await begun(world)
    customer = world.stack.client(world.company.customer)
    async with aclosing(world.agent.watch(CHANGED, id=conversation)) as told:
        first = anext(told)
        await create(world, runNow=True)
        kinds = [(await first)["conversationChanged"]["__typename"]]
        while kinds[-1] != "ConversationErased":
            kinds.append((await anext(told))["conversationChanged"]["__typename"])
    with pytest.raises(Exception, match="UNAUTHENTICATED"):
        while True:
            await customer.ask("{ viewer { kind } }")
    replayed = []
    async with aclosing(world.agent.watch(CHANGED, id=conversation, after="WyIwIl0")) as again:
        async for each in again:
            replayed.append(each["conversationChanged"])
            if each["conversationChanged"]["__typename"] == "ConversationErased":
                break
    texts = {(each.get("message") or {}).get("text") for each in replayed} - {None}
    assert texts == {"[erased]"}


async def test_a_copy_has_all_that_is_known_of_one_person_and_of_nobody_else(world: World) -> None:
    await world.plant()
    request = (await world.admin.ask(LISTED, filter={"kind": "EXPORT"}))["privacyRequests"]["nodes"][0]
    found = await world.over(request["id"])
    assert (found["state"], found["conversationCount"], found["fileCount"]) == ("DONE", 2, 3)
    archive = await world.stack.http.get(path_of(found["url"]))
    assert archive.headers["content-type"] == "application/zip" and len(archive.content) == found["size"]
    with ZipFile(io.BytesIO(archive.content)) as packed:
        assert packed.testzip() is None
        data = json.loads(packed.read("data.json"))
        paths = [file["path"] for file in data["files"] if file["path"]]
        assert sorted(packed.namelist()) == sorted(["data.json", *paths])
        assert all(f"Signed: {WORD}".encode() == packed.read(path) for path in paths)
    assert data["format"] == "parley.customer-data/1"
    assert {profile["name"] for profile in data["profiles"]} == {f"Ms {WORD}", f"Visitor {WORD}"}
    assert {address["value"] for address in data["addresses"]} >= {f"{WORD}@customers.example", PHONE}
    long = next(each for each in data["conversations"] if len(each["messages"]) > 5)
    numbers = [message["number"] for message in long["messages"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert long["notes"][0]["text"] == f"Mind {WORD}." and long["surveys"][0]["comment"] == f"Slow, says {WORD}."
    assert long["actions"][0]["input"] == {"name": WORD} and long["mail"] and long["deliveries"]
    assert OTHER not in json.dumps({**data, "conversations": [{**each, "mail": []} for each in data["conversations"]]})
    spoiled = path_of(found["url"]).replace("expires=", "expires=9")
    assert (await world.stack.http.get(spoiled)).status_code == 404


async def test_a_copy_is_gone_when_its_time_is_over(world: World) -> None:
    await begun(world)
    request = await world.ask("EXPORT")
    assert request["size"] and request["url"]
    async with world.parts.database.tenant(world.company.id) as connection:
        mine = timers.c.name == "privacy_export"
        due_at = await connection.scalar(select(timers.c.due_at).where(mine))
        assert due_at is not None
        finished = datetime.fromisoformat(request["finishedAt"])
        assert abs(due_at - finished - KEPT_FOR) < timedelta(seconds=5)
        await connection.execute(update(timers).where(mine).values(due_at=func.now()))
        await connection.commit()
    while (gone := await world.over(request["id"]))["size"] is not None:
        pass
    assert (gone["state"], gone["url"]) == ("DONE", None)
    assert (await world.stack.http.get(path_of(request["url"]))).status_code == 404


async def test_what_the_company_exported_of_talk_is_taken_back(world: World) -> None:
    await begun(world)
    given = {"dataset": "TRANSCRIPTS", "format": "JSONL"}
    made = await done(world.admin, "createExport", "export { id }", **given)
    export, look = made["export"]["id"], "query E($id: ID!) { node(id: $id) { ... on Export { state url } } }"
    while (await world.admin.ask(look, id=export))["node"]["state"] != "DONE":
        pass
    await world.ask("ERASURE")
    assert (await world.admin.ask(look, id=export))["node"] == {"state": "EXPIRED", "url": None}


async def test_an_agent_may_still_write_where_nobody_reads_and_counts_are_those_of_before(world: World) -> None:
    """An erased conversation is a conversation still: its history can be loaded, and counts what it counted."""
    [conversation] = await begun(world)
    c = conversations.c
    wanted = select(c.message_count, c.customer_message_count, c.state).where(c.id == inner(conversation))
    async with world.parts.database.tenant(world.company.id) as connection:
        before = (await connection.execute(wanted)).one()
    await world.ask("ERASURE")
    async with world.parts.database.tenant(world.company.id) as connection:
        assert (await connection.execute(wanted)).one() == before
    note = await done(world.agent, "addNote", "note { text }", conversationId=conversation, text="Closed.")
    assert note["note"]["text"] == "Closed."
    customer = world.stack.client(world.company.customer)
    with pytest.raises(Exception, match="UNAUTHENTICATED"):
        await customer.ask(SEND, id=conversation, text="Hello?")
