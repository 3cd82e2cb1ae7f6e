"""What goes into and comes out of the mutations on channels."""

from typing import Annotated
from uuid import UUID

import strawberry

from schema.account import Inbox
from schema.account_command import reason_field
from schema.base import edge
from schema.channels.channel import ChannelAccount, ChannelCheck
from schema.command import idempotency_key_field
from schema.conversation import Conversation
from schema.errors import CommonError


@strawberry.input(description="A mail server.")
class MailServerInput:
    """Where, as whom, and by which password."""

    host: str = strawberry.field(description="Its name.")
    port: int = strawberry.field(
        description="Its port. IMAP, and SMTP at 465, begin with TLS; other SMTP with STARTTLS."
    )
    user: str = strawberry.field(default="", description="Who we are to it; empty for nobody.")
    password: str | None = strawberry.field(default=None, description="Kept sealed; unset leaves the one before.")


@strawberry.input(description="What mail is signed with, so that others see that it is yours.")
class DkimInput:
    """A key and where its other half stands."""

    domain: str = strawberry.field(description="The domain it is signed for.")
    selector: str = strawberry.field(description="Under which name the key stands in the DNS.")
    private_key: str | None = strawberry.field(
        default=None, description="RSA, as PEM. Kept sealed; unset leaves the one before."
    )


@strawberry.input(description="How an inbox is connected to mail: all of it, but for passwords and keys.")
class EmailInput:
    """Settings of a mail inbox."""

    name: str = strawberry.field(default="", description="Stands beside the address, at most 200 characters.")
    imap: MailServerInput | None = strawberry.field(
        default=None, description="Where mail is fetched; unset where it is brought by HTTP or SMTP."
    )
    smtp: MailServerInput | None = strawberry.field(
        default=None, description="By what it goes out; unset for Parley's own server."
    )
    dkim: DkimInput | None = strawberry.field(default=None, description="What it is signed with, if anything.")
    signature: str = strawberry.field(default="", description="Ends each mail, at most 2,000 characters.")
    trusted_server: str | None = strawberry.field(
        default=None, description="The name under which your server writes `Authentication-Results`."
    )
    plus_addressing: bool = strawberry.field(
        default=False, description="Whether your server takes mail for `you+anything@…` as for `you@…`."
    )


@strawberry.input(description="How an inbox is connected to text messages.")
class SmsInput:
    """An account of a provider."""

    account_sid: str = strawberry.field(description="What the provider calls the account.")
    base_url: str = strawberry.field(
        default="https://api.twilio.com", description="Where a provider is that speaks as Twilio does."
    )
    auth_token: str | None = strawberry.field(
        default=None, description="The account's secret. Kept sealed; unset leaves the one before."
    )


@strawberry.input(description="A mail address for an inbox.")
class ConnectEmailInboxInput:
    """Input of `connectEmailInbox`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which, of the channel EMAIL.")
    address: str = strawberry.field(description="Where it is written to, and from where it answers.")
    email: EmailInput = strawberry.field(description="How.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A number for an inbox.")
class ConnectSmsInboxInput:
    """Input of `connectSmsInbox`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which, of the channel SMS.")
    number: str = strawberry.field(description="With its country, such as +351912345678.")
    sms: SmsInput = strawberry.field(description="How.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another connection for an inbox; what is left out stays as it is.")
class ChangeChannelInput:
    """Input of `changeChannel`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which.")
    email: EmailInput | None = strawberry.field(default=None, description="All of how it is connected to mail.")
    sms: SmsInput | None = strawberry.field(default=None, description="All of how it is connected to text messages.")
    enabled: bool | None = strawberry.field(default=None, description="Whether anything is taken in and sent.")
    renew_inlet_key: bool = strawberry.field(default=False, description="Make another key for mail brought by HTTP.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The inbox whose connection ends.")
class DisconnectChannelInput:
    """Input of `disconnectChannel`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The inbox whose connection is tried.")
