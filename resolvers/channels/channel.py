"""The root fields about channels."""

from typing import Any
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.base import FieldProblem, InvalidInputError
from domain.channel.service import Channels
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema.account import Inbox
from schema.base import field, global_id, parse_key
from schema.channels import channel_command as c
from schema.channels.channel import ChannelAccount, ChannelCheck, secrets_given, settings_given

Info = strawberry.Info[RequestContext, None]
SECRETS = ("email", "sms")


def _channels(info: Info) -> Channels:
    return info.context.services.desk.channels


def _inbox(input: Any) -> UUID:
    return parse_key(input.inbox_id, "Inbox", "input.inboxId")


@strawberry.type
class ChannelQuery:
    """How inboxes are connected."""

    @field("All connections of inboxes, by address, at most 100.", needs=Permission.MANAGE_CHANNELS)
    async def channel_accounts(self, info: Info) -> list[ChannelAccount]:
        return [ChannelAccount.of(view) for view in await info.context.reads.all_channel_accounts()]


@strawberry.type
class ChannelMutation:
    """What can be done about it."""

    @mutation("Let an inbox take and send mail.", needs=Permission.MANAGE_CHANNELS)
    async def connect_email_inbox(
        self, info: Info, input: c.ConnectEmailInboxInput
    ) -> c.ConnectEmailInboxPayload | None:
        inbox_id, given, secrets = _inbox(input), settings_given(input.email), secrets_given(input.email)
        connected = await _channels(info).connections.connect_mail(
            info.context.actor, inbox_id, input.address, given, secrets, key=key_of(input, but=SECRETS)
        )
        return c.ConnectEmailInboxSuccess(
            channel_account=await shown(info, "channel_accounts", inbox_id, ChannelAccount.of),
            inlet_address=_channels(info).forwarding.address(inbox_id),
            inlet_key=connected.inlet_key,
        )

    @mutation("Let an inbox take and send text messages.", needs=Permission.MANAGE_CHANNELS)
    async def connect_sms_inbox(self, info: Info, input: c.ConnectSmsInboxInput) -> c.ConnectSmsInboxPayload | None:
        inbox_id, given, secrets = _inbox(input), settings_given(input.sms), secrets_given(input.sms)
        await _channels(info).connections.connect_sms(
            info.context.actor, inbox_id, input.number, given, secrets, key=key_of(input, but=SECRETS)
        )
        account = await shown(info, "channel_accounts", inbox_id, ChannelAccount.of)
        return c.ConnectSmsInboxSuccess(channel_account=account)

    @mutation("Connect an inbox otherwise, or switch its connection on or off.", needs=Permission.MANAGE_CHANNELS)
    async def change_channel(self, info: Info, input: c.ChangeChannelInput) -> c.ChangeChannelPayload | None:
        if input.email and input.sms:
            raise InvalidInputError(FieldProblem("input.sms", "An inbox has one channel: give one of the two."))
        inbox_id, said = _inbox(input), input.email or input.sms
        connected = await _channels(info).connections.change(
            info.context.actor,
            inbox_id,
            settings_given(said) if said else {},
            secrets_given(said) if said else {},
            enabled=input.enabled,
            new_key=input.renew_inlet_key,
            key=key_of(input, but=SECRETS),
        )
        return c.ChangeChannelSuccess(
            channel_account=await shown(info, "channel_accounts", inbox_id, ChannelAccount.of),
            inlet_address=_channels(info).forwarding.address(inbox_id),
            inlet_key=connected.inlet_key,
        )

    @mutation("Try whether the servers behind an inbox let Parley in.", needs=Permission.MANAGE_CHANNELS)
    async def test_channel(self, info: Info, input: c.TestChannelInput) -> c.TestChannelPayload | None:
        checks = await _channels(info).connections.check(info.context.actor, _inbox(input))
        return c.TestChannelSuccess(checks=[ChannelCheck.of(check) for check in checks])

    @mutation("Let an inbox be connected no more.", needs=Permission.MANAGE_CHANNELS)
    async def disconnect_channel(
        self, info: Info, input: c.DisconnectChannelInput
    ) -> c.DisconnectChannelPayload | None:
        inbox_id, reason = _inbox(input), checked_reason(input.reason)
        await _channels(info).connections.disconnect(info.context.actor, inbox_id, reason=reason, key=key_of(input))
        return c.DisconnectChannelSuccess(inbox=await shown(info, "inboxes", inbox_id, Inbox.of))

    @mutation("Bring in what a customer said elsewhere, once.", needs=Permission.BRING_MESSAGES)
    async def receive_message(self, info: Info, input: c.ReceiveMessageInput) -> c.ReceiveMessagePayload | None:
        receipt = await _channels(info).texts.bring(
            info.context.actor,
            _inbox(input),
            (input.sender.external_id, input.sender.name),
            input.text,
            input.external_message_id,
        )
        assert receipt.part_id is not None  # noqa: S101  the service made or found the message
        return c.ReceiveMessageSuccess(
            conversation_key=receipt.id,
            conversation_id=global_id("Conversation", receipt.id),
            message_id=global_id("Message", receipt.part_id),
        )
