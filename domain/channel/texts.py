"""Short messages that come in: by a provider of text messages, or by whatever else calls the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.account.inbox import Channel
from domain.account.permission import CUSTOMER, Permission
from domain.account.stored import Opening
from domain.base import (
    Actor,
    ActorKind,
    Clock,
    ConflictError,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
    system_of,
)
from domain.channel.events import Failure, MessageUndelivered
from domain.channel.ports import ChannelMessage, ChannelUnit, PhoneNumbers, Place
from domain.channel.receiving import Outcome, Received, Told, newcomer
from domain.conversation.aggregate import Conversation
from domain.customer.ports import ContactKind, customer_at
from domain.ports import Receipt
from domain.retry import retried_once
from domain.text import MAX_MESSAGE, checked, clipped

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "arret", "parar", "stopp"})
START = frozenset({"start", "unstop", "yes"})
GOES_ON = timedelta(days=3)
"""How long after its end a conversation is still what somebody means who writes again."""
LONGEST_ID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message from outside: `external_id` is its name there, under which it comes in once."""

    kind: ContactKind
    sender: str
    name: str | None
    text: str
    external_id: str


@dataclass(frozen=True)
class Texts:
    """Takes short messages in."""

    units: Opening[ChannelUnit]
    numbers: PhoneNumbers
    new_id: Identifiers
    clock: Clock
    told: Told

    async def receive_sms(self, place: Place, sender: str, text: str, external_id: str) -> Received:
        """A text message from a number; whoever writes no more than STOP gets none until they write START."""
        number = self.numbers.read(sender)
        if number is None:
            return self._heard(place, Received(Outcome.UNREADABLE))
        word = text.strip().strip(".!").lower()
        if word in STOP | START:
            return self._heard(place, await self._switched(place, number, stopped=word in STOP))
        text = clipped_message(text) or "(This message has no text.)"
        arrival = Arrival(kind=ContactKind.PHONE, sender=number, name=None, text=text, external_id=external_id)
        return self._heard(place, await self.receive(place, arrival))

    async def bring(
        self, actor: Actor, inbox_id: UUID, sender: tuple[str, str | None], text: str, external_id: str
    ) -> Receipt:
        """Bring in what somebody said elsewhere; `sender` is their id there, and a name. For machines with a key.

        The same message again gives the same receipt. `InvalidStateError` for an inbox of another channel,
        `ForbiddenError` for who is blocked.
        """
        actor.require(Permission.BRING_MESSAGES)
        actor.require_kind(ActorKind.API_KEY, ActorKind.ADMIN, ActorKind.SYSTEM)
        checked(text, "input.text")
        checked(sender[0], "input.sender.externalId", longest=LONGEST_ID)
        checked(external_id, "input.externalMessageId", longest=LONGEST_ID)
        place = Place(actor.tenant, inbox_id)
        await self._require_api(place)
        arrival = Arrival(
            kind=ContactKind.EXTERNAL, sender=sender[0], name=sender[1], text=text, external_id=external_id
        )
        received = self._heard(place, await self.receive(place, arrival))
        return await self._receipt(place, external_id, received)

    @retried_once
    async def receive(self, place: Place, arrival: Arrival) -> Received:
        """Let the customer say it: where they were active last, else in a new conversation."""
        async with self.units(system_of(place.organization_id)) as unit:
            if await unit.channel_messages.knows(place.inbox_id, arrival.external_id):
                return Received(Outcome.KNOWN)
            sender = newcomer(self.new_id(), place.organization_id, arrival.name)
            contact = await customer_at(unit, arrival.kind, arrival.sender, sender)
            if contact.is_blocked:
                return Received(Outcome.BLOCKED)
            since = self.clock() - GOES_ON
            latest = await unit.channel_messages.latest_of(place.inbox_id, contact.customer_id, since=since)
            await unit.commit(Receipt(contact.customer_id))
        return await self._said(place, arrival, contact.customer_id, latest)

    @retried_once
    async def reported(self, place: Place, external_id: str, explanation: str) -> None:
        """The provider says that a message did not arrive: tell it in the conversation."""
        async with self.units(system_of(place.organization_id)) as unit:
            sent = await unit.channel_messages.sent(place.inbox_id, external_id)
            if sent is None:
                return
            conversation = await unit.conversations.get(sent.conversation_id)
            said = clipped(explanation, 500)
            conversation.note(MessageUndelivered(sent.message_id, sent.recipient, Failure.BOUNCED, said))
            await unit.commit(Receipt(conversation.id))

    async def _said(self, place: Place, arrival: Arrival, customer_id: UUID, latest: UUID | None) -> Received:
        actor = Actor(ActorKind.CUSTOMER, customer_id, place.organization_id, CUSTOMER)
        message_id = self.new_id()
        async with self.units(actor) as unit:
            if latest is None:
                conversation = Conversation(self.new_id(), place.organization_id)
                conversation.start(actor, arrival.text, message_id, place.inbox_id)
                unit.conversations.add(conversation)
            else:
                conversation = await unit.conversations.get(latest)
                conversation.send(actor, arrival.text, message_id)
            unit.channel_messages.add(_channel_message(place, conversation.id, message_id, arrival))
            await unit.commit(Receipt(conversation.id, message_id))
        return Received(Outcome.JOINED if latest else Outcome.STARTED, conversation.id)

    async def _switched(self, place: Place, number: str, *, stopped: bool) -> Received:
        async with self.units(system_of(place.organization_id)) as unit:
            await unit.channel_messages.set_unreachable(place.inbox_id, number, Failure.STOPPED if stopped else None)
            await unit.commit(Receipt(place.inbox_id))
        return Received(Outcome.STOPPED if stopped else Outcome.RESUMED)

    async def _require_api(self, place: Place) -> None:
        async with self.units(system_of(place.organization_id)) as unit:
            inbox = await unit.inboxes.get(place.inbox_id)
            if inbox.channel != Channel.API:
                raise InvalidStateError("Messages are brought to inboxes of the channel API alone; this is another.")

    async def _receipt(self, place: Place, external_id: str, received: Received) -> Receipt:
        if received.outcome is Outcome.BLOCKED:
            raise ForbiddenError("This customer is blocked: nothing of theirs is taken.")
        async with self.units(system_of(place.organization_id)) as unit:
            known = await unit.channel_messages.brought(place.inbox_id, external_id)
        if known is None:
            raise ConflictError
        return Receipt(*known)

    def _heard(self, place: Place, received: Received) -> Received:
        self.told(place, received)
        return received


def clipped_message(text: str) -> str:
    """A text as it can be stored: without what no database takes, at most as long as a message may be."""
    clean = "".join(each for each in text if each != "\x00" and not "\ud800" <= each <= "\udfff").strip()
    return clean[:MAX_MESSAGE]


def number_of(numbers: PhoneNumbers, text: str, path: str) -> str:
    """A number as E.164; `InvalidInputError` for what is none."""
    number = numbers.read(text)
    if number is None:
        raise InvalidInputError(FieldProblem(path, "This must be a number with its country, such as +351912345678."))
    return number


def _channel_message(place: Place, conversation_id: UUID, message_id: UUID, arrival: Arrival) -> ChannelMessage:
    return ChannelMessage(
        inbox_id=place.inbox_id,
        conversation_id=conversation_id,
        message_id=message_id,
        external_id=arrival.external_id,
        is_inbound=True,
        sender=arrival.sender,
        participants=(arrival.sender,),
    )
