"""The ways in over the public API: identity providers, whose secrets nobody sees again."""

from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from domain.account.permission import BuiltinRole, Permission, Scope
from infra.accounts.providers import opened
from infra.accounts.rows import identity_providers, sessions
from infra.database import Database
from infra.identity.sealing import Sealer
from infra.rows import organizations
from schema.base import global_id
from tests.hiring import hired
from tests.resolvers.test_audit import log
from tests.resolvers.test_knowledge import mutation
from tests.signed_in import closed, connected, signed_in
from tests.stack import SECRET, Client, Company, GraphQLFailedError, Stack, found_company

PROVIDER = "id name issuer clientId enabled"
CREATE = mutation("createIdentityProvider", f"identityProvider {{ {PROVIDER} }}")
CHANGE = mutation("changeIdentityProvider", f"identityProvider {{ {PROVIDER} }}")
DELETE = mutation("deleteIdentityProvider", "deletedId")
PROVIDERS = f"{{ identityProviders {{ {PROVIDER} }} }}"
GIVEN = {
    "name": "Work account",
    "issuer": "https://login.shop.example/",
    "clientId": "parley",
    "clientSecret": "a-client-secret-nobody-sees",
}


@pytest.fixture
async def owner(stack: Stack, company: Company, fresh_database_url: str) -> Client:
    return stack.client(await hired(fresh_database_url, company, BuiltinRole.OWNER))


async def made(client: Client, **values: Any) -> Any:
    return (await client.ask(CREATE, input=GIVEN | values))["createIdentityProvider"]


async def changed(client: Client, provider: Any, **values: Any) -> Any:
    given = {"identityProviderId": provider["id"], **values}
    return (await client.ask(CHANGE, input=given))["changeIdentityProvider"]


async def deleted(client: Client, provider: Any) -> Any:
    return (await client.ask(DELETE, input={"identityProviderId": provider["id"]}))["deleteIdentityProvider"]


async def test_a_provider_is_set_up_changed_and_removed(
    stack: Stack, company: Company, owner: Client, fresh_database_url: str
) -> None:
    provider = (await made(owner))["identityProvider"]
    assert {name: provider[name] for name in ("name", "issuer", "clientId", "enabled")} == {
        "name": "Work account",
        "issuer": "https://login.shop.example/",
        "clientId": "parley",
        "enabled": True,
    }
    assert (await stack.client(company.admin).ask(PROVIDERS))["identityProviders"] == [provider]
    renewed = await changed(owner, provider, clientSecret="another-secret", name="SSO")
    assert renewed["identityProvider"] == provider | {"name": "SSO"}
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        row = (await connection.execute(select(identity_providers))).one()
        told = (await connection.scalars(text("SELECT event::text FROM event"))).all()
    await database.close()
    assert opened(row, Sealer(SECRET)).client_secret == "another-secret"
    assert b"another-secret" not in bytes(row.client_secret)
    assert [each for each in told if "secret-nobody-sees" in each or "another-secret" in each] == []
    assert (await deleted(owner, provider))["deletedId"] == provider["id"]
    assert (await owner.ask(PROVIDERS))["identityProviders"] == []
    entries = await log(owner, kinds=["IdentityProviderChanged", "IdentityProviderDeleted"])
    assert [(one["kind"], one["facts"].get("renewed")) for one in entries] == [
        ("IdentityProviderDeleted", None),
        ("IdentityProviderChanged", True),
    ]


async def test_only_owners_choose_where_people_sign_in(
    stack: Stack, company: Company, owner: Client, fresh_database_url: str
) -> None:
    admin = stack.client(company.admin)
    assert (await made(admin))["code"] == "FORBIDDEN"
    provider = (await made(owner))["identityProvider"]
    for values in ({"clientSecret": "mine"}, {"clientId": "mine"}, {"enabled": True}, {"name": "Mine"}):
        assert (await changed(admin, provider, **values))["code"] == "FORBIDDEN"
    assert (await changed(admin, provider, enabled=False))["identityProvider"]["enabled"] is False
    stranger = await found_company(fresh_database_url)
    foreign = stack.client(await hired(fresh_database_url, stranger, BuiltinRole.OWNER))
    assert (await changed(foreign, provider, enabled=False))["code"] == "NOT_FOUND"
    assert (await deleted(foreign, provider))["code"] == "NOT_FOUND"
    node = "query N($id: ID!) { node(id: $id) { id } }"
    assert (await foreign.ask(node, id=provider["id"]))["node"] is None
    for actor in (company.agent, company.customer):
        with pytest.raises(GraphQLFailedError, match="FORBIDDEN"):
            await stack.client(actor).ask(PROVIDERS)
        assert (await deleted(stack.client(actor), provider))["code"] == "FORBIDDEN"
    assert (await deleted(admin, provider))["__typename"] == "DeleteIdentityProviderSuccess"


