"""Customers as rows, and what can be known of who stands at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update

from domain.access.customer import Customer, Door, Visitor, Vouched
from domain.base import NotFoundError, UnauthenticatedError, stream_of
from infra.accounts.identity_keys import IdentityTokens
from infra.accounts.rows import sessions
from infra.database import Database
from infra.identity.keys import KeyRing
from infra.identity.tokens import AccessTokens
from infra.repositories import Unit
from infra.rows import conversations, customers, events, organizations

LONGEST_SLUG = 200
KEPT = (
    *("name", "email", "phone", "language", "zone", "external_id", "verified_at"),
    *("merged_into", "blocked_at", "erased_at"),
)
"""What a customer's row holds as it is."""


class SqlCustomers:
    """The customers of the unit's organization; their version is the length of their stream."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._held: dict[UUID, Customer] = {}
        self._new: set[UUID] = set()

    async def get(self, identity: UUID) -> Customer:
        """The customer, locked; `NotFoundError` where there is none."""
        if customer := await self._one(customers.c.id == identity):
            return customer
        raise NotFoundError("customer")

    async def known_as(self, external_id: str) -> Customer | None:
        """The customer whom the organization's backend calls so, locked."""
        return await self._one(customers.c.external_id == external_id)

    async def conversations_of(self, customer: Customer) -> Sequence[UUID]:
        """The ids of the customer's conversations, in the one order in which all lock them."""
        c = conversations.c
        mine = (c.customer_id == customer.id) & (c.organization_id == self._unit.actor.tenant)
        return (await self._unit.connection.scalars(select(c.id).where(mine).order_by(c.id))).all()

    def add(self, customer: Customer) -> None:
        """Take a new one in."""
        self._held[customer.id] = customer
        self._new.add(customer.id)

    async def save(self) -> None:
        """Write the rows, and the events of what changed; new ones first, since others refer to them."""
        for customer in sorted(self._held.values(), key=lambda one: one.id not in self._new):
            row = {name: getattr(customer, name) for name in KEPT} | {"attributes": dict(customer.attributes)}
            if customer.id in self._new:
                owned = {"id": customer.id, "organization_id": customer.organization_id, "created_at": self._unit.at}
                await self._unit.connection.execute(insert(customers), row | owned)
            elif customer.pending:
                await self._unit.connection.execute(update(customers).where(customers.c.id == customer.id).values(row))
            if customer.pending:
                await self._unit.journal(customer)

    async def _one(self, which: ColumnElement[bool]) -> Customer | None:
        c, tenant = customers.c, self._unit.actor.tenant
        found = await self._unit.connection.execute(
            select(customers).where(which, c.organization_id == tenant).with_for_update()
        )
        row = found.one_or_none()
        if row is None:
            return None
        if row.id in self._held:
            return self._held[row.id]
        newest = select(func.max(events.c.version)).where(events.c.stream == stream_of("customer", row.id))
        customer = Customer(row.id, tenant, await self._unit.connection.scalar(newest) or 0)
        for name in (*KEPT, "attributes"):
            setattr(customer, name, getattr(row, name))
        self._held[customer.id] = customer
        return customer


@dataclass(frozen=True)
class SqlDoors:
    """Reads what strangers bring: the name of an organization, an identity token, a visitor's access token."""

    database: Database
    tokens: IdentityTokens
    ring: KeyRing

    async def of(self, slug: str) -> Door | None:
        """The organization of a slug."""
        if not slug or len(slug) > LONGEST_SLUG or "\x00" in slug:
            return None
        o = organizations.c
        wanted = select(o.id, o.suspended_at, o.settings).where(o.slug == slug)
        async with self.database.accounts() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return row and Door(row.id, row.suspended_at is not None, row.settings.get("visitors", True) is not False)

    async def vouched(self, identity_token: str) -> Vouched:
        """Whom an identity token names."""
        return await self.tokens.read(identity_token)

    async def visitor(self, access_token: str) -> Visitor:
        """Whom a customer's access token names.

        The session may be over when that is because the visitor was merged: then a request is only repeated, whose
        answer got lost.
        """
        tokens = AccessTokens(await self.ring.current(), self.tokens.clock)
        claims = tokens.read(access_token)
        row = await self._session(claims.session_id, claims.organization_id)
        is_over = row is None or row.ended_at is not None or row.expires_at <= self.tokens.clock()
        if row is None or (is_over and row.merged_into is None):
            raise UnauthenticatedError("This visitor's token is not valid any more. Refresh it, or leave it out.")
        return Visitor(claims.organization_id, row.customer_id)

    async def _session(self, session_id: UUID, organization_id: UUID) -> Any:
        s, c = sessions.c, customers.c
        shown = select(s.customer_id, s.ended_at, s.expires_at, c.merged_into)
        joined = shown.select_from(sessions.join(customers, c.id == s.customer_id))
        async with self.database.accounts() as connection:
            found = await connection.execute(joined.where(s.id == session_id, s.organization_id == organization_id))
            return found.one_or_none()
