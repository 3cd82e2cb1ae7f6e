"""Channels, put together once in a process."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from prometheus_client import Counter

from domain.base import Clock, Identifiers
from domain.channel.inlets import Inlets
from domain.channel.ports import Place
from domain.channel.receiving import Mails, Received
from domain.channel.sending import Sending
from domain.channel.service import Channels, Connections
from domain.channel.texts import Texts
from domain.delivery import Carrier, Medium
from domain.file.service import Files
from infra.channels.carrier import MailCarrier, dialer
from infra.channels.numbers import Numbers
from infra.channels.probing import Probing
from infra.channels.sealing import ChannelSecrets, SignedTokens
from infra.channels.twilio import SmsCarrier, StatusUrl
from infra.database import Database
from infra.inlets.mailboxes import SqlMailboxes, SqlPlaces
from infra.inlets.mime import MimeReader
from infra.inlets.signatures import HttpSignatures
from infra.inlets.smtp import SmtpInlet
from infra.settings import Settings
from infra.unit_of_work import SqlUnits

RECEIVED = Counter("parley_channel_received", "What came in by channels, and what became of it.", ["outcome"])

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ChannelParts:
    """What channels do, and who carries what."""

    services: Channels
    carriers: dict[Medium, Carrier]


def channel_parts(
    settings: Settings, database: Database, units: SqlUnits, files: Files, *, clock: Clock, new_id: Identifiers
) -> ChannelParts:
    """Make them."""
    seals, numbers = ChannelSecrets(settings.secret), Numbers()
    networks = [ip_network(each, strict=False) for each in settings.channel_networks]
    tokens = SignedTokens(settings.secret, "mail-thread")
    mails = Mails(units, MimeReader(), tokens, files, new_id, clock, told)
    texts = Texts(units, numbers, new_id, clock, told)
    sms = SmsCarrier(database, seals, networks, _status_url(settings.public_address))
    places = SqlPlaces(database)
    address, signatures = settings.public_address, HttpSignatures()
    services = Channels(
        connections=Connections(units, seals, Probing(networks, sms), numbers),
        mails=mails,
        texts=texts,
        sending=Sending(units, tokens),
        mailboxes=SqlMailboxes(database, seals, mails, dialer(networks), settings.mail_poll_seconds),
        inlets=Inlets(units, places, seals, signatures, mails, texts, clock, address),
        forwarding=_forwarding(settings, mails, places),
    )
    return ChannelParts(services, {Medium.EMAIL: MailCarrier(database, seals, settings, networks), Medium.SMS: sms})


def _forwarding(settings: Settings, mails: Mails, places: SqlPlaces) -> SmtpInlet:
    domain = settings.mail_inlet_domain or urlsplit(settings.public_address).hostname or "localhost"
    tokens = SignedTokens(settings.secret, "mail-inlet")
    return SmtpInlet(mails, places, tokens, settings.mail_inlet_host, settings.mail_inlet_port, domain.lower())


def _status_url(address: str) -> StatusUrl:
    """Where the provider tells what became of a message: under the inbox's id as the API gives it out."""

    def url(inbox_id: UUID, message_id: str) -> str:
        opaque = base64.urlsafe_b64encode(f"Inbox:{inbox_id}".encode()).decode().rstrip("=")
        return f"{address}/channels/sms/{opaque}/{message_id}"

    return url


def told(place: Place, received: Received) -> None:
    """Count what came, and log it: by inbox and conversation, and nothing of what was in it."""
    RECEIVED.labels(received.outcome).inc()
    conversation = str(received.conversation_id) if received.conversation_id else None
    log.info("channel.received", outcome=received.outcome, inbox=str(place.inbox_id), conversation=conversation)
