"""What other systems bring over HTTP: mail, text messages and what became of them, each signed with a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.inbox import Channel
from domain.account.stored import Opening
from domain.base import Clock, UnauthenticatedError, system_of
from domain.channel.account import ChannelAccount
from domain.channel.ports import ChannelSeals, ChannelUnit, Place
from domain.channel.receiving import Inlet, Outcome, Received
from domain.channel.texts import Texts

FAILED = frozenset({"failed", "undelivered"})
UNSIGNED = "This is not signed as it has to be."


class Places(Protocol):
    """Which inboxes are connected, over all organizations."""

    async def of(self, inbox_id: UUID, channel: str) -> Place | None:
        """An inbox that is connected by a channel and switched on."""
        ...


class Signatures(Protocol):
    """Whether a request comes from who has a secret."""

    def is_webhook(self, key: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
        """By Standard Webhooks, of a time close to `now` (seconds since 1970)."""
        ...

    def is_form(self, token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
        """By Twilio's way of signing a form and the address that it is sent to."""
        ...


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form, the address that it was posted to, and its signature."""

    url: str
    form: Mapping[str, str]
    signature: str

    def said(self, name: str) -> str:
        """A field of it, empty where it is missing."""
        return self.form.get(name, "")


@dataclass(frozen=True)
class Inlets:
    """Takes in what is signed, at paths under `public_address`.

    All raise `UnauthenticatedError` for anything else, an unknown inbox included.
    """

    units: Opening[ChannelUnit]
    places: Places
    seals: ChannelSeals
    signatures: Signatures
    mails: Inlet
    texts: Texts
    clock: Clock
    public_address: str

    async def mail(self, inbox_id: UUID, headers: Mapping[str, str], raw: bytes) -> Received:
        """A mail, whole as it was received."""
        place, account = await self._connected(inbox_id, Channel.EMAIL)
        key = self._secret(account, "inlet_key")
        if not self.signatures.is_webhook(key, headers, raw, now=self.clock().timestamp()):
            raise UnauthenticatedError(UNSIGNED)
        return await self.mails.receive(place, raw)

    async def sms(self, inbox_id: UUID, posted: SignedForm) -> Received:
        """A text message."""
        place = await self._signed(inbox_id, posted)
        if not posted.said("MessageSid"):
            return Received(Outcome.UNREADABLE)
        return await self.texts.receive_sms(place, posted.said("From"), posted.said("Body"), posted.said("MessageSid"))

    async def sms_status(self, inbox_id: UUID, message_id: UUID, posted: SignedForm) -> None:
        """What became of a text message that went out."""
        place = await self._signed(inbox_id, posted)
        if posted.said("MessageStatus").lower() in FAILED:
            explanation = (
                f"The provider says {posted.said('MessageStatus')}: {posted.said('ErrorCode') or 'no reason'}."
            )
            await self.texts.reported(place, f"parley:{message_id}", explanation)

    async def _signed(self, inbox_id: UUID, posted: SignedForm) -> Place:
        place, account = await self._connected(inbox_id, Channel.SMS)
        token = self._secret(account, "auth_token")
        if not self.signatures.is_form(token, posted.url, posted.form, posted.signature):
            raise UnauthenticatedError(UNSIGNED)
        return place

    async def _connected(self, inbox_id: UUID, channel: Channel) -> tuple[Place, ChannelAccount]:
        place = await self.places.of(inbox_id, channel)
        if place is None:
            raise UnauthenticatedError(UNSIGNED)
        async with self.units(system_of(place.organization_id)) as unit:
            account = await unit.channel_accounts.sharing(inbox_id)
        if account is None:
            raise UnauthenticatedError(UNSIGNED)
        return place, account

    def _secret(self, account: ChannelAccount, name: str) -> str:
        secret = self.seals.open(account.id, account.secrets).get(name)
        if not secret:
            raise UnauthenticatedError(UNSIGNED)
        return secret
