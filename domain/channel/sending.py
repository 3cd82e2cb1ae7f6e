"""Messages on their way out: what people and the assistant say in a conversation goes where its customer is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from domain.account.inbox import Channel
from domain.account.stored import Opening
from domain.base import ActorKind, Event, system_of
from domain.carriage.carriage import DeliveryFailed
from domain.channel.account import ChannelAccount
from domain.channel.composing import MailHeader, mail_content, sms_text
from domain.channel.events import Failure, MessageUndelivered
from domain.channel.ports import ChannelMessage, ChannelUnit, Thread, Tokens
from domain.conversation.events import AnswerCompleted, HandoffRequested, Message, MessageSent
from domain.delivery import Medium, Parcel
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

UNSENT = {
    Failure.BOUNCED: "Not sent: earlier mail to this address came back.",
    Failure.STOPPED: "Not sent: they asked for no more messages.",
}


def said(event: Event) -> Message | None:
    """What an event has the customer told; None where they said it themselves, or nobody did."""
    if isinstance(event, MessageSent | AnswerCompleted | HandoffRequested):
        return None if event.message.author_kind is ActorKind.CUSTOMER else event.message
    return None


@dataclass(frozen=True)
class Sending:
    """Posts messages to where their conversations came from."""

    units: Opening[ChannelUnit]
    tokens: Tokens

    @retried_once
    async def send(self, organization_id: UUID, conversation_id: UUID, message: Message) -> bool:
        """Have a message carried, once; False where the conversation goes over no channel, or its end is unreachable.

        Whoever repeats it posts nothing more: the parcel has the message's own key. That an end is unreachable is told
        of each message, so that nobody writes to it and waits.
        """
        async with self.units(system_of(organization_id)) as unit:
            thread = await _way(unit, conversation_id, message)
            if thread is None or thread.address is None:
                return False
            account = await unit.channel_accounts.sharing(thread.inbox_id)
            if account is None or not account.enabled:
                return False
            failure = await unit.channel_messages.failure_at(account.id, thread.address)
            if failure is None:
                await self._post(unit, account, thread, message)
                return True
        told = MessageUndelivered(message.id, thread.address, failure, UNSENT[failure])
        async with self.units(system_of(organization_id), _once(f"unsent {message.id}")) as unit:
            await _tell(unit, thread.conversation_id, told)
        return False

    @retried_once
    async def tell_failure(self, organization_id: UUID, failed: DeliveryFailed, event_id: int) -> None:
        """Tell, where it was said, that a message was refused, or not taken in all the time that it was tried."""
        if "message" not in failed.about:
            return
        async with self.units(system_of(organization_id), _once(f"undelivered {event_id}")) as unit:
            if sent := await unit.channel_messages.sent_as(UUID(failed.about["message"])):
                told = MessageUndelivered(sent.message_id, sent.recipient, Failure.BOUNCED, failed.error)
                await _tell(unit, sent.conversation_id, told)

    async def _post(self, unit: ChannelUnit, account: ChannelAccount, thread: Thread, message: Message) -> None:
        external_id = self._external_id(account, thread.conversation_id, message)
        if not await unit.channel_messages.knows(account.id, external_id):
            await unit.deliveries.post([self._parcel(account, thread, message, external_id)])
            unit.channel_messages.add(_channel_message(account, thread, message, external_id))
            await unit.commit(Receipt(thread.conversation_id, message.id))

    def _external_id(self, account: ChannelAccount, conversation_id: UUID, message: Message) -> str:
        if account.channel == Channel.SMS:
            return f"parley:{message.id}"
        return f"<{message.id.hex}.{self.tokens.of(conversation_id)}@{account.address.partition('@')[2]}>"

    def _parcel(self, account: ChannelAccount, thread: Thread, message: Message, external_id: str) -> Parcel:
        is_mail = account.channel == Channel.EMAIL
        if is_mail:
            content = mail_content(account, thread, message, MailHeader(external_id, self._reply_to(account, thread)))
        else:
            content = {"text": sms_text(message), "inbox_id": str(account.id)}
        return Parcel(
            key=f"message:{message.id}",
            medium=Medium.EMAIL if is_mail else Medium.SMS,
            route=f"{'mail' if is_mail else 'sms'}:{account.id}",
            recipient=thread.address or "",
            content=content,
            sequence=str(thread.conversation_id),
            about={
                "conversation": str(thread.conversation_id),
                "customer": str(thread.customer_id),
                "message": str(message.id),
            },
        )

    def _reply_to(self, account: ChannelAccount, thread: Thread) -> str | None:
        if not account.mail.plus_addressing:
            return None
        local, _, domain = account.address.partition("@")
        return f"{local}+{self.tokens.of(thread.conversation_id)}@{domain}"


async def _way(unit: ChannelUnit, conversation_id: UUID, message: Message) -> Thread | None:
    """Where the conversation came from; what people say in a chat also goes to the address that its customer left."""
    thread = await unit.channel_messages.thread_of(conversation_id)
    if (thread and thread.address) or message.author_kind is not ActorKind.AGENT:
        return thread
    left = await unit.channel_messages.left(conversation_id)
    return replace(left, references=thread.references) if left and thread else left


def _once(name: str) -> IdempotencyKey:
    return IdempotencyKey(name, name)


async def _tell(unit: ChannelUnit, conversation_id: UUID, told: MessageUndelivered) -> None:
    """Once: a job that is repeated finds that it was told."""
    if unit.earlier is None:
        (await unit.conversations.get(conversation_id)).note(told)
        await unit.commit(Receipt(conversation_id))


def _channel_message(account: ChannelAccount, thread: Thread, message: Message, external_id: str) -> ChannelMessage:
    return ChannelMessage(
        inbox_id=account.id,
        conversation_id=thread.conversation_id,
        message_id=message.id,
        external_id=external_id,
        is_inbound=False,
        sender=account.address,
        participants=(thread.address or "",),
        subject=thread.subject,
    )
