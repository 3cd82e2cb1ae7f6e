"""Signing in by a certified provider that runs beside, and leaving with it."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import insert, select, update

from infra import bootstrap
from infra.accounts.providers import sealing
from infra.accounts.rows import identity_providers, people, person_identities, sessions
from infra.identity.sealing import Sealer
from tests.infra.accounts.oidc.conftest import Certified, certified, node
from tests.resolvers.login.calls import code, sign_in
from tests.resolvers.login.members import Member, Personnel
from tests.stack import SECRET, Stack

__all__ = ["node"]

ADA = "ada@example.com"
CALLBACK = "http://127.0.0.1:8000/auth/oidc/callback"
VIEWER = {"query": "{ viewer { kind organization { slug } } }"}


@dataclass
class House:
    """An organization with its provider, at which `ada` has the address of a member."""

    provider: Certified
    provider_id: UUID
    member: Member


@asynccontextmanager
async def house(stack: Stack, personnel: Personnel, node: Path) -> AsyncIterator[House]:
    """The provider of a new organization where Ada works, whose address is free by then."""
    async with personnel.database.accounts() as connection:
        free = update(people).where(people.c.email == ADA).values(email=f"{uuid4().hex}@people.example")
        await connection.execute(free)
        await connection.commit()
    member, provider_id = replace(await personnel.member(), email=ADA), uuid4()
    async with personnel.database.accounts() as connection:
        mine = update(people).where(people.c.id == member.person_id).values(email=ADA)
        await connection.execute(mine)
        await connection.commit()
    client: dict[str, Any] = {
        "redirect_uris": [CALLBACK],
        "backchannel_logout_uri": f"{stack.http.base_url}/auth/oidc/{provider_id}/back-channel-logout",
        "backchannel_logout_session_required": True,
    }
    async with certified(node, **client) as provider:
        row = {"id": provider_id, "organization_id": member.organization_id, "name": "House", "enabled": True}
        told = {"issuer": provider.issuer, "client_id": "parley", "created_at": bootstrap.now()}
        secret = sealing(Sealer(SECRET))(provider_id, "a-secret")
        async with personnel.database.tenant(member.organization_id) as connection:
            await connection.execute(insert(identity_providers), row | told | {"client_secret": secret})
            await connection.commit()
        yield House(provider, provider_id, member)


class Browser:
    """Follows redirects with cookies; what is meant for Parley's public address goes to the stack."""

    def __init__(self, stack: Stack) -> None:
        self.home = str(stack.http.base_url).rstrip("/")
        self.http = httpx2.AsyncClient(timeout=10)

    async def start(self, provider_id: UUID, return_to: str = "/inbox?open=1") -> httpx2.Response:
        return await self.http.get(f"{self.home}/auth/oidc/{provider_id}/start", params={"return_to": return_to})

    async def back(self, begun: httpx2.Response, **headers: str) -> str:
        """The address at Parley that the provider sends the browser to, on the stack."""
        url = begun.headers["location"]
        while not url.startswith(CALLBACK):
            response = await self.http.get(url, headers=headers)
            assert response.is_redirect, response.text
            url = str(response.url.join(response.headers["location"]))
        return self.home + url.removeprefix("http://127.0.0.1:8000")

    async def sign_in(self, provider_id: UUID, **headers: str) -> httpx2.Response:
        return await self.http.get(await self.back(await self.start(provider_id), **headers))

    async def viewer(self) -> httpx2.Response:
        proof = {"origin": self.home, "x-csrf-token": self.http.cookies.get("parley_csrf") or ""}
        return await self.http.post(f"{self.home}/graphql", json=VIEWER, headers=proof)

    async def leave(self, issuer: str) -> None:
        page = (await self.http.get(f"{issuer}/session/end")).text
        hidden = re.search(r'name="xsrf" value="([^"]+)"', page)
        assert hidden, page
        await self.http.post(f"{issuer}/session/end/confirm", data={"xsrf": hidden[1], "logout": "yes"})


@pytest.fixture
async def browser(stack: Stack) -> AsyncIterator[Browser]:
    made = Browser(stack)
    yield made
    await made.http.aclose()


async def test_somebody_who_works_there_signs_in_by_the_provider(
    stack: Stack, personnel: Personnel, node: Path, browser: Browser
) -> None:
    async with house(stack, personnel, node) as one:
        answer = await browser.sign_in(one.provider_id)
        assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?open=1")
        found = (await browser.viewer()).json()["data"]["viewer"]
        assert found == {"kind": "AGENT", "organization": {"slug": one.member.slug}}
        kinds = dict(await personnel.journal(one.member.organization_id))
        assert kinds["PersonLinked"]["person_id"] == str(one.member.person_id)
        assert kinds["SessionStarted"]["strategy"] == "oidc"
        assert (await browser.sign_in(one.provider_id)).status_code == 303  # by the link now, which is there once
        async with personnel.database.tenant(one.member.organization_id) as connection:
            assert len((await connection.execute(select(person_identities))).all()) == 1


async def test_who_leaves_the_provider_leaves_us(
    stack: Stack, personnel: Personnel, node: Path, browser: Browser
) -> None:
    async with house(stack, personnel, node) as one:
        by_password = await sign_in(stack, one.member)
        await browser.sign_in(one.provider_id)
        assert (await browser.viewer()).status_code == 200
        began = time.monotonic()
        await browser.leave(one.provider.issuer)
        while (await browser.viewer()).status_code == 200:
            assert time.monotonic() - began < 5, "the session is still open"
            await asyncio.sleep(0.02)
        print(f"ended {time.monotonic() - began:.3f} s after the provider was told")
        ended = [facts for kind, facts in await personnel.journal(one.member.organization_id) if kind == "SessionEnded"]
        assert [facts["cause"] for facts in ended] == ["provider_logout"]
        refreshed = await stack.http.post("/auth/refresh", json={"refresh_token": by_password["refresh_token"]})
        assert refreshed.status_code == 200


