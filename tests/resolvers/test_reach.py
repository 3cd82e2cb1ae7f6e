"""How far a role reaches: `team` is what the team's inboxes hold, `own` what one has, by every way to look or act."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest

from domain.account.permission import Grants, Permission, Scope
from domain.base import Actor
from tests.documents import CHANGED, CONVERSATION, ERRORS, INBOX, SEND, command
from tests.hiring import hired
from tests.resolvers.test_agents import id_of, outcome
from tests.resolvers.test_organization import CHANGE
from tests.resolvers.test_statements import WITHOUT_AUTHORS, counted, many_conversations
from tests.resolvers.test_teams import CHANGE_INBOX, CHANGE_TEAM, CREATE_TEAM, made_inbox
from tests.stack import Company, Gate, GraphQLFailedError, Stack, found_company, running, scripted

START_IN = f"""
mutation Start($input: StartConversationInput!) {{
  startConversation(input: $input) {{
    __typename
    ... on StartConversationSuccess {{ conversation {{ id inbox {{ id name }} messages {{ nodes {{ id }} }} }} }}
    {ERRORS}
  }}
}}"""
LISTED = "{ conversations(first: 100) { nodes { id inbox { name } } } }"
NODES = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }"
AROUND: Grants = {
    Permission.READ_ORGANIZATION: Scope.ALL,
    Permission.READ_AGENTS: Scope.ALL,
    Permission.READ_CUSTOMERS: Scope.ALL,
}


def reading(scope: Scope, reply: Scope | None = None) -> Grants:
    """What somebody may do who reads so far, and acts so far or not at all."""
    acting = {Permission.REPLY_TO_CONVERSATIONS: reply} if reply else {}
    return {**AROUND, Permission.READ_CONVERSATIONS: scope, **acting}


@dataclass
class Place:
    """A company with an inbox for returns, a team that works on it, and a conversation inside and one outside of it."""

    stack: Stack
    company: Company
    database_url: str
    inbox: str
    team: str
    inside: dict[str, Any]
    outside: dict[str, Any]

    async def colleague(self, grants: Grants, *, in_team: bool = True) -> Actor:
        """Somebody new, perhaps in the team."""
        actor = await hired(self.database_url, self.company, grants)
        if in_team:
            await self.change_team(agentIds=[id_of(actor)])
        return actor

    async def change_team(self, **change: Any) -> None:
        """Give the team other people or inboxes."""
        answer = await self.stack.client(self.company.admin).ask(CHANGE_TEAM, input={"teamId": self.team, **change})
        assert outcome(answer) == "ChangeTeamSuccess"


async def begun(stack: Stack, by: Actor, **input: Any) -> dict[str, Any]:
    answer = await stack.client(by).ask(START_IN, input={"text": "Where is my parcel?", **input})
    conversation: dict[str, Any] = answer["startConversation"]["conversation"]
    return conversation


async def made_place(stack: Stack, company: Company, database_url: str) -> Place:
    inbox = await made_inbox(stack, company, "Returns")
    wanted = {"name": "Returners", "inboxIds": [inbox]}
    team = (await stack.client(company.admin).ask(CREATE_TEAM, input=wanted))["createTeam"]["team"]["id"]
    inside = await begun(stack, company.customer, inboxId=inbox)
    outside = await begun(stack, company.customer)
    return Place(stack, company, database_url, inbox, team, inside, outside)


@pytest.fixture
async def place(stack: Stack, company: Company, fresh_database_url: str) -> Place:
    return await made_place(stack, company, fresh_database_url)


async def test_a_conversation_begins_in_an_inbox(place: Place) -> None:
    assert place.inside["inbox"] == {"id": place.inbox, "name": "Returns"}
    assert place.outside["inbox"]["name"] == "Chat"
    customer = place.stack.client(place.company.customer)
    for wrong, code in ((place.team, "INVALID_INPUT"), ("nonsense", "INVALID_INPUT")):
        answer = await customer.ask(START_IN, input={"text": "Hello", "inboxId": wrong})
        assert outcome(answer) == code


@pytest.mark.parametrize(("company_wide", "here"), [(True, False), (False, True)])
async def test_the_assistant_answers_only_where_it_is_let(place: Place, company_wide: bool, here: bool) -> None:
    admin, customer = place.stack.client(place.company.admin), place.stack.client(place.company.customer)
    inbox = await made_inbox(place.stack, place.company, "People only")
    await admin.ask(CHANGE, input={"assistant": {"enabled": company_wide}})
    changed = await admin.ask(CHANGE_INBOX, input={"inboxId": inbox, "assistantEnabled": here})
    assert changed["changeInbox"]["inbox"]["assistantEnabled"] is here
    begun_here = await begun(place.stack, place.company.customer, inboxId=inbox)
    async with asyncio.timeout(5):
        while (state := (await customer.ask(CONVERSATION, id=begun_here["id"]))["conversation"]["state"]) != "WAITING":
            assert state == "WITH_ASSISTANT"
            await asyncio.sleep(0.05)
    seen = (await admin.ask(CONVERSATION, id=begun_here["id"]))["conversation"]
    assert seen["handoffReason"] == "ASSISTANT_OFF"


async def test_an_inbox_of_others_is_not_there(place: Place) -> None:
    stranger = await found_company(place.database_url)
    theirs = await made_inbox(place.stack, stranger, "Theirs")
    customer = place.stack.client(place.company.customer)
    assert outcome(await customer.ask(START_IN, input={"text": "Hello", "inboxId": theirs})) == "NOT_FOUND"


async def test_a_team_sees_what_its_inboxes_hold(place: Place) -> None:
    member = place.stack.client(await place.colleague(reading(Scope.TEAM)))
    listed = (await member.ask(LISTED))["conversations"]["nodes"]
    assert listed == [{"id": place.inside["id"], "inbox": {"name": "Returns"}}]
    assert (await member.ask(CONVERSATION, id=place.inside["id"]))["conversation"]["id"] == place.inside["id"]
    assert (await member.ask(CONVERSATION, id=place.outside["id"]))["conversation"] is None
    messages = [one["messages"]["nodes"][0]["id"] for one in (place.inside, place.outside)]
    wanted = [place.inside["id"], place.outside["id"], *messages]
    seen = (await member.ask(NODES, ids=wanted))["nodes"]
    assert [one and one["id"] for one in seen] == [place.inside["id"], None, messages[0], None]


async def test_outside_of_every_team_there_is_nothing_but_what_one_has(place: Place) -> None:
    alone = await place.colleague(reading(Scope.TEAM, Scope.TEAM), in_team=False)
    assert (await place.stack.client(alone).ask(LISTED))["conversations"]["nodes"] == []


async def test_own_is_what_one_has(place: Place) -> None:
    helper = await place.colleague(reading(Scope.ALL, Scope.ALL), in_team=False)
    client = place.stack.client(helper)
    assert outcome(await client.ask(command("takeOverConversation"), id=place.outside["id"])) == (
        "TakeOverConversationSuccess"
    )
    admin = place.stack.client(place.company.admin)
    role = await admin.ask(
        "query A($id: ID!) { node(id: $id) { ... on Agent { assignedRole { id } } } }", id=id_of(helper)
    )
    own = [{"permission": each.name, "scope": "OWN" if "conversation" in each else "ALL"} for each in helper.grants]
    change = "mutation C($input: ChangeRoleInput!) { changeRole(input: $input) { __typename } }"
    await admin.ask(change, input={"roleId": role["node"]["assignedRole"]["id"], "grants": own})
    assert [
        one["id"] for one in (await client.ask("{ conversations { nodes { id } } }"))["conversations"]["nodes"]
    ] == [place.outside["id"]]
    assert (await client.ask(NODES, ids=[place.inside["id"]]))["nodes"] == [None]
    assert outcome(await client.ask(SEND, id=place.outside["id"], text="Here I am.")) == "SendMessageSuccess"
    assert outcome(await client.ask(SEND, id=place.inside["id"], text="Here I am.")) == "NOT_FOUND"
    passed_on = await client.ask(command("requestHandoff"), id=place.outside["id"])
    assert outcome(passed_on) == "NOT_FOUND"  # done, and with it out of sight
    after = await admin.ask(CONVERSATION, id=place.outside["id"])
    assert (after["conversation"]["state"], after["conversation"]["assignee"]) == ("WAITING", None)


@pytest.mark.parametrize("name", ["takeOverConversation", "requestHandoff", "resolveConversation", "stopAnswer"])
async def test_who_reads_further_than_they_act_is_forbidden_to(place: Place, name: str) -> None:
    member = place.stack.client(await place.colleague(reading(Scope.ALL, Scope.TEAM)))
    assert outcome(await member.ask(command(name), id=place.outside["id"])) == "FORBIDDEN"
    reader = place.stack.client(await place.colleague(reading(Scope.TEAM, Scope.OWN)))
    assert outcome(await reader.ask(command(name), id=place.inside["id"])) == "FORBIDDEN"
    assert outcome(await reader.ask(command(name), id=place.outside["id"])) == "NOT_FOUND"
    mute = place.stack.client(await place.colleague(reading(Scope.TEAM)))
    assert outcome(await mute.ask(command(name), id=place.inside["id"])) == "FORBIDDEN"


async def test_what_is_out_of_reach_cannot_be_marked_as_read(place: Place) -> None:
    member = place.stack.client(await place.colleague(reading(Scope.TEAM, Scope.TEAM)))
    mark = command("markConversationRead")
    assert outcome(await member.ask(mark, id=place.inside["id"])) == "MarkConversationReadSuccess"
    assert outcome(await member.ask(mark, id=place.outside["id"])) == "NOT_FOUND"


async def test_a_team_is_told_what_happens_in_its_inboxes(place: Place) -> None:
    member = place.stack.client(await place.colleague(reading(Scope.TEAM, Scope.TEAM)))
    customer = place.stack.client(place.company.customer)
    async with aclosing(member.watch(INBOX)) as news:
        first = asyncio.create_task(anext(news))
        await asyncio.sleep(0.3)
        await customer.ask(SEND, id=place.outside["id"], text="Out of sight.")
        await customer.ask(SEND, id=place.inside["id"], text="Inside.")
        told = [(await first)["inboxChanged"]]
        while told[-1].get("message", {}).get("text") != "Inside.":
            told.append((await anext(news))["inboxChanged"])
    assert {one["conversation"]["id"] for one in told} == {place.inside["id"]}


async def test_what_is_out_of_reach_cannot_be_watched(place: Place) -> None:
    member = place.stack.client(await place.colleague(reading(Scope.TEAM)))
    with pytest.raises(GraphQLFailedError) as caught:
        await anext(member.watch(CHANGED, id=place.outside["id"]))
    assert caught.value.code == "NOT_FOUND"


async def until_said(changes: AsyncGenerator[Any, None]) -> None:
    """Up to a message; the answer to an earlier one may still begin meanwhile."""
    async for change in changes:
        if change["conversationChanged"]["__typename"] == "MessageSent":
            return


async def test_a_watched_conversation_is_lost_with_the_inbox(place: Place) -> None:
    member = place.stack.client(await place.colleague(reading(Scope.TEAM)))
    customer = place.stack.client(place.company.customer)
    async with aclosing(member.watch(CHANGED, id=place.inside["id"])) as changes:
        seen = asyncio.create_task(until_said(changes))
        await asyncio.sleep(0.5)
        await customer.ask(SEND, id=place.inside["id"], text="Still yours.")
        await asyncio.wait_for(seen, 10)
        await place.change_team(inboxIds=[])
        await customer.ask(SEND, id=place.inside["id"], text="Not yours any more.")
        after = []
        with pytest.raises(GraphQLFailedError) as caught:
            async with asyncio.timeout(5):
                async for change in changes:
                    after.append(change["conversationChanged"])
    assert caught.value.code == "NOT_FOUND"
    assert all("Not yours" not in str(one) for one in after)


async def test_who_leaves_a_team_is_closed_out(place: Place) -> None:
    member = place.stack.client(await place.colleague(reading(Scope.TEAM)))

    async def watch() -> None:
        async for _ in member.watch(INBOX):  # answers that were begun before may still end meanwhile
            pass

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0.3)
    await place.change_team(agentIds=[])
    with pytest.raises(Exception, match="4403"):
        await asyncio.wait_for(watching, 5)
    assert (await member.ask(LISTED))["conversations"]["nodes"] == []


async def test_frames_end_within_a_second_of_the_loss(
    gated: Stack, gate: Gate, company: Company, fresh_database_url: str
) -> None:
    place = await made_place(gated, company, fresh_database_url)
    member = gated.client(await place.colleague(reading(Scope.TEAM)))
    async with aclosing(member.watch(CHANGED, id=place.inside["id"])) as changes:
        gate.let(1)
        while (await anext(changes))["conversationChanged"]["__typename"] != "AnswerFrame":
            pass
        await place.change_team(inboxIds=[])
        await asyncio.sleep(1.1)
        gate.let(2)  # one for each of the two answers under way
        with pytest.raises(GraphQLFailedError) as caught:
            await asyncio.wait_for(anext(changes), 5)
    assert caught.value.code == "NOT_FOUND"


@pytest.mark.parametrize("scope", [Scope.TEAM, Scope.OWN])
async def test_a_page_takes_as_many_statements_as_anybodys(
    company: Company, fresh_database_url: str, redis_url: str, scope: Scope
) -> None:
    await many_conversations(fresh_database_url, company, 30)
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False) as quiet:
        await quiet.http.get("/readyz")
        role = await hired(fresh_database_url, company, reading(scope))
        inboxes = (await quiet.client(company.admin).ask("{ inboxes { id } }"))["inboxes"]
        wanted = {"name": "All", "agentIds": [id_of(role)], "inboxIds": [one["id"] for one in inboxes]}
        await quiet.client(company.admin).ask(CREATE_TEAM, input=wanted)
        with counted() as seen:
            page = (await quiet.client(role).ask(WITHOUT_AUTHORS, first=25))["conversations"]["nodes"]
    assert len(page) == (25 if scope is Scope.TEAM else 0)
    assert len(seen) == (5 if scope is Scope.TEAM else 2)  # tenant, page, customers, last messages, assignees
