"""What working on customers needs of the database, and what one actor may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.access.customer import LONGEST_NAME, VISITOR, Customer, CustomerRepository
from domain.base import ActorKind
from domain.customer.contact import Contact, ContactKind, Contacts, CustomerBlockedError
from domain.ports import ConversationView, CustomerView, Page, PageRequest, UnitOfWork
from domain.text import clipped

__all__ = ["Contact", "ContactKind", "ContactUnit", "Contacts", "CustomerBlockedError", "customer_at"]


class ContactUnit(UnitOfWork, Protocol):
    """A unit of work that holds customers and their addresses."""

    @property
    def customers(self) -> CustomerRepository:
        """Customers, to change."""
        ...

    @property
    def contacts(self) -> Contacts:
        """Their addresses."""
        ...


async def customer_at(unit: ContactUnit, kind: ContactKind, value: str, new: Customer) -> Contact:
    """Whoever has an address, or the new customer who gets it, unverified; two at once get the same one.

    The new one is called by the address where nobody gave them a name.
    """
    if found := await unit.contacts.customer_of(kind, value):
        return found
    claimed = await unit.contacts.claim(kind, value, new.id)
    if claimed.customer_id == new.id:
        new.name = clipped(claimed.value if new.name == VISITOR else new.name, LONGEST_NAME)
        new.email = claimed.value if kind is ContactKind.EMAIL else None
        new.phone = claimed.value if kind is ContactKind.PHONE else None
        unit.customers.add(new)
    return claimed


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers; None does not matter. `contact` is an e-mail address, a number or an external id."""

    is_blocked: bool | None = None
    is_verified: bool | None = None
    contact: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimelineView:
    """Something that happened to a customer or in one of their conversations.

    `kind` is the event's name in the journal; `text` is what somebody wrote with it, if it is no message and no note:
    a note can be taken back, and the journal keeps it.
    """

    event_id: int
    kind: str
    at: datetime
    actor_kind: ActorKind
    agent_id: UUID | None = None
    conversation_id: UUID | None = None
    message_id: UUID | None = None
    note_id: UUID | None = None
    text: str | None = None


class CustomerReads(Protocol):
    """What one actor may see of customers: people at work and their keys all of them, customers no other."""

    async def customer_page(self, page: PageRequest, wanted: CustomerFilter) -> Page[CustomerView]:
        """Customers, the newest first, without those who turned out to be others."""
        ...

    async def customer_contacts(self, ids: Sequence[UUID]) -> Sequence[Sequence[Contact]]:
        """For each customer their addresses, by kind and value."""
        ...

    async def customer_duplicates(self, ids: Sequence[UUID]) -> Sequence[Sequence[CustomerView]]:
        """For each customer others with the same e-mail address or number, at most 20."""
        ...

    async def customer_conversation_pages(
        self, keys: Sequence[tuple[UUID, PageRequest]]
    ) -> Sequence[Page[ConversationView]]:
        """For each customer a page of those conversations that the actor may read, the latest activity first."""
        ...

    async def timeline_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[TimelineView]]:
        """For each customer a page of what happened, the newest first; for people at work."""
        ...
