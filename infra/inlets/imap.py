"""A mailbox on an IMAP server: what has come since, mail by mail, and that it was taken."""

from __future__ import annotations

import asyncio
import calendar
import imaplib
import logging
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import compat32
from socket import socket
from typing import Any

from aioimaplib import IMAP4, AioImapException, IMAP4ClientProtocol

from domain.channel.account import Server
from infra.edge.outbound import AddressRefusedError
from infra.edge.smtp import LOOPBACK, Dial
from infra.inlets.mime import LARGEST_MAIL

PATIENCE = 15.0
"""Seconds that one command may take."""
IMAPS = 993
BATCH = 50
"""How many mails are asked for their dates at a time: the client goes a level deeper with each line of an answer."""
LONGEST_ANSWER = 2 * LARGEST_MAIL
NUMBER = re.compile(rb"\[(UIDVALIDITY|UIDNEXT) (\d+)\]", re.IGNORECASE)
DATED = re.compile(rb"UID (\d+)")
SIZED = re.compile(rb"RFC822\.SIZE (\d+)")
KEPT = ("From", "Sender", "To", "Cc", "Subject", "Message-ID", "References", "In-Reply-To", "Auto-Submitted")
TOO_LARGE = "(This mail is too large to be taken in: it is in the mailbox.)"

logging.getLogger("aioimaplib").setLevel(logging.WARNING)  # below that it logs what servers say, mails and all


class MailboxError(Exception):
    """The mailbox cannot be read this time; the message is for people, without secrets."""


class _Ear(IMAP4ClientProtocol):  # type: ignore[misc]
    """Hears no more of an answer than the largest mail makes, whatever the server says that it is."""

    heard = 0

    def send(self, line: str, scrub: str | None = None) -> None:
        self.heard = 0
        super().send(line, scrub)

    def data_received(self, d: bytes) -> None:
        self.heard += len(d)
        if self.heard > LONGEST_ANSWER:
            self.transport.abort()
        else:
            super().data_received(d)


class _Line(IMAP4):  # type: ignore[misc]
    """A client over a connection that was made already, to an address that was checked."""

    def __init__(self, line: socket, host: str, context: ssl.SSLContext | None) -> None:
        self._socket = line
        super().__init__(host=host, timeout=PATIENCE, ssl_context=context)

    def create_client(self, host: str, port: int, loop: Any, conn_lost_cb: Any = None, ssl_context: Any = None) -> None:
        loop = asyncio.get_running_loop()
        self.protocol = _Ear(loop, conn_lost_cb)
        name = host if ssl_context else None
        connecting = loop.create_connection(
            lambda: self.protocol, sock=self._socket, ssl=ssl_context, server_hostname=name
        )
        self._client_task = loop.create_task(connecting)


class Mailbox:
    """The inbox folder, opened. Numbers of mails grow for as long as `validity` stays the same."""

    def __init__(self, client: Any, validity: int) -> None:
        self._client = client
        self.validity = validity

    async def after(self, uid: int) -> Sequence[int]:
        """The numbers of the mails behind one, in order."""
        found = await self._search(f"UID {uid + 1}:*")
        return [each for each in found if each > uid]  # servers answer with the last one where there is none behind

    async def since(self, moment: datetime) -> Sequence[int]:
        """The numbers of the mails that came since, in order."""
        day = (moment - timedelta(days=1)).strftime("%d-%b-%Y")
        found = await self._search(f"SINCE {day}")
        dated: list[int] = []
        for start in range(0, len(found), BATCH):
            numbers = ",".join(map(str, found[start : start + BATCH]))
            lines = await self._done("FETCH", numbers, "(UID INTERNALDATE)")
            dated += [number for number, at in _dates(lines) if at >= moment.replace(microsecond=0)]
        return sorted(dated)

    async def take(self, uid: int) -> bytes:
        """A mail, which stays unseen; of one that is too large what stands above it."""
        sizes = SIZED.findall(b" ".join(await self._done("FETCH", str(uid), "(RFC822.SIZE)")))
        if not sizes:
            return b""
        if int(sizes[0]) <= LARGEST_MAIL:
            return _literal(await self._done("FETCH", str(uid), "(BODY.PEEK[])"))
        return _without_body(_literal(await self._done("FETCH", str(uid), "(BODY.PEEK[HEADER])")))

    async def mark(self, uid: int) -> None:
        """It was taken."""
        await self._done("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    async def _search(self, criteria: str) -> list[int]:
        response = await _answered(self._client.uid_search(criteria, charset=None))
        words = b" ".join(line for line in response.lines[:-1] if line).split()
        return sorted(int(word) for word in words if word.isdigit())

    async def _done(self, command: str, *arguments: str) -> list[bytes]:
        response = await _answered(self._client.uid(command.lower(), *arguments))
        return [bytes(line) for line in response.lines]


@asynccontextmanager
async def opened(server: Server, password: str, dial: Dial) -> AsyncIterator[Mailbox]:
    """Sign in and open the folder; raises `MailboxError` at any time. Certificates are checked.

    It is TLS from the first byte; only on loopback, and not at port 993, plain text will do.
    """
    client = None
    try:
        client = await _connected(server, dial)
        await _answered(client.login(server.user, password))
        response = await _answered(client.select("INBOX"))
        numbers = {name.upper(): int(value) for name, value in NUMBER.findall(b" ".join(map(bytes, response.lines)))}
        yield Mailbox(client, numbers.get(b"UIDVALIDITY", 0))
    except AddressRefusedError:
        raise MailboxError("The mail server's address leads into a private network.") from None
    except (OSError, TimeoutError, AioImapException, ValueError) as error:
        raise MailboxError(f"The mail server was not reached, or broke off: {type(error).__name__}.") from None
    finally:
        if client is not None:
            await _left(client)


async def _connected(server: Server, dial: Dial) -> Any:
    async with asyncio.timeout(PATIENCE):
        line = await dial(server.host, server.port)
    plain = server.host in LOOPBACK and server.port != IMAPS
    client = _Line(line, server.host, None if plain else ssl.create_default_context())
    await client.wait_hello_from_server()
    return client


async def _left(client: Any) -> None:
    with suppress(Exception):  # whatever a server says to a farewell, all is done
        await asyncio.wait_for(client.logout(), 2)
    if client.protocol.transport is not None:
        client.protocol.transport.close()


async def _answered(command: Any) -> Any:
    """What a command gives; `MailboxError` for a refusal, in our words since the server's may say anything."""
    response = await command
    if response.result != "OK":
        raise MailboxError("The mail server refused: the name, the password or the folder is not right.")
    return response


def _literal(lines: Sequence[bytes]) -> bytes:
    return max(lines[:-1], key=len, default=b"")


def _dates(lines: Sequence[bytes]) -> list[tuple[int, datetime]]:
    found = []
    for line in lines:
        number, moment = DATED.search(line), imaplib.Internaldate2tuple(line)
        if number and moment:
            found.append((int(number[1]), datetime.fromtimestamp(_seconds(moment), UTC)))
    return found


def _seconds(moment: Any) -> float:
    """The library gives local time."""
    return calendar.timegm(moment) - (moment.tm_gmtoff or 0)


def _without_body(header: bytes) -> bytes:
    whole, made = BytesParser(policy=compat32).parsebytes(header, headersonly=True), EmailMessage(policy=compat32)
    for name in KEPT:
        if (value := whole.get(name)) is not None:
            made[name] = value
    made.set_payload(TOO_LARGE)
    return made.as_bytes()
