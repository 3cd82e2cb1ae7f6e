"""The people at work and the queue before them, in one unit of work."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text, update

from domain.account.settings import Settings
from domain.base import NotFoundError
from domain.routing.availability import Availability
from domain.routing.deciding import Asked, Person, Waiting
from domain.routing.draining import PAGE
from domain.routing.events import Status
from domain.routing.policy import InboxNeeds, RoutingPolicy, Terms
from domain.routing.ports import House
from infra.accounts.repository import SqlStored
from infra.accounts.rows import inboxes, team_inboxes
from infra.repositories import Unit
from infra.routing import people, queue
from infra.routing.rows import availabilities, inbox_needs, routing_policies
from infra.rows import agents, conversations, organizations

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
EXACT_TO = timedelta(seconds=5)
"""How exactly it is kept when somebody was seen."""
TERMS = ("offer", "pause", "grace", "topic", "language")


class SqlFloor:
    """What draining sees of the unit's organization."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def lock(self) -> None:
        """Take turns with whoever else gives out work here."""
        await self._unit.connection.execute(ONE_AT_A_TIME, {"name": f"routing {self._unit.actor.tenant}"})

    async def house(self) -> House:
        """Terms, hours and teams' inboxes, in one statement."""
        row = (await self._unit.connection.execute(house_of(self._unit.actor.tenant))).one()
        return read_house(row)

    async def people(self) -> Sequence[Person]:
        """Everybody who is not offline."""
        wanted = people.people(self._unit.actor.tenant).where(availabilities.c.status != Status.OFFLINE)
        return people.read(await self._unit.connection.execute(wanted))

    async def person(self, agent_id: UUID) -> Person | None:
        """One agent, offline or not."""
        wanted = people.people(self._unit.actor.tenant).where(agents.c.id == agent_id)
        return next(iter(people.read(await self._unit.connection.execute(wanted), own=True)), None)

    async def asked(self) -> Sequence[Asked]:
        """Every open offer."""
        c = conversations.c
        wanted = select(c.id, c.offered_to, c.offered_until).where(
            c.organization_id == self._unit.actor.tenant, c.offered_to.is_not(None)
        )
        return [Asked(*row) for row in await self._unit.connection.execute(wanted)]

    async def held_by(self, agent_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        """The conversations that some people have."""
        c = conversations.c
        wanted = select(c.id, c.assignee_id).where(
            c.organization_id == self._unit.actor.tenant, c.assignee_id.in_(agent_ids)
        )
        return {row.id: row.assignee_id for row in await self._unit.connection.execute(wanted)}

    async def head(
        self, house: House, people: Sequence[Person], at: datetime, after: Waiting | None
    ) -> Sequence[Waiting]:
        """The first that nobody is asked to take and one of these people may fit, by the index of the queue."""
        free = [person for person in people if person.has_room(at)]
        wanted = queue.queue(self._unit.actor.tenant).where(conversations.c.offered_to.is_(None))
        wanted = wanted.where(queue.for_some(free, house, at))
        if after is not None:
            wanted = wanted.where(queue.after(after))
        rows = await self._unit.connection.execute(wanted.order_by(*queue.ORDER).limit(PAGE))
        return [queue.read(row, house) for row in rows]

    async def saw(self, agent_id: UUID, at: datetime) -> None:
        """An agent is there at this moment; of more beats than one in a while, as from several windows, one counts."""
        c = availabilities.c
        mine = (c.organization_id == self._unit.actor.tenant) & (c.id == agent_id)
        stale = or_(c.seen_at.is_(None), c.seen_at < at - EXACT_TO)
        await self._unit.connection.execute(update(availabilities).where(mine, stale).values(seen_at=at))

    async def was_asked(self, agent_ids: Collection[UUID], at: datetime) -> None:
        """Remember who was asked when."""
        c = availabilities.c
        mine = (c.organization_id == self._unit.actor.tenant) & c.id.in_(agent_ids)
        await self._unit.connection.execute(update(availabilities).where(mine).values(asked_at=at))


class SqlAvailabilities(SqlStored[Availability]):
    """Who takes conversations; made when first asked for."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, availabilities, Availability, status=Status, languages=tuple, topics=tuple)

    async def of(self, agent_id: UUID) -> Availability:
        """An agent's, locked; `NotFoundError` where there is no such agent."""
        found = await self.find(availabilities.c.id == agent_id)
        if not found:
            a = agents.c
            known = select(a.id).where(a.id == agent_id, a.organization_id == self._unit.actor.tenant)
            if await self._unit.connection.scalar(known) is None:
                raise NotFoundError("agent")
            self.add(Availability(agent_id, self._unit.actor.tenant))
        return self._held[agent_id]


class SqlInboxNeeds(SqlStored[InboxNeeds]):
    """What inboxes need by themselves."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, inbox_needs, InboxNeeds)

    async def of(self, inbox_id: UUID) -> InboxNeeds:
        """What one needs, locked; `NotFoundError` where there is no such inbox."""
        found = await self.find(inbox_needs.c.id == inbox_id)
        if not found:
            i = inboxes.c
            known = select(i.id).where(i.id == inbox_id, i.organization_id == self._unit.actor.tenant)
            if await self._unit.connection.scalar(known) is None:
                raise NotFoundError("inbox")
            self.add(InboxNeeds(inbox_id, self._unit.actor.tenant))
        return self._held[inbox_id]


class SqlRoutingPolicies(SqlStored[RoutingPolicy]):
    """The one policy of each organization, whose id is the organization's."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, routing_policies, RoutingPolicy)

    async def own(self) -> RoutingPolicy:
        """The organization's, locked."""
        tenant = self._unit.actor.tenant
        if found := await self.find():
            return found[0]
        self.add(RoutingPolicy(tenant, tenant))
        return self._held[tenant]


def house_of(organization_id: UUID) -> Select[Any]:
    """What an organization decided about its queue, in one row."""
    o, p, i = organizations.c, routing_policies.c, team_inboxes.c
    claimed = select(func.array_agg(i.inbox_id.distinct())).where(i.organization_id == organization_id)
    shown = (o.settings, claimed.scalar_subquery().label("of_teams"), *(p[name] for name in TERMS))
    joined = organizations.outerjoin(routing_policies, p.organization_id == o.id)
    return select(*shown).select_from(joined).where(o.id == organization_id)


def read_house(row: Any) -> House:
    """How an organization wants it; the usual terms where nobody decided."""
    terms = Terms() if row.offer is None else Terms(*(getattr(row, name) for name in TERMS))
    return House(terms, Settings.of(row.settings).business_hours, frozenset(row.of_teams or ()))
