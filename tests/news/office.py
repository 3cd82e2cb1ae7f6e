"""An office whose people can be reached, and what happens in its conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from domain.account.organization import role_of
from domain.account.permission import BuiltinRole
from domain.base import Actor, Event, Recorded
from domain.conversation.desk_events import Aside, NoteAdded
from domain.notification.notification import BundleDue, Means
from domain.notification.preference import Preferences
from domain.notification.service import Notifications
from domain.ports import Receipt
from infra import bootstrap
from infra.accounts.rows import people
from infra.delivery.rows import deliveries
from infra.desk.rows import timers
from infra.identity.shell import open_session
from infra.notifications.composition import notifications_of
from infra.notifications.rows import notifications
from infra.rows import agents, events
from infra.storage.codec import recorded
from tests.news.couriers import Watch
from tests.people import actor
from tests.stack import Company


@dataclass
class Office:
    """One organization, whose notifications are told by a clock that stands until it is moved."""

    parts: bootstrap.Parts
    company: Company
    watch: Watch = field(default_factory=Watch)

    @property
    def service(self) -> Notifications:
        """The service under test."""
        made = self.parts
        return notifications_of(
            made.settings,
            made.database,
            made.units,
            made.journal,
            made.hub,
            clock=self.watch,
            new_id=bootstrap.new_id,
        )

    async def hire(self, name: str, role: BuiltinRole = BuiltinRole.AGENT, role_id: UUID | None = None) -> Actor:
        """Somebody with an address."""
        newcomer = actor(kind_of(role), self.company.id)
        person, at = uuid4(), bootstrap.now()
        address = f"{name.lower()}-{person.hex[:8]}@people.example"
        async with self.parts.database.accounts(self.company.id) as connection:
            await connection.execute(insert(people), {"id": person, "email": address, "name": name, "created_at": at})
            await connection.commit()
        row = {"id": newcomer.id, "role_id": role_id or role_of(self.company.id, role), "person_id": person}
        shared = {"organization_id": self.company.id, "created_at": at, "name": name}
        async with self.parts.database.tenant(self.company.id) as connection:
            await connection.execute(insert(agents), row | shared)
            await open_session(connection, newcomer, bootstrap.now)
            await connection.commit()
        return newcomer

    async def conversation(self, text: str = "Where is my coat?") -> UUID:
        """One that the customer has begun."""
        return (await self.parts.conversations.start(self.company.customer, text)).id

    async def held(self, by: Actor) -> UUID:
        """One that an agent has."""
        conversation_id = await self.conversation()
        await self.parts.conversations.take_over(by, conversation_id)
        return conversation_id

    async def happen(self, conversation_id: UUID, event: Aside, by: Actor) -> Recorded:
        """Note something in a conversation."""
        async with self.parts.units(by) as unit:
            conversation = await unit.conversations.get(conversation_id)
            conversation.note(event)
            await unit.commit(Receipt(conversation_id))
        return await self.newest(type(event))

    async def mention(self, conversation_id: UUID, *whom: Actor, by: Actor) -> Recorded:
        """Name colleagues in a note."""
        note = NoteAdded(uuid4(), by.identity, "Look!", tuple(each.identity for each in whom))
        return await self.happen(conversation_id, note, by)

    async def reply(self, conversation_id: UUID, text: str = "Hello?") -> Recorded:
        """Something that the customer says."""
        await self.parts.conversations.send(self.company.customer, conversation_id, text)
        return (await self._events("MessageSent"))[-1]

    async def newest(self, kind: type[Event]) -> Recorded:
        """The last event of a kind."""
        return (await self._events(kind.__name__))[-1]

    async def want(self, who: Actor, **decided: Any) -> None:
        """Let somebody decide how to be told."""
        await self.service.decide(who, Preferences(**decided))

    async def told(self, who: Actor) -> list[str]:
        """The kinds of what somebody was told, in order."""
        n = notifications.c
        wanted = select(n.kind).where(n.agent_id == who.identity).order_by(n.created_at, n.id)
        async with self.parts.database.tenant(self.company.id) as connection:
            return list((await connection.execute(wanted)).scalars())

    async def posted(self, medium: str | None = None) -> Sequence[Any]:
        """What is to go out, in the order of posting."""
        async with self.parts.database.tenant(self.company.id) as connection:
            rows = (await connection.execute(select(deliveries).order_by(deliveries.c.number))).all()
        return [row for row in rows if medium is None or row.medium == medium]

    async def due(self) -> list[tuple[Any, BundleDue]]:
        """What waits for its time, the earliest first."""
        wanted = select(timers).where(timers.c.kind == "BundleDue").order_by(timers.c.due_at)
        async with self.parts.database.tenant(self.company.id) as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            (row.due_at, BundleDue(UUID(row.payload["agent_id"]), Means(row.payload["means"]), row.payload["bundle"]))
            for row in rows
        ]

    async def _events(self, kind: str) -> list[Recorded]:
        async with self.parts.database.tenant(self.company.id) as connection:
            rows = await connection.execute(select(events).where(events.c.kind == kind).order_by(events.c.id))
            return [recorded(row._mapping) for row in rows]


def kind_of(role: BuiltinRole) -> Any:
    """The kind of actor that a role makes."""
    return "admin" if role in (BuiltinRole.OWNER, BuiltinRole.ADMIN) else "agent"
