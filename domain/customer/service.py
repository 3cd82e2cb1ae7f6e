"""What people at work do about customers: what they know of them, who is the same, and who is not heard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.access.customer import LONGEST_NAME, Customer, CustomerUnit, move
from domain.account.permission import Permission, Scope
from domain.account.stored import Opening
from domain.base import Actor, Clock, FieldProblem, ForbiddenError, InvalidInputError, on_behalf_of
from domain.customer.contact import ContactKind
from domain.customer.events import CustomerChanged
from domain.login.person import email_address
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked
from domain.triage.attribute import AttributeOwner, AttributeUnit, changed_attributes

LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}")
LONGEST_ZONE = 60
MERGED = "merged"
BLOCKED = "blocked"


class ProfileUnit(CustomerUnit, AttributeUnit, Protocol):
    """A unit of work that holds customers and the definitions of their attributes."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is to be known of a customer: None stays as it is, an empty text takes away; a name stays a name."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Profiles:
    """The commands on customers, for people at work who see all of them."""

    units: Opening[ProfileUnit]
    clock: Clock

    @retried_once
    async def change(
        self, actor: Actor, customer_id: UUID, wanted: Profile, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Write down who a customer is. An address that is another's stays theirs, and is told as a duplicate."""
        async with self.units(_at_work(actor), key) as unit:
            if unit.earlier:
                return unit.earlier
            customer = await unit.customers.get(customer_id)
            customer.change(await _known(unit, customer, wanted))
            return await unit.commit(Receipt(customer.id))

    @retried_once
    async def set_attributes(
        self, actor: Actor, customer_id: UUID, values: Mapping[str, object], *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Set these custom attributes, None takes one away; `InvalidInputError` for what no definition allows."""
        async with self.units(_at_work(actor), key) as unit:
            if unit.earlier:
                return unit.earlier
            customer = await unit.customers.get(customer_id)
            defined = await unit.attributes.of(AttributeOwner.CUSTOMER)
            customer.sort(changed_attributes(defined, customer.attributes, values, "input.attributes"))
            return await unit.commit(Receipt(customer.id))

    @retried_once
    async def merge(
        self,
        actor: Actor,
        customer_id: UUID,
        into_id: UUID,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Let one customer be another: all that they said, their addresses and what only they had go there.

        What the one that stays has counts. The other's sessions end. It cannot be undone.
        """
        async with self.units(_at_work(actor), key) as unit:
            if unit.earlier:
                return unit.earlier
            held = {one: await unit.customers.get(one) for one in sorted({customer_id, into_id})}
            customer, into = held[customer_id], held[into_id]
            customer.join(into, reason=reason)
            into.change(_together(into, customer))
            into.sort({**customer.attributes, **into.attributes})
            await move(unit, customer, into)
            await self._end_sessions(unit, customer, MERGED)
            return await unit.commit(Receipt(into.id))

    @retried_once
    async def block(
        self, actor: Actor, customer_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Hear a customer no more: their sessions end, and what they send is refused."""
        async with self.units(_at_work(actor), key) as unit:
            if unit.earlier:
                return unit.earlier
            customer = await unit.customers.get(customer_id)
            customer.block(reason=reason, at=self.clock())
            await self._end_sessions(unit, customer, BLOCKED)
            return await unit.commit(Receipt(customer.id))

    @retried_once
    async def unblock(
        self, actor: Actor, customer_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Hear a blocked customer again; they sign in anew."""
        async with self.units(_at_work(actor), key) as unit:
            if unit.earlier:
                return unit.earlier
            customer = await unit.customers.get(customer_id)
            customer.unblock(reason=reason)
            return await unit.commit(Receipt(customer.id))

    async def _end_sessions(self, unit: ProfileUnit, customer: Customer, cause: str) -> None:
        for session in await unit.sessions.open_of(customer.id):
            session.end(cause, self.clock())


def _at_work(actor: Actor) -> Actor:
    """Somebody who may work on customers, for all that follows from it, also where they could not reply."""
    actor.require(Permission.WRITE_CUSTOMERS)
    if actor.require(Permission.READ_CUSTOMERS) is not Scope.ALL:
        raise ForbiddenError("Only who sees all customers changes what is known of them.")
    return on_behalf_of(actor)


async def _known(unit: ProfileUnit, customer: Customer, wanted: Profile) -> CustomerChanged:
    """All that is known once that is; the addresses become the customer's unless they are somebody's."""
    name = customer.name if wanted.name is None else checked(wanted.name, "input.name", longest=LONGEST_NAME)
    email = customer.email if wanted.email is None else wanted.email.strip() or None
    phone = customer.phone if wanted.phone is None else wanted.phone.strip() or None
    if wanted.email and email:
        email = email_address(email, "input.email")
        await unit.contacts.claim(ContactKind.EMAIL, email, customer.id)
    if wanted.phone and phone:
        phone = (await unit.contacts.claim(ContactKind.PHONE, phone, customer.id)).value
    language = customer.language if wanted.language is None else _language(wanted.language)
    return CustomerChanged(name, email, phone, language, customer.zone if wanted.zone is None else _zone(wanted.zone))


def _together(into: Customer, other: Customer) -> CustomerChanged:
    """What is known of two who are one."""
    return replace(
        CustomerChanged(into.name, into.email, into.phone, into.language, into.zone),
        email=into.email or other.email,
        phone=into.phone or other.phone,
        language=into.language or other.language,
        zone=into.zone or other.zone,
    )


def _language(given: str) -> str | None:
    if not given:
        return None
    if not LANGUAGE.fullmatch(given):
        raise InvalidInputError(FieldProblem("input.language", "Give a language tag such as de or pt-BR."))
    return given


def _zone(given: str) -> str | None:
    if not given:
        return None
    try:
        return ZoneInfo(given[:LONGEST_ZONE]).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(FieldProblem("input.zone", "Give a time zone's name such as Europe/Berlin.")) from None
