"""How inboxes are connected to mail and text messages, and how single messages came in."""

from collections.abc import Mapping
from typing import Any

import strawberry

from domain.account.inbox import Channel
from domain.account.permission import Permission
from domain.channel import account as domain
from domain.channel.mail import Authentication
from domain.channel.ports import Check as CheckView
from domain.channel.ports import CheckState, OriginView
from schema.account import Inbox
from schema.base import Node, edge
from schema.needs import needing

strawberry.enum(CheckState, name="ChannelCheckState", description="What came of trying something.")
strawberry.enum(
    Authentication, name="MailAuthentication", description="What the receiving server found of where a mail comes from."
)


@strawberry.type(description="A mail server, without its password.")
class MailServer:
    """Where and as whom."""

    host: str = strawberry.field(description="Its name.")
    port: int = strawberry.field(
        description="Its port. IMAP, and SMTP at 465, begin with TLS; other SMTP with STARTTLS."
    )
    user: str = strawberry.field(description="Who we are to it; empty for nobody.")

    @classmethod
    def of(cls, server: domain.Server | None) -> "MailServer | None":
        """Built from its value."""
        return cls(host=server.host, port=server.port, user=server.user) if server else None


@strawberry.type(description="How an inbox is connected to mail.")
class EmailSettings:
    """Its settings."""

    name: str = strawberry.field(description="Stands beside the address.")
    imap: MailServer | None = strawberry.field(description="Where mail is fetched; null where it is brought.")
    smtp: MailServer | None = strawberry.field(description="By what it goes out; null for Parley's own server.")
    dkim_domain: str | None = strawberry.field(description="The domain that mail is signed for, if any.")
    dkim_selector: str | None = strawberry.field(description="Under which name the key stands in the DNS.")
    signature: str = strawberry.field(description="Ends each mail.")
    trusted_server: str | None = strawberry.field(description="Whose `Authentication-Results` are believed.")
    plus_addressing: bool = strawberry.field(
        description="Whether answers go to an address with the conversation's name behind a plus."
    )

    @classmethod
    def of(cls, settings: domain.ChannelSettings) -> "EmailSettings | None":
        """Built from its settings."""
        if not isinstance(settings, domain.EmailSettings):
            return None
        return cls(
            name=settings.name,
            imap=MailServer.of(settings.imap),
            smtp=MailServer.of(settings.smtp),
            dkim_domain=settings.dkim_domain,
            dkim_selector=settings.dkim_selector,
            signature=settings.signature,
            trusted_server=settings.trusted_server,
            plus_addressing=settings.plus_addressing,
        )


@strawberry.type(description="How an inbox is connected to text messages.")
class SmsSettings:
    """Its settings."""

    account_sid: str = strawberry.field(description="What the provider calls the account.")
    base_url: str = strawberry.field(description="Where the provider is.")

    @classmethod
    def of(cls, settings: domain.ChannelSettings) -> "SmsSettings | None":
        """Built from its settings."""
        if not isinstance(settings, domain.SmsSettings):
            return None
        return cls(account_sid=settings.account_sid, base_url=settings.base_url)


@needing(Permission.MANAGE_CHANNELS)
@strawberry.type(description="The connection of an inbox to the world outside.")
class ChannelAccount(Node):
    """A connection; of its secrets only which there are."""

    channel: Channel = strawberry.field(description="By what.")
    address: str = strawberry.field(description="A mail address, or a number.")
    enabled: bool = strawberry.field(description="Whether anything is taken in and sent.")
    email: EmailSettings | None = strawberry.field(description="How, where it is by mail.")
    sms: SmsSettings | None = strawberry.field(description="How, where it is by text messages.")
    kept_secrets: list[str] = strawberry.field(description="What is kept sealed, by name, such as `smtp_password`.")
    problem: str | None = strawberry.field(description="Why mail could not be fetched the last time; null if it could.")
    inbox: Inbox | None = edge("inboxes", "key", of=Inbox.of, description="Whose connection it is.")

    @classmethod
    def of(cls, view: domain.ChannelAccountView) -> "ChannelAccount":
        """Built from its view."""
        return cls(
            key=view.id,
            channel=view.channel,
            address=view.address,
            enabled=view.enabled,
            email=EmailSettings.of(view.settings),
            sms=SmsSettings.of(view.settings),
            kept_secrets=sorted(view.kept),
            problem=view.problem,
        )


@strawberry.type(description="One thing that was tried of a connection.")
class ChannelCheck:
    """A server, and how it was."""

    name: str = strawberry.field(description="Which: `imap`, `smtp` or `sms`.")
    state: CheckState = strawberry.field(description="How it went.")
    explanation: str = strawberry.field(description="In a sentence.")

    @classmethod
    def of(cls, check: CheckView) -> "ChannelCheck":
        """Built from what was found."""
        return cls(name=check.name, state=check.state, explanation=check.explanation)


@strawberry.type(description="How a message came in or went out over a channel. For the people who work here.")
class MessageOrigin:
    """Its envelope."""

    sender: str = strawberry.field(description="The address it comes from. Anybody can write a mail's: see below.")
    subject: str = strawberry.field(description="The subject, if any.")
    original_text: str | None = strawberry.field(
        description="All that was written, quotes included; null where the message has it all."
    )
    authentication: Authentication | None = strawberry.field(
        description="Whether a mail comes from where it says; null for what is no mail that came in."
    )

    @classmethod
    def of(cls, view: OriginView) -> "MessageOrigin":
        """Built from its view."""
        return cls(
            sender=view.sender,
            subject=view.subject,
            original_text=view.original,
            authentication=view.authentication,
        )


def settings_given(input: Any) -> Mapping[str, Any]:
    """What an input says of a connection, without its secrets."""
    if hasattr(input, "account_sid"):
        return {"account_sid": input.account_sid, "base_url": input.base_url}
    return {
        "name": input.name,
        "imap": _server(input.imap),
        "smtp": _server(input.smtp),
        "dkim_domain": input.dkim.domain if input.dkim else None,
        "dkim_selector": input.dkim.selector if input.dkim else None,
        "signature": input.signature,
        "trusted_server": input.trusted_server,
        "plus_addressing": input.plus_addressing,
    }


def secrets_given(input: Any) -> Mapping[str, str]:
    """The secrets that an input brings."""
    if hasattr(input, "account_sid"):
        found = {"auth_token": input.auth_token}
    else:
        found = {
            "imap_password": input.imap.password if input.imap else None,
            "smtp_password": input.smtp.password if input.smtp else None,
            "dkim_key": input.dkim.private_key if input.dkim else None,
        }
    return {name: value for name, value in found.items() if value is not None}


def _server(given: Any) -> domain.Server | None:
    return domain.Server(given.host, given.port, given.user) if given else None
