"""Tries a connection: whether its servers are there, and let us in."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass

from domain.channel.account import ChannelAccount, EmailSettings, Server, SmsSettings
from domain.channel.ports import Check, CheckState
from domain.delivery import CarriageError
from domain.login.mail import MailDelayedError, MailRefusedError
from infra.channels.carrier import dialer, server_of
from infra.channels.twilio import SmsCarrier
from infra.edge.outbound import AddressRefusedError, Network
from infra.inlets.imap import MailboxError, opened

PRIVATE = "Its address leads into a private network, where Parley may not go."
FAILURES = (MailDelayedError, MailRefusedError, MailboxError, CarriageError)


@dataclass(frozen=True)
class Probing:
    """Signs in and out again."""

    networks: Sequence[Network]
    sms: SmsCarrier

    async def check(self, account: ChannelAccount, secrets: Mapping[str, str]) -> Sequence[Check]:
        """Each server that the connection names."""
        settings = account.settings
        checks = []
        if isinstance(settings, EmailSettings) and settings.smtp:
            server = server_of(settings.smtp, secrets.get("smtp_password"), self.networks)
            checks.append(await _tried("smtp", server.greet()))
        if isinstance(settings, EmailSettings) and settings.imap:
            checks.append(await _tried("imap", self._looked(settings.imap, secrets.get("imap_password", ""))))
        if isinstance(settings, SmsSettings):
            checks.append(await _tried("sms", self.sms.check(account, secrets.get("auth_token", ""))))
        return checks

    async def _looked(self, server: Server, password: str) -> None:
        async with opened(server, password, dialer(self.networks)):
            pass


async def _tried(name: str, work: Awaitable[None]) -> Check:
    try:
        await work
    except AddressRefusedError:
        return Check(name, CheckState.FAILED, PRIVATE)
    except FAILURES as error:
        return Check(name, CheckState.FAILED, str(error))
    return Check(name, CheckState.PASSED, "It is there, and lets Parley in.")
