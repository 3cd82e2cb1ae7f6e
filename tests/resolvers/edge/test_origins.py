"""Which pages may call: our own, those of the settings, and for each organization those that it lists itself."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest
import websockets
from sqlalchemy import update

from domain.account.events import OrganizationSettingsChanged
from infra.database import Database
from infra.edge.origins import SqlOrigins
from infra.rows import organizations
from tests.resolvers.test_statements import counted
from tests.stack import Company, Stack, found_company, running, scripted

SHOP, PARTNER, EVIL = "https://shop.example", "https://partner.example", "https://evil.example"
ASK = {"query": "{ viewer { __typename } }"}


async def allow(database: Database, organization_id: UUID, *origins: str) -> None:
    async with database.tenant(organization_id) as connection:
        row = update(organizations).where(organizations.c.id == organization_id)
        await connection.execute(row.values(settings={"allowed_origins": list(origins)}))
        await connection.commit()


@pytest.fixture
async def database(fresh_database_url: str) -> AsyncIterator[Database]:
    opened = Database(fresh_database_url, pool_size=1)
    yield opened
    await opened.close()


@pytest.fixture
async def shop(database: Database, company: Company) -> Company:
    """An organization with a page of its own."""
    await allow(database, company.id, SHOP)
    return company


@pytest.fixture
async def server(shop: Company, fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    options: dict[str, Any] = {"with_worker": False, "allowed_origins": (PARTNER,)}
    async with running(fresh_database_url, redis_url, scripted("x"), **options) as started:
        yield started


async def preflight(server: Stack, origin: str, headers: str = "authorization,content-type") -> httpx2.Response:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
    }
    return await server.http.options("/graphql", headers=asked)


async def ask(server: Stack, origin: str, token: str | None) -> httpx2.Response:
    headers = {"origin": origin} | ({"authorization": f"Bearer {token}"} if token else {})
    return await server.http.post("/graphql", json=ASK, headers=headers)


async def test_a_preflight_is_answered_for_pages_that_somebody_lists(server: Stack) -> None:
    answer = await preflight(server, SHOP)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin", [EVIL, "null", f"{SHOP}.evil.example", "https://shop.example:8443", "*", "https://["]
)
async def test_a_preflight_of_any_other_page_is_refused(server: Stack, origin: str) -> None:
    answer = await preflight(server, origin)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


async def test_cookies_are_for_pages_of_the_settings_alone(server: Stack) -> None:
    own, listed = [(await preflight(server, origin)).headers for origin in (PARTNER, SHOP)]
    assert own["access-control-allow-credentials"] == "true"
    assert "x-csrf-token" in own["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in listed
    assert "x-csrf-token" not in listed["access-control-allow-headers"]


async def test_an_organization_decides_for_its_own_people(
    server: Stack, shop: Company, fresh_database_url: str
) -> None:
    other = await found_company(fresh_database_url)
    answer = await ask(server, SHOP, server.client(shop.customer).token)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert {"Accept", "Origin"} <= {part.strip() for part in answer.headers["vary"].split(",")}
    refused = await ask(server, SHOP, server.client(other.customer).token)
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert (await ask(server, PARTNER, server.client(other.customer).token)).status_code == 200
    assert (await ask(server, EVIL, server.client(shop.customer).token)).status_code == 403
    assert (await ask(server, SHOP, None)).status_code == 200


async def test_our_own_page_needs_no_list(server: Stack, shop: Company) -> None:
    own = str(server.http.base_url).rstrip("/")
    assert (await ask(server, own, server.client(shop.agent).token)).status_code == 200


async def handshake(server: Stack, origin: str | None, token: str | None) -> int | str:
    """The status that refuses the handshake, the code that closes the socket, or `ready`."""
    try:
        async with websockets.connect(
            server.socket_url,
            origin=websockets.Origin(origin) if origin else None,
            subprotocols=[websockets.Subprotocol("graphql-transport-ws")],
        ) as socket:
            payload = {"authorization": f"Bearer {token}"} if token else {}
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            return "ready"
    except websockets.InvalidStatus as refused:
        return refused.response.status_code
    except websockets.ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else "lost"


async def test_sockets_are_held_to_the_same_lists(server: Stack, shop: Company, fresh_database_url: str) -> None:
    other = await found_company(fresh_database_url)
    own, theirs = server.client(shop.customer).token, server.client(other.customer).token
    assert await handshake(server, None, own) == "ready"
    assert await handshake(server, SHOP, own) == "ready"
    assert await handshake(server, SHOP, theirs) == 4403
    assert await handshake(server, PARTNER, theirs) == "ready"
    assert await handshake(server, EVIL, own) == 403
    assert await handshake(server, "null", own) == 403
    assert await handshake(server, "https://[", own) == 403
    assert await handshake(server, f"{SHOP}.evil.example", own) == 403


async def test_lists_are_read_once_and_not_for_programs(server: Stack, shop: Company) -> None:
    token = server.client(shop.customer).token
    await server.client(shop.customer).ask(ASK["query"])
    with counted() as programs:
        await server.client(shop.customer).ask(ASK["query"])
    await ask(server, SHOP, token)
    with counted() as pages:
        await ask(server, SHOP, token)
    assert len(pages) == len(programs)


async def test_a_list_that_changes_is_read_again(database: Database, shop: Company) -> None:
    origins = SqlOrigins(database)
    assert await origins.lists(shop.id, SHOP)
    await allow(database, shop.id, EVIL)
    assert await origins.lists(shop.id, SHOP)
    origins.heard(shop.id, f"organization:{shop.id}", OrganizationSettingsChanged.__name__)
    assert not await origins.lists(shop.id, SHOP)
    assert await origins.is_listed(EVIL)


async def test_an_outage_changes_no_list_and_opens_none(database: Database, shop: Company) -> None:
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", pool_size=1)
    assert not await SqlOrigins(away).is_listed(SHOP)
    origins = SqlOrigins(database)
    assert await origins.is_listed(SHOP)
    origins._database, origins._until = away, 0.0
    assert await origins.is_listed(SHOP)
    await away.close()


async def test_a_list_that_is_none_allows_nobody(database: Database, company: Company) -> None:
    async with database.tenant(company.id) as connection:
        row = update(organizations).where(organizations.c.id == company.id)
        await connection.execute(row.values(settings={"allowed_origins": "https://shop.example"}))
        await connection.commit()
    assert not await SqlOrigins(database).is_listed("h")
    assert not await SqlOrigins(database).is_listed(SHOP)
