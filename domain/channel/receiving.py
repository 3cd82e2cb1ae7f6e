"""Mail that comes in, by whatever inlet: it joins its conversation, begins one, or is put aside for a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.access.customer import LONGEST_NAME, VISITOR, Customer
from domain.account.permission import CUSTOMER
from domain.account.stored import Opening
from domain.base import (
    Actor,
    ActorKind,
    Clock,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
    NotFoundError,
    system_of,
)
from domain.channel.account import ChannelAccount
from domain.channel.events import AutomaticReplyReceived, Failure, MessageUndelivered
from domain.channel.mail import Authentication, Bounce, Nature, ReceivedMail, UnreadableMailError, is_machine, joined
from domain.channel.ports import ChannelMessage, ChannelUnit, MailReader, Place, Thread, Tokens
from domain.conversation.aggregate import Conversation
from domain.customer.ports import ContactKind, customer_at
from domain.file.file import FilePurpose
from domain.file.ports import claimed
from domain.ports import Receipt
from domain.retry import retried_once
from domain.text import MAX_MESSAGE, clipped

MOST_AN_HOUR = 60
"""Mails from one address to one inbox: more than that is a machine that answers a machine."""
HOUR = timedelta(hours=1)
CUT = "\n\n[…]"
NO_WORDS = "(This mail has no text.)"


class Outcome(StrEnum):
    """What became of something that came in."""

    STARTED = "started"
    JOINED = "joined"
    KNOWN = "known"
    """It came before."""
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    LOOP = "loop"
    FLOOD = "flood"
    BLOCKED = "blocked"
    UNREADABLE = "unreadable"
    STOPPED = "stopped"
    RESUMED = "resumed"
    REFUSED = "refused"
    """No rule of conversations allows it."""
    CLOSED = "closed"
    """The inbox is not connected to this channel."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a mail, and the conversation that it is in."""

    outcome: Outcome
    conversation_id: UUID | None = None


class Inlet(Protocol):
    """Where the inlets bring mail."""

    async def receive(self, place: Place, raw: bytes) -> Received:
        """Take it in, once; when this returns it is stored, or will never be. `UnavailableError`: come again."""
        ...


Told = Callable[[Place, Received], None]
"""Hears what became of each."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Who writes, and in which conversation if in one that is there."""

    customer_id: UUID
    thread: Thread | None


class FilesIn(Protocol):
    """Where files go that come along."""

    async def bring(self, actor: Actor, purpose: FilePurpose, name: str, content_type: str, content: bytes) -> UUID:
        """Take one in for its owner; raises `InvalidInputError` or `InvalidStateError` for what is not taken."""
        ...


