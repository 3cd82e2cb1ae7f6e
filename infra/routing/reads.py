"""What one actor may see of routing: the people at work, the queue, and what they are asked to take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, tuple_

from domain.account.permission import Permission
from domain.base import STAFF, ActorKind, FieldProblem, InvalidInputError
from domain.hours import is_open
from domain.ports import Page, PageRequest
from domain.routing.deciding import Person, Waiting, hindrances
from domain.routing.events import Status
from domain.routing.policy import InboxNeeds, Terms
from domain.routing.ports import AvailabilityView, House, OfferView, QueueEntryView
from infra.reads import SqlReads
from infra.routing import people, queue
from infra.routing.floor import house_of, read_house
from infra.routing.rows import inbox_needs
from infra.rows import agents, conversations
from infra.storage.paging import paged

MOST_COUNTED = 1_000
"""How far positions are counted: each of a page is."""
PACE_OF = timedelta(hours=1)
PACE_BY = 50
"""How many of the newest that were taken tell the pace."""


class SqlRoutingReads(SqlReads):
    """The reads of one operation about routing."""

    async def availabilities(self, ids: Sequence[UUID]) -> Sequence[AvailabilityView | None]:
        """Availability by the ids of agents; none for customers."""
        if not (self._is_at_work and self._actor.may(Permission.READ_AGENTS)):
            return [None] * len(ids)
        rows = await self._rows(people.people(self._actor.tenant).where(agents.c.id.in_(ids)))
        found = {row.id: _availability(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def inbox_needs(self, ids: Sequence[UUID]) -> Sequence[InboxNeeds | None]:
        """What inboxes need by themselves; none for customers."""
        if not self._is_at_work:
            return [None] * len(ids)
        n = inbox_needs.c
        wanted = select(n.id, n.language, n.topic).where(n.id.in_(ids), n.organization_id == self._actor.tenant)
        needs = {row.id: row for row in await self._rows(wanted)}
        return [
            InboxNeeds(each, self._actor.tenant, language=row.language, topic=row.topic) if row else None
            for each, row in ((each, needs.get(each)) for each in ids)
        ]

    async def queue_entries(self, ids: Sequence[UUID]) -> Sequence[QueueEntryView | None]:
        """The places of conversations in the queue; none for customers."""
        if not self._is_at_work:
            return [None] * len(ids)
        rows = await self._rows(self._queue().where(conversations.c.id.in_(ids)))
        found = {view.conversation_id: view for view in await self._entries(rows)}
        return [found.get(identity) for identity in ids]

    async def queue_page(self, page: PageRequest) -> Page[QueueEntryView]:
        """The queue, in its order; `ForbiddenError` for customers."""
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        wanted = self._queue()
        if page.after is not None:
            wanted = wanted.where(queue.after(_place(page.after)))
        rows = await self._rows(wanted.order_by(*queue.ORDER).limit(page.size + 1))
        found = {view.conversation_id: view for view in await self._entries(rows)}
        return paged(rows, page, lambda row: found[row.id], _key)

    async def my_offers(self) -> Sequence[OfferView]:
        """What the actor is asked to take, the first to lapse first."""
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        c = conversations.c
        mine = select(c.id, c.offered_to, c.offered_until).where(
            c.organization_id == self._actor.tenant, c.offered_to == self._actor.identity
        )
        rows = await self._rows(mine.order_by(c.offered_until, c.id))
        return [OfferView(row.id, row.offered_to, row.offered_until) for row in rows]

    async def routing_terms(self) -> Terms:
        """How long everything takes."""
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        return (await self._house()).terms

    @property
    def _is_at_work(self) -> bool:
        return self._actor.kind in (*STAFF, ActorKind.API_KEY)

    def _queue(self) -> Select[Any]:
        """What waits of what the actor sees, each with how many wait before it."""
        return queue.queue(self._actor.tenant).where(self._visible()).add_columns(_before().label("before"))

    async def _house(self) -> House:
        return read_house((await self._rows(house_of(self._actor.tenant)))[0])

    async def _entries(self, rows: Sequence[Row[Any]]) -> list[QueueEntryView]:
        if not rows:
            return []
        at, house = datetime.now(UTC), await self._house()
        everybody = people.read(await self._rows(people.people(self._actor.tenant)))
        pace = await self._pace(at)
        return [_entry(row, house, everybody, at, pace) for row in rows]

    async def _pace(self, at: datetime) -> float | None:
        """Seconds from one that somebody took to the next, of late; None where nobody took any."""
        c = conversations.c
        newest = (
            select(c.taken_at)
            .where(c.organization_id == self._actor.tenant, c.taken_at > at - PACE_OF)
            .order_by(c.taken_at.desc())
            .limit(PACE_BY)
            .subquery()
        )
        row = (await self._rows(select(func.count().label("taken"), func.min(newest.c.taken_at).label("since"))))[0]
        return (at - row.since).total_seconds() / row.taken if row.taken else None


def _before() -> Any:
    """How many wait before a conversation of the statement around it, as far as is counted.

    Two ranges of the queue's index, so that nothing behind it is read: what is more urgent, and what waits longer.
    """
    c, other = conversations.c, conversations.alias("earlier")
    o = other.c
    waits = and_(o.state == "waiting", ~o.is_spam, ~o.is_snoozed, o.merged_into.is_(None))
    longer = and_(o.priority == c.priority, tuple_(o.waiting_since, o.id) < tuple_(c.waiting_since, c.id))
    counts = []
    for sooner in (o.priority > c.priority, longer):
        some = select(o.id).where(o.organization_id == c.organization_id, waits, sooner).limit(MOST_COUNTED)
        counts.append(select(func.count()).select_from(some.correlate(conversations).subquery()).scalar_subquery())
    return func.least(counts[0] + counts[1], MOST_COUNTED - 1)


def _entry(
    row: Row[Any], house: House, everybody: Sequence[Person], at: datetime, pace: float | None
) -> QueueEntryView:
    one = queue.read(row, house)
    needs = one.relaxed(house.terms, at)
    offer = OfferView(row.id, row.offered_to, row.offered_until) if row.offered_to else None
    why = hindrances(one, everybody, house.terms, at, is_open=is_open(house.hours, at))
    return QueueEntryView(
        conversation_id=row.id,
        position=row.before + 1,
        waiting_since=row.waiting_since,
        seconds_left=None if pace is None else round(pace * (row.before + 1)),
        for_team=one.for_team,
        language=needs.language,
        topic=needs.topic,
        offer=offer,
        hindrances=[] if offer else why,
    )


def _availability(row: Row[Any]) -> AvailabilityView:
    return AvailabilityView(
        agent_id=row.id,
        status=Status(row.status),
        capacity=row.capacity,
        load=row.load,
        languages=row.languages or (),
        topics=row.topics or (),
        seen_at=None if row.languages is None else row.seen_at,
    )


def _key(row: Row[Any]) -> tuple[str, ...]:
    return str(row.priority), row.waiting_since.isoformat(), str(row.id)


def _place(cursor: tuple[str, ...]) -> Waiting:
    """The place in the queue that a cursor means."""
    try:
        rank, since, identity = cursor
        moment = datetime.fromisoformat(since).astimezone(UTC)
        return Waiting(UUID(identity), UUID(int=0), _rank(rank), moment)
    except (ValueError, OverflowError):
        raise InvalidInputError(FieldProblem("after", "This is not a cursor of this list.")) from None


def _rank(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise ValueError(text)
    return int(text)
