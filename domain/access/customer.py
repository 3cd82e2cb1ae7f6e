"""Customers as they come in: visitors, and those for whom the organization's own backend vouches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.events import CustomerMerged, CustomerVerified
from domain.account.stored import Opening, Stored
from domain.base import (
    Actor,
    ActorKind,
    Aggregate,
    Clock,
    Event,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    NotFoundError,
    system_of,
)
from domain.conversation.triage import AttributeValue
from domain.login.open_session import SessionUnit
from domain.login.session import Device, Session, Sessions, Tokens
from domain.ports import Receipt
from domain.retry import retried_once
from domain.text import checked

VISITOR = "Visitor"
LONGEST_NAME = 100
IDENTIFIED = "identified"
"""What ended the sessions of a visitor who turned out to be a known customer."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom an organization's backend vouches for, under which key."""

    organization_id: UUID
    key_id: UUID
    external_id: str
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """An organization as strangers come to it."""

    organization_id: UUID
    is_suspended: bool = False
    takes_visitors: bool = True

    def require_open(self) -> None:
        """`ForbiddenError` where nobody gets in."""
        if self.is_suspended:
            raise ForbiddenError("This organization is suspended.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The customer behind a token, as they were when the session began: maybe merged into another one since."""

    organization_id: UUID
    customer_id: UUID


@dataclass
class Customer(Aggregate):
    """Somebody who asks: a visitor until somebody vouches for them, under the `external_id` that they then have."""

    name: str = VISITOR
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    zone: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    external_id: str | None = None
    verified_at: datetime | None = None
    merged_into: UUID | None = None
    blocked_at: datetime | None = None

    def verify(self, vouched: Vouched, *, at: datetime) -> None:
        """Be who the backend says, with the name and address that it gives; the same again changes nothing."""
        name, email = vouched.name or self.name, vouched.email or self.email
        if (self.external_id, self.name, self.email) != (vouched.external_id, name, email):
            self.name, self.email, self.verified_at = name, email, self.verified_at or at
            self._record(CustomerVerified(external_id=vouched.external_id, key_id=vouched.key_id))

    def merge(self, known: Customer) -> bool:
        """Turn out to be a known customer, once: False for who is known already, or turned out to be another one."""
        if self.merged_into == known.id:
            return True
        if self.merged_into is not None or self.external_id is not None:
            return False
        self._record(CustomerMerged(into_id=known.id))
        return True

    def _apply(self, event: Event) -> None:
        match event:
            case CustomerVerified():
                self.external_id = event.external_id
            case CustomerMerged():
                self.merged_into = event.into_id


class CustomerRepository(Stored[Customer], Protocol):
    """Customers of the actor's organization, to change."""

    async def known_as(self, external_id: str) -> Customer | None:
        """The customer whom the organization's backend calls so, locked."""
        ...

    async def conversations_of(self, customer: Customer) -> Sequence[UUID]:
        """The ids of the conversations that are the customer's."""
        ...


class CustomerUnit(SessionUnit, Protocol):
    """A unit of work that holds customers, with their sessions and conversations."""

    @property
    def customers(self) -> CustomerRepository:
        """Customers, to change."""
        ...


class Doors(Protocol):
    """What can be known of who stands at the door."""

    async def of(self, slug: str) -> Door | None:
        """The organization of a slug."""
        ...

    async def vouched(self, identity_token: str) -> Vouched:
        """Whom an identity token names; `UnauthenticatedError`, or `ForbiddenError` where nobody gets in."""
        ...

    async def visitor(self, access_token: str) -> Visitor:
        """Whom a customer's access token names; `UnauthenticatedError` where it is over."""
        ...


@dataclass(frozen=True)
class Customers:
    """How customers come in."""

    units: Opening[CustomerUnit]
    sessions: Sessions
    doors: Doors
    new_id: Identifiers
    clock: Clock

    async def visit(self, slug: str, name: str | None, device: Device) -> Tokens:
        """Let an unknown visitor in; `NotFoundError`, or `ForbiddenError` where they are not taken."""
        door = await self.doors.of(slug)
        if door is None:
            raise NotFoundError("organization")
        door.require_open()
        if not door.takes_visitors:
            raise ForbiddenError("This organization talks to customers it knows only.")
        visitor = Customer(self.new_id(), door.organization_id)
        visitor.name = VISITOR if name is None else checked(name, "name", longest=LONGEST_NAME)
        async with self.units(_concierge(door.organization_id, device)) as unit:
            unit.customers.add(visitor)
            await unit.commit(Receipt(visitor.id))
        return await self._begin(visitor.organization_id, visitor.id, "visitor", device)

    async def identify(self, identity_token: str, visitor_token: str | None, device: Device) -> Tokens:
        """Let a known customer in; what they said as a visitor before becomes theirs, once.

        The visitor's sessions end: whoever else held one, and may have put it into this browser, does not become the
        known customer with it.
        """
        vouched = await self.doors.vouched(identity_token)
        visitor = await self.doors.visitor(visitor_token) if visitor_token else None
        if visitor and visitor.organization_id != vouched.organization_id:
            raise InvalidInputError(FieldProblem("visitor_token", "is of another organization."))
        customer_id = await self._known(vouched, visitor, device)
        return await self._begin(vouched.organization_id, customer_id, "identity_token", device)

    @retried_once
    async def _known(self, vouched: Vouched, visitor: Visitor | None, device: Device) -> UUID:
        async with self.units(_concierge(vouched.organization_id, device)) as unit:
            known = await unit.customers.known_as(vouched.external_id)
            if known is None:
                known = Customer(self.new_id(), vouched.organization_id)
                unit.customers.add(known)
            known.verify(vouched, at=self.clock())
            if visitor and visitor.customer_id != known.id:
                await self._merge(unit, await unit.customers.get(visitor.customer_id), known)
            await unit.commit(Receipt(known.id))
            return known.id

    @retried_once
    async def follow(self, organization_id: UUID, visitor_id: UUID) -> None:
        """Move what a visitor still began while they were being merged: a request that was let in just before."""
        async with self.units(system_of(organization_id)) as unit:
            visitor = await unit.customers.get(visitor_id)
            if visitor.merged_into is not None:
                await _move(unit, visitor, visitor.merged_into)
                await unit.commit(Receipt(visitor.id))

    async def _merge(self, unit: CustomerUnit, visitor: Customer, known: Customer) -> None:
        if visitor.merge(known):
            await _move(unit, visitor, known.id)
            for session in await unit.sessions.open_of(visitor.id):
                session.end(IDENTIFIED, self.clock())

    async def _begin(self, organization_id: UUID, customer_id: UUID, strategy: str, device: Device) -> Tokens:
        actor = Actor(ActorKind.CUSTOMER, customer_id, organization_id, address=device.address)
        session = Session(self.new_id(), organization_id, customer_id=customer_id, strategy=strategy)
        session.device, session.address = device.name, device.address
        return await self.sessions.start(actor, session)


async def _move(unit: CustomerUnit, visitor: Customer, customer_id: UUID) -> None:
    for conversation_id in await unit.customers.conversations_of(visitor):
        (await unit.conversations.get(conversation_id)).identify(customer_id)


def _concierge(organization_id: UUID, device: Device) -> Actor:
    """Parley itself, which lets people in; whoever it is for is not known yet, but where they are is."""
    return replace(system_of(organization_id), address=device.address)
