"""Mail that is forwarded to Parley over SMTP: to addresses that it gave out, and taken once it is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest
from aiosmtplib import SMTP, SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from domain.base import UnavailableError
from domain.channel.ports import Place
from domain.channel.receiving import Received
from infra.inlets.smtp import SmtpInlet
from tests.channels.conftest import Office
from tests.channels.test_mail import FIRST


@pytest.fixture
async def inlet(office: Office, unused_tcp_port: int) -> AsyncIterator[SmtpInlet]:
    made = replace(cast(SmtpInlet, office.parts.desk.channels.forwarding), port=unused_tcp_port, domain="in.example")
    task = asyncio.create_task(made.run())
    await asyncio.sleep(0.1)
    yield made
    task.cancel()
    await asyncio.wait([task])


async def handed(inlet: SmtpInlet, to: str, raw: str = FIRST) -> str:
    """What the inlet answers to a mail."""
    async with SMTP(hostname="127.0.0.1", port=inlet.port, start_tls=False) as client:
        _, answer = await client.sendmail("forwarder@shop.example", [to], raw)
        return answer


async def test_mail_is_taken_for_an_address_that_was_given_out(office: Office, inlet: SmtpInlet) -> None:
    place = await office.mail_inbox()
    address = inlet.address(place.inbox_id)
    assert address is not None and len(address.partition("@")[0]) == 40
    assert "Taken" in await handed(inlet, address.upper().replace("IN.EXAMPLE", "in.example"))
    assert "Taken" in await handed(inlet, address)
    assert await office.count(place) == 1


async def test_nobody_learns_from_the_log_who_wrote_or_to_where(
    office: Office, inlet: SmtpInlet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = inlet.address((await office.mail_inbox()).inbox_id) or ""
    await handed(inlet, address)
    with pytest.raises(SMTPRecipientsRefused):
        await handed(inlet, "eve@elsewhere.example")
    for private in (address.partition("@")[0], "forwarder", "elsewhere", "customers.example"):
        assert private not in caplog.text


async def test_nothing_is_taken_for_other_addresses(office: Office, inlet: SmtpInlet) -> None:
    place = await office.mail_inbox()
    address = inlet.address(place.inbox_id) or ""
    changed = ("b" if address[-12] == "a" else "a").join((address[:20], address[21:]))
    for wrong in ("help@in.example", "help@shop.example", changed, address.replace("in.example", "out.example")):
        with pytest.raises(SMTPRecipientsRefused) as refused:
            await handed(inlet, wrong)
        assert refused.value.recipients[0].code == 550


async def test_it_is_to_come_again_while_the_database_is_away(
    office: Office, inlet: SmtpInlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await office.mail_inbox()

    async def away(_: Place, __: bytes) -> Received:
        raise UnavailableError

    with monkeypatch.context() as patched:
        patched.setattr(type(inlet.mails), "receive", staticmethod(away))
        with pytest.raises(SMTPDataError) as delayed:
            await handed(inlet, inlet.address(place.inbox_id) or "")
    assert delayed.value.code == 451
    assert "Taken" in await handed(inlet, inlet.address(place.inbox_id) or "")


async def test_what_is_too_large_is_refused(office: Office, inlet: SmtpInlet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.inlets.smtp.LARGEST_MAIL", 1_000)
    place = await office.mail_inbox()
    with pytest.raises(SMTPResponseException) as refused:
        await handed(inlet, inlet.address(place.inbox_id) or "", FIRST + "x\n" * 1_000)
    assert refused.value.code == 552


async def test_who_holds_too_many_lines_gets_no_more(
    office: Office, inlet: SmtpInlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.inlets.smtp.MOST_LINES", 2)
    held = [await asyncio.open_connection("127.0.0.1", inlet.port) for _ in range(2)]
    for reader, _ in held:
        await reader.readline()
    reader, writer = await asyncio.open_connection("127.0.0.1", inlet.port)
    assert await reader.read() == b""
    for _, open_writer in [*held, (reader, writer)]:
        open_writer.close()
    await asyncio.sleep(0.1)
    assert "Taken" in await handed(inlet, inlet.address((await office.mail_inbox()).inbox_id) or "")
