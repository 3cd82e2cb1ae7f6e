"""How inboxes are connected and what went over channels, as a unit of work has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.account.inbox import Channel
from domain.base import stream_of
from domain.channel.account import ChannelAccount, ChannelSettings, EmailSettings, Server, SmsSettings
from domain.channel.events import Failure
from domain.channel.ports import ChannelMessage, Sent, Thread
from domain.conversation.desk_events import EmailLeft
from domain.conversation.events import ConversationState
from infra.accounts.repository import SqlStored
from infra.channels.rows import channel_accounts, channel_messages, unreachables
from infra.customers.rows import contacts
from infra.repositories import Unit
from infra.rows import conversations, events

MOST_OF_THREAD = 200
"""Messages of one conversation that say who has part in it: the newest."""


def settings_of(channel: str, stored: Mapping[str, Any]) -> ChannelSettings:
    """The settings as they are stored."""
    if channel == "sms":
        return SmsSettings(**stored)
    servers = {name: Server(**stored[name]) for name in ("imap", "smtp") if stored.get(name)}
    return EmailSettings(**{**stored, **servers})


class SqlChannelAccounts(SqlStored[ChannelAccount]):
    """Connections."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, channel_accounts, ChannelAccount)

    async def of(self, inbox_id: UUID) -> ChannelAccount | None:
        """The connection of an inbox, locked; None where it has none."""
        return next(iter(await self.find(channel_accounts.c.id == inbox_id)), None)

    async def sharing(self, inbox_id: UUID) -> ChannelAccount | None:
        """The same, to be read and not changed."""
        return await connection_of(self._unit, inbox_id)

    def _hold(self, row: Row[Any]) -> ChannelAccount:
        self._held.setdefault(row.id, _account(row))
        return self._held[row.id]

    async def _write(self, aggregate: ChannelAccount) -> None:
        c = channel_accounts.c
        row = {name: getattr(aggregate, name) for name in ("id", "organization_id", "channel", "address", "enabled")}
        row |= {"settings": asdict(aggregate.settings), "secrets": aggregate.secrets, "kept": list(aggregate.kept)}
        row["version"] = aggregate.version + len(aggregate.pending)
        if aggregate.deleted:
            statement: Any = delete(channel_accounts).where(c.id == aggregate.id)
        elif aggregate.id in self._new:
            statement = insert(channel_accounts).values(row | {"created_at": self._unit.at})
        else:
            statement = update(channel_accounts).where(c.id == aggregate.id).values(row)
        await self._unit.connection.execute(statement)


async def connection_of(unit: Unit, inbox_id: UUID) -> ChannelAccount | None:
    """The connection of an inbox of the unit's organization, for reading."""
    c = channel_accounts.c
    wanted = select(channel_accounts).where(c.id == inbox_id, c.organization_id == unit.actor.tenant)
    row = (await unit.connection.execute(wanted)).one_or_none()
    return _account(row) if row else None


def _account(row: Row[Any]) -> ChannelAccount:
    account = ChannelAccount(row.id, row.organization_id, row.version)
    account.channel, account.address, account.enabled = row.channel, row.address, row.enabled
    account.settings, account.secrets = settings_of(row.channel, row.settings), row.secrets
    account.kept = tuple(row.kept)
    return account