@pytest.mark.parametrize("account", ["bob", "eve"])
async def test_whose_address_nobody_vouches_for_is_refused_and_gets_no_account(
    stack: Stack, personnel: Personnel, node: Path, browser: Browser, account: str
) -> None:
    """Bob's address is not verified, although somebody here has it; Eve has none."""
    async with house(stack, personnel, node) as one:
        bob = await personnel.member(organization=(one.member.organization_id, one.member.slug))
        async with personnel.database.accounts() as connection:
            taken = (
                update(people).where(people.c.email == "bob@example.com").values(email=f"{uuid4().hex}@people.example")
            )
            await connection.execute(taken)
            mine = update(people).where(people.c.id == bob.person_id).values(email="bob@example.com")
            await connection.execute(mine)
            before = len((await connection.execute(select(people.c.id))).all())
            await connection.commit()
        answer = await browser.sign_in(one.provider_id, **{"x-account": account})
        assert code(answer) == (403, "FORBIDDEN")
        assert "ask an admin" in answer.json()["error"]["message"].lower()
        assert (await browser.viewer()).status_code == 401 or "parley_access" not in browser.http.cookies
        async with personnel.database.accounts() as connection:
            assert len((await connection.execute(select(people.c.id))).all()) == before


async def test_a_provider_opens_no_other_organization(
    stack: Stack, personnel: Personnel, node: Path, browser: Browser
) -> None:
    """Ada works elsewhere too; an admin of the house could make its provider say that anybody is Ada."""
    async with house(stack, personnel, node) as one:
        other = await personnel.member(person=one.member)
        await browser.sign_in(one.provider_id)
        proof = {"origin": browser.home, "x-csrf-token": browser.http.cookies.get("parley_csrf") or ""}
        body = {"organization": other.slug}
        answer = await browser.http.post(f"{browser.home}/auth/switch", json=body, headers=proof)
        assert code(answer) == (403, "FORBIDDEN")


async def test_an_address_that_went_to_somebody_else_opens_nothing(
    stack: Stack, personnel: Personnel, node: Path, browser: Browser
) -> None:
    async with house(stack, personnel, node) as one:
        linked = {"provider_id": one.provider_id, "subject": "ada-of-old", "person_id": one.member.person_id}
        async with personnel.database.tenant(one.member.organization_id) as connection:
            shared = {"organization_id": one.member.organization_id, "created_at": bootstrap.now()}
            await connection.execute(insert(person_identities), linked | shared)
            await connection.commit()
        assert code(await browser.sign_in(one.provider_id)) == (403, "FORBIDDEN")


async def test_an_answer_is_worth_nothing_in_another_browser_or_a_second_time(
    stack: Stack, personnel: Personnel, node: Path, browser: Browser
) -> None:
    async with house(stack, personnel, node) as one:
        url = await browser.back(await browser.start(one.provider_id))
        thief = Browser(stack)
        assert code(await thief.http.get(url)) == (400, "PROVIDER_ERROR")
        await thief.start(one.provider_id)
        assert code(await thief.http.get(url)) == (400, "PROVIDER_ERROR")
        await thief.http.aclose()
        assert (await browser.http.get(url)).status_code == 303
        assert code(await browser.http.get(url)) == (400, "PROVIDER_ERROR")


async def test_a_provider_that_is_off_or_unknown_signs_nobody_in(
    stack: Stack, personnel: Personnel, node: Path, browser: Browser
) -> None:
    async with house(stack, personnel, node) as one:
        url = await browser.back(await browser.start(one.provider_id))
        async with personnel.database.tenant(one.member.organization_id) as connection:
            await connection.execute(update(identity_providers).values(enabled=False))
            await connection.commit()
        assert code(await browser.http.get(url)) == (404, "NOT_FOUND")
        for unknown in (one.provider_id, uuid4()):
            assert code(await browser.start(unknown)) == (404, "NOT_FOUND")
            logout = f"{browser.home}/auth/oidc/{unknown}/back-channel-logout"
            assert code(await browser.http.post(logout, data={"logout_token": "x"})) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb", "", "/" + "a" * 1_000]
)
async def test_nobody_is_sent_to_another_site(stack: Stack, browser: Browser, path: str) -> None:
    assert code(await browser.start(uuid4(), path)) == (400, "INVALID_INPUT")


async def test_a_forged_logout_ends_nothing(stack: Stack, personnel: Personnel, node: Path, browser: Browser) -> None:
    async with house(stack, personnel, node) as one:
        await browser.sign_in(one.provider_id)
        logout = f"{browser.home}/auth/oidc/{one.provider_id}/back-channel-logout"
        async with personnel.database.accounts() as connection:
            s = sessions.c
            wanted = select(s.id).where(s.organization_id == one.member.organization_id, s.ended_at.is_(None))
            assert len((await connection.execute(wanted)).all()) == 1
        forged: list[Any] = [{"logout_token": "a.b.c"}, {"logout_token": browser.http.cookies.get("parley_access")}]
        for data in forged:
            assert code(await browser.http.post(logout, data=data)) == (400, "PROVIDER_ERROR")
        assert (await browser.http.post(logout, json={"logout_token": "x"})).status_code == 415
        assert (await browser.http.post(logout, data={})).status_code in (400, 415)
        assert (await browser.viewer()).status_code == 200
