"""Tries a connection: whether its servers are there, and let us in."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass

from domain.channel.account import ChannelAccount, EmailSettings
from domain.channel.ports import Check, CheckState
from domain.login.mail import MailDelayedError, MailRefusedError
from infra.channels.carrier import server_of
from infra.edge.outbound import AddressRefusedError, Network

PRIVATE = "Its address leads into a private network, where Parley may not go."
FAILURES = (MailDelayedError, MailRefusedError)


@dataclass(frozen=True)
class Probing:
    """Signs in and out again."""

    networks: Sequence[Network]

    async def check(self, account: ChannelAccount, secrets: Mapping[str, str]) -> Sequence[Check]:
        """Each server that the connection names."""
        settings = account.settings
        checks = []
        if isinstance(settings, EmailSettings) and settings.smtp:
            server = server_of(settings.smtp, secrets.get("smtp_password"), self.networks)
            checks.append(await _tried("smtp", server.greet()))
        return checks


async def _tried(name: str, work: Awaitable[None]) -> Check:
    try:
        await work
    except AddressRefusedError:
        return Check(name, CheckState.FAILED, PRIVATE)
    except FAILURES as error:
        return Check(name, CheckState.FAILED, str(error))
    return Check(name, CheckState.PASSED, "It is there, and lets Parley in.")