class SqlChannelMessages:
    """What went over the channels of the unit's organization."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._new: list[ChannelMessage] = []

    async def knows(self, inbox_id: UUID, external_id: str) -> bool:
        """Whether a message of that name came or went there already."""
        return bool(await self._unit.connection.scalar(select(exists().where(*self._is(inbox_id, external_id)))))

    def add(self, message: ChannelMessage) -> None:
        """Keep one, once the message itself is there."""
        self._new.append(message)

    async def save(self) -> None:
        """Write those that came."""
        for message in self._new:
            row = {name: getattr(message, name) for name in ChannelMessage.__slots__}
            owned = {"id": uuid4(), "organization_id": self._unit.actor.tenant, "created_at": self._unit.at}
            row["participants"] = list(message.participants)
            await self._unit.connection.execute(insert(channel_messages).values(row | owned))
        self._new.clear()

    async def thread(self, inbox_id: UUID, external_ids: Sequence[str]) -> Thread | None:
        """The conversation that the newest of these belongs to."""
        c = channel_messages.c
        named = self._mine(c.inbox_id == inbox_id, c.external_id.in_(external_ids))
        wanted = select(c.conversation_id).where(*named).order_by(c.created_at.desc()).limit(1)
        found = await self._unit.connection.scalar(wanted)
        return await self.thread_of(found) if found else None

    async def thread_of(self, conversation_id: UUID) -> Thread | None:
        """What is known of a conversation's way, and of the ways of those that were merged into it."""
        c, v = channel_messages.c, conversations.c
        into = await self._unit.connection.scalar(select(v.merged_into).where(v.id == conversation_id))
        goes_on = into or conversation_id
        same = select(v.id).where(
            or_(v.id == goes_on, and_(v.organization_id == self._unit.actor.tenant, v.merged_into == goes_on))
        )
        joined = channel_messages.join(conversations, v.id == c.conversation_id)
        k = contacts.c
        own = exists().where(
            k.organization_id == c.organization_id, k.value == c.sender, k.customer_id == v.customer_id
        )
        wanted = select(channel_messages, v.customer_id, own.label("is_own")).select_from(joined)
        newest = wanted.where(*self._mine(c.conversation_id.in_(same))).order_by(c.created_at.desc(), c.id.desc())
        rows = (await self._unit.connection.execute(newest.limit(MOST_OF_THREAD))).all()
        return _thread(goes_on, list(reversed(rows))) if rows else None

    async def latest_of(self, inbox_id: UUID, customer_id: UUID, *, since: datetime) -> UUID | None:
        """The conversation of the inbox in which the customer was active last, unless that is over since then."""
        c = conversations.c
        goes_on = or_(c.state != ConversationState.RESOLVED, c.last_activity_at >= since)
        mine = (c.organization_id == self._unit.actor.tenant, c.inbox_id == inbox_id, c.customer_id == customer_id)
        wanted = select(c.id).where(*mine, goes_on).order_by(c.last_activity_at.desc(), c.id.desc()).limit(1)
        found: UUID | None = await self._unit.connection.scalar(wanted)
        return found

    async def left(self, conversation_id: UUID) -> Thread | None:
        """The way to the address that was left last; by the mail connection that was made first."""
        a, e, v = channel_accounts.c, events.c, conversations.c
        stream = stream_of("conversation", conversation_id)
        left = select(e.payload["email"].astext).where(e.stream == stream, e.kind == EmailLeft.__name__)
        by_mail = (a.organization_id == self._unit.actor.tenant, a.channel == Channel.EMAIL, a.enabled)
        inbox = select(a.id).where(*by_mail).order_by(a.created_at, a.id).limit(1)
        wanted = select(
            v.customer_id,
            left.order_by(e.version.desc()).limit(1).scalar_subquery().label("address"),
            inbox.scalar_subquery().label("inbox_id"),
        ).where(v.id == conversation_id)
        row = (await self._unit.connection.execute(wanted)).one_or_none()
        if row is None or row.address is None or row.inbox_id is None:
            return None
        return Thread(conversation_id, row.inbox_id, row.customer_id, frozenset(), row.address)

    async def sent(self, inbox_id: UUID, external_id: str) -> Sent | None:
        """What went out under a name."""
        return _sent(await self._one(*self._is(inbox_id, external_id), inbound=False))

    async def brought(self, inbox_id: UUID, external_id: str) -> tuple[UUID, UUID] | None:
        """The conversation and the message that came in under a name."""
        row = await self._one(*self._is(inbox_id, external_id), inbound=True)
        return (row.conversation_id, row.message_id) if row else None

    async def count_from(self, inbox_id: UUID, sender: str, *, since: datetime) -> int:
        """How many came from an address."""
        c = channel_messages.c
        theirs = self._mine(c.inbox_id == inbox_id, c.sender == sender, c.is_inbound, c.created_at >= since)
        return await self._unit.connection.scalar(select(func.count()).where(*theirs)) or 0

    async def sent_as(self, message_id: UUID) -> Sent | None:
        """How a message went out."""
        return _sent(await self._one(channel_messages.c.message_id == message_id, inbound=False))

    async def failure_at(self, inbox_id: UUID, address: str) -> Failure | None:
        """Why nothing is to be sent there; None where it is."""
        u = unreachables.c
        there = (u.organization_id == self._unit.actor.tenant, u.inbox_id == inbox_id, u.address == address)
        found = await self._unit.connection.scalar(select(u.failure).where(*there))
        return Failure(found) if found else None

    async def set_unreachable(self, inbox_id: UUID, address: str, failure: Failure | None) -> None:
        """Send nothing there any more and say why; None: send again."""
        u, tenant = unreachables.c, self._unit.actor.tenant
        there = {"organization_id": tenant, "inbox_id": inbox_id, "address": address}
        statement: Any = delete(unreachables).where(u.inbox_id == inbox_id, u.address == address)
        if failure is not None:
            row = there | {"failure": failure, "created_at": self._unit.at}
            statement = upsert(unreachables).values(row).on_conflict_do_nothing()
        await self._unit.connection.execute(statement)

    async def _one(self, *which: ColumnElement[bool], inbound: bool) -> Any:
        c = channel_messages.c
        wanted = select(c.conversation_id, c.message_id, c.participants)
        named = wanted.where(*self._mine(*which), c.is_inbound.is_(inbound))
        return (await self._unit.connection.execute(named)).one_or_none()

    def _is(self, inbox_id: UUID, external_id: str) -> tuple[ColumnElement[bool], ...]:
        c = channel_messages.c
        return self._mine(c.inbox_id == inbox_id, c.external_id == external_id)

    def _mine(self, *conditions: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
        return (channel_messages.c.organization_id == self._unit.actor.tenant, *conditions)


def _sent(row: Any) -> Sent | None:
    return Sent(row.conversation_id, row.message_id, row.participants[0]) if row else None


def _thread(conversation_id: UUID, rows: Sequence[Row[Any]]) -> Thread:
    """A conversation's way from its messages, the oldest first."""
    came = [row for row in rows if row.is_inbound]
    own = [row for row in came if row.is_own] or came[:1]
    return Thread(
        conversation_id=conversation_id,
        inbox_id=rows[0].inbox_id,
        customer_id=rows[0].customer_id,
        participants=frozenset(address for row in came for address in row.participants),
        address=own[-1].sender if own else None,
        subject=next((row.subject for row in came if row.subject), ""),
        references=tuple(row.external_id for row in rows),
    )