@pytest.mark.parametrize("removed", [False, True])
async def test_who_came_by_a_provider_leaves_with_it(
    stack: Stack, company: Company, owner: Client, fresh_database_url: str, removed: bool
) -> None:
    provider = (await made(owner))["identityProvider"]
    session_id, token = await signed_in(fresh_database_url, company.agent)
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        provider_id = await connection.scalar(select(identity_providers.c.id))
        came = update(sessions).where(sessions.c.id == session_id).values(provider_id=provider_id)
        await connection.execute(came)
        await connection.commit()
    async with connected(stack, token) as socket:
        await (deleted(owner, provider) if removed else changed(owner, provider, enabled=False))
        code, seconds = await closed(socket)
    assert (code, seconds < 1) == (4401, True)
    async with database.tenant(company.id) as connection:
        open_ones = await connection.scalar(select(func.count()).where(sessions.c.ended_at.is_(None)))
    await database.close()
    assert open_ones == 6  # those from shells


async def test_one_way_in_stays(owner: Client, company: Company, fresh_database_url: str) -> None:
    provider = (await made(owner))["identityProvider"]
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        await connection.execute(update(organizations).values(settings={"sign_in": {"password": False}}))
        await connection.commit()
    await database.close()
    assert (await changed(owner, provider, enabled=False))["code"] == "INVALID_STATE"
    assert (await deleted(owner, provider))["code"] == "INVALID_STATE"
    await made(owner, name="Other")
    assert (await deleted(owner, provider))["__typename"] == "DeleteIdentityProviderSuccess"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": ""}, "INVALID_INPUT"),
        ({"clientSecret": ""}, "INVALID_INPUT"),
        ({"clientId": ""}, "INVALID_INPUT"),
        ({"issuer": "http://login.shop.example"}, "INVALID_INPUT"),
        ({"issuer": "https://"}, "INVALID_INPUT"),
        ({"issuer": "https://a@login.shop.example"}, "INVALID_INPUT"),
        ({"issuer": "https://login.shop.example/?x=1"}, "INVALID_INPUT"),
        ({"issuer": "https://login.shop.example:99999"}, "INVALID_INPUT"),
        ({"issuer": "https://[::1"}, "INVALID_INPUT"),
        ({"issuer": "javascript:alert(1)"}, "INVALID_INPUT"),
        ({"issuer": "http://localhost:4000"}, None),
    ],
)
async def test_values_that_cannot_be_used(owner: Client, values: dict[str, Any], code: str | None) -> None:
    assert (await made(owner, **values)).get("code") == code


async def test_two_providers_have_two_names(owner: Client) -> None:
    await made(owner)
    second = (await made(owner, name="Other"))["identityProvider"]
    assert (await made(owner))["code"] == "INVALID_STATE"
    assert (await changed(owner, second, name="Work account"))["code"] == "INVALID_STATE"
    assert (await changed(owner, second, name="Other"))["identityProvider"] == second


async def test_managing_sign_in_alone_is_enough_to_switch_off_and_no_more(
    stack: Stack, company: Company, owner: Client, fresh_database_url: str
) -> None:
    grants = {Permission.MANAGE_SIGN_IN: Scope.ALL}
    keeper = stack.client(await hired(fresh_database_url, company, grants))
    assert (await made(keeper))["code"] == "FORBIDDEN"
    provider = (await made(owner))["identityProvider"]
    assert (await changed(keeper, provider, enabled=False))["identityProvider"]["enabled"] is False
    assert (await changed(keeper, provider, enabled=True))["code"] == "FORBIDDEN"
    missing = {"id": global_id("IdentityProvider", company.id)}
    assert (await deleted(keeper, missing))["code"] == "NOT_FOUND"
