"""What channels need from outside: how mail is read, what went to and fro before, servers, providers, seals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.account.inbox import InboxUnit
from domain.account.stored import Stored
from domain.channel.account import ChannelAccount, ChannelAccountView
from domain.channel.events import Failure
from domain.channel.mail import Authentication, ReceivedMail
from domain.customer.ports import ContactUnit
from domain.delivery import DeliveryUnit
from domain.file.ports import FileUnit


@dataclass(frozen=True, slots=True)
class Place:
    """An inbox, and the organization whose it is."""

    organization_id: UUID
    inbox_id: UUID


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as it goes over a channel: with whom, and which of its mails are known by which id.

    `references` are the ids of its mails, the newest last; `address` is where the customer wrote from last. What others
    say who have part in it is answered there too: the sender of a mail that names them may be made up.
    """

    conversation_id: UUID
    inbox_id: UUID
    customer_id: UUID
    participants: frozenset[str]
    address: str | None = None
    subject: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMessage:
    """A message that went over a channel: what it is called there, between whom, and all that was written."""

    inbox_id: UUID
    conversation_id: UUID
    message_id: UUID
    external_id: str
    is_inbound: bool
    sender: str
    participants: tuple[str, ...] = ()
    subject: str = ""
    original: str | None = None
    authentication: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went out over a channel, and to whom."""

    conversation_id: UUID
    message_id: UUID
    recipient: str


class ChannelAccounts(Stored[ChannelAccount], Protocol):
    """The connections of the organization's inboxes, to change."""

    async def of(self, inbox_id: UUID) -> ChannelAccount | None:
        """The connection of an inbox, locked; None where it has none."""
        ...

    async def sharing(self, inbox_id: UUID) -> ChannelAccount | None:
        """The same, to be read and not changed: others may do so at the same time."""
        ...


class ChannelMessages(Protocol):
    """What went over the organization's channels."""

    async def knows(self, inbox_id: UUID, external_id: str) -> bool:
        """Whether a message of that name came or went there already."""
        ...

    def add(self, message: ChannelMessage) -> None:
        """Keep one; `ConflictError` at the end where there is one of that name in the inbox."""
        ...

    async def thread(self, inbox_id: UUID, external_ids: Sequence[str]) -> Thread | None:
        """The conversation that the newest of these belongs to."""
        ...

    async def thread_of(self, conversation_id: UUID) -> Thread | None:
        """What is known of a conversation's way; None for one that went over no channel."""
        ...

    async def latest_of(self, inbox_id: UUID, customer_id: UUID, *, since: datetime) -> UUID | None:
        """The conversation of the inbox in which the customer was active last, unless that is over since then."""
        ...

    async def left(self, conversation_id: UUID) -> Thread | None:
        """The way to the address that the customer of a chat left last: by the organization's first inbox for mail.

        None where nobody left one, or no inbox is connected to mail.
        """
        ...

    async def sent(self, inbox_id: UUID, external_id: str) -> Sent | None:
        """What went out under a name."""
        ...

    async def brought(self, inbox_id: UUID, external_id: str) -> tuple[UUID, UUID] | None:
        """The conversation and the message that came in under a name."""
        ...

    async def count_from(self, inbox_id: UUID, sender: str, *, since: datetime) -> int:
        """How many came from an address."""
        ...

    async def sent_as(self, message_id: UUID) -> Sent | None:
        """How a message went out."""
        ...

    async def failure_at(self, inbox_id: UUID, address: str) -> Failure | None:
        """Why nothing is to be sent there; None where it is."""
        ...

    async def set_unreachable(self, inbox_id: UUID, address: str, failure: Failure | None) -> None:
        """Send nothing there any more and say why; None: send again."""
        ...


class ChannelUnit(InboxUnit, DeliveryUnit, ContactUnit, FileUnit, Protocol):
    """A unit of work that holds what goes over channels."""

    @property
    def channel_accounts(self) -> ChannelAccounts:
        """How inboxes are connected, to change."""
        ...

    @property
    def channel_messages(self) -> ChannelMessages:
        """What went over channels."""
        ...


class MailReader(Protocol):
    """Makes sense of bytes."""

    async def read(self, raw: bytes, *, trusted_server: str | None) -> ReceivedMail:
        """The mail; raises `UnreadableMailError`."""
        ...


class Tokens(Protocol):
    """Short signed names of conversations, for addresses."""

    def of(self, conversation_id: UUID) -> str:
        """The name."""
        ...

    def read(self, token: str) -> UUID | None:
        """The conversation that is called so; None for a name that was not made here."""
        ...


class ChannelSeals(Protocol):
    """Seals what is secret of connections."""

    def seal(self, inbox_id: UUID, secrets: Mapping[str, str]) -> bytes:
        """All secrets of one."""
        ...

    def open(self, inbox_id: UUID, sealed: bytes) -> Mapping[str, str]:
        """The secrets again; empty where they cannot be read any more."""
        ...

    def new_key(self) -> str:
        """A key that requests are signed with."""
        ...


class CheckState(StrEnum):
    """What came of trying something."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried of a connection; `explanation` is a sentence, without secrets."""

    name: str
    state: CheckState
    explanation: str


class Probe(Protocol):
    """Tries connections."""

    async def check(self, account: ChannelAccount, secrets: Mapping[str, str]) -> Sequence[Check]:
        """Reach the servers behind one, and sign in; send nothing."""
        ...


class PhoneNumbers(Protocol):
    """Reads telephone numbers."""

    def read(self, text: str) -> str | None:
        """The number as E.164 has it, such as +351912345678; None for what is none."""
        ...


@dataclass(frozen=True, slots=True)
class OriginView:
    """How a message came in or went out over a channel; `authentication` is of mail that came in."""

    sender: str
    subject: str
    original: str | None
    authentication: Authentication | None


class ChannelReads(Protocol):
    """What one actor may see of channels."""

    async def channel_accounts(self, ids: Sequence[UUID]) -> Sequence[ChannelAccountView | None]:
        """Connections by their inboxes."""
        ...

    async def message_origins(self, ids: Sequence[UUID]) -> Sequence[OriginView | None]:
        """How messages came, for the people at work."""
        ...

    async def all_channel_accounts(self) -> Sequence[ChannelAccountView]:
        """All connections of the organization, by address."""
        ...
