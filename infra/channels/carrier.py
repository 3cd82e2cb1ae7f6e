"""Takes mail out: by the inbox's own server if it has one, else by Parley's, signed where there is a key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import select

from domain.channel.account import EmailSettings, Server
from domain.delivery import DelayedError, Delivery, RefusedError
from domain.login.mail import ADDRESS, LONGEST_ADDRESS, UNPRINTABLE, MailDelayedError, MailRefusedError
from infra.channels.rows import channel_accounts
from infra.channels.sealing import ChannelSecrets
from infra.channels.stored import settings_of
from infra.database import Database
from infra.edge.outbound import Network, dialled
from infra.edge.smtp import Dial, MailFolder, SmtpServer
from infra.process.late import Late
from infra.settings import Settings

if TYPE_CHECKING:
    import dkim
else:
    dkim = Late("dkim")

log = structlog.get_logger(__name__)

TLS_PORT = 465
SIGNED = (b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"reply-to")
OURS = frozenset({"from", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "sender", "return-path"})
"""Headers that the content of a parcel does not choose by itself."""


@dataclass(frozen=True)
class MailCarrier:
    """Carries the parcels of the medium EMAIL. `networks` are the private ones that mail servers may be in."""

    database: Database
    seals: ChannelSecrets
    settings: Settings
    networks: Sequence[Network]

    async def carry(self, delivery: Delivery) -> str | None:
        """Hand it to a server; gives its Message-ID."""
        content = delivery.parcel.content
        account = await self._account(delivery.organization_id, content.get("inbox_id"))
        if account is not None and not account[0].smtp and self.settings.smtp_url:
            delivery = lent(delivery, self.settings.mail_from)
        message = composed(delivery, self.settings.mail_from)
        raw = message.as_bytes()
        if account is not None:
            raw = await asyncio.to_thread(signed, raw, account[0], account[1])
        try:
            await self._hand(raw, parseaddr(str(message["From"]))[1], delivery.parcel.recipient, account)
        except MailDelayedError as error:
            raise DelayedError(str(error)) from None
        except MailRefusedError as error:
            raise RefusedError(str(error)) from None
        log.info("mail.carried", delivery=str(delivery.id))
        return str(message["Message-ID"])

    async def _account(
        self, organization_id: UUID, inbox_id: str | None
    ) -> tuple[EmailSettings, Mapping[str, str]] | None:
        """How the inbox sends, and with which secrets; None for mail of no inbox."""
        if inbox_id is None:
            return None
        c = channel_accounts.c
        wanted = select(c.settings, c.secrets).where(c.id == UUID(inbox_id), c.organization_id == organization_id)
        async with self.database.tenant(organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise RefusedError("The inbox is not connected any more.")
        settings = settings_of("email", row.settings)
        if not isinstance(settings, EmailSettings):
            raise RefusedError("The inbox is not connected to mail.")
        return settings, self.seals.open(UUID(inbox_id), row.secrets)

    async def _hand(
        self, raw: bytes, sender: str, recipient: str, account: tuple[EmailSettings, Mapping[str, str]] | None
    ) -> None:
        if account and account[0].smtp:
            server = server_of(account[0].smtp, account[1].get("smtp_password"), self.networks)
            await server.hand(raw, sender=sender, recipient=recipient)
        elif self.settings.smtp_url:
            await SmtpServer.of(self.settings.smtp_url).hand(raw, sender=sender, recipient=recipient)
        else:
            await MailFolder(Path(self.settings.data_dir) / "mail").keep(raw)


def server_of(server: Server, password: str | None, networks: Sequence[Network]) -> SmtpServer:
    """The mail server that an organization named: reached at checked addresses alone."""
    return SmtpServer(
        server.host,
        server.port,
        tls=server.port == TLS_PORT,
        user=server.user or None,
        password=password,
        dial=dialer(networks),
    )


def dialer(networks: Sequence[Network]) -> Dial:
    """Makes connections to public addresses and to those networks."""

    async def dial(host: str, port: int) -> Any:
        return await dialled(host, port, networks)

    return dial


LINES = WIRE.clone(cte_type="7bit", max_line_length=998)
"""As long as RFC 5322 (2.1.1) allows: the library encodes the ids of mails that are longer than a line, which no mail
program understands, so that the thread would be lost."""


def lent(delivery: Delivery, sender: str) -> Delivery:
    """The same from Parley's own address, for its own server: nobody has verified that the inbox's is theirs.

    Servers that trust ours would believe a mail in anybody's name. Answers go to the inbox.
    """
    content = delivery.parcel.content
    name, _, _ = content["from"].rpartition("<")
    reply_to = content.get("reply_to") or parseaddr(content["from"])[1]
    own = {"from": f"{name}<{parseaddr(sender)[1]}>", "reply_to": reply_to}
    return replace(delivery, parcel=replace(delivery.parcel, content={**content, **own}))


def composed(delivery: Delivery, sender: str) -> EmailMessage:
    """The mail as it goes over the wire; `RefusedError` for what can be none. The library encodes all headers."""
    content, recipient = delivery.parcel.content, delivery.parcel.recipient
    if len(recipient) > LONGEST_ADDRESS or not ADDRESS.fullmatch(recipient):
        raise RefusedError("The recipient has no e-mail address.")
    message = EmailMessage(policy=LINES)
    try:
        _headers(message, content, recipient, content.get("from") or sender)
    except (ValueError, IndexError):
        raise RefusedError("A header of the mail cannot be written.") from None
    message.set_content(str(content["text"]))
    if content.get("html"):
        message.add_alternative(str(content["html"]), subtype="html")
    return message


def _headers(message: EmailMessage, content: Mapping[str, Any], recipient: str, sender: str) -> None:
    name, address = parseaddr(sender)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = UNPRINTABLE.sub(" ", str(content["subject"]))
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = content.get("message_id") or make_msgid(domain=address.partition("@")[2] or "localhost")
    if content.get("reply_to"):
        message["Reply-To"] = Address(addr_spec=str(content["reply_to"]))
    for header, value in dict(content.get("headers") or {}).items():
        if header.lower() not in OURS:
            message[header] = UNPRINTABLE.sub(" ", str(value))


def signed(raw: bytes, settings: EmailSettings, secrets: Mapping[str, str]) -> bytes:
    """The mail with a DKIM signature (RFC 6376) over it where there is a key; `DelayedError` for one that is broken."""
    key = secrets.get("dkim_key")
    if not (key and settings.dkim_domain and settings.dkim_selector):
        return raw
    selector, domain = settings.dkim_selector.encode(), settings.dkim_domain.encode()
    try:
        header: bytes = dkim.sign(
            raw, selector, domain, key.encode(), include_headers=list(SIGNED), canonicalize=(b"relaxed", b"relaxed")
        )
    except (dkim.DKIMException, ValueError):
        raise DelayedError("The mail cannot be signed: the DKIM key is not one.") from None
    return header + raw
