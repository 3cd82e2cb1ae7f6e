"""An organization with people at work and conversations that wait, for tests of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from domain.account.inbox import Channel
from domain.account.organization import default_inbox_of
from domain.account.permission import BuiltinRole
from domain.account.team import Roster
from domain.assistant import HandoffReason
from domain.base import Actor, ActorKind, Event, system_of
from domain.conversation import Message, MessageKind
from domain.conversation.events import ConversationStarted, HandoffRequested
from domain.conversation.triage import Priority, PriorityChanged
from domain.ports import Receipt
from domain.routing.availability import Skills
from domain.routing.draining import Draining
from domain.routing.events import Status
from domain.routing.service import Routing
from infra import bootstrap
from infra.assist.rows import classifications
from infra.desk.rows import timers
from infra.routing.rows import availabilities
from infra.rows import conversations, customers, events
from infra.storage.codec import dump
from tests.hiring import hired
from tests.stack import Company, found_company


@dataclass
class Desk:
    """The organization, the process's parts, and a clock of which the test says how late it is."""

    parts: bootstrap.Parts
    company: Company
    database_url: str
    later: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return bootstrap.now() + self.later

    @property
    def routing(self) -> Routing:
        made = self.parts.desk.routing
        draining = Draining(made.units, self.now)
        return Routing(made.units, made.replies, made.workplaces, draining, self.now)

    async def drain(self) -> int:
        return await self.routing.drain(self.company.id)

    async def agent(self, *, capacity: int = 4, status: Status = Status.ONLINE, **skills: Sequence[str]) -> Actor:
        """Somebody new at work."""
        newcomer = await hired(self.database_url, self.company, BuiltinRole.AGENT)
        if skills or capacity != 4:
            await self.routing.qualify(self.company.admin, newcomer.identity, Skills(**skills), capacity)
        await self.routing.set_availability(newcomer, status)
        return newcomer

    async def qualified(self, agent: Actor, *, capacity: int) -> None:
        await self.routing.qualify(self.company.admin, agent.identity, Skills(), capacity)

    async def team(self, name: str, *people: Actor) -> UUID:
        """A team with an inbox of its own; the inbox's id."""
        inbox = await self.parts.accounts.inboxes.create(self.company.admin, name, Channel.CHAT)
        ids = [person.identity for person in people]
        await self.parts.accounts.teams.create(self.company.admin, Roster(name, ids, [inbox.id]))
        return inbox.id

    async def waits(
        self,
        *,
        priority: Priority = Priority.NORMAL,
        language: str | None = None,
        topic: str | None = None,
        **start: Any,
    ) -> UUID:
        """A new conversation that needs a person."""
        begun = await self.parts.conversations.start(self.company.customer, "Help?", **start)
        await self.parts.conversations.request_handoff(self.company.customer, begun.id)
        if priority is not Priority.NORMAL:
            async with self.parts.units(system_of(self.company.id)) as unit:
                (await unit.conversations.get(begun.id)).sort(PriorityChanged(priority))
                await unit.commit(Receipt(begun.id))
        if language or topic:
            await self._classify(begun.id, language, topic)
        return begun.id

    async def _classify(self, conversation_id: UUID, language: str | None, topic: str | None) -> None:
        row = {
            "id": conversation_id,
            "organization_id": self.company.id,
            "language": language,
            "topic": topic,
        }
        found = {"sentiment": "neutral", "urgency": "normal", "made_by": "local"}
        times = dict.fromkeys(("made_at", "created_at"), bootstrap.now())
        async with self.parts.database.tenant(self.company.id) as connection:
            await connection.execute(insert(classifications), row | found | times)
            await connection.commit()

    async def offers(self) -> dict[UUID, UUID]:
        """Who is asked to take what."""
        c = conversations.c
        async with self.parts.database.tenant(self.company.id) as connection:
            rows = await connection.execute(select(c.id, c.offered_to).where(c.offered_to.is_not(None)))
            return {row.id: row.offered_to for row in rows}

    async def row(self, conversation_id: UUID) -> Any:
        async with self.parts.database.tenant(self.company.id) as connection:
            return (await connection.execute(select(conversations).where(conversations.c.id == conversation_id))).one()

    async def told(self, kind: str) -> int:
        """How many events of a kind there are."""
        wanted = select(events.c.id).where(events.c.kind == kind, events.c.organization_id == self.company.id)
        async with self.parts.database.tenant(self.company.id) as connection:
            return len((await connection.execute(wanted)).all())

    async def due(self) -> datetime | None:
        """When the queue is looked at again."""
        wanted = select(timers.c.due_at).where(timers.c.name == "queue", timers.c.organization_id == self.company.id)
        async with self.parts.database.tenant(self.company.id) as connection:
            found: datetime | None = await connection.scalar(wanted)
        return found

    async def hurry(self) -> None:
        """Let the time have come at which the queue is looked at again."""
        mine = timers.c.organization_id == self.company.id
        async with self.parts.database.tenant(self.company.id) as connection:
            await connection.execute(update(timers).where(mine).values(due_at=bootstrap.now() - timedelta(seconds=5)))
            await connection.commit()

    async def unseen(self, agent: Actor, seconds: float) -> None:
        """Let nobody have seen an agent for a while."""
        mine = availabilities.c.id == agent.identity
        async with self.parts.database.tenant(self.company.id) as connection:
            seen_at = self.now() - timedelta(seconds=seconds)
            await connection.execute(update(availabilities).where(mine).values(seen_at=seen_at))
            await connection.commit()

    async def fill(self, count: int, *, rank: int = 1, inbox_id: UUID | None = None) -> list[UUID]:
        """Many that wait, as rows and the events they come of, written at once."""
        at, customer = bootstrap.now() - timedelta(hours=1), uuid4()
        inbox_id = inbox_id or default_inbox_of(self.company.id)
        mine = {"organization_id": self.company.id}
        ids = [uuid4() for _ in range(count)]
        rows = [
            mine
            | {
                "id": each,
                "customer_id": customer,
                "inbox_id": inbox_id or default_inbox_of(self.company.id),
                "subject": "Help?",
            }
            | {"state": "waiting", "episode": 1, "message_count": 1, "customer_message_count": 1, "version": 2}
            | {"priority": rank, "tag_ids": [], "attributes": {}, "linked_ids": [], "passed": {}}
            | {"is_snoozed": False, "is_spam": False, "started_at": at, "last_activity_at": at}
            | {"waiting_since": at + timedelta(milliseconds=number), "needed_since": at}
            for number, each in enumerate(ids)
        ]
        async with self.parts.database.tenant(self.company.id) as connection:
            await connection.execute(insert(customers), mine | {"id": customer, "name": "Many", "created_at": at})
            await connection.execute(insert(conversations), rows)
            await connection.execute(insert(events), [one for each in ids for one in _story(each, customer, mine, at)])
            await connection.commit()
        return ids


def _story(conversation_id: UUID, customer: UUID, mine: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """The events of a conversation whose customer asked for a person at once."""
    line = Message(uuid4(), 1, 1, ActorKind.ASSISTANT, None, MessageKind.HANDOFF, "Somebody will answer here.")
    story: list[Event] = [
        ConversationStarted(customer, "Help?", default_inbox_of(mine["organization_id"])),
        HandoffRequested(HandoffReason.CUSTOMER_ASKED, "Help?", line),
    ]
    stream = {"stream": f"conversation:{conversation_id}", "at": at, "correlation_id": "", "audited": False}
    return [
        mine | stream | {"version": number, "kind": one.kind, "payload": dump(one), "actor": f"customer:{customer}"}
        for number, one in enumerate(story, 1)
    ]


async def made(parts: bootstrap.Parts, database_url: str) -> Desk:
    """A new organization at its desk."""
    return Desk(parts, await found_company(database_url), database_url)
