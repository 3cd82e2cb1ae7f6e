"""Text messages: signed ones come in once, answers go out by the provider, STOP is heard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from domain.account.inbox import Channel
from domain.channel.events import Failure, MessageUndelivered
from domain.conversation.events import AnswerCompleted
from schema.base import global_id
from tests.channels.conftest import Office, until
from tests.channels.provider import SID, TOKEN, Provider, provider, signature

NUMBER, CUSTOMER = "+351910000001", "+351910000002"


@pytest.fixture
async def sms() -> AsyncIterator[Provider]:
    async with provider() as made:
        yield made


async def connected(office: Office, sms: Provider) -> UUID:
    inbox_id = await office.inbox(Channel.SMS)
    given, secrets = {"account_sid": SID, "base_url": sms.url}, {"auth_token": TOKEN}
    connections = office.parts.desk.channels.connections
    await connections.connect_sms(office.company.admin, inbox_id, NUMBER, given, secrets)
    return inbox_id


async def posted(office: Office, inbox_id: UUID, path: str = "", *, token: str = TOKEN, **form: str) -> Any:
    """What the server answers to the provider."""
    where = f"/channels/sms/{global_id('Inbox', inbox_id)}{path}"
    url = f"{office.parts.settings.public_address}{where}"
    headers = {"x-twilio-signature": signature(url, form, token)}
    return await office.stack.http.post(where, data=form, headers=headers)


def message(text: str, name: str = "SM-in-1") -> dict[str, str]:
    return {"From": CUSTOMER, "To": NUMBER, "Body": text, "MessageSid": name}


async def test_a_text_message_is_answered_by_one_and_comes_in_once(office: Office, sms: Provider) -> None:
    inbox_id = await connected(office, sms)
    for _ in range(2):
        answer = await posted(office, inbox_id, **message("How do I return a coat?"))
        assert (answer.status_code, "<Response/>" in answer.text) == (200, True)
    await until(lambda: _there(sms.sent))
    assert sms.sent[0]["Body"] == "Within 45 days." and sms.sent[0]["To"] == CUSTOMER and sms.sent[0]["From"] == NUMBER
    await posted(office, inbox_id, **message("And a hat?", "SM-in-2"))
    await until(lambda: _there(len(sms.sent) == 2))
    said = await office.told(await office.conversation(inbox_id))
    assert [text for text in said if text.endswith("?")] == ["How do I return a coat?", "And a hat?"]


async def test_what_is_not_signed_is_refused(office: Office, sms: Provider) -> None:
    inbox_id = await connected(office, sms)
    answer = await posted(office, inbox_id, token="another", **message("Hello?"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "UNAUTHENTICATED")
    chat = await office.inbox(Channel.CHAT)
    assert (await posted(office, chat, **message("Hello?"))).status_code == 401
    assert (await office.stack.http.post("/channels/sms/nonsense", data={})).status_code == 401


async def test_stop_is_heard_until_start(office: Office, sms: Provider) -> None:
    inbox_id = await connected(office, sms)
    await posted(office, inbox_id, **message("Stop"))
    await posted(office, inbox_id, **message("How do I return a coat?", "SM-in-2"))
    asked = await office.conversation(inbox_id)
    await until(lambda: office.events(asked, AnswerCompleted))
    (told,) = await until(lambda: office.events(asked, MessageUndelivered))
    assert told.failure is Failure.STOPPED and told.address == CUSTOMER
    await posted(office, inbox_id, **message("START", "SM-in-3"))
    await posted(office, inbox_id, **message("And a hat?", "SM-in-4"))
    await until(lambda: _there(sms.sent))
    assert len(sms.sent) == 1


async def test_a_message_that_did_not_arrive_is_told_in_its_conversation(office: Office, sms: Provider) -> None:
    inbox_id = await connected(office, sms)
    await posted(office, inbox_id, **message("How do I return a coat?"))
    await until(lambda: _there(sms.sent))
    path = sms.sent[0]["StatusCallback"].removeprefix(office.parts.settings.public_address)
    suffix = "/" + path.rpartition("/")[2]
    status = await posted(office, inbox_id, suffix, MessageSid="SM1", MessageStatus="undelivered", ErrorCode="30003")
    assert status.status_code == 204
    (event,) = await office.events(await office.conversation(inbox_id), MessageUndelivered)
    assert isinstance(event, MessageUndelivered) and "30003" in event.explanation


async def test_a_provider_that_is_away_gets_it_later(office: Office, sms: Provider) -> None:
    inbox_id = await connected(office, sms)
    sms.answers = [(503, {}), (429, {"code": 20429})]
    checks = await office.parts.desk.channels.connections.check(office.company.admin, inbox_id)
    assert [(check.name, check.state) for check in checks] == [("sms", "passed")]
    await posted(office, inbox_id, **message("How do I return a coat?"))
    await until(lambda: _there(len(sms.answers) < 2))


async def _there(value: object) -> object:
    return value