@dataclass(frozen=True)
class Mails:
    """Takes mail in."""

    units: Opening[ChannelUnit]
    reader: MailReader
    tokens: Tokens
    files: FilesIn
    new_id: Identifiers
    clock: Clock
    told: Told

    async def receive(self, place: Place, raw: bytes) -> Received:
        """Take it in, once: what came before, by its Message-ID and inbox, comes to nothing again."""
        received = await self._received(place, raw)
        self.told(place, received)
        return received

    @retried_once
    async def _received(self, place: Place, raw: bytes) -> Received:
        account = await self._account(place)
        if account is None or account.channel != "email" or not account.enabled:
            return Received(Outcome.CLOSED)
        try:
            mail = await self.reader.read(raw, trusted_server=account.mail.trusted_server)
        except UnreadableMailError:
            return Received(Outcome.UNREADABLE)
        try:
            found = await self._placed(place, account, mail)
            return found if isinstance(found, Received) else await self._said(place, found, mail)
        except (InvalidInputError, InvalidStateError, ForbiddenError, NotFoundError):
            return Received(Outcome.REFUSED)  # as it would be another time: no inlet is to try for ever

    async def _account(self, place: Place) -> ChannelAccount | None:
        async with self.units(system_of(place.organization_id)) as unit:
            return await unit.channel_accounts.sharing(place.inbox_id)

    async def _placed(self, place: Place, account: ChannelAccount, mail: ReceivedMail) -> Received | _Known:
        """Whose mail it is and where it belongs, or why it is put aside."""
        async with self.units(system_of(place.organization_id)) as unit:
            if await unit.channel_messages.knows(place.inbox_id, mail.message_id):
                return Received(Outcome.KNOWN)
            if mail.bounce:
                return await self._bounced(unit, place, mail.bounce)
            thread = await self._thread(unit, place, mail)
            if put_aside := await self._put_aside(unit, place, account, mail, thread):
                return put_aside
            sender = newcomer(self.new_id(), place.organization_id, mail.sender.name)
            contact = await customer_at(unit, ContactKind.EMAIL, mail.sender.address, sender)
            if contact.is_blocked:
                return Received(Outcome.BLOCKED)
            await self._revive(unit, place, mail)
            known = _Known(contact.customer_id, thread if _belongs(thread, contact.customer_id, mail) else None)
            if known.thread and (await unit.customers.get(known.thread.customer_id)).blocked_at is not None:
                return Received(Outcome.BLOCKED)  # in whose name others would speak who have part in it
            await unit.commit(Receipt(contact.customer_id))
            return known

    async def _thread(self, unit: ChannelUnit, place: Place, mail: ReceivedMail) -> Thread | None:
        """By the ids that it names, else by an address that we signed; never by its subject, which anybody knows."""
        if mail.references and (thread := await unit.channel_messages.thread(place.inbox_id, mail.references)):
            return thread
        for conversation_id in filter(None, map(self.tokens.read, mail.tokens)):
            return await unit.channel_messages.thread_of(conversation_id)
        return None

    async def _put_aside(
        self, unit: ChannelUnit, place: Place, account: ChannelAccount, mail: ReceivedMail, thread: Thread | None
    ) -> Received | None:
        if mail.sender.address == account.address:
            return Received(Outcome.LOOP)
        if mail.nature is not Nature.PERSONAL or is_machine(mail.sender.address):
            return await _automatic(unit, mail, thread)
        since = self.clock() - HOUR
        if await unit.channel_messages.count_from(place.inbox_id, mail.sender.address, since=since) >= MOST_AN_HOUR:
            return Received(Outcome.FLOOD)
        return None

    async def _revive(self, unit: ChannelUnit, place: Place, mail: ReceivedMail) -> None:
        """Who writes from an address reads there: a full mailbox or a slip of a server is not for ever."""
        if mail.authentication is not Authentication.FAILED:
            await unit.channel_messages.set_unreachable(place.inbox_id, mail.sender.address, None)

    async def _bounced(self, unit: ChannelUnit, place: Place, bounce: Bounce) -> Received:
        """Tell it in the conversation of the mail that did not arrive; one about a mail that was not ours is nothing.

        Bounces can be made up: only a name that we gave out, and to nobody but the one it went to, is believed.
        """
        sent = await unit.channel_messages.sent(place.inbox_id, bounce.message_id) if bounce.message_id else None
        thread = await unit.channel_messages.thread_of(sent.conversation_id) if sent else None
        if sent is None or thread is None or not bounce.is_final:
            return Received(Outcome.BOUNCE, thread.conversation_id if thread else None)
        said = clipped(f"{bounce.status} {bounce.explanation}", 500)
        await unit.channel_messages.set_unreachable(place.inbox_id, sent.recipient, Failure.BOUNCED)
        await unit.contacts.bounce(ContactKind.EMAIL, sent.recipient, self.clock())
        conversation = await unit.conversations.get(thread.conversation_id)
        conversation.note(MessageUndelivered(sent.message_id, sent.recipient, Failure.BOUNCED, said))
        await unit.commit(Receipt(thread.conversation_id))
        return Received(Outcome.BOUNCE, thread.conversation_id)

    async def _said(self, place: Place, known: _Known, mail: ReceivedMail) -> Received:
        """Let the customer say it, in their own name and reach."""
        customer_id = known.thread.customer_id if known.thread else known.customer_id
        actor = Actor(ActorKind.CUSTOMER, customer_id, place.organization_id, CUSTOMER)
        message_id, (file_ids, left_out) = self.new_id(), await self._files(actor, mail)
        text = words(mail, left_out)
        async with self.units(actor) as unit:
            conversation = await self._conversation(unit, place, known)
            files = await claimed(unit, actor, file_ids, conversation.id, FilePurpose.MESSAGE)
            if known.thread is None:
                conversation.start(actor, text, message_id, place.inbox_id, files)
            else:
                conversation.send(actor, text, message_id, files)
            unit.channel_messages.add(_channel_message(place, conversation.id, message_id, mail))
            await unit.commit(Receipt(conversation.id, message_id))
        return Received(Outcome.JOINED if known.thread else Outcome.STARTED, conversation.id)

    async def _files(self, actor: Actor, mail: ReceivedMail) -> tuple[Sequence[UUID], Sequence[str]]:
        """What came along, to be checked before anybody gets it; and the names of what is of no kind that is taken."""
        taken, left_out = [], []
        for one in mail.attachments:
            try:
                brought = await self.files.bring(actor, FilePurpose.MESSAGE, one.name, one.media_type, one.content)
                taken.append(brought)
            except (InvalidInputError, InvalidStateError):
                left_out.append(one.name)
        return taken, left_out

    async def _conversation(self, unit: ChannelUnit, place: Place, known: _Known) -> Conversation:
        if known.thread is not None:
            return await unit.conversations.get(known.thread.conversation_id)
        conversation = Conversation(self.new_id(), place.organization_id)
        unit.conversations.add(conversation)
        return conversation


