"""Roles over the public API: what there is, who makes them, and that their holders feel it."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from domain.account.permission import Grants, Permission, Scope
from infra.accounts.rows import invitations
from infra.bootstrap import new_id, now
from infra.database import Database
from infra.rows import agents
from tests.hiring import hired
from tests.resolvers.test_knowledge import mutation
from tests.stack import Company, GraphQLFailedError, Stack, found_company

ROLE = "id name isBuiltin grants { permission scope }"
ROLES = f"{{ roles {{ {ROLE} }} }}"
CREATE = mutation("createRole", f"role {{ {ROLE} }}")
CHANGE = mutation("changeRole", f"role {{ {ROLE} }}")
DELETE = mutation("deleteRole", "deletedId")
SUPPORT: dict[str, Any] = {
    "name": "Support",
    "grants": [{"permission": "READ_CONVERSATIONS", "scope": "TEAM"}, {"permission": "READ_AGENTS", "scope": "ALL"}],
}


async def role_of_actor(database_url: str, company: Company, agent_id: Any) -> Any:
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        found = await connection.scalar(select(agents.c.role_id).where(agents.c.id == agent_id))
    await database.close()
    return found


async def test_everybody_knows_their_rights(stack: Stack, company: Company) -> None:
    mine = "{ viewer { grants { permission scope } } }"
    assert (await stack.client(None).ask(mine))["viewer"]["grants"] == []
    customer = (await stack.client(company.customer).ask(mine))["viewer"]["grants"]
    assert {"permission": "READ_CONVERSATIONS", "scope": "OWN"} in customer
    admin = (await stack.client(company.admin).ask(mine))["viewer"]["grants"]
    assert {grant["permission"] for grant in admin} == {each.name for each in Permission} - {"START_CONVERSATIONS"}


async def test_the_table_of_permissions(stack: Stack, company: Company) -> None:
    table = await stack.client(company.agent).ask("{ permissions { permission name description scopes } }")
    lines = {line["name"]: line for line in table["permissions"]}
    assert set(lines) == {each.value for each in Permission}
    assert lines["conversation.read"]["permission"] == "READ_CONVERSATIONS"
    assert lines["conversation.read"]["scopes"] == ["OWN", "TEAM", "ALL"]
    assert lines["role.manage"]["scopes"] == ["ALL"]
    assert all(line["description"] for line in lines.values())


async def test_a_role_is_made_changed_found_and_deleted(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = stack.client(company.admin)
    made = (await admin.ask(CREATE, input=SUPPORT))["createRole"]["role"]
    assert (made["name"], made["isBuiltin"], made["grants"]) == ("Support", False, SUPPORT["grants"])
    changed = {"roleId": made["id"], "name": "Night", "grants": SUPPORT["grants"][:1], "reason": "Fewer rights."}
    changed_role = (await admin.ask(CHANGE, input=changed))["changeRole"]["role"]
    assert (changed_role["name"], changed_role["grants"]) == ("Night", SUPPORT["grants"][:1])
    listed = (await admin.ask(ROLES))["roles"]
    assert [role["name"] for role in listed] == ["admin", "agent", "analyst", "owner", "Night"]
    found = await admin.ask(f"query Q($id: ID!) {{ role(id: $id) {{ {ROLE} }} node(id: $id) {{ id }} }}", id=made["id"])
    assert found == {"role": changed_role, "node": {"id": made["id"]}}
    deleted = (await admin.ask(DELETE, input={"roleId": made["id"], "reason": "Unused."}))["deleteRole"]
    assert deleted == {"__typename": "DeleteRoleSuccess", "deletedId": made["id"]}
    assert len((await admin.ask(ROLES))["roles"]) == 4
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        wanted = (
            "SELECT kind, actor, audited, address, payload->>'reason' AS reason FROM event WHERE stream LIKE 'role:%'"
        )
        told = (await connection.execute(text(f"{wanted} ORDER BY version"))).all()
    await database.close()
    assert [(row.kind, row.reason) for row in told] == [
        ("RoleCreated", None),
        ("RoleChanged", "Fewer rights."),
        ("RoleDeleted", "Unused."),
    ]
    assert {(row.actor, row.audited, row.address) for row in told} == {(str(company.admin), True, "127.0.0.1")}


async def test_refusals_say_why(stack: Stack, company: Company, fresh_database_url: str) -> None:
    admin = stack.client(company.admin)
    made = (await admin.ask(CREATE, input=SUPPORT))["createRole"]["role"]
    builtin = {role["name"]: role["id"] for role in (await admin.ask(ROLES))["roles"]}
    refused = {
        "taken": await admin.ask(CREATE, input=SUPPORT | {"name": "agent"}),
        "built in": await admin.ask(CHANGE, input={"roleId": builtin["agent"], "name": "Mine"}),
        "twice": await admin.ask(CREATE, input={"name": "Two", "grants": [SUPPORT["grants"][0]] * 2}),
        "scope": await admin.ask(
            CREATE, input={"name": "Two", "grants": [{"permission": "READ_KNOWLEDGE", "scope": "OWN"}]}
        ),
        "held": await admin.ask(DELETE, input={"roleId": builtin["agent"]}),
    }
    codes = {why: next(iter(answer.values()))["code"] for why, answer in refused.items()}
    assert codes == {
        "taken": "INVALID_STATE",
        "built in": "INVALID_STATE",
        "twice": "INVALID_INPUT",
        "scope": "INVALID_INPUT",
        "held": "INVALID_STATE",
    }
    stranger = await found_company(fresh_database_url)
    theirs = await stack.client(stranger.admin).ask(DELETE, input={"roleId": made["id"]})
    assert theirs["deleteRole"]["code"] == "NOT_FOUND"
    unseen = await stack.client(stranger.admin).ask("query Q($id: ID!) { role(id: $id) { id } }", id=made["id"])
    assert unseen == {"role": None}


async def test_only_who_may_manages_roles(stack: Stack, company: Company, fresh_database_url: str) -> None:
    assert (await stack.client(company.agent).ask(CREATE, input=SUPPORT))["createRole"]["code"] == "FORBIDDEN"
    lead_grants: Grants = {Permission.MANAGE_ROLES: Scope.ALL, Permission.READ_AGENTS: Scope.ALL}
    lead = stack.client(await hired(fresh_database_url, company, lead_grants))
    assert (await lead.ask(CREATE, input=SUPPORT))["createRole"]["code"] == "FORBIDDEN"
    few = {"name": "Few", "grants": SUPPORT["grants"][1:]}
    assert (await lead.ask(CREATE, input=few))["createRole"]["__typename"] == "CreateRoleSuccess"
    for nobody in (company.customer, None):
        with pytest.raises(GraphQLFailedError) as caught:
            await stack.client(nobody).ask(ROLES)
        assert caught.value.code == ("FORBIDDEN" if nobody else "UNAUTHENTICATED")


async def test_a_repeated_request_makes_one_role(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    again = [await admin.ask(CREATE, input=SUPPORT | {"idempotencyKey": "k"}) for _ in range(2)]
    assert again[0] == again[1]
    other = await admin.ask(CREATE, input=SUPPORT | {"name": "Other", "idempotencyKey": "k"})
    assert other["createRole"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert len((await admin.ask(ROLES))["roles"]) == 5


async def test_two_at_once_make_one_role_of_a_name(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    answers = await asyncio.gather(*(admin.ask(CREATE, input=SUPPORT) for _ in range(4)))
    told = sorted(answer["createRole"].get("code", "made") for answer in answers)
    assert told == ["INVALID_STATE"] * 3 + ["made"]


async def test_holders_feel_a_change_at_once(stack: Stack, company: Company, fresh_database_url: str) -> None:
    grants: Grants = {Permission.READ_AGENTS: Scope.ALL, Permission.READ_INTERNAL_KNOWLEDGE: Scope.ALL}
    holder = await hired(fresh_database_url, company, grants)
    role_id = await role_of_actor(fresh_database_url, company, holder.id)
    client, admin = stack.client(holder), stack.client(company.admin)
    assert (await client.ask("{ sources { id } }")) == {"sources": []}
    (role,) = [one for one in (await admin.ask(ROLES))["roles"] if one["name"] == str(role_id)]
    fewer = [{"permission": "READ_AGENTS", "scope": "ALL"}]
    await admin.ask(CHANGE, input={"roleId": role["id"], "grants": fewer})
    with pytest.raises(GraphQLFailedError) as caught:
        await client.ask("{ sources { id } }")
    assert caught.value.code == "FORBIDDEN"
    assert (await client.ask("{ viewer { grants { permission } } }"))["viewer"]["grants"] == [
        {"permission": "READ_AGENTS"}
    ]


async def test_a_promised_role_stays_and_one_that_was_only_promised_once_can_go(
    stack: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = stack.client(company.admin)
    made = (await admin.ask(CREATE, input=SUPPORT))["createRole"]["role"]
    database = Database(fresh_database_url, pool_size=1)
    at = now()
    row = {
        "id": new_id(),
        "organization_id": company.id,
        "email": "new@people.example",
        "name": "New",
        "team_ids": [],
        "invited_by": str(company.admin),
        "created_at": at,
        "expires_at": at,
    }
    async with database.tenant(company.id) as connection:
        role_id = await connection.scalar(text("SELECT id FROM role WHERE name = 'Support'"))
        await connection.execute(insert(invitations), row | {"role_id": role_id})
        await connection.commit()
    assert (await admin.ask(DELETE, input={"roleId": made["id"]}))["deleteRole"]["code"] == "INVALID_STATE"
    async with database.tenant(company.id) as connection:
        await connection.execute(invitations.update().values(revoked_at=at))
        await connection.commit()
    assert (await admin.ask(DELETE, input={"roleId": made["id"]}))["deleteRole"]["__typename"] == "DeleteRoleSuccess"
    await database.close()
