"""Agents over the public API: who sees them, who gives and takes their roles, and who keeps them out."""

import asyncio
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update

from domain.account.organization import role_of
from domain.account.permission import BuiltinRole, Grants, Permission, Scope
from domain.base import Actor, ForbiddenError
from infra import bootstrap
from infra.accounts.rows import people, sessions
from infra.bootstrap import new_id, now
from infra.database import Database
from infra.rows import agents
from schema.base import global_id
from tests.documents import INBOX
from tests.hiring import hired
from tests.resolvers.test_knowledge import mutation
from tests.resolvers.test_statements import counted
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted, settings_for

AGENT = "id name role suspendedAt email assignedRole { name isBuiltin } teams { name }"
AGENTS = f"""
query Agents($first: Int, $after: String) {{
  agents(first: $first, after: $after) {{ nodes {{ {AGENT} }} pageInfo {{ hasNextPage endCursor }} }}
}}"""
NODE = f"query Node($id: ID!) {{ node(id: $id) {{ ... on Agent {{ {AGENT} }} }} }}"
ASSIGN = mutation("assignRole", f"agent {{ {AGENT} }}")
SUSPEND = mutation("suspendAgent", f"agent {{ {AGENT} }}")
REINSTATE = mutation("reinstateAgent", f"agent {{ {AGENT} }}")
RENAME = mutation("changeAgent", f"agent {{ {AGENT} }}")


def id_of(actor: Actor) -> str:
    return global_id("Agent", actor.identity)


def role_id(company: Company, role: BuiltinRole) -> str:
    return global_id("Role", role_of(company.id, role))


def giving(company: Company, actor: Actor, role: BuiltinRole, **more: Any) -> dict[str, Any]:
    return {"agentId": id_of(actor), "roleId": role_id(company, role), **more}


def outcome(answer: dict[str, Any]) -> str:
    """The code of the error, or the name of the success."""
    (payload,) = answer.values()
    return str(payload.get("code", payload["__typename"]))


async def executed(database_url: str, company: Company, *statements: Any) -> list[Any]:
    """The rows of the last statement, run within the company."""
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        for statement in statements:
            result = await connection.execute(statement)
        rows = list(result.all()) if result.returns_rows else []
        await connection.commit()
    await database.close()
    return rows


async def test_agents_come_page_by_page(stack: Stack, company: Company) -> None:
    reader = stack.client(company.agent)
    first = (await reader.ask(AGENTS, first=2))["agents"]
    assert [one["name"] for one in first["nodes"]] == ["Person 2", "Person 3"]
    rest = (await reader.ask(AGENTS, first=2, after=first["pageInfo"]["endCursor"]))["agents"]
    assert [(one["name"], one["role"]) for one in rest["nodes"]] == [("Person 4", "admin")]
    assert rest["nodes"][0]["assignedRole"] == {"name": "admin", "isBuiltin": True}


async def test_a_page_of_agents_takes_four_statements(
    company: Company, fresh_database_url: str, redis_url: str
) -> None:
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False) as quiet:
        await quiet.http.get("/readyz")  # a first connection asks for the server's version
        with counted() as seen:
            page = await quiet.client(company.agent).ask(AGENTS)
    assert len(page["agents"]["nodes"]) == 3
    assert len(seen) == 4  # tenant, page, roles, teams


async def test_addresses_are_for_who_manages_agents(stack: Stack, company: Company, fresh_database_url: str) -> None:
    person_id = new_id()
    database = Database(fresh_database_url, pool_size=1)
    async with database.accounts() as connection:
        row = {"id": person_id, "email": "kim@people.example", "name": "Kim", "created_at": now()}
        await connection.execute(insert(people), row)
        await connection.commit()
    await database.close()
    mine = agents.c.id == company.agent.id
    await executed(fresh_database_url, company, update(agents).where(mine).values(person_id=person_id))
    seen = [
        (await stack.client(who).ask(NODE, id=id_of(company.agent)))["node"]["email"]
        for who in (company.admin, company.agent, company.customer)
    ]
    assert seen == ["kim@people.example", None, None]


async def test_customers_see_a_name_and_no_more(stack: Stack, company: Company, fresh_database_url: str) -> None:
    secret = await hired(fresh_database_url, company, {Permission.READ_AGENTS: Scope.ALL}, name="Sam")
    customer = stack.client(company.customer)
    seen = (await customer.ask(NODE, id=id_of(secret)))["node"]
    nothing: dict[str, Any] = {"suspendedAt": None, "email": None, "assignedRole": None, "teams": []}
    assert seen == {"id": id_of(secret), "name": "Sam", "role": "agent", **nothing}
    with pytest.raises(GraphQLFailedError) as caught:
        await customer.ask(AGENTS)
    assert caught.value.code == "FORBIDDEN"


