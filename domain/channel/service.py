"""What people do about channels: connect an inbox, change that, try it, end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from domain.account.inbox import Channel
from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import Actor, InvalidStateError, NotFoundError
from domain.channel.account import KINDS, ChannelAccount, ChannelSettings, Sealed, checked_secrets, mail_address
from domain.channel.inlets import Inlets
from domain.channel.ports import ChannelSeals, ChannelUnit, Check, PhoneNumbers, Probe
from domain.channel.receiving import Mails
from domain.channel.sending import Sending
from domain.channel.texts import Texts, number_of
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

INLET_KEY = "inlet_key"


@dataclass(frozen=True, slots=True)
class Connected:
    """A receipt, with the key that mail brought by HTTP is signed with: shown this once, None where nothing is new."""

    receipt: Receipt
    inlet_key: str | None = None


@dataclass(frozen=True)
class Connections:
    """The commands on how inboxes are connected."""

    units: Opening[ChannelUnit]
    seals: ChannelSeals
    probe: Probe
    numbers: PhoneNumbers

    async def connect_mail(
        self,
        actor: Actor,
        inbox_id: UUID,
        address: str,
        given: Mapping[str, Any],
        secrets: Mapping[str, str],
        *,
        key: IdempotencyKey | None = None,
    ) -> Connected:
        """Let an inbox have a mail address."""
        actor.require(Permission.MANAGE_CHANNELS)
        address = mail_address(address, "input.address")
        return await self._connect(actor, inbox_id, Channel.EMAIL, (address, given, secrets), key)

    async def connect_sms(
        self,
        actor: Actor,
        inbox_id: UUID,
        number: str,
        given: Mapping[str, Any],
        secrets: Mapping[str, str],
        *,
        key: IdempotencyKey | None = None,
    ) -> Connected:
        """Let an inbox have a telephone number."""
        actor.require(Permission.MANAGE_CHANNELS)
        number = number_of(self.numbers, number, "input.number")
        return await self._connect(actor, inbox_id, Channel.SMS, (number, given, secrets), key)

    @retried_once
    async def change(
        self,
        actor: Actor,
        inbox_id: UUID,
        given: Mapping[str, Any],
        secrets: Mapping[str, str],
        *,
        enabled: bool | None = None,
        new_key: bool = False,
        key: IdempotencyKey | None = None,
    ) -> Connected:
        """Connect it otherwise; settings and secrets that are not given stay as they are."""
        actor.require(Permission.MANAGE_CHANNELS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Connected(unit.earlier)
            account = await _connected(unit, inbox_id)
            made = {INLET_KEY: self.seals.new_key()} if new_key and account.channel == Channel.EMAIL else {}
            added = {**checked_secrets(account.channel, secrets), **made}
            sealed = self._sealed(inbox_id, {**self._opened(account), **added}) if added else None
            account.change(given, enabled=enabled, sealed=sealed)
            return Connected(await unit.commit(Receipt(inbox_id)), made.get(INLET_KEY))

    @retried_once
    async def disconnect(
        self, actor: Actor, inbox_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Send and receive there no more; its conversations stay, and answers in them reach nobody outside."""
        actor.require(Permission.MANAGE_CHANNELS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            (await _connected(unit, inbox_id)).disconnect(reason)
            return await unit.commit(Receipt(inbox_id))

    async def check(self, actor: Actor, inbox_id: UUID) -> Sequence[Check]:
        """Try to reach the servers behind it, and to sign in there; nothing is sent."""
        actor.require(Permission.MANAGE_CHANNELS)
        async with self.units(actor) as unit:
            account = await _connected(unit, inbox_id)
        return await self.probe.check(account, self._opened(account))

    def _sealed(self, inbox_id: UUID, secrets: Mapping[str, str]) -> Sealed:
        return Sealed(self.seals.seal(inbox_id, secrets), tuple(sorted(secrets)))

    def _opened(self, account: ChannelAccount) -> Mapping[str, str]:
        return self.seals.open(account.id, account.secrets)

    @retried_once
    async def _connect(
        self,
        actor: Actor,
        inbox_id: UUID,
        channel: Channel,
        given: tuple[str, Mapping[str, Any], Mapping[str, str]],
        key: IdempotencyKey | None,
    ) -> Connected:
        address, settings, secrets = given
        made: ChannelSettings = KINDS[channel](**settings)
        keys = {INLET_KEY: self.seals.new_key()} if channel is Channel.EMAIL else {}
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Connected(unit.earlier)
            inbox = await unit.inboxes.get(inbox_id)
            if inbox.channel != channel:
                raise InvalidStateError(f"The channel of this inbox is {inbox.channel}: make one of {channel} for it.")
            if await unit.channel_accounts.of(inbox_id):
                raise InvalidStateError("This inbox is connected already. Change that, or disconnect it first.")
            account = ChannelAccount(inbox_id, actor.tenant)
            sealed = self._sealed(inbox_id, {**checked_secrets(channel, secrets), **keys})
            account.connect(channel, address, made, sealed)
            unit.channel_accounts.add(account)
            return Connected(await unit.commit(Receipt(inbox_id)), keys.get(INLET_KEY))


class Forwarding(Protocol):
    """Takes mail that other servers forward."""

    def address(self, inbox_id: UUID) -> str | None:
        """Where mail for an inbox can be forwarded to; None where none is taken."""
        ...

    async def run(self) -> None:
        """Listen until cancelled."""
        ...


class Mailboxes(Protocol):
    """The mailboxes of all organizations, on their servers."""

    @property
    def pause(self) -> float:
        """Seconds between two looks into one."""
        ...

    async def look(self) -> int:
        """Take in what has come, of all whose turn it is; how many mails that were."""
        ...


@dataclass(frozen=True)
class Channels:
    """Everything about channels."""

    connections: Connections
    mails: Mails
    texts: Texts
    sending: Sending
    forwarding: Forwarding
    mailboxes: Mailboxes
    inlets: Inlets


async def _connected(unit: ChannelUnit, inbox_id: UUID) -> ChannelAccount:
    account = await unit.channel_accounts.of(inbox_id)
    if account is None:
        raise NotFoundError("connected inbox")
    return account
