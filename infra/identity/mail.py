"""Mail going out: over SMTP, or into a folder where no mail server is set."""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import structlog
from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from domain.login.mail import Mail, MailDelayedError, Mailer, MailRefusedError
from infra.settings import Settings

PATIENCE = 20.0
"""Seconds that sending one mail may take in all, the server's pauses included."""
GOODBYE = 2.0
"""Seconds to wait for the server's answer to QUIT; the mail is delivered by then."""
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

log = structlog.get_logger(__name__)


def mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, sender=settings.mail_from)
    return FolderMailer(settings.data_dir / "mail", sender=settings.mail_from)


class SmtpMailer:
    """One connection for each mail, which is rare here.

    `smtps://` is TLS from the first byte (port 465), `smtp://` begins with STARTTLS (port 587) and goes no further
    without it, so that nobody on the way can read the password or a link by hiding that the server could; only on
    loopback plain text will do. Certificates are checked. `patience` is in seconds and counts for the whole mail.
    """

    def __init__(
        self, url: str, *, sender: str, patience: float = PATIENCE, tls_context: ssl.SSLContext | None = None
    ) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._start_tls = None if parts.hostname in LOOPBACK else True
        self._host, self._port = parts.hostname, parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender, self._patience, self._context = _address(sender), patience, tls_context

    async def send(self, mail: Mail) -> None:
        """Hand the mail to the server; raises `MailDelayedError` or `MailRefusedError`.

        Only a 5xx answer about this recipient or this text is a refusal. All else, a wrong password of the server's
        account too, is somebody's to repair, and no mail is to be lost by it.
        """
        message = _message(mail, self._sender)
        client = self._client()
        try:
            async with asyncio.timeout(self._patience):
                await client.connect()
                await client.send_message(message, sender=self._sender.addr_spec, recipients=[mail.to])
            with suppress(SMTPException, OSError):
                await client.quit(timeout=GOODBYE)
        except (SMTPException, OSError, ValueError) as error:  # ValueError: an answer that is not SMTP
            raise _failure(error) from None
        finally:
            client.close()
        log.info("mail.sent", message_id=message["Message-ID"])

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=False if self._tls else self._start_tls,
            tls_context=self._context,
            timeout=self._patience,
        )


class FolderMailer:
    """Writes each mail into a file of its own that only its owner may read, for `parley up` and for tests."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder, self._sender = folder, _address(sender)

    async def send(self, mail: Mail) -> None:
        """Write the mail; the log says the file's name and nothing of what is in it."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{uuid4().hex[:8]}.eml"
        try:
            await asyncio.to_thread(self._write, name, _message(mail, self._sender).as_bytes())
        except OSError as error:
            raise MailDelayedError(f"The mail could not be written: {error.strerror}.") from None
        log.info("mail.written", file=name)

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._folder / f".{name}"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        half.rename(self._folder / name)


def _address(sender: str) -> Address:
    name, address = parseaddr(sender)
    return Address(name, addr_spec=address)


def _message(mail: Mail, sender: Address) -> EmailMessage:
    """The mail as it goes over the wire; the library encodes all headers, and refuses line ends in them."""
    message = EmailMessage(policy=WIRE)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    return message


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
