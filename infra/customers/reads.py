"""What one actor may see of customers: who they are, where they can be reached, and what happened to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Text,
    and_,
    cast,
    literal,
    or_,
    select,
    true,
    union_all,
)

from domain.account.permission import Permission, Scope
from domain.base import Actor, ForbiddenError
from domain.customer.contact import Contact
from domain.customer.ports import CustomerFilter, TimelineView
from domain.ports import ConversationView, CustomerView, Page, PageRequest
from infra.customers.contacts import contact_of, shown_contacts
from infra.customers.rows import contacts
from infra.reads import SqlReads, customer_of
from infra.rows import conversations, customers, events
from infra.storage.paging import keyset, paged

MOST_DUPLICATES = 20
MOST_CONVERSATIONS = 200
"""Whose events are looked for in a timeline: the latest of a customer."""
TOLD = ("text", "comment", "reason", "subject", "name")
"""What of an event's facts is shown as its text, the first that it has."""


class SqlCustomerReads(SqlReads):
    """The reads of one operation about customers."""

    async def customer_page(self, page: PageRequest, wanted: CustomerFilter) -> Page[CustomerView]:
        """Customers, the newest first, without those who turned out to be others."""
        self._require_all()
        c = customers.c
        asked = select(customers).where(self._of_tenant(), c.merged_into.is_(None), *_narrowed(wanted))
        rows = await self._rows(
            keyset(asked, page, (c.created_at, datetime.fromisoformat), (c.id, UUID), descending=True)
        )
        return paged(rows, page, self._customer, lambda row: (row.created_at.isoformat(), str(row.id)))

    async def customer_contacts(self, ids: Sequence[UUID]) -> Sequence[Sequence[Contact]]:
        """For each customer their addresses, by kind and value."""
        if not self._sees_all:
            return [[] for _ in ids]
        c = contacts.c
        wanted = shown_contacts().where(c.customer_id.in_(ids), c.organization_id == self._actor.tenant)
        found = _grouped(await self._rows(wanted.order_by(c.kind, c.value)), lambda row: row.customer_id)
        return [[contact_of(row) for row in found.get(one, ())] for one in ids]

    async def customer_duplicates(self, ids: Sequence[UUID]) -> Sequence[Sequence[CustomerView]]:
        """For each customer others with the same e-mail address or number, at most 20."""
        if not self._sees_all:
            return [[] for _ in ids]
        one, other = customers.alias("one"), customers.alias("other")
        alike = [
            select(one.c.id.label("of_id"), *other.c)
            .select_from(one.join(other, and_(other.c.organization_id == one.c.organization_id, same)))
            .where(one.c.id.in_(ids), one.c.organization_id == self._actor.tenant, other.c.id != one.c.id)
            .where(one.c.merged_into.is_(None), other.c.merged_into.is_(None))
            .limit(MOST_DUPLICATES * len(ids))
            for same in (other.c.email_key == one.c.email_key, other.c.phone == one.c.phone)
        ]
        rows = [row for statement in alike for row in await self._rows(statement)]
        found = _grouped(rows, lambda row: row.of_id)
        by_id = {key: {row.id: self._customer(row) for row in of} for key, of in found.items()}
        return [list(by_id.get(each, {}).values())[:MOST_DUPLICATES] for each in ids]

    async def customer_conversation_pages(
        self, keys: Sequence[tuple[UUID, PageRequest]]
    ) -> Sequence[Page[ConversationView]]:
        """For each customer a page of those conversations that the actor may read, the latest activity first."""
        page = keys[0][1]
        c, k = conversations.c, customers.alias("asked")
        key = ((c.last_activity_at, datetime.fromisoformat), (c.id, UUID))
        mine = keyset(self._conversations().where(c.customer_id == k.c.id), page, *key, descending=True).lateral("mine")
        wanted = select(mine).select_from(k.join(mine, true())).where(k.c.id.in_([each for each, _ in keys]))
        found = _grouped(await self._rows(wanted), lambda row: row.customer_id)
        for of in found.values():
            of.sort(key=lambda row: (row.last_activity_at, row.id), reverse=not page.backward)
        return [paged(found.get(each, []), page, self._conversation, _place) for each, _ in keys]

    async def timeline_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[TimelineView]]:
        """For each customer a page of what happened, the newest first; empty for customers themselves."""
        if not (self._sees_all and self._actor.may(Permission.READ_CONVERSATIONS)):
            return [Page([], [], has_next=False, has_previous=False) for _ in keys]
        return [await self._timeline(customer_id, page) for customer_id, page in keys]

    async def _timeline(self, customer_id: UUID, page: PageRequest) -> Page[TimelineView]:
        """The newest events of each stream, and of those the newest: each stream is read from its end."""
        c, e = conversations.c, events.c
        theirs = (
            select((literal("conversation:") + cast(c.id, Text)).label("stream"))
            .where(self._visible(), c.customer_id == customer_id)
            .order_by(c.last_activity_at.desc())
            .limit(MOST_CONVERSATIONS)
        )
        own = select(literal(f"customer:{customer_id}").label("stream")).where(
            select(customers.c.id).where(customers.c.id == customer_id, self._of_tenant()).exists()
        )
        streams = union_all(select(theirs.subquery()), own).subquery("streams")
        of_stream = select(events).where(e.stream == streams.c.stream, e.organization_id == self._actor.tenant)
        newest = keyset(of_stream, page, (e.id, int), descending=True).order_by(None)
        some = newest.order_by(e.version.desc()).lateral("some")
        wanted = select(some).select_from(streams.join(some, true())).order_by(some.c.id.desc()).limit(page.size + 1)
        return paged(await self._rows(wanted), page, _happened, lambda row: (str(row.id),))

    @property
    def _sees_all(self) -> bool:
        return self._actor.grants.get(Permission.READ_CUSTOMERS) is Scope.ALL

    def _require_all(self) -> None:
        if self._actor.require(Permission.READ_CUSTOMERS) is not Scope.ALL:
            raise ForbiddenError("Only who sees all customers lists them.")

    def _of_tenant(self) -> ColumnElement[bool]:
        return customers.c.organization_id == self._actor.tenant

    def _customer(self, row: Row[Any]) -> CustomerView:
        return customer_of(row, self._actor)


