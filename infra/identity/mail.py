"""Mail to people about their accounts: over SMTP, or into a folder where no mail server is set."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path

import structlog

from domain.login.mail import Mail, Mailer
from infra.edge.smtp import PATIENCE, MailFolder, SmtpServer
from infra.settings import Settings

log = structlog.get_logger(__name__)


def mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, sender=settings.mail_from)
    return FolderMailer(settings.data_dir / "mail", sender=settings.mail_from)


class SmtpMailer:
    """Sends by a mail server, over a connection for each mail, which is rare here."""

    def __init__(
        self, url: str, *, sender: str, patience: float = PATIENCE, tls_context: ssl.SSLContext | None = None
    ) -> None:
        self._server = SmtpServer.of(url, patience=patience, tls_context=tls_context)
        self._sender = _address(sender)

    async def send(self, mail: Mail) -> None:
        """Hand the mail to the server; raises `MailDelayedError` or `MailRefusedError`."""
        message = _message(mail, self._sender)
        await self._server.hand(message.as_bytes(), sender=self._sender.addr_spec, recipient=mail.to)
        log.info("mail.sent", message_id=message["Message-ID"])


class FolderMailer:
    """Writes mail into a folder, for `parley up` and for tests."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder, self._sender = MailFolder(folder), _address(sender)

    async def send(self, mail: Mail) -> None:
        """Write the mail; the log says the file's name and nothing of what is in it."""
        name = await self._folder.keep(_message(mail, self._sender).as_bytes())
        log.info("mail.written", file=name)


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
