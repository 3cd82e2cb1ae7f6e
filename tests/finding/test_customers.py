"""What people at work do about customers: write down who they are, make two one, and hear some no more."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from domain.base import Actor, system_of
from domain.customer.contact import ContactKind, CustomerBlockedError
from infra import bootstrap
from infra.rows import events, messages
from schema.base import global_id, parse_key
from tests.documents import ERRORS, SEND, START
from tests.stack import Company, GraphQLFailedError, Stack, found_company, running, scripted, settings_for

GUIDE = Path(__file__).parents[2] / "docs" / "search.md"
SHOWN = """
  id name email phone language zone externalId blockedAt mergedInto { id } attributes { key value }
  contacts { kind value verifiedAt } duplicates { id }
  conversations(first: 10) { nodes { id subject } pageInfo { hasNextPage } }
  timeline(first: 50) { nodes { event by text agent { name } conversation { id } message { text } note { text } } }
"""
CUSTOMER = f"query Customer($id: ID!) {{ customer(id: $id) {{ {SHOWN} }} }}"
LIST = """
query Customers($filter: CustomerFilterInput, $first: Int, $after: String) {
  customers(filter: $filter, first: $first, after: $after) {
    nodes { id name } pageInfo { hasNextPage endCursor }
  }
}"""


def change(name: str) -> str:
    """The document of a mutation of customers."""
    kind = name[0].upper() + name[1:]
    return f"""
