"""Hands mail to servers, and puts it into folders where there is none."""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Self
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from domain.login.mail import MailDelayedError, MailRefusedError

PATIENCE = 20.0
"""Seconds that sending one mail may take in all, the server's pauses included."""
GOODBYE = 2.0
"""Seconds to wait for the server's answer to QUIT; the mail is delivered by then."""
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

Dial = Callable[[str, int], Awaitable[socket]]
"""Makes a connection to a host and a port, or raises `OSError`."""


class SmtpServer:
    """One connection for each mail.

    With `tls` it is TLS from the first byte; otherwise it begins with STARTTLS and goes no further without it, so that
    nobody on the way can read the password or a link by hiding that the server could; only on loopback plain text will
    do. Certificates are checked. `patience` is in seconds and counts for the whole mail.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: bool,
        user: str | None = None,
        password: str | None = None,
        patience: float = PATIENCE,
        tls_context: ssl.SSLContext | None = None,
        dial: Dial | None = None,
    ) -> None:
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password = user, password
        self._patience, self._context, self._dial = patience, tls_context, dial

    @classmethod
    def of(cls, url: str, *, patience: float = PATIENCE, tls_context: ssl.SSLContext | None = None) -> Self:
        """The server of an address: `smtps://` is TLS from the first byte (port 465), `smtp://` STARTTLS (port 587)."""
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname or "",
            parts.port or (465 if tls else 587),
            tls=tls,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            patience=patience,
            tls_context=tls_context,
        )

    async def hand(self, content: bytes, *, sender: str, recipient: str) -> None:
        """Hand a mail over; raises `MailDelayedError` or `MailRefusedError`.

        Only a 5xx answer about this recipient or this text is a refusal. All else, a wrong password of the server's
        account too, is somebody's to repair, and no mail is to be lost by it.
        """
        await self._on(lambda client: client.sendmail(sender, [recipient], content))

    async def greet(self) -> None:
        """Sign in and send nothing; raises as `hand`."""
        await self._on(lambda client: client.noop())

    async def _on(self, act: Callable[[SMTP], Awaitable[object]]) -> None:
        client = None
        try:
            async with asyncio.timeout(self._patience):
                client = await self._client()
                await client.connect()
                await act(client)
            with suppress(SMTPException, OSError):
                await client.quit(timeout=GOODBYE)
        except (SMTPException, OSError, ValueError) as error:  # ValueError: an answer that is not SMTP
            raise _failure(error) from None
        finally:
            if client is not None:
                client.close()

    async def _client(self) -> SMTP:
        line = await self._dial(self._host, self._port) if self._dial else None
        return SMTP(
            hostname=self._host,
            port=self._port if line is None else None,
            sock=line,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=False if self._tls else (None if self._host in LOOPBACK else True),
            tls_context=self._context,
            timeout=self._patience,
        )


class MailFolder:
    """Keeps each mail in a file of its own that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes) -> str:
        """Write a mail; gives the file's name. Raises `MailDelayedError`."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{uuid4().hex[:8]}.eml"
        try:
            await asyncio.to_thread(self._write, name, content)
        except OSError as error:
            raise MailDelayedError(f"The mail could not be written: {error.strerror}.") from None
        return name

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._folder / f".{name}"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        half.rename(self._folder / name)


def _failure(error: Exception) -> MailDelayedError | MailRefusedError:
    """What went wrong, with the server's codes; not in its words, which often hold the person's address."""
    if isinstance(error, SMTPRecipientsRefused):
        answer: SMTPResponseException = error.recipients[0]
    elif isinstance(error, SMTPResponseException):
        answer = error
    else:
        return MailDelayedError(f"The mail server was not reached, or did not answer as it should: {_kind(error)}.")
    detail = re.match(r"[245]\.\d{1,3}\.\d{1,3}", answer.message)
    said = f"The mail server answered {answer.code}{f' {detail[0]}' if detail else ''} ({_kind(error)})."
    final = answer.code >= 500 and isinstance(error, SMTPRecipientsRefused | SMTPDataError)
    return MailRefusedError(said) if final else MailDelayedError(said)


def _kind(error: Exception) -> str:
    return type(error).__name__
