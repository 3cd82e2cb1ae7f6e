"""Mail is fetched from a real IMAP server: once, in order, and after crashes too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Any, cast

import pytest
from sqlalchemy import select

from domain.base import UnavailableError
from domain.channel.account import Server
from domain.channel.ports import Place
from domain.channel.receiving import Inlet, Received
from infra.channels.carrier import dialer
from infra.channels.rows import mailbox_places
from infra.inlets import imap
from infra.inlets.mailboxes import BABBLE, SqlMailboxes
from tests.channels.conftest import Office
from tests.channels.imap_server import PASSWORD, USER, Served, imap_server
from workers.desk.looking import fetch


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    async with imap_server() as served:
        yield served


def mail(number: int) -> str:
    """A mail of its own."""
    return (
        f"From: Ann <ann{number}@customers.example>\nTo: help@shop.example\nSubject: Coat {number}\n"
        f"Message-ID: <{number}@customers.example>\n\nQuestion {number}?\n"
    )


@dataclass
class Failing:
    """An inlet that breaks off before or after each first mail is stored."""

    inlet: Inlet
    before: bool
    broken: int = 1

    async def receive(self, place: Place, raw: bytes) -> Received:
        if self.before and self.broken:
            self.broken -= 1
            raise UnavailableError
        received = await self.inlet.receive(place, raw)
        if self.broken:
            self.broken -= 1
            raise UnavailableError
        return received


async def connected(office: Office, server: Served) -> tuple[Place, SqlMailboxes]:
    """An inbox with the mailbox, that only this test looks into, and never twice at once."""
    place = await office.mail_inbox(imap=Server("127.0.0.1", server.port, USER), imap_password=PASSWORD)
    mailboxes = cast(SqlMailboxes, office.parts.desk.channels.mailboxes)
    return place, replace(mailboxes, pause=0.0)


async def test_a_worker_fetches_what_comes(office: Office, server: Served) -> None:
    place, mailboxes = await connected(office, server)
    worker = asyncio.create_task(fetch(replace(mailboxes, pause=0.02)))
    await server.put(mail(1), mail(2))
    await office.conversations_of(place, 2)
    await server.put(mail(3))
    await office.conversations_of(place, 3)
    worker.cancel()
    await asyncio.wait([worker])
    assert await server.unseen() == 0


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says yes to everything, and numbers that no mailbox has."""
    writer.write(b"* OK IMAP4rev1\r\n")
    while line := await reader.readline():
        writer.write(b"* CAPABILITY IMAP4rev1\r\n" if b"CAPABILITY" in line.upper() else b"")
        writer.write(b"* OK [UIDVALIDITY " + b"9" * 40 + b"] x\r\n" if b"SELECT" in line.upper() else b"")
        writer.write(b"* SEARCH 1\r\n" if b"SEARCH" in line.upper() else b"")
        writer.write(line.split()[0] + b" OK done\r\n")
    writer.close()


async def test_a_server_that_babbles_is_a_problem_of_its_own_mailbox_alone(office: Office, server: Served) -> None:
    async with await asyncio.start_server(babble, "127.0.0.1", 0) as babbling:
        port = babbling.sockets[0].getsockname()[1]
        bad = await office.mail_inbox("bad@shop.example", imap=Server("127.0.0.1", port, USER), imap_password=PASSWORD)
        place, mailboxes = await connected(office, server)
        await server.put(mail(1))
        assert await mailboxes.look() == 1
    async with office.parts.database.tenant(office.company.id) as connection:
        m = mailbox_places.c
        rows = (await connection.execute(select(m.id, m.problem).where(m.id.in_([bad.inbox_id, place.inbox_id])))).all()
    assert {row.id: row.problem for row in rows} == {bad.inbox_id: BABBLE, place.inbox_id: None}


async def test_no_more_is_heard_of_an_answer_than_a_mail_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    said = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal said
        writer.write(b"* OK IMAP4rev1\r\n")
        with suppress(ConnectionError):
            while line := await reader.readline():
                writer.write(b"* CAPABILITY IMAP4rev1\r\n" if b"CAPABILITY" in line.upper() else b"")
                writer.write(b"* 1 FETCH (BODY[] {9000000000}\r\n" if b"LOGIN" in line.upper() else b"")
                while b"LOGIN" in line.upper():
                    writer.write(b"x" * 65_536)
                    said += 65_536
                    await writer.drain()
                writer.write(line.split()[0] + b" OK done\r\n")
        writer.close()

    monkeypatch.setattr(imap, "LONGEST_ANSWER", 1_000_000)
    monkeypatch.setattr(imap, "PATIENCE", 1.0)
    async with await asyncio.start_server(flood, "127.0.0.1", 0) as flooding:
        here = Server("127.0.0.1", flooding.sockets[0].getsockname()[1], USER)
        with pytest.raises(imap.MailboxError):
            async with imap.opened(here, PASSWORD, dialer([ip_network("127.0.0.0/8")])):
                pass
    assert said < 20_000_000


async def test_two_workers_do_not_look_into_one_mailbox_at_once(office: Office, server: Served) -> None:
    _, mailboxes = await connected(office, server)
    await server.put(*map(mail, range(5)))
    assert sorted(await asyncio.gather(mailboxes.look(), mailboxes.look())) == [0, 5]


async def test_what_was_there_before_the_inbox_is_not_taken(office: Office, server: Served) -> None:
    await server.put(mail(1))
    await asyncio.sleep(1.1)  # the server's clock counts seconds
    place, mailboxes = await connected(office, server)
    assert await mailboxes.look() == 0
    await server.put(mail(2))
    assert await mailboxes.look() == 1
    assert await office.count(place) == 1


async def test_a_mailbox_that_cannot_be_read_says_why_and_goes_on_later(office: Office, server: Served) -> None:
    wrong = Server("127.0.0.1", server.port, USER)
    place = await office.mail_inbox(imap=wrong, imap_password="wrong")
    mailboxes = replace(cast(SqlMailboxes, office.parts.desk.channels.mailboxes), pause=0.0)
    await mailboxes._look_into(place)
    (seen,) = await office.parts.seen_by(office.company.admin).all_channel_accounts()
    assert seen.problem and "refused" in seen.problem and "wrong" not in seen.problem.replace("not right", "")


@pytest.mark.parametrize("before", [True, False])
async def test_a_crash_around_the_commit_loses_nothing_and_doubles_nothing(
    office: Office, server: Served, before: bool
) -> None:
    place, mailboxes = await connected(office, server)
    broken: Any = replace(mailboxes, inlet=Failing(office.parts.desk.channels.mails, before))
    await server.put(mail(1), mail(2))
    with pytest.raises(UnavailableError):
        await broken._look_into(place)
    await office.expire(place)
    await mailboxes._look_into(place)
    assert await office.count(place) == 2
    assert await server.unseen() == 0
