"""Teams and inboxes over the public API."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from domain.account.permission import BuiltinRole, Permission, Scope
from schema.base import global_id
from tests.hiring import hired
from tests.resolvers.test_agents import executed, id_of, outcome
from tests.resolvers.test_knowledge import mutation
from tests.resolvers.test_statements import counted
from tests.stack import Company, GraphQLFailedError, Stack, found_company, running, scripted

TEAM = "id name agents(first: 50) { nodes { name } } inboxes { name }"
TEAMS = f"{{ teams {{ {TEAM} }} }}"
INBOXES = "{ inboxes { id name channel } }"
CREATE_TEAM = mutation("createTeam", f"team {{ {TEAM} }}")
CHANGE_TEAM = mutation("changeTeam", f"team {{ {TEAM} }}")
DELETE_TEAM = mutation("deleteTeam", "deletedId")
CREATE_INBOX = mutation("createInbox", "inbox { id name channel }")
CHANGE_INBOX = mutation("changeInbox", "inbox { id name channel assistantEnabled }")


async def made_inbox(stack: Stack, company: Company, name: str) -> str:
    return str(
        (await stack.client(company.admin).ask(CREATE_INBOX, input={"name": name}))["createInbox"]["inbox"]["id"]
    )


async def test_a_team_is_made_changed_and_deleted(stack: Stack, company: Company, fresh_database_url: str) -> None:
    admin, place = stack.client(company.admin), await made_inbox(stack, company, "Returns")
    people = [id_of(company.agent), id_of(company.other_agent)]
    made = (await admin.ask(CREATE_TEAM, input={"name": "Night", "agentIds": people, "inboxIds": [place]}))[
        "createTeam"
    ]
    team = made["team"]
    assert [one["name"] for one in team["agents"]["nodes"]] == ["Person 2", "Person 3"]
    assert team["inboxes"] == [{"name": "Returns"}]
    wanted = "query T($id: ID!) { node(id: $id) { ... on Agent { teams { name } } } }"
    assert (await admin.ask(wanted, id=people[0]))["node"]["teams"] == [{"name": "Night"}]
    changed = {"teamId": team["id"], "name": "Day", "agentIds": people[:1], "inboxIds": [], "reason": "Smaller."}
    team = (await admin.ask(CHANGE_TEAM, input=changed))["changeTeam"]["team"]
    assert (team["name"], team["agents"]["nodes"], team["inboxes"]) == ("Day", [{"name": "Person 2"}], [])
    kept = (await admin.ask(CHANGE_TEAM, input={"teamId": team["id"]}))["changeTeam"]["team"]
    assert kept == team
    assert outcome(await admin.ask(DELETE_TEAM, input={"teamId": team["id"]})) == "DeleteTeamSuccess"
    assert (await admin.ask(TEAMS))["teams"] == []
    assert (await admin.ask("query T($id: ID!) { team(id: $id) { id } }", id=team["id"])) == {"team": None}
    told = text("SELECT kind, audited FROM event WHERE stream LIKE 'team:%' ORDER BY version")
    assert [tuple(row) for row in await executed(fresh_database_url, company, told)] == [
        ("TeamCreated", True),
        ("TeamChanged", True),
        ("TeamChanged", True),
        ("TeamDeleted", True),
    ]


async def test_people_of_a_team_come_page_by_page(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    people = [id_of(one) for one in (company.agent, company.other_agent, company.admin)]
    for name in ("Day", "Night"):
        await admin.ask(CREATE_TEAM, input={"name": name, "agentIds": people})
    wanted = """query P($after: String) {
      teams { agents(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }
    }"""
    first = [team["agents"] for team in (await admin.ask(wanted))["teams"]]
    assert [[one["name"] for one in page["nodes"]] for page in first] == [["Person 2", "Person 3"]] * 2
    after = first[0]["pageInfo"]["endCursor"]
    rest = [team["agents"] for team in (await admin.ask(wanted, after=after))["teams"]]
    assert [[one["name"] for one in page["nodes"]] for page in rest] == [["Person 4"]] * 2
    assert not rest[0]["pageInfo"]["hasNextPage"]


async def test_refusals_say_why(stack: Stack, company: Company, fresh_database_url: str) -> None:
    admin, stranger = stack.client(company.admin), await found_company(fresh_database_url)
    theirs = await made_inbox(stack, stranger, "Theirs")
    night: dict[str, Any] = {"name": "Night"}
    made = (await admin.ask(CREATE_TEAM, input=night))["createTeam"]["team"]
    named = {"teamId": made["id"]}
    assert outcome(await admin.ask(CREATE_TEAM, input=night)) == "INVALID_STATE"
    for document, base in ((CREATE_TEAM, {"name": "Other"}), (CHANGE_TEAM, named)):
        assert outcome(await admin.ask(document, input=base | {"agentIds": [id_of(stranger.agent)]})) == "NOT_FOUND"
        assert outcome(await admin.ask(document, input=base | {"inboxIds": [theirs]})) == "NOT_FOUND"
        assert outcome(await admin.ask(document, input=base | {"inboxIds": [id_of(company.agent)]})) == "INVALID_INPUT"
    for document, named_input in ((CHANGE_TEAM, named | {"name": "Mine"}), (DELETE_TEAM, named)):
        assert outcome(await stack.client(stranger.admin).ask(document, input=named_input)) == "NOT_FOUND"
        assert outcome(await stack.client(company.agent).ask(document, input=named_input)) == "FORBIDDEN"
    assert outcome(await stack.client(stranger.admin).ask(CHANGE_INBOX, input={"inboxId": theirs, "name": "X"})) == (
        "ChangeInboxSuccess"
    )
    assert outcome(await admin.ask(CHANGE_INBOX, input={"inboxId": theirs, "name": "Mine"})) == "NOT_FOUND"
    with pytest.raises(GraphQLFailedError) as caught:
        await stack.client(company.customer).ask(TEAMS)
    assert caught.value.code == "FORBIDDEN"


async def test_a_lead_who_does_not_read_all_adds_nobody(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    grants = {Permission.MANAGE_TEAMS: Scope.ALL, Permission.READ_AGENTS: Scope.ALL}
    grants |= {Permission.READ_ORGANIZATION: Scope.ALL, Permission.READ_CONVERSATIONS: Scope.TEAM}
    lead = await hired(fresh_database_url, company, grants)
    client = stack.client(lead)
    made = await client.ask(CREATE_TEAM, input={"name": "Night"})
    assert outcome(made) == "CreateTeamSuccess"
    named = {"teamId": made["createTeam"]["team"]["id"]}
    assert outcome(await client.ask(CHANGE_TEAM, input=named | {"agentIds": [id_of(lead)]})) == "FORBIDDEN"


async def test_inboxes_are_listed_made_and_renamed(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    first = (await admin.ask(INBOXES))["inboxes"]
    assert [(one["name"], one["channel"]) for one in first] == [("Chat", "CHAT")]
    made = await made_inbox(stack, company, "Returns")
    assert outcome(await admin.ask(CREATE_INBOX, input={"name": "Returns"})) == "INVALID_STATE"
    assert outcome(await admin.ask(CHANGE_INBOX, input={"inboxId": made, "name": "Chat"})) == "INVALID_STATE"
    renamed = await admin.ask(CHANGE_INBOX, input={"inboxId": made, "name": "Exchanges"})
    expected = {"id": made, "name": "Exchanges", "channel": "CHAT", "assistantEnabled": True}
    assert renamed["changeInbox"]["inbox"] == expected
    assert outcome(await stack.client(company.agent).ask(CREATE_INBOX, input={"name": "Mine"})) == "FORBIDDEN"
    with pytest.raises(GraphQLFailedError) as caught:
        await stack.client(company.customer).ask(INBOXES)
    assert caught.value.code == "FORBIDDEN"
    seen = await stack.client(company.customer).ask("query N($id: ID!) { node(id: $id) { id } }", id=made)
    assert seen["node"] == {"id": made}
    team = global_id("Team", company.id)
    assert (await stack.client(company.customer).ask("query N($id: ID!) { node(id: $id) { id } }", id=team)) == {
        "node": None
    }


async def test_two_changes_at_once_leave_one_whole_list(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    team = (await admin.ask(CREATE_TEAM, input={"name": "Night"}))["createTeam"]["team"]["id"]
    lists = [[id_of(company.agent)], [id_of(company.other_agent), id_of(company.admin)]]
    changes = (admin.ask(CHANGE_TEAM, input={"teamId": team, "agentIds": one}) for one in lists * 3)
    assert {outcome(answer) for answer in await asyncio.gather(*changes)} == {"ChangeTeamSuccess"}
    (left,) = (await admin.ask(TEAMS))["teams"]
    assert [one["name"] for one in left["agents"]["nodes"]] in (["Person 2"], ["Person 3", "Person 4"])


async def test_teams_take_four_statements_however_many(
    company: Company, fresh_database_url: str, redis_url: str
) -> None:
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False) as quiet:
        admin = quiet.client(company.admin)
        for number in range(3):
            await admin.ask(CREATE_TEAM, input={"name": f"Team {number}", "agentIds": [id_of(company.agent)]})
        analyst = quiet.client(await hired(fresh_database_url, company, BuiltinRole.ANALYST))
        with counted() as seen:
            teams = (await analyst.ask(TEAMS))["teams"]
    assert [(one["name"], len(one["agents"]["nodes"])) for one in teams] == [
        (f"Team {number}", 1) for number in range(3)
    ]
    assert len(seen) == 4  # tenant, teams, their people, their inboxes
