"""One running Parley for all tests of a file, and a company for each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest_asyncio

from infra import bootstrap
from schema.base import parse_id
from tests.stack import Client, Company, Stack, found_company, running, scripted, settings_for


def inner(identity: str) -> UUID:
    """What an id of the API has inside."""
    return UUID(parse_id(identity, "id")[1])


@dataclass
class House:
    """Server, worker, and the parts of a third process."""

    stack: Stack
    parts: bootstrap.Parts


@dataclass
class Desk:
    """A company at work."""

    stack: Stack
    parts: bootstrap.Parts
    company: Company

    @property
    def customer(self) -> Client:
        return self.stack.client(self.company.customer)

    @property
    def other_customer(self) -> Client:
        return self.stack.client(self.company.other_customer)

    @property
    def agent(self) -> Client:
        return self.stack.client(self.company.agent)

    @property
    def other_agent(self) -> Client:
        return self.stack.client(self.company.other_agent)

    @property
    def admin(self) -> Client:
        return self.stack.client(self.company.admin)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(database_url: str, valkey_url: str) -> AsyncIterator[House]:
    async with (
        running(database_url, valkey_url, scripted("Yes.")) as stack,
        bootstrap.parts(settings_for(database_url, valkey_url)) as parts,
    ):
        yield House(stack, parts)


@pytest_asyncio.fixture(loop_scope="module")
async def desk(house: House, database_url: str) -> Desk:
    return Desk(house.stack, house.parts, await found_company(database_url))
