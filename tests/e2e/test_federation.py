"""Signing in by an organization's own provider, in a browser that is sent there and back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import expect
from sqlalchemy import insert, update

from infra import bootstrap
from infra.accounts.providers import sealing
from infra.accounts.rows import identity_providers, people
from infra.demo.company import company
from infra.demo.ids import ORGANIZATION_ID, id_of
from infra.identity.sealing import Sealer
from infra.rows import agents
from tests.browser.browsing import People
from tests.browser.running import Parley
from tests.browser.world import database_of
from tests.infra.accounts.oidc.conftest import Certified, certified, node

__all__ = ["node"]

ADA = "ada@example.com"
"""Whom the provider vouches for."""
EMIL = "Emil"
"""The agent of the demo company who has no account of his own yet."""


@pytest.fixture
async def house(parley: Parley, node: Path) -> AsyncIterator[Certified]:
    """A provider of the demo company, at which Emil has an address."""
    assert EMIL in [agent["name"] for agent in company()["agents"]]
    callback = f"{parley.address}/auth/oidc/callback"
    async with certified(node, redirect_uris=[callback]) as provider, database_of(parley) as (database, secret):
        person_id, provider_id, at = uuid4(), uuid4(), bootstrap.now()
        async with database.accounts() as connection:
            person = {"id": person_id, "email": ADA, "name": EMIL, "created_at": at, "email_verified_at": at}
            await connection.execute(insert(people).values(person))
            await connection.commit()
        told = {"issuer": provider.issuer, "client_id": "parley", "enabled": True, "created_at": at}
        row = {"id": provider_id, "organization_id": ORGANIZATION_ID, "name": "House"} | told
        sealed = sealing(Sealer(secret))(provider_id, "a-secret")
        async with database.tenant(ORGANIZATION_ID) as connection:
            await connection.execute(insert(identity_providers), row | {"client_secret": sealed})
            await connection.execute(update(agents).where(agents.c.id == id_of(EMIL)).values(person_id=person_id))
            await connection.commit()
        yield provider


async def test_somebody_goes_to_their_own_sign_in_and_comes_back(house: Certified, people: People) -> None:
    async with people.visitor() as one:
        await one.page.goto("/sign-in")
        await one.page.get_by_role("button", name="Use your organization’s own sign-in").click()
        await one.page.get_by_label("Address of your organization").fill("mizzleford")
        await one.page.get_by_role("button", name="Find its sign-in").click()
        visited: list[str] = []
        one.page.on("framenavigated", lambda frame: visited.append(frame.url))
        await one.page.get_by_role("link", name="Go on with House").click()
        await expect(one.page).to_have_url(re.compile("/inbox"))
        await expect(one.page.get_by_role("button", name="Your account")).to_contain_text(EMIL)
        assert not one.complaints
