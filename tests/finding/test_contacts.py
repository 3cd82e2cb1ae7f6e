"""An address is one customer's, however many come with it at once, and nobody gets in by one that is not verified."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from domain.access.customer import Customer
from domain.base import InvalidInputError, system_of
from domain.customer.ports import Contact, ContactKind, customer_at
from domain.ports import Receipt
from infra import bootstrap
from infra.customers.contacts import normalised
from tests.stack import Company, found_company, settings_for


@dataclass
class Desk:
    """An organization, and who writes to it."""

    parts: bootstrap.Parts
    company: Company

    async def arrive(self, kind: ContactKind, value: str, *, name: str = "Visitor") -> Contact:
        async with self.parts.units(system_of(self.company.id)) as unit:
            contact = await customer_at(unit, kind, value, Customer(uuid4(), self.company.id, name=name))
            await asyncio.sleep(0.02)
            await unit.commit(Receipt(contact.customer_id))
        return contact

    async def claim(self, value: str, customer_id: UUID, *, verified: bool) -> Contact:
        async with self.parts.units(system_of(self.company.id)) as unit:
            at = bootstrap.now() if verified else None
            contact = await unit.contacts.claim(ContactKind.EMAIL, value, customer_id, verified_at=at)
            await unit.commit(Receipt(customer_id))
        return contact


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[Desk]:
    company = await found_company(database_url)
    async with bootstrap.parts(settings_for(database_url, redis_url)) as parts:
        yield Desk(parts, company)


def test_addresses_are_written_in_one_way() -> None:
    assert normalised(ContactKind.EMAIL, " Ann@Shop.Example ") == "ann@shop.example"
    assert normalised(ContactKind.PHONE, "+49 (0)30 901820") == "+4930901820"
    assert normalised(ContactKind.EXTERNAL, "C-1") == "C-1"
    for kind, value in [(ContactKind.EMAIL, "ann"), (ContactKind.PHONE, "030 901820"), (ContactKind.EXTERNAL, " ")]:
        with pytest.raises(InvalidInputError):
            normalised(kind, value)


async def test_who_writes_again_is_known_again(desk: Desk) -> None:
    first = await desk.arrive(ContactKind.EMAIL, "ann@shop.example", name="Ann")
    again = await desk.arrive(ContactKind.EMAIL, "ANN@shop.example", name="Somebody else")
    other = await desk.arrive(ContactKind.PHONE, "+4930901820")
    assert again.customer_id == first.customer_id != other.customer_id
    assert (again.verified_at, again.is_blocked) == (None, False)
    async with desk.parts.units(system_of(desk.company.id)) as unit:
        ann = await unit.customers.get(first.customer_id)
        called = await unit.customers.get(other.customer_id)
        assert (ann.name, ann.email, called.name, called.phone) == (
            *("Ann", "ann@shop.example"),
            *("+4930901820", "+4930901820"),
        )
        assert [each.value for each in await unit.contacts.of(first.customer_id)] == ["ann@shop.example"]


async def test_several_at_once_from_one_address_are_one_customer(desk: Desk) -> None:
    came = await asyncio.gather(*(desk.arrive(ContactKind.EMAIL, "crowd@shop.example") for _ in range(4)))
    assert len({each.customer_id for each in came}) == 1


async def test_an_address_of_another_organization_is_nobodys_here(desk: Desk, database_url: str) -> None:
    await desk.arrive(ContactKind.EMAIL, "ann@shop.example")
    elsewhere = Desk(desk.parts, await found_company(database_url))
    async with desk.parts.units(system_of(elsewhere.company.id)) as unit:
        assert await unit.contacts.customer_of(ContactKind.EMAIL, "ann@shop.example") is None


async def test_a_verified_claim_takes_an_address_from_an_unverified_one_alone(desk: Desk) -> None:
    mine, yours = desk.company.customer.identity, desk.company.other_customer.identity
    assert (await desk.claim("a@shop.example", mine, verified=False)).customer_id == mine
    assert (await desk.claim("a@shop.example", yours, verified=False)).customer_id == mine
    assert (await desk.claim("a@shop.example", yours, verified=True)).customer_id == yours
    assert (await desk.claim("a@shop.example", mine, verified=True)).customer_id == yours