mutation Change($input: {kind}Input!) {{
  {name}(input: $input) {{ __typename ... on {kind}Success {{ customer {{ {SHOWN} }} }} {ERRORS} }}
}}"""


class Desk:
    """A running company whose customers are looked after."""

    def __init__(self, stack: Stack, company: Company, parts: bootstrap.Parts) -> None:
        self.stack = stack
        self.company = company
        self.parts = parts
        self.one = global_id("Customer", company.customer.identity)
        self.other = global_id("Customer", company.other_customer.identity)

    async def do(self, operation: str, by: Actor | None = None, /, **given: Any) -> Any:
        done = await self.stack.client(by or self.company.agent).ask(change(operation), input=given)
        return done[operation]

    async def customer(self, identity: str, *, by: Actor | None = None) -> Any:
        return (await self.stack.client(by or self.company.agent).ask(CUSTOMER, id=identity))["customer"]

    async def ask(self, text: str, by: Actor) -> str:
        started = await self.stack.client(by).ask(START, text=text)
        return str(started["startConversation"]["conversation"]["id"])

    async def journal(self, stream: str) -> list[str]:
        wanted = select(events.c.kind).where(events.c.stream == stream).order_by(events.c.version)
        async with self.parts.database.tenant(self.company.id) as connection:
            return list((await connection.execute(wanted)).scalars())


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[Desk]:
    company = await found_company(database_url)
    async with (
        running(database_url, redis_url, scripted(), with_worker=False) as stack,
        bootstrap.parts(settings_for(database_url, redis_url)) as parts,
    ):
        yield Desk(stack, company, parts)


async def test_a_profile_is_written_down_and_wrong_parts_are_named(desk: Desk) -> None:
    known = {"name": "Ann", "email": "Ann@Shop.Example", "phone": "+49 30 901820", "language": "de"}
    done = await desk.do("updateCustomer", customerId=desk.one, zone="Europe/Berlin", **known)
    shown = done["customer"]
    assert (shown["name"], shown["email"], shown["phone"]) == ("Ann", "ann@shop.example", "+4930901820")
    assert (shown["language"], shown["zone"]) == ("de", "Europe/Berlin")
    assert {(each["kind"], each["value"], each["verifiedAt"]) for each in shown["contacts"]} == {
        ("EMAIL", "ann@shop.example", None),
        ("PHONE", "+4930901820", None),
    }
    cleared = (await desk.do("updateCustomer", customerId=desk.one, phone="", zone=""))["customer"]
    assert (cleared["phone"], cleared["zone"], cleared["name"]) == (None, None, "Ann")
    for field, value in [("email", "ann"), ("phone", "030"), ("language", "?"), ("zone", "../etc"), ("name", " ")]:
        refused = await desk.do("updateCustomer", customerId=desk.one, **{field: value})
        assert [each["path"] for each in refused["fields"]] == [f"input.{field}"], field
    own = await desk.customer(desk.one, by=desk.company.customer)
    assert (own["name"], own["contacts"], own["timeline"]["nodes"], own["attributes"]) == ("Ann", [], [], [])


async def test_attributes_hold_what_their_definitions_allow(desk: Desk) -> None:
    define = """
    mutation Define($input: DefineAttributeInput!) { defineAttribute(input: $input) { __typename } }"""
    admin = desk.stack.client(desk.company.admin)
    given = {"appliesTo": "CUSTOMER", "key": "tier", "label": "Tier", "kind": "CHOICE", "choices": ["gold", "tin"]}
    await admin.ask(define, input=given)
    done = await desk.do("setCustomerAttributes", customerId=desk.one, attributes=[{"key": "tier", "value": "gold"}])
    assert done["customer"]["attributes"] == [{"key": "tier", "value": "gold"}]
    refused = await desk.do("setCustomerAttributes", customerId=desk.one, attributes=[{"key": "tier", "value": "oak"}])
    assert [each["path"] for each in refused["fields"]] == ["input.attributes.tier"]
    gone = await desk.do("setCustomerAttributes", customerId=desk.one, attributes=[{"key": "tier", "value": None}])
    assert gone["customer"]["attributes"] == []


async def test_two_who_are_one_have_everything_together(desk: Desk) -> None:
    first, second = desk.company.customer, desk.company.other_customer
    said, kept = await desk.ask("Where is it?", first), await desk.ask("Is it here?", second)
    await desk.do("updateCustomer", customerId=desk.one, email="same@shop.example", phone="+4930901820")
    await desk.do("updateCustomer", customerId=desk.other, email="same@shop.example")
    assert [each["id"] for each in (await desk.customer(desk.other))["duplicates"]] == [desk.one]
    merge = {"fromId": desk.one, "intoId": desk.other, "reason": "Same address."}
    merged = (await desk.do("mergeCustomers", **merge))["customer"]
    assert {each["id"] for each in merged["conversations"]["nodes"]} == {said, kept}
    assert (merged["phone"], merged["duplicates"]) == ("+4930901820", [])
    assert {each["value"] for each in merged["contacts"]} == {"same@shop.example", "+4930901820"}
    again = await desk.do("mergeCustomers", **merge)
    assert again["__typename"] == "MergeCustomersSuccess"
    assert (await desk.journal(f"customer:{first.identity}")).count("CustomerMerged") == 1
    gone = await desk.customer(desk.one)
    assert (gone["mergedInto"]["id"], gone["conversations"]["nodes"]) == (desk.other, [])
    async with desk.parts.database.tenant(desk.company.id) as connection:
        authors = select(messages.c.author_id).where(messages.c.author_kind == "customer").distinct()
        assert (await connection.execute(authors)).scalars().all() == [second.identity]
    with pytest.raises(GraphQLFailedError) as over:
        await desk.ask("Me again", first)
    assert over.value.code == "UNAUTHENTICATED"
    for wrong in ({"fromId": desk.other, "intoId": desk.other}, {"fromId": desk.other, "intoId": desk.one}):
        assert (await desk.do("mergeCustomers", **wrong))["code"] == "INVALID_STATE"
    listed = await desk.stack.client(desk.company.agent).ask(LIST, filter={"contact": "same@shop.example"})
    assert [each["id"] for each in listed["customers"]["nodes"]] == [desk.other]


async def test_two_mergers_at_once_do_it_once(desk: Desk) -> None:
    await desk.ask("Where is it?", desk.company.customer)
    there, back = {"fromId": desk.one, "intoId": desk.other}, {"fromId": desk.other, "intoId": desk.one}
    done = await asyncio.gather(*(desk.do("mergeCustomers", **way) for way in (there, back, there, back)))
    assert {each["__typename"] for each in done} == {"MergeCustomersSuccess", "InvalidStateError"}
    both = (desk.company.customer, desk.company.other_customer)
    merged = [await desk.journal(f"customer:{one.identity}") for one in both]
    assert sum(kinds.count("CustomerMerged") for kinds in merged) == 1


async def test_who_is_blocked_is_not_heard_by_any_way(desk: Desk) -> None:
    customer = desk.company.customer
    conversation = await desk.ask("You are all idiots", customer)
    await desk.do("updateCustomer", customerId=desk.one, email="rude@shop.example")
    blocked = await desk.do("blockCustomer", customerId=desk.one, reason="Insults.")
    assert blocked["customer"]["blockedAt"] is not None
    for document, given in ((START, {"text": "Let me in"}), (SEND, {"id": conversation, "text": "Hey"})):
        with pytest.raises(GraphQLFailedError) as refused:
            await desk.stack.client(customer).ask(document, **given)
        assert refused.value.code == "UNAUTHENTICATED"
    unheard, key = desk.parts.conversations, parse_key(conversation, "Conversation", "id")
    for attempt in (unheard.start(customer, "By mail"), unheard.send(customer, key, "By mail")):
        with pytest.raises(CustomerBlockedError):
            await attempt
    async with desk.parts.units(system_of(desk.company.id)) as unit:
        contact = await unit.contacts.customer_of(ContactKind.EMAIL, "rude@shop.example")
        assert contact is not None and contact.is_blocked
    assert await desk.journal(f"customer:{customer.identity}") == ["CustomerChanged", "CustomerBlocked"]
    free = await desk.do("unblockCustomer", customerId=desk.one, reason="Sorry was said.")
    assert free["customer"]["blockedAt"] is None
    await unheard.send(customer, key, "Thank you")
    told = [(each["event"], each["text"]) for each in free["customer"]["timeline"]["nodes"]]
    assert told[:2] == [("CustomerUnblocked", "Sorry was said."), ("CustomerBlocked", "Insults.")]


async def test_a_timeline_tells_everything_page_by_page(desk: Desk) -> None:
    for number in range(3):
        await desk.ask(f"Question {number}", desk.company.customer)
    await desk.do("updateCustomer", customerId=desk.one, name="Ann")
    whole = (await desk.customer(desk.one))["timeline"]["nodes"]
    assert [each["event"] for each in whole] == ["CustomerChanged", *["MessageSent", "ConversationStarted"] * 3]
    assert (whole[0]["by"], whole[0]["agent"]["name"], whole[0]["conversation"]) == ("AGENT", "Person 2", None)
    assert [each["message"]["text"] for each in whole if each["message"]] == [f"Question {n}" for n in (2, 1, 0)]
    document = """
    query Timeline($id: ID!, $after: String) {
      customer(id: $id) { timeline(first: 2, after: $after) { nodes { event at } pageInfo { hasNextPage endCursor } } }
    }"""
    seen, after = [], None
    for _ in range(4):
        shown = await desk.stack.client(desk.company.agent).ask(document, id=desk.one, after=after)
        page = shown["customer"]["timeline"]
        seen += [each["event"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [each["event"] for each in whole] and not page["pageInfo"]["hasNextPage"]


async def test_a_note_that_was_taken_back_is_gone_from_the_timeline(desk: Desk) -> None:
    agent, conversation = desk.stack.client(desk.company.agent), await desk.ask("My coat?", desk.company.customer)
    add = "mutation A($input: AddNoteInput!) { addNote(input: $input) { ... on AddNoteSuccess { note { id } } } }"
    note = (await agent.ask(add, input={"conversationId": conversation, "text": "A secret."}))["addNote"]["note"]["id"]
    (told,) = [each for each in (await desk.customer(desk.one))["timeline"]["nodes"] if each["event"] == "NoteAdded"]
    assert (told["text"], told["note"]) == (None, {"text": "A secret."})
    take_back = "mutation D($input: DeleteNoteInput!) { deleteNote(input: $input) { __typename } }"
    assert (await agent.ask(take_back, input={"noteId": note}))["deleteNote"]["__typename"] == "DeleteNoteSuccess"
    after = (await desk.customer(desk.one))["timeline"]["nodes"]
    assert [each["note"] for each in after[:2]] == [{"text": ""}] * 2
    assert "A secret." not in str(after)


async def test_lists_are_for_those_who_see_all_customers(desk: Desk) -> None:
    agent = desk.stack.client(desk.company.agent)
    page = (await agent.ask(LIST, first=1))["customers"]
    rest = (await agent.ask(LIST, first=10, after=page["pageInfo"]["endCursor"]))["customers"]
    assert {each["id"] for each in [*page["nodes"], *rest["nodes"]]} == {desk.one, desk.other}
    await desk.do("blockCustomer", customerId=desk.one)
    blocked = (await agent.ask(LIST, filter={"isBlocked": True}))["customers"]
    assert [each["id"] for each in blocked["nodes"]] == [desk.one]
    for name, given in (("blockCustomer", {"customerId": desk.other}), ("updateCustomer", {"customerId": desk.other})):
        assert (await desk.do(name, desk.company.other_customer, **given))["code"] == "FORBIDDEN"
    stranger = await found_company(str(desk.stack.settings.sqlalchemy_url))
    assert await desk.customer(desk.one, by=stranger.agent) is None
    assert (await desk.do("blockCustomer", stranger.agent, customerId=desk.one))["code"] == "NOT_FOUND"
    with pytest.raises(GraphQLFailedError) as refused:
        await desk.stack.client(desk.company.other_customer).ask(LIST)
    assert refused.value.code == "FORBIDDEN"


async def test_what_the_guide_shows_happens(desk: Desk) -> None:
    find, show, merge = re.findall(r"```graphql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    agent = desk.stack.client(desk.company.agent)
    said = await desk.ask("My umbrella is torn", desk.company.customer)
    (hit,) = (await agent.ask(find, query="torn umbr"))["search"]["nodes"]
    assert hit["conversation"]["id"] == said
    assert [each["text"] for each in hit["excerpt"] if each["isMatch"]] == ["umbrella", "torn"]
    shown = (await agent.ask(show, id=desk.one))["customer"]
    assert [each["message"]["text"] for each in shown["timeline"]["nodes"] if each["message"]] == [
        "My umbrella is torn"
    ]
    merged = (await agent.ask(merge, **{"from": desk.one, "into": desk.other}))["mergeCustomers"]
    assert [each["id"] for each in merged["customer"]["conversations"]["nodes"]] == [said]