def newcomer(customer_id: UUID, organization_id: UUID, name: str | None) -> Customer:
    """Somebody who was not heard of before, as they call themselves."""
    return Customer(customer_id, organization_id, name=clipped(name or "", LONGEST_NAME) or VISITOR)


async def _automatic(unit: ChannelUnit, mail: ReceivedMail, thread: Thread | None) -> Received:
    """Nobody answers a machine; people see that it wrote, where it did so in a conversation."""
    if thread is None or mail.sender.address not in thread.participants:
        return Received(Outcome.AUTOMATIC)
    try:
        conversation = await unit.conversations.get(thread.conversation_id)
    except NotFoundError:
        return Received(Outcome.AUTOMATIC)
    conversation.note(AutomaticReplyReceived(mail.sender.address, clipped(mail.text, 500)))
    await unit.commit(Receipt(conversation.id))
    return Received(Outcome.AUTOMATIC, conversation.id)


def _belongs(thread: Thread | None, customer_id: UUID, mail: ReceivedMail) -> bool:
    """Whether its writer has part in the conversation: the customer, or somebody whom an earlier mail named."""
    return thread is not None and (thread.customer_id == customer_id or mail.sender.address in thread.participants)


def words(mail: ReceivedMail, left_out: Sequence[str]) -> str:
    """The message that a mail becomes: its words, and the names of the files that were not taken."""
    text = joined([mail.text], left_out) or mail.subject.strip() or NO_WORDS
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - len(CUT)] + CUT


def _channel_message(place: Place, conversation_id: UUID, message_id: UUID, mail: ReceivedMail) -> ChannelMessage:
    return ChannelMessage(
        inbox_id=place.inbox_id,
        conversation_id=conversation_id,
        message_id=message_id,
        external_id=mail.message_id,
        is_inbound=True,
        sender=mail.sender.address,
        participants=mail.participants,
        subject=mail.subject,
        original=mail.original if mail.original != mail.text else None,
        authentication=mail.authentication,
    )
