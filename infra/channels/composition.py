"""Channels, put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

import structlog
from prometheus_client import Counter

from domain.base import Clock, Identifiers
from domain.channel.ports import Place
from domain.channel.receiving import Mails, Received
from domain.channel.sending import Sending
from domain.channel.service import Channels, Connections
from domain.channel.texts import Texts
from domain.delivery import Carrier, Medium
from infra.channels.carrier import MailCarrier
from infra.channels.mime import MimeReader
from infra.channels.numbers import Numbers
from infra.channels.probing import Probing
from infra.channels.sealing import ChannelSecrets, SignedTokens
from infra.database import Database
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
    settings: Settings, database: Database, units: SqlUnits, clock: Clock, new_id: Identifiers
) -> ChannelParts:
    """Make them."""
    seals, numbers = ChannelSecrets(settings.secret), Numbers()
    networks = [ip_network(each, strict=False) for each in settings.channel_networks]
    tokens = SignedTokens(settings.secret, "mail-thread")
    services = Channels(
        connections=Connections(units, seals, Probing(networks), numbers),
        mails=Mails(units, MimeReader(), tokens, new_id, clock, told),
        texts=Texts(units, numbers, new_id, clock, told),
        sending=Sending(units, tokens),
        inlet_address=lambda inbox_id: None,
    )
    return ChannelParts(services, {Medium.EMAIL: MailCarrier(database, seals, settings, networks)})


def told(place: Place, received: Received) -> None:
    """Count what came, and log it: by inbox and conversation, and nothing of what was in it."""
    RECEIVED.labels(received.outcome).inc()
    conversation = str(received.conversation_id) if received.conversation_id else None
    log.info("channel.received", outcome=received.outcome, inbox=str(place.inbox_id), conversation=conversation)