class TestChannelInput:
    """Input of `testChannel`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Who said something elsewhere.")
class SenderInput:
    """A customer as another system knows them."""

    external_id: str = strawberry.field(description="Their id there, 1 to 200 characters.")
    name: str | None = strawberry.field(default=None, description="What to call them, if they are new.")


@strawberry.input(description="Something that was said elsewhere.")
class ReceiveMessageInput:
    """Input of `receiveMessage`."""

    inbox_id: strawberry.ID = strawberry.field(description="Where it comes in: an inbox of the channel API.")
    sender: SenderInput = strawberry.field(description="Who.")
    text: str = strawberry.field(description="What, 1 to 10,000 characters.")
    external_message_id: str = strawberry.field(
        description="Its id there, 1 to 200 characters: the same again comes in once, for good."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The inbox is connected.")
class ConnectEmailInboxSuccess:
    """Success of `connectEmailInbox`."""

    channel_account: ChannelAccount = strawberry.field(description="The connection.")
    inlet_address: str | None = strawberry.field(
        description="Forward mail to it where Parley takes mail by SMTP; null where it does not."
    )
    inlet_key: str | None = strawberry.field(
        description="Mail that is brought by HTTP is signed with it. Shown this once; null in a repeated answer."
    )


@strawberry.type(description="The inbox is connected.")
class ConnectSmsInboxSuccess:
    """Success of `connectSmsInbox`."""

    channel_account: ChannelAccount = strawberry.field(description="The connection.")


@strawberry.type(description="The inbox is connected as you say.")
class ChangeChannelSuccess:
    """Success of `changeChannel`."""

    channel_account: ChannelAccount = strawberry.field(description="The connection as it is now.")
    inlet_address: str | None = strawberry.field(description="As in `connectEmailInbox`.")
    inlet_key: str | None = strawberry.field(description="The new key, shown this once; null without one.")


@strawberry.type(description="The inbox is connected no more; what was secret is forgotten.")
class DisconnectChannelSuccess:
    """Success of `disconnectChannel`."""

    inbox: Inbox = strawberry.field(description="The inbox, without a connection.")


@strawberry.type(description="It was tried; nothing was sent.")
class TestChannelSuccess:
    """Success of `testChannel`."""

    checks: list[ChannelCheck] = strawberry.field(description="Each server behind it.")


@strawberry.type(description="It is stored; an answer comes as a webhook or by `conversationChanged`.")
class ReceiveMessageSuccess:
    """Success of `receiveMessage`."""

    conversation_key: strawberry.Private[UUID]
    conversation_id: strawberry.ID = strawberry.field(description="The conversation that it is in.")
    message_id: strawberry.ID = strawberry.field(description="The message that it became.")
    conversation: Conversation | None = edge(
        "conversations", "conversation_key", of=Conversation.of, description="The conversation; null if not for you."
    )


ConnectEmailInboxPayload = Annotated[
    ConnectEmailInboxSuccess | CommonError,
    strawberry.union("ConnectEmailInboxPayload", description="What came of `connectEmailInbox`."),
]
ConnectSmsInboxPayload = Annotated[
    ConnectSmsInboxSuccess | CommonError,
    strawberry.union("ConnectSmsInboxPayload", description="What came of `connectSmsInbox`."),
]
ChangeChannelPayload = Annotated[
    ChangeChannelSuccess | CommonError,
    strawberry.union("ChangeChannelPayload", description="What came of `changeChannel`."),
]
DisconnectChannelPayload = Annotated[
    DisconnectChannelSuccess | CommonError,
    strawberry.union("DisconnectChannelPayload", description="What came of `disconnectChannel`."),
]
TestChannelPayload = Annotated[
    TestChannelSuccess | CommonError,
    strawberry.union("TestChannelPayload", description="What came of `testChannel`."),
]
ReceiveMessagePayload = Annotated[
    ReceiveMessageSuccess | CommonError,
    strawberry.union("ReceiveMessagePayload", description="What came of `receiveMessage`."),
]