async def test_a_role_is_assigned_and_told(stack: Stack, company: Company, fresh_database_url: str) -> None:
    admin = stack.client(company.admin)
    promoted = await admin.ask(ASSIGN, input=giving(company, company.agent, BuiltinRole.ADMIN, reason="Merit."))
    assert promoted["assignRole"]["agent"]["role"] == "admin"
    grants = (await stack.client(company.agent).ask("{ viewer { kind grants { permission } } }"))["viewer"]
    assert grants["kind"] == "ADMIN"
    assert {"permission": "MANAGE_AGENTS"} in grants["grants"]
    wanted = text("SELECT audited, address, payload->>'reason' AS reason FROM event WHERE kind = 'AgentRoleAssigned'")
    assert [tuple(row) for row in await executed(fresh_database_url, company, wanted)] == [
        (True, "127.0.0.1", "Merit.")
    ]


async def test_only_owners_make_and_unmake_owners(stack: Stack, company: Company, fresh_database_url: str) -> None:
    owner = await hired(fresh_database_url, company, BuiltinRole.OWNER)
    admin, client = stack.client(company.admin), stack.client(owner)
    assert outcome(await admin.ask(ASSIGN, input=giving(company, company.agent, BuiltinRole.OWNER))) == "FORBIDDEN"
    assert outcome(await admin.ask(ASSIGN, input=giving(company, company.admin, BuiltinRole.OWNER))) == "FORBIDDEN"
    assert outcome(await admin.ask(ASSIGN, input=giving(company, owner, BuiltinRole.AGENT))) == "FORBIDDEN"
    assert outcome(await admin.ask(SUSPEND, input={"agentId": id_of(owner)})) == "FORBIDDEN"
    assert outcome(await client.ask(ASSIGN, input=giving(company, owner, BuiltinRole.ADMIN))) == "INVALID_STATE"
    made = await client.ask(ASSIGN, input=giving(company, company.agent, BuiltinRole.OWNER))
    assert outcome(made) == "AssignRoleSuccess"
    assert outcome(await client.ask(ASSIGN, input=giving(company, owner, BuiltinRole.ADMIN))) == "AssignRoleSuccess"
    assert outcome(await client.ask(ASSIGN, input=giving(company, owner, BuiltinRole.OWNER))) == "FORBIDDEN"


@pytest.mark.parametrize("document", [ASSIGN, SUSPEND])
async def test_two_owners_who_unmake_each_other_leave_one(
    stack: Stack, company: Company, fresh_database_url: str, document: str
) -> None:
    for _ in range(5):
        one = await hired(fresh_database_url, company, BuiltinRole.OWNER)
        other = await hired(fresh_database_url, company, BuiltinRole.OWNER)

        def doomed(whom: Actor) -> dict[str, Any]:
            return giving(company, whom, BuiltinRole.AGENT) if document == ASSIGN else {"agentId": id_of(whom)}

        async def attempt(by: Actor, whom: Actor) -> str:
            try:
                return outcome(await stack.client(by).ask(document, input=doomed(whom)))
            except GraphQLFailedError as error:  # who was unmade before the answer was put together
                return error.code

        told = await asyncio.gather(attempt(one, other), attempt(other, one))
        wanted = select(agents.c.id).where(
            agents.c.role_id == role_of(company.id, BuiltinRole.OWNER), agents.c.suspended_at.is_(None)
        )
        left = await executed(fresh_database_url, company, wanted)
        assert len(left) == 1, told
        assert sum(answer.endswith("Success") for answer in told) == 1, told
        await executed(
            fresh_database_url, company, update(agents).values(role_id=role_of(company.id, BuiltinRole.AGENT))
        )


