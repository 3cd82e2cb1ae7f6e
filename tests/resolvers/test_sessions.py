"""Sessions over the public API: who sees which, and that ended ones are over at once."""

import asyncio
from typing import Any

import pytest

from domain.account.permission import Grants, Permission, Scope
from schema.base import global_id
from tests.hiring import hired
from tests.resolvers.test_knowledge import mutation
from tests.signed_in import closed, connected, signed_in
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company

SESSION = "id device address strategy isCurrent endedAt endedReason"
MINE = f"{{ viewer {{ sessions {{ {SESSION} }} }} }}"
OF_AGENT = f"query S($id: ID!) {{ sessions(agentId: $id) {{ nodes {{ {SESSION} }} }} }}"
END = mutation("endSession", f"session {{ {SESSION} }}")
END_OTHERS = mutation("endOtherSessions", f"session {{ {SESSION} }}")
END_ALL = mutation("endAgentSessions", "agent { name }")
NODE = "query N($id: ID!) { node(id: $id) { id } }"
OWN: Grants = {Permission.MANAGE_SESSIONS: Scope.OWN, Permission.READ_CONVERSATIONS: Scope.ALL}


async def mine(client: Client) -> Any:
    return (await client.ask(MINE))["viewer"]["sessions"]


def by_token(stack: Stack, token: str) -> Client:
    return Client(stack.http, stack.socket_url, token)


async def test_people_see_their_own_sessions_and_which_is_this_one(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    await signed_in(fresh_database_url, company.other_agent)
    for actor in (company.agent, company.customer):
        session_id, token = await signed_in(fresh_database_url, actor)
        newest, shell = await mine(by_token(stack, token))
        assert newest == {
            "id": global_id("Session", session_id),
            "device": "Firefox on Linux",
            "address": "192.0.2.7",
            "strategy": "password",
            "isCurrent": True,
            "endedAt": None,
            "endedReason": None,
        }
        assert (shell["isCurrent"], shell["strategy"]) == (False, "shell")
    assert await mine(stack.client(None)) is None


async def test_an_ended_session_is_refused_and_its_socket_closes_within_a_second(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    session_id, token = await signed_in(fresh_database_url, company.agent)
    agent = stack.client(company.agent)
    async with connected(stack, token) as socket:
        answer = await agent.ask(END, input={"sessionId": global_id("Session", session_id), "reason": "Lost phone."})
        code, seconds = await closed(socket)
    assert (code, seconds < 1) == (4401, True)
    ended = answer["endSession"]["session"]
    assert ended["endedReason"] == "revoked"
    with pytest.raises(GraphQLFailedError, match="UNAUTHENTICATED"):
        await by_token(stack, token).ask(MINE)
    assert [one["strategy"] for one in await mine(agent)] == ["shell"]
    again = await agent.ask(END, input={"sessionId": global_id("Session", session_id)})
    assert again["endSession"]["session"] == ended


async def test_whoever_ends_their_own_session_hears_that_it_is_done(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    session_id, token = await signed_in(fresh_database_url, company.agent)
    answer = await by_token(stack, token).ask(END, input={"sessionId": global_id("Session", session_id)})
    assert answer["endSession"]["session"]["endedReason"] == "revoked"


async def test_all_others_end_and_this_one_stays(stack: Stack, company: Company, fresh_database_url: str) -> None:
    tokens = [(await signed_in(fresh_database_url, company.agent))[1] for _ in range(3)]
    bystander = await signed_in(fresh_database_url, company.other_agent)
    async with connected(stack, tokens[0]) as first, connected(stack, tokens[1]) as second:
        answer = await by_token(stack, tokens[2]).ask(END_OTHERS, input={})
        ends = await asyncio.gather(closed(first), closed(second))
    assert [code for code, _ in ends] == [4401, 4401]
    assert max(seconds for _, seconds in ends) < 1
    [stays] = await mine(by_token(stack, tokens[2]))
    assert stays == answer["endOtherSessions"]["session"]
    assert len(await mine(by_token(stack, bystander[1]))) == 2


async def test_an_admin_sees_and_ends_all_of_an_agent(stack: Stack, company: Company, fresh_database_url: str) -> None:
    _, token = await signed_in(fresh_database_url, company.agent)
    admin, agent_id = stack.client(company.admin), global_id("Agent", company.agent.identity)
    async with connected(stack, token) as socket:
        answer = await admin.ask(END_ALL, input={"agentId": agent_id, "reason": "Left the company."})
        code, seconds = await closed(socket)
    assert answer["endAgentSessions"]["agent"] == {"name": "Person 2"}
    assert (code, seconds < 1) == (4401, True)
    over = (await admin.ask(OF_AGENT, id=agent_id))["sessions"]["nodes"]
    assert [one["endedReason"] for one in over] == ["revoked", "revoked"]


async def test_nobody_sees_or_ends_the_sessions_of_others_without_the_right(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    session_id, token = await signed_in(fresh_database_url, company.agent)
    session, agent = global_id("Session", session_id), global_id("Agent", company.agent.identity)
    stranger = (await found_company(fresh_database_url)).admin
    for actor in (await hired(fresh_database_url, company, OWN), company.customer, company.other_agent, stranger):
        client = stack.client(actor)
        assert (await client.ask(NODE, id=session))["node"] is None
        assert (await client.ask(OF_AGENT, id=agent))["sessions"]["nodes"] == []
        assert (await client.ask(END, input={"sessionId": session}))["endSession"]["code"] == "NOT_FOUND"
        assert (await client.ask(END_ALL, input={"agentId": agent}))["endAgentSessions"]["code"] == "NOT_FOUND"
    assert len(await mine(by_token(stack, token))) == 2
