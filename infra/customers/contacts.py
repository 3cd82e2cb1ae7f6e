"""Customers' addresses as rows, each normalised before it is looked for or kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import phonenumbers
from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.base import FieldProblem, InvalidInputError
from domain.customer.contact import Contact, ContactKind
from domain.login.person import email_address
from domain.text import checked
from infra.customers.rows import contacts
from infra.repositories import Unit
from infra.rows import customers

LONGEST_EXTERNAL_ID = 200
NO_NUMBER = "This is not a telephone number. Begin with + and the country's code, as in +4930123456."


class SqlContacts:
    """The addresses of the unit's organization."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def customer_of(self, kind: ContactKind, value: str) -> Contact | None:
        """The address, if somebody has it, with who they are now."""
        rows = await self._rows(shown_contacts().where(self._is(kind, normalised(kind, value))))
        return rows[0] if rows else None

    async def claim(
        self, kind: ContactKind, value: str, customer_id: UUID, *, verified_at: datetime | None = None
    ) -> Contact:
        """Let it be the customer's, unless it is somebody's: a verified claim takes it from an unverified one alone."""
        value = normalised(kind, value)
        c = contacts.c
        row = {
            "organization_id": self._unit.actor.tenant,
            "kind": kind,
            "value": value,
            "customer_id": customer_id,
            "verified_at": verified_at,
            "created_at": self._unit.at,
        }
        statement = upsert(contacts).values(row)
        if verified_at is None:
            statement = statement.on_conflict_do_nothing()
        else:
            taken = {"customer_id": customer_id, "verified_at": verified_at, "bounced_at": None}
            key = [c.organization_id, c.kind, c.value]
            statement = statement.on_conflict_do_update(index_elements=key, set_=taken, where=c.verified_at.is_(None))
        await self._unit.connection.execute(statement)
        found = await self.customer_of(kind, value)
        return found or Contact(kind, value, customer_id, verified_at)  # whose customer is yet to be saved

    async def bounce(self, kind: ContactKind, value: str, at: datetime) -> None:
        """Nothing arrives there any more."""
        which = self._is(kind, normalised(kind, value))
        await self._unit.connection.execute(update(contacts).where(which).values(bounced_at=at))

    async def give(self, customer_id: UUID, into_id: UUID) -> None:
        """Let all that one customer has be another's."""
        theirs = (contacts.c.customer_id == customer_id) & (contacts.c.organization_id == self._unit.actor.tenant)
        await self._unit.connection.execute(update(contacts).where(theirs).values(customer_id=into_id))

    async def of(self, customer_id: UUID) -> Sequence[Contact]:
        """A customer's addresses, by kind and value."""
        c = contacts.c
        mine = (c.customer_id == customer_id) & (c.organization_id == self._unit.actor.tenant)
        return await self._rows(shown_contacts().where(mine).order_by(c.kind, c.value))

    def _is(self, kind: ContactKind, value: str) -> ColumnElement[bool]:
        c = contacts.c
        return (c.organization_id == self._unit.actor.tenant) & (c.kind == kind) & (c.value == value)

    async def _rows(self, wanted: Select[Any]) -> list[Contact]:
        return [contact_of(row) for row in await self._unit.connection.execute(wanted)]


def normalised(kind: ContactKind, value: str) -> str:
    """The one way in which an address is written; `InvalidInputError` for what is none."""
    value = value.strip()
    if kind is ContactKind.EXTERNAL:
        return checked(value, "input.externalId", longest=LONGEST_EXTERNAL_ID)
    return email_address(value, "input.email") if kind is ContactKind.EMAIL else phone(value)


def phone(value: str, path: str = "input.phone") -> str:
    """A telephone number as E.164, which is given with its country."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        raise InvalidInputError(FieldProblem(path, NO_NUMBER)) from None
    if not phonenumbers.is_possible_number(number):
        raise InvalidInputError(FieldProblem(path, NO_NUMBER))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_contacts() -> Select[Any]:
    """Addresses with who has them now."""
    k, c = contacts.c, customers.c
    shown = select(*contacts.c, func.coalesce(c.merged_into, c.id).label("owner_id"), c.blocked_at)
    return shown.select_from(contacts.join(customers, c.id == k.customer_id))


def contact_of(row: Row[Any]) -> Contact:
    """An address with whose it is now."""
    return Contact(
        kind=ContactKind(row.kind),
        value=row.value,
        customer_id=row.owner_id,
        verified_at=row.verified_at,
        bounced_at=row.bounced_at,
        is_blocked=row.blocked_at is not None,
    )
