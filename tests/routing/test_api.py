"""Routing over the API: people are there, are asked, take, decline and pass on, and see who waits and why."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.base import Actor
from tests.documents import ERRORS, START, command
from tests.stack import Company, Stack, found_company, running, scripted

AVAILABLE = f"""
mutation Be($status: AvailabilityStatus!) {{
  setAvailability(input: {{status: $status}}) {{
    __typename {ERRORS}
    ... on SetAvailabilitySuccess {{ agent {{ id availability {{ status capacity load languages }} }} }}
  }}
}}"""
SKILLS = f"""
mutation Skills($agent: ID!, $languages: [String!]!, $capacity: Int!) {{
  setAgentSkills(input: {{agentId: $agent, languages: $languages, topics: [], capacity: $capacity}}) {{
    __typename ... on SetAgentSkillsSuccess {{ agent {{ availability {{ capacity languages }} }} }} {ERRORS}
  }}
}}"""
NEEDS = f"""
mutation Needs($inbox: ID!, $language: String) {{
  setInboxNeeds(input: {{inboxId: $inbox, language: $language}}) {{
    __typename ... on SetInboxNeedsSuccess {{ inbox {{ routingNeeds {{ language topic }} }} }} {ERRORS}
  }}
}}"""
ASSIGN = f"""
mutation Assign($id: ID!, $agent: ID!, $reason: String) {{
  assignConversation(input: {{conversationId: $id, agentId: $agent, reason: $reason}}) {{
    __typename ... on AssignConversationSuccess {{ conversation {{ assignee {{ id }} }} }} {ERRORS}
  }}
}}"""
PRESENT = "mutation { bePresent(input: {}) { __typename ... on BePresentSuccess { agent { id } } } }"
MINE = "{ myOffers { until agent { id } conversation { id state } } }"
QUEUE = """
query Queue($first: Int, $after: String) {
  queue(first: $first, after: $after) {
    nodes {
      position waitingSince estimatedSeconds forTeam language topic reasonsNobodyFits
      offer { agent { id } } conversation { id }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
ENTRY = "query Entry($id: ID!) { conversation(id: $id) { queueEntry { position language reasonsNobodyFits } } }"
OFFERS = """
subscription { offersChanged {
  __typename
  ... on ConversationEvent { conversation { id } }
  ... on OfferMade { until agent { id } }
  ... on OfferEnded { end }
} }"""
POLICY = f"""
mutation Policy($offer: Int!) {{
  setRoutingPolicy(input: {{offerSeconds: $offer}}) {{
    __typename ... on SetRoutingPolicySuccess {{ routingPolicy {{ offerSeconds graceSeconds }} }} {ERRORS}
  }}
}}"""


GUIDE = Path(__file__).parents[2] / "docs" / "routing.md"


def wrapped(concept: str, identity: UUID | None) -> str:
    return base64.urlsafe_b64encode(f"{concept}:{identity}".encode()).decode().rstrip("=")


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What is found once something is; worker and server have a while for it."""
    async with asyncio.timeout(40):
        while not (found := await look()):
            await asyncio.sleep(0.05)
    return found


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[tuple[Stack, Company]]:
    company = await found_company(database_url)
    async with running(database_url, redis_url, scripted("Yes.")) as stack:
        yield stack, company


async def waits(stack: Stack, company: Company) -> str:
    """A new conversation that needs a person."""
    customer = stack.client(company.customer)
    begun = (await customer.ask(START, text="Help?"))["startConversation"]["conversation"]["id"]
    answer = (await customer.ask(command("requestHandoff"), id=begun))["requestHandoff"]
    assert answer["__typename"] == "RequestHandoffSuccess", answer
    return str(begun)


async def be(stack: Stack, agent: Actor, status: str) -> Any:
    return (await stack.client(agent).ask(AVAILABLE, status=status))["setAvailability"]


async def test_from_the_queue_to_an_agent_and_back_and_on(desk: tuple[Stack, Company]) -> None:
    stack, company = desk
    agent, other = stack.client(company.agent), stack.client(company.other_agent)
    first, second = await waits(stack, company), await waits(stack, company)
    entries = (await agent.ask(QUEUE, first=1))["queue"]
    assert entries["nodes"][0]["conversation"]["id"] == first
    assert entries["nodes"][0]["reasonsNobodyFits"] == ["NOBODY_ONLINE"]
    rest = (await agent.ask(QUEUE, first=5, after=entries["pageInfo"]["endCursor"]))["queue"]
    assert [(node["position"], node["conversation"]["id"]) for node in rest["nodes"]] == [(2, second)]

    async with aclosing(agent.watch(OFFERS)) as told:
        watching = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0.3)
        shown = await be(stack, company.agent, "ONLINE")
        assert shown["agent"]["availability"] == {"status": "ONLINE", "capacity": 4, "load": 0, "languages": []}
        made = (await asyncio.wait_for(watching, 40))["offersChanged"]
        assert (made["__typename"], made["conversation"]["id"]) == ("OfferMade", first)
        offers = (await agent.ask(MINE))["myOffers"]
        assert {offer["conversation"]["id"] for offer in offers} == {first, second}
        taken = (await agent.ask(command("acceptOffer"), id=first))["acceptOffer"]
        assert taken["conversation"]["state"] == "WITH_PERSON"
        assert (await agent.ask(command("declineOffer"), id=second))["declineOffer"][
            "__typename"
        ] == "DeclineOfferSuccess"
    refused = (await other.ask(command("acceptOffer"), id=second))["acceptOffer"]
    assert refused["__typename"] == "InvalidStateError"
    assert (await agent.ask(ENTRY, id=second))["conversation"]["queueEntry"]["reasonsNobodyFits"] == [
        "EVERYBODY_PASSED"
    ]

    await be(stack, company.other_agent, "ONLINE")
    await until(lambda: _offered(other))
    assert (await other.ask(command("acceptOffer"), id=second))["acceptOffer"]["conversation"]["state"] == "WITH_PERSON"
    back = (await agent.ask(command("returnConversation"), id=first))["returnConversation"]
    assert back["conversation"]["state"] == "WAITING" and back["conversation"]["waitingSince"] is not None
    assert await until(lambda: _offered(other)) == {first}
    assigned = await agent.ask(ASSIGN, id=first, agent=wrapped("Agent", company.agent.id))
    assert assigned["assignConversation"]["conversation"]["assignee"]["id"] == wrapped("Agent", company.agent.id)
    assert (await other.ask(MINE))["myOffers"] == []


async def _offered(client: Any) -> set[str]:
    return {offer["conversation"]["id"] for offer in (await client.ask(MINE))["myOffers"]}


async def test_skills_needs_and_terms_are_for_who_may_decide_them(desk: tuple[Stack, Company]) -> None:
    stack, company = desk
    admin, agent = stack.client(company.admin), stack.client(company.agent)
    mine = wrapped("Agent", company.agent.id)
    skilled = (await admin.ask(SKILLS, agent=mine, languages=["fr"], capacity=2))["setAgentSkills"]
    assert skilled["agent"]["availability"] == {"capacity": 2, "languages": ["fr"]}
    wrong = (await admin.ask(SKILLS, agent=mine, languages=["French"], capacity=101))["setAgentSkills"]
    assert wrong["__typename"] == "InvalidInputError"
    assert (await admin.ask(POLICY, offer=4))["setRoutingPolicy"]["__typename"] == "InvalidInputError"
    decided = (await admin.ask(POLICY, offer=30))["setRoutingPolicy"]["routingPolicy"]
    assert decided == {"offerSeconds": 30, "graceSeconds": 180}
    refused = (await agent.ask(POLICY, offer=30))["setRoutingPolicy"]
    assert refused["__typename"] == "ForbiddenError"

    inbox = (await admin.ask("{ inboxes { id } }"))["inboxes"][0]["id"]
    needs = (await admin.ask(NEEDS, inbox=inbox, language="de"))["setInboxNeeds"]["inbox"]["routingNeeds"]
    assert needs == {"language": "de", "topic": None}
    await be(stack, company.agent, "ONLINE")
    waiting = await waits(stack, company)
    entry = (await agent.ask(ENTRY, id=waiting))["conversation"]["queueEntry"]
    assert entry == {"position": 1, "language": "de", "reasonsNobodyFits": ["NOBODY_SPEAKS_LANGUAGE"]}
    assert (await stack.client(company.customer).ask(ENTRY, id=waiting))["conversation"]["queueEntry"] is None
    assert (await agent.ask(PRESENT))["bePresent"]["agent"]["id"] == mine


async def test_the_guides_documents_do_what_it_says(desk: tuple[Stack, Company]) -> None:
    stack, company = desk
    online, offers, accept, queue = re.findall(r"```graphql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    agent = stack.client(company.agent)
    async with aclosing(agent.watch(offers)) as told:
        watching = asyncio.ensure_future(anext(told))
        await agent.ask(online)
        waiting = await waits(stack, company)
        made = (await asyncio.wait_for(watching, 40))["offersChanged"]
    assert (made["__typename"], made["conversation"]["id"]) == ("OfferMade", waiting)
    (entry,) = (await agent.ask(queue))["queue"]["nodes"]
    assert (entry["position"], entry["reasonsNobodyFits"], entry["offer"]["until"]) == (1, [], made["until"])
    assert (await agent.ask(accept, id=waiting))["acceptOffer"]["conversation"]["state"] == "WITH_PERSON"
    assert (await agent.ask(queue))["queue"]["nodes"] == []