def _narrowed(wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    c, k = customers.c, contacts.c
    asked: list[ColumnElement[bool]] = []
    if wanted.is_blocked is not None:
        asked.append(c.blocked_at.is_not(None) if wanted.is_blocked else c.blocked_at.is_(None))
    if wanted.is_verified is not None:
        asked.append(c.verified_at.is_not(None) if wanted.is_verified else c.verified_at.is_(None))
    if wanted.contact is not None:
        given = wanted.contact.strip()
        having = select(k.customer_id).where(
            k.organization_id == c.organization_id, k.value.in_([given, given.lower()])
        )
        asked.append(or_(c.id.in_(having), c.email_key == given.lower(), c.phone == given, c.external_id == given))
    asked += [] if wanted.created_after is None else [c.created_at >= wanted.created_after]
    return asked + ([] if wanted.created_before is None else [c.created_at < wanted.created_before])


def _grouped(rows: Sequence[Row[Any]], key: Callable[[Row[Any]], UUID]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _place(row: Row[Any]) -> tuple[str, ...]:
    return row.last_activity_at.isoformat(), str(row.id)


def _happened(row: Row[Any]) -> TimelineView:
    actor = Actor.parse(row.actor, row.organization_id)
    concept, _, identity = row.stream.partition(":")
    message, note_id = row.payload.get("message"), row.payload.get("note_id")
    told = next((str(row.payload[name]) for name in TOLD if row.payload.get(name)), None)
    return TimelineView(
        event_id=row.id,
        kind=row.kind,
        at=row.at,
        actor_kind=actor.kind,
        agent_id=actor.id if actor.is_staff else None,
        conversation_id=UUID(identity) if concept == "conversation" else None,
        message_id=UUID(message["id"]) if isinstance(message, dict) else None,
        note_id=UUID(note_id) if note_id else None,
        text=None if message or note_id else told,
    )
