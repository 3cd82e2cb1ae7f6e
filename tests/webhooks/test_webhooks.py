"""Webhooks by the API, on a running Parley: made, told, changed, rotated, switched off, and kept from others."""

from __future__ import annotations

from tests.webhooks.conftest import Desk, until


async def test_a_webhook_is_told_what_happens(desk: Desk) -> None:
    webhook = await desk.webhook("/told")
    conversation = await desk.start("Hello?")
    await until(lambda: len(desk.receiver.taken_at("/told")) >= 4)
    messages = desk.receiver.taken_at("/told")
    told = [message.json["data"]["inboxChanged"] for message in messages]
    assert [each["__typename"] for each in told][:2] == ["ConversationStarted", "MessageSent"]
    assert all(each["conversation"]["id"] == conversation for each in told)
    for message in messages:
        message.verify(desk.secrets[webhook])
