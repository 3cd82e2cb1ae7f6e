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
    InvalidStateError,
    NotFoundError,
    system_of,
)
from domain.conversation.triage import AttributeValue
from domain.customer.contact import ContactKind, Contacts, CustomerBlockedError
from domain.customer.events import (
    CustomerAttributesChanged,
    CustomerBlocked,
    CustomerChanged,
    CustomerErased,
    CustomerUnblocked,
)
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
    erased_at: datetime | None = None

    def require_known(self) -> None:
        """`InvalidStateError` for one who was erased."""
        if self.erased_at is not None:
            raise InvalidStateError("This customer was erased: nothing is known of them any more.")

    def require_present(self) -> None:
        """`InvalidStateError` for one who is gone: merged into another one, or erased."""
        if self.merged_into is not None:
            raise InvalidStateError("This customer was merged into another one. Name the one that they are now.")
        self.require_known()

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

    def change(self, profile: CustomerChanged) -> None:
        """Be known as this; what changes nothing is no event."""
        self.require_known()
        if profile != CustomerChanged(self.name, self.email, self.phone, self.language, self.zone):
            self._record(profile)

    def sort(self, attributes: Mapping[str, AttributeValue]) -> None:
        """Have these custom attributes."""
        self.require_known()
        if dict(attributes) != dict(self.attributes):
            self._record(CustomerAttributesChanged(attributes))

    def join(self, other: Customer, *, reason: str | None) -> None:
        """Turn out to be another customer, as people at work found; to be told again changes nothing."""
        if self.id == other.id:
            raise InvalidStateError("These are the same customer.")
        if self.merged_into == other.id:
            return
        if self.merged_into is not None:
            raise InvalidStateError("This customer was merged into another one already.")
        other.require_known()
        self.require_known()
        if other.merged_into is not None:
            raise InvalidStateError("The other customer was merged themselves. Merge into the one that they are now.")
        self._record(CustomerMerged(into_id=other.id, reason=reason))

    def block(self, *, reason: str | None, at: datetime) -> None:
        """Be heard no more; who is blocked already stays so."""
        if self.blocked_at is None:
            self.blocked_at = at
            self._record(CustomerBlocked(reason=reason))

    def unblock(self, *, reason: str | None) -> None:
        """Be heard again."""
        self.require_known()
        if self.blocked_at is not None:
            self._record(CustomerUnblocked(reason=reason))

    def erase(self, *, at: datetime) -> None:
        """Be nobody any more; what was known is gone already."""
        if self.erased_at is None:
            self.erased_at = at
            self._record(CustomerErased())

    def _apply(self, event: Event) -> None:
        match event:
            case CustomerChanged():
                self.name, self.email, self.phone = event.name, event.email, event.phone
                self.language, self.zone = event.language, event.zone
            case CustomerAttributesChanged():
                self.attributes = event.attributes
            case CustomerUnblocked():
                self.blocked_at = None
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

    @property
    def contacts(self) -> Contacts:
        """Their addresses."""
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
            named = await unit.customers.known_as(vouched.external_id)
            if named is None:
                named = Customer(self.new_id(), vouched.organization_id)
                unit.customers.add(named)
            known = await current(unit, named)
            if known.blocked_at is not None:
                raise CustomerBlockedError
            if known is named:
                known.verify(vouched, at=self.clock())
            if vouched.email:
                await unit.contacts.claim(ContactKind.EMAIL, vouched.email, known.id, verified_at=self.clock())
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
                await move(unit, visitor, await current(unit, visitor))
                await unit.commit(Receipt(visitor.id))

    async def _merge(self, unit: CustomerUnit, visitor: Customer, known: Customer) -> None:
        if visitor.merge(known):
            await move(unit, visitor, known)
            for session in await unit.sessions.open_of(visitor.id):
                session.end(IDENTIFIED, self.clock())

    async def _begin(self, organization_id: UUID, customer_id: UUID, strategy: str, device: Device) -> Tokens:
        actor = Actor(ActorKind.CUSTOMER, customer_id, organization_id, address=device.address)
        session = Session(self.new_id(), organization_id, customer_id=customer_id, strategy=strategy)
        session.device, session.address = device.name, device.address
        return await self.sessions.start(actor, session)


async def current(unit: CustomerUnit, customer: Customer) -> Customer:
    """Who a customer is by now, through as many mergers as there were."""
    while customer.merged_into is not None:
        customer = await unit.customers.get(customer.merged_into)
    return customer


async def move(unit: CustomerUnit, customer: Customer, into: Customer) -> None:
    """Let all that one customer said, and their addresses, be another's."""
    await unit.contacts.give(customer.id, into.id)
    for conversation_id in await unit.customers.conversations_of(customer):
        (await unit.conversations.get(conversation_id)).identify(into.id)


def _concierge(organization_id: UUID, device: Device) -> Actor:
    """Parley itself, which lets people in; whoever it is for is not known yet, but where they are is."""
    return replace(system_of(organization_id), address=device.address)
