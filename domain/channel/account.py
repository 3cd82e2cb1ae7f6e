"""How an inbox is connected: the address, the servers behind it, and what is secret of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID

from domain.account.inbox import Channel
from domain.base import Aggregate, Event, FieldProblem, InvalidInputError, InvalidStateError
from domain.channel.events import ChannelChanged, ChannelConnected, ChannelDisconnected
from domain.login.mail import ADDRESS, LONGEST_ADDRESS, UNPRINTABLE

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*")
LONGEST_LINE = 200
LONGEST_SIGNATURE = 2_000
LONGEST_SECRET = 10_000


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and who we are to it. Without TLS only where it begins in the clear and goes on with STARTTLS."""

    host: str
    port: int
    user: str = ""


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """How a mail inbox is connected, but for its secrets.

    Without `imap` mail comes in by the other inlets, without `smtp` it goes out by Parley's own server.
    `trusted_server` is the name under which the receiving server writes `Authentication-Results`; others may write
    what they like. With `plus_addressing` answers go to an address that names the conversation.
    """

    name: str = ""
    imap: Server | None = None
    smtp: Server | None = None
    dkim_domain: str | None = None
    dkim_selector: str | None = None
    signature: str = ""
    trusted_server: str | None = None
    plus_addressing: bool = False

    def problems(self) -> Iterator[FieldProblem]:
        """What of it cannot be."""
        if len(self.name) > LONGEST_LINE or UNPRINTABLE.search(self.name):
            yield FieldProblem("input.email.name", f"This must be one line of at most {LONGEST_LINE} characters.")
        for part, server in (("imap", self.imap), ("smtp", self.smtp)):
            if server and not _is_server(server):
                yield FieldProblem(f"input.email.{part}", "This must be a host, a port from 1 to 65535, and one line.")
        names = {"dkim": self.dkim_domain, "dkim.selector": self.dkim_selector, "trustedServer": self.trusted_server}
        for part, value in names.items():
            if value is not None and not (len(value) <= LONGEST_LINE and LABEL.fullmatch(value)):
                yield FieldProblem(f"input.email.{part}", "This must be a name such as `shop.example`.")
        if len(self.signature) > LONGEST_SIGNATURE or "\x00" in self.signature:
            yield FieldProblem("input.email.signature", f"At most {LONGEST_SIGNATURE:,} characters are allowed.")


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """How a text message inbox is connected: an account of a provider that speaks as Twilio does, and where it is."""

    account_sid: str = ""
    base_url: str = "https://api.twilio.com"

    def problems(self) -> Iterator[FieldProblem]:
        """What of it cannot be."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.account_sid):
            yield FieldProblem("input.sms.accountSid", "This must be the provider's name of the account.")
        if not re.fullmatch(r"https?://[^\s/?#@]{1,255}(/[^\s?#]{0,255})?", self.base_url):
            yield FieldProblem("input.sms.baseUrl", "This must be an address such as https://api.provider.example.")


ChannelSettings = EmailSettings | SmsSettings
KINDS: Mapping[str, type[ChannelSettings]] = {Channel.EMAIL: EmailSettings, Channel.SMS: SmsSettings}
SECRETS: Mapping[str, tuple[str, ...]] = {
    Channel.EMAIL: ("imap_password", "smtp_password", "dkim_key", "inlet_key"),
    Channel.SMS: ("auth_token",),
}
"""What is secret of each channel, by name."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """All secrets of a connection as one, and their names."""

    content: bytes
    names: tuple[str, ...]


@dataclass
class ChannelAccount(Aggregate):
    """The connection of one inbox, whose id it has. `secrets` are sealed, `kept` are their names."""

    channel: str = Channel.EMAIL
    address: str = ""
    enabled: bool = True
    settings: ChannelSettings = field(default_factory=EmailSettings)
    secrets: bytes = b""
    kept: tuple[str, ...] = ()
    deleted: bool = False

    def connect(self, channel: Channel, address: str, settings: ChannelSettings, sealed: Sealed) -> None:
        """Begin."""
        _check(settings)
        self.channel, self.address, self.settings = channel, address, settings
        self.secrets, self.kept = sealed.content, sealed.names
        self._record(ChannelConnected(channel=channel, address=address))

    def change(self, given: Mapping[str, Any], *, enabled: bool | None, sealed: Sealed | None) -> None:
        """Be connected otherwise; what is not given stays. `sealed` are all secrets, those that stay too."""
        if given.keys() - {each.name for each in fields(self.settings)}:
            raise InvalidStateError(f"This inbox is connected by {self.channel}, not by what you say.")
        settings = replace(self.settings, **given)
        _check(settings)
        changed = [each.name for each in fields(settings) if getattr(settings, each.name) != _of(self, each.name)]
        changed += ["enabled"] if enabled not in (None, self.enabled) else []
        changed += ["secrets"] if sealed else []
        if changed:
            self.settings = settings
            self.secrets, self.kept = (sealed.content, sealed.names) if sealed else (self.secrets, self.kept)
            self.enabled = self.enabled if enabled is None else enabled
            self._record(ChannelChanged(changed=tuple(changed)))

    def disconnect(self, reason: str | None) -> None:
        """End."""
        self.deleted = True
        self._record(ChannelDisconnected(address=self.address, reason=reason))

    @property
    def mail(self) -> EmailSettings:
        """The settings of a mail inbox; `InvalidStateError` for another."""
        if not isinstance(self.settings, EmailSettings):
            raise InvalidStateError("This inbox is not connected to mail.")
        return self.settings

    @property
    def text(self) -> SmsSettings:
        """The settings of a text message inbox; `InvalidStateError` for another."""
        if not isinstance(self.settings, SmsSettings):
            raise InvalidStateError("This inbox is not connected to text messages.")
        return self.settings

    def _apply(self, event: Event) -> None:
        """The row says it all."""


@dataclass(frozen=True, slots=True)
class ChannelAccountView:
    """How an inbox is connected; of what is secret only which there are. `problem` is why mail was not fetched."""

    id: UUID
    channel: Channel
    address: str
    enabled: bool
    settings: ChannelSettings
    kept: frozenset[str]
    problem: str | None


def mail_address(text: str, path: str) -> str:
    """An address as it is compared: in lower case; `InvalidInputError` for what is none."""
    if len(text) > LONGEST_ADDRESS or not ADDRESS.fullmatch(text):
        raise InvalidInputError(FieldProblem(path, "This must be one e-mail address, such as help@shop.example."))
    return text.lower()


def checked_secrets(channel: str, given: Mapping[str, str]) -> Mapping[str, str]:
    """The given secrets; `InvalidInputError` for those that can be none."""
    problems = [
        FieldProblem(f"input.{name}", "This cannot be a secret: it is empty, too long, or not of this channel.")
        for name, value in given.items()
        if name not in SECRETS[channel] or not 0 < len(value) <= LONGEST_SECRET or "\x00" in value
    ]
    if problems:
        raise InvalidInputError(*problems)
    return given


def _check(settings: ChannelSettings) -> None:
    if problems := list(settings.problems()):
        raise InvalidInputError(*problems)


def _of(account: ChannelAccount, name: str) -> Any:
    return getattr(account.settings, name)


def _is_server(server: Server) -> bool:
    is_line = len(server.user) <= LONGEST_LINE and not UNPRINTABLE.search(server.user)
    return bool(HOST.fullmatch(server.host)) and 0 < server.port < 65_536 and is_line
