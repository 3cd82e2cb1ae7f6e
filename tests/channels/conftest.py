"""A company with inboxes that are connected to servers of this test run: mail out, mail in, text messages."""

from __future__ import annotations

import asyncio
import email
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd import smtp
from sqlalchemy import select, update

from domain.account.inbox import Channel
from domain.base import Event, system_of
from domain.channel.account import Server
from domain.channel.ports import Place
from domain.channel.receiving import Received
from domain.conversation.events import AnswerCompleted
from domain.conversation.triage import ConversationMerged
from domain.ports import Receipt
from infra import bootstrap
from infra.channels.rows import mailbox_places
from infra.delivery.rows import deliveries
from infra.rows import conversations, customers, events, messages
from infra.storage.codec import recorded
from tests.stack import Company, Stack, found_company, running, scripted, settings_for

ADDRESS = "help@shop.example"
WAIT = 10.0
"""Seconds that something may take that follows from something else."""


class Postbox:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _: smtp.SMTP, __: Any, envelope: smtp.Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if self.answer.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.raw.append(envelope.content)
        return self.answer


@asynccontextmanager
async def listening(postbox: Postbox) -> AsyncIterator[int]:
    """The port of the server."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: smtp.SMTP(postbox, loop=loop), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@dataclass
class Office:
    """A company, its inboxes, and what goes in and out of them."""

    stack: Stack
    parts: bootstrap.Parts
    company: Company
    postbox: Postbox
    port: int
    inboxes: list[UUID] = field(default_factory=list)

    async def inbox(self, channel: Channel = Channel.EMAIL) -> UUID:
        """A new inbox of a channel, not connected yet."""
        name = f"{channel} {len(self.inboxes)}"
        receipt = await self.parts.accounts.inboxes.create(self.company.admin, name, channel)
        self.inboxes.append(receipt.id)
        return receipt.id

    async def mail_inbox(self, address: str = ADDRESS, **settings: Any) -> Place:
        """A new inbox that is connected to mail; what is secret goes by its own name."""
        names = ("imap_password", "smtp_password", "dkim_key")
        secrets = {name: settings.pop(name) for name in names if name in settings}
        given = {"smtp": Server("127.0.0.1", self.port), **settings}
        inbox_id = await self.inbox()
        await self.parts.desk.channels.connections.connect_mail(self.company.admin, inbox_id, address, given, secrets)
        return Place(self.company.id, inbox_id)

    async def receive(self, place: Place, raw: bytes | str) -> Received:
        """Bring a mail in as the inlets do."""
        content = raw.encode() if isinstance(raw, str) else raw
        return await self.parts.desk.channels.mails.receive(place, content)

    async def told(self, conversation_id: UUID | None) -> list[str]:
        """What was said in a conversation."""
        m = messages.c
        wanted = select(m.text).where(m.conversation_id == conversation_id).order_by(m.number)
        async with self.parts.database.tenant(self.company.id) as connection:
            return list((await connection.scalars(wanted)).all())

    async def count(self, place: Place) -> int:
        """How many conversations an inbox has."""
        wanted = select(conversations.c.id).where(conversations.c.inbox_id == place.inbox_id)
        async with self.parts.database.tenant(self.company.id) as connection:
            return len((await connection.execute(wanted)).all())

    async def conversation(self, inbox_id: UUID) -> UUID:
        """The one conversation of an inbox."""
        async with self.parts.database.tenant(self.company.id) as connection:
            found = await connection.scalars(select(conversations.c.id).where(conversations.c.inbox_id == inbox_id))
            return UUID(str(found.one()))

    async def conversations_of(self, place: Place, count: int) -> None:
        """Return once an inbox has so many."""

        async def are_there() -> bool:
            return await self.count(place) == count

        await until(are_there)

    async def expire(self, place: Place) -> None:
        """Let the lease end that a worker had when it died."""
        m = mailbox_places.c
        async with self.parts.database.tenant(self.company.id) as connection:
            ended = update(mailbox_places).where(m.id == place.inbox_id)
            await connection.execute(ended.values(leased_until=None, fetched_at=None))
            await connection.commit()

    async def events(self, conversation_id: UUID | None, kind: type[Event]) -> list[Event]:
        """What of a kind happened in a conversation."""
        wanted = select(events).where(events.c.stream == f"conversation:{conversation_id}").order_by(events.c.version)
        async with self.parts.database.tenant(self.company.id) as connection:
            found = [recorded(row._mapping).event for row in await connection.execute(wanted)]
        return [event for event in found if isinstance(event, kind)]

    async def answered(self, conversation_id: UUID | None, count: int) -> bool:
        """Whether the assistant has given so many answers."""
        return len(await self.events(conversation_id, AnswerCompleted)) == count

    async def block(self, address: str) -> None:
        """Have the customer with an address blocked."""
        async with self.parts.database.tenant(self.company.id) as connection:
            theirs = update(customers).where(customers.c.email == address)
            await connection.execute(theirs.values(blocked_at=bootstrap.now()))
            await connection.commit()

    async def merge(self, source: UUID | None, target: UUID | None) -> None:
        """Let one conversation go on in another."""
        assert source and target
        async with self.parts.units(system_of(self.company.id)) as unit:
            (await unit.conversations.get(source)).sort(ConversationMerged(target))
            await unit.commit(Receipt(source))

    async def attempted(self, conversation_id: UUID | None) -> bool:
        """Whether a delivery about a conversation has failed once."""
        d = deliveries.c
        wanted = select(d.attempts).where(d.sequence == str(conversation_id), d.error.is_not(None))
        async with self.parts.database.tenant(self.company.id) as connection:
            return bool((await connection.scalars(wanted)).all())

    async def hurry(self) -> None:
        """Let what waits for its next attempt be due."""
        async with self.parts.database.tenant(self.company.id) as connection:
            waiting = update(deliveries).where(deliveries.c.next_try_at.is_not(None))
            await connection.execute(waiting.values(next_try_at=bootstrap.now()))
            await connection.commit()

    async def sent(self, count: int) -> list[EmailMessage]:
        """The mails that went out, once there are so many."""
        await until(lambda: _done(len(self.postbox.mails) >= count))
        return self.postbox.mails


async def _done(value: object) -> object:
    return value


async def until(look: Callable[[], Awaitable[Any]], *, seconds: float = WAIT) -> Any:
    """What a look gives, once that is something."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):
            await asyncio.sleep(0.02)
        return found


@pytest.fixture(scope="module")
async def serving(database_url: str, valkey_url: str) -> AsyncIterator[tuple[Stack, bootstrap.Parts]]:
    """A server and a worker that all tests of a file share, and what they are made of."""
    options: dict[str, Any] = {"channel_networks": ("127.0.0.0/8",), "mail_poll_seconds": 3600}
    async with (
        running(database_url, valkey_url, scripted("Within 45 days."), **options) as stack,
        bootstrap.parts(settings_for(database_url, valkey_url, **options)) as parts,
    ):
        yield stack, parts


@pytest.fixture
async def office(serving: tuple[Stack, bootstrap.Parts], database_url: str) -> AsyncIterator[Office]:
    """A new company with a mail server to send by."""
    postbox = Postbox()
    async with listening(postbox) as port:
        yield Office(*serving, await found_company(database_url), postbox, port)