async def test_nobody_gives_what_they_lack_nor_touches_their_betters(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    grants: Grants = {Permission.MANAGE_AGENTS: Scope.ALL, Permission.READ_AGENTS: Scope.ALL}
    lead = await hired(fresh_database_url, company, grants)
    small = await hired(fresh_database_url, company, {Permission.READ_AGENTS: Scope.ALL})
    client = stack.client(lead)
    for whom, role in ((small, BuiltinRole.AGENT), (lead, BuiltinRole.ADMIN)):
        assert outcome(await client.ask(ASSIGN, input=giving(company, whom, role))) == "FORBIDDEN"
    assert outcome(await client.ask(SUSPEND, input={"agentId": id_of(company.admin)})) == "FORBIDDEN"
    assert outcome(await client.ask(SUSPEND, input={"agentId": id_of(small)})) == "SuspendAgentSuccess"
    assert outcome(await client.ask(SUSPEND, input={"agentId": id_of(lead)})) == "FORBIDDEN"
    refused = await stack.client(company.agent).ask(SUSPEND, input={"agentId": id_of(small)})
    assert outcome(refused) == "FORBIDDEN"


async def refusal(client: Client) -> str | None:
    """The code with which somebody is turned away at the door, None for who gets in."""
    headers = {"authorization": f"Bearer {client.token}"}
    answer = await client.http.post("/graphql", json={"query": "{ viewer { kind } }"}, headers=headers)
    errors = answer.json().get("errors")
    return str(errors[0]["extensions"]["code"]) if errors else None


async def test_suspension_keeps_out_and_ends_all_sessions_for_good(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    admin, suspended = stack.client(company.admin), stack.client(company.agent)
    named = {"agentId": id_of(company.agent)}
    assert await refusal(suspended) is None
    shown = await admin.ask(SUSPEND, input=named | {"reason": "A lost phone."})
    assert shown["suspendAgent"]["agent"]["suspendedAt"] is not None
    assert await refusal(suspended) == "FORBIDDEN"
    shown = await admin.ask(REINSTATE, input=named | {"reason": "It was found."})
    assert shown["reinstateAgent"]["agent"]["suspendedAt"] is None
    assert await refusal(suspended) == "UNAUTHENTICATED"
    wanted = select(sessions.c.ended_reason).where(sessions.c.agent_id == company.agent.id)
    assert [tuple(row) for row in await executed(fresh_database_url, company, wanted)] == [("agent_suspended",)]
    told = text("SELECT kind, payload->>'reason' AS reason FROM event WHERE audited ORDER BY id")
    assert {tuple(row) for row in await executed(fresh_database_url, company, told)} == {
        ("AgentSuspended", "A lost phone."),
        ("SessionEnded", "It was found."),
        ("AgentReinstated", "It was found."),
    }


async def test_agents_call_themselves_otherwise_and_nobody_else(stack: Stack, company: Company) -> None:
    renamed = await stack.client(company.agent).ask(RENAME, input={"name": "Kim"})
    assert renamed["changeAgent"]["agent"]["name"] == "Kim"
    assert outcome(await stack.client(company.agent).ask(RENAME, input={"name": " "})) == "INVALID_INPUT"
    assert outcome(await stack.client(company.customer).ask(RENAME, input={"name": "Kim"})) == "FORBIDDEN"


async def test_agents_of_others_are_not_there(stack: Stack, company: Company, fresh_database_url: str) -> None:
    stranger = await found_company(fresh_database_url)
    admin = stack.client(company.admin)
    theirs, ours = id_of(stranger.agent), id_of(company.agent)
    assert outcome(await admin.ask(SUSPEND, input={"agentId": theirs})) == "NOT_FOUND"
    assert outcome(await admin.ask(REINSTATE, input={"agentId": theirs})) == "NOT_FOUND"
    for agent, role in ((theirs, role_id(company, BuiltinRole.AGENT)), (ours, role_id(stranger, BuiltinRole.AGENT))):
        assert outcome(await admin.ask(ASSIGN, input={"agentId": agent, "roleId": role})) == "NOT_FOUND"
    assert (await admin.ask(NODE, id=theirs))["node"] is None
    unchanged = select(agents.c.version).where(agents.c.id.in_([stranger.agent.id, UUID(int=0)]))
    assert [tuple(row) for row in await executed(fresh_database_url, stranger, unchanged)] == [(0,)]


@pytest.mark.parametrize("how", ["suspended", "another role"])
async def test_what_an_agent_has_open_closes_at_once(stack: Stack, company: Company, how: str) -> None:
    watching = asyncio.create_task(anext(stack.client(company.agent).watch(INBOX)))
    await asyncio.sleep(0.3)
    admin = stack.client(company.admin)
    began = monotonic()
    if how == "suspended":
        await admin.ask(SUSPEND, input={"agentId": id_of(company.agent)})
    else:
        await admin.ask(ASSIGN, input=giving(company, company.agent, BuiltinRole.ANALYST))
    with pytest.raises(Exception, match="4403"):
        await asyncio.wait_for(watching, 5)
    assert monotonic() - began < 5  # bench.revocation measures it


async def test_rights_that_were_just_lost_give_nothing_away(
    company: Company, fresh_database_url: str, redis_url: str
) -> None:
    """As in another process, which has not heard of it yet."""
    demoted = update(agents).where(agents.c.id == company.admin.id)
    demoted = demoted.values(role_id=role_of(company.id, BuiltinRole.ANALYST))
    await executed(fresh_database_url, company, demoted)
    friend, admins = company.agent.identity, role_of(company.id, BuiltinRole.ADMIN)
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as made:
        commands = made.accounts
        attempts = [
            commands.agents.assign_role(company.admin, friend, admins),
            commands.agents.suspend(company.admin, friend),
            commands.agents.reinstate(company.admin, friend),
            commands.roles.create(company.admin, "Ours", {Permission.READ_AGENTS: Scope.ALL}),
        ]
        for attempt in attempts:
            with pytest.raises(ForbiddenError):
                await attempt
    wanted = select(agents.c.version).where(agents.c.id == friend)
    assert [tuple(row) for row in await executed(fresh_database_url, company, wanted)] == [(0,)]
