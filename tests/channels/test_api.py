"""Channels over the API: connections without their secrets, and messages brought by machines."""

from __future__ import annotations

import base64
import hmac
import re
import time
from pathlib import Path
from typing import Any

import pytest

from domain.account.inbox import Channel
from domain.channel.account import Server
from schema.base import global_id
from tests.channels.conftest import Office
from tests.documents import ERRORS
from tests.stack import GraphQLFailedError

GUIDE = Path(__file__).parents[2] / "docs" / "channels.md"
ACCOUNT = """id channel address enabled keptSecrets sms { accountSid }
  email { name smtp { host port user } imap { host } dkimDomain }"""


def command(name: str, selection: str) -> str:
    """The document of a mutation, with what is wanted of its success."""
    kind = name[0].upper() + name[1:]
    fragment = f"... on {kind}Success {{ {selection} }}"
    return f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename {fragment} {ERRORS} }} }}"


CONNECT = command("connectEmailInbox", f"inletKey channelAccount {{ {ACCOUNT} inbox {{ name }} }}")
CHANGE = command("changeChannel", f"inletKey channelAccount {{ {ACCOUNT} }}")
TEST = command("testChannel", "checks { name state explanation }")
DISCONNECT = command("disconnectChannel", "inbox { id }")
BRING = command("receiveMessage", "conversationId messageId conversation { id state }")
ALL = f"{{ channelAccounts {{ {ACCOUNT} }} }}"
ORIGIN = """query ($id: ID!) { conversation(id: $id) { messages(first: 5) { nodes {
  origin { sender subject originalText authentication } } } } }"""


async def test_an_inbox_is_connected_changed_and_disconnected_without_a_secret_shown(office: Office) -> None:
    admin, inbox = office.stack.client(office.company.admin), global_id("Inbox", await office.inbox())
    smtp = {"host": "127.0.0.1", "port": office.port, "user": "me", "password": "a secret password"}
    given = {"inboxId": inbox, "address": "Help@Shop.example", "email": {"name": "Shop", "smtp": smtp}}
    made = (await admin.ask(CONNECT, input=given))["connectEmailInbox"]
    account = made["channelAccount"]
    assert (account["address"], account["keptSecrets"]) == ("help@shop.example", ["inlet_key", "smtp_password"])
    assert made["inletKey"].startswith("whsec_") and "a secret" not in str(account)
    assert (await admin.ask(CONNECT, input=given))["connectEmailInbox"]["__typename"] == "InvalidStateError"
    changed = await admin.ask(CHANGE, input={"inboxId": inbox, "enabled": False, "renewInletKey": True})
    assert changed["changeChannel"]["inletKey"] not in (None, made["inletKey"])
    assert changed["changeChannel"]["channelAccount"]["email"] == account["email"]
    (listed,) = (await admin.ask(ALL))["channelAccounts"]
    assert (listed["id"], listed["enabled"]) == (account["id"], False)
    tested = (await admin.ask(TEST, input={"inboxId": inbox}))["testChannel"]
    assert [check["name"] for check in tested["checks"]] == ["smtp"]
    await admin.ask(DISCONNECT, input={"inboxId": inbox})
    assert (await admin.ask(ALL))["channelAccounts"] == []


async def test_agents_do_not_manage_channels(office: Office) -> None:
    with pytest.raises(GraphQLFailedError) as refused:
        await office.stack.client(office.company.agent).ask(ALL)
    assert refused.value.code == "FORBIDDEN"


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "no address"},
        {"email": {"smtp": {"host": "no host!", "port": 25}}},
        {"email": {"smtp": {"host": "mail.example", "port": 0}}},
        {"email": {"name": "two\nlines"}},
        {"email": {"dkim": {"domain": "shop example", "selector": "a"}}},
        {"email": {"signature": "x" * 2_001}},
    ],
)
async def test_what_cannot_be_is_refused(office: Office, wrong: dict[str, Any]) -> None:
    inbox = global_id("Inbox", await office.inbox())
    given = {"inboxId": inbox, "address": "help@shop.example", "email": {}, **wrong}
    answer = await office.stack.client(office.company.admin).ask(CONNECT, input=given)
    assert answer["connectEmailInbox"]["__typename"] == "InvalidInputError"


async def test_a_private_network_is_tried_only_where_it_is_allowed(office: Office) -> None:
    place = await office.mail_inbox(smtp=Server("10.255.255.1", 25))
    answer = await office.stack.client(office.company.admin).ask(
        TEST, input={"inboxId": global_id("Inbox", place.inbox_id)}
    )
    (check,) = answer["testChannel"]["checks"]
    assert check["state"] == "FAILED" and "private network" in check["explanation"]


async def test_a_machine_brings_what_was_said_elsewhere_once(office: Office) -> None:
    admin = office.stack.client(office.company.admin)
    inbox = global_id("Inbox", await office.inbox(Channel.API))
    given = {
        "inboxId": inbox,
        "sender": {"externalId": "u-17", "name": "Ann"},
        "text": "How do I return a coat?",
        "externalMessageId": "m-1",
    }
    first = (await admin.ask(BRING, input=given))["receiveMessage"]
    again = (await admin.ask(BRING, input=given))["receiveMessage"]
    assert first["__typename"] == "ReceiveMessageSuccess" and again["messageId"] == first["messageId"]
    second = await admin.ask(BRING, input={**given, "text": "And a hat?", "externalMessageId": "m-2"})
    assert second["receiveMessage"]["conversationId"] == first["conversationId"]
    other = {**given, "sender": {"externalId": "u-18"}, "externalMessageId": "m-3"}
    assert (await admin.ask(BRING, input=other))["receiveMessage"]["conversationId"] != first["conversationId"]
    mail = global_id("Inbox", await office.inbox())
    assert (await admin.ask(BRING, input={**given, "inboxId": mail}))["receiveMessage"]["__typename"] == (
        "InvalidStateError"
    )


async def test_mail_is_brought_over_http_by_who_has_the_key(office: Office) -> None:
    admin, inbox = office.stack.client(office.company.admin), global_id("Inbox", await office.inbox())
    given = {"inboxId": inbox, "address": "help@shop.example", "email": {"smtp": {"host": "127.0.0.1", "port": 9}}}
    key = (await admin.ask(CONNECT, input=given))["connectEmailInbox"]["inletKey"]
    raw = b"From: ann@customers.example\nSubject: \xfc\nMessage-ID: <9@x.example>\n\nCaf\xe9?\n"
    path = f"/channels/email/{inbox}"
    answer = await office.stack.http.post(path, content=raw, headers=signed(key, raw))
    assert (answer.status_code, answer.json()) == (200, {"outcome": "started"})
    assert (await office.stack.http.post(path, content=raw, headers=signed(key, raw))).json() == {"outcome": "known"}
    for headers in (signed(key, raw + b"x"), signed(key, raw, at=time.time() - 600), {}):
        assert (await office.stack.http.post(path, content=raw, headers=headers)).status_code == 401
    assert (await office.stack.http.post(path, content=b"", headers=signed(key, b""))).status_code == 422


async def test_people_at_work_see_how_a_message_came_and_customers_do_not(office: Office) -> None:
    place = await office.mail_inbox(trusted_server="mx.shop.example")
    raw = """From: Ann <ann@customers.example>
Subject: My coat
Message-ID: <8@customers.example>
Authentication-Results: mx.shop.example; spf=pass; dmarc=pass
Authentication-Results: elsewhere.example; dmarc=fail

And a hat?

On Mon, Nov 2, 2026 at 10:00 AM Shop <help@shop.example> wrote:
> Within 45 days.
"""
    received = await office.receive(place, raw)
    asked = global_id("Conversation", received.conversation_id or "")
    found = await office.stack.client(office.company.admin).ask(ORIGIN, id=asked)
    origin = found["conversation"]["messages"]["nodes"][0]["origin"]
    assert (origin["sender"], origin["subject"]) == ("ann@customers.example", "My coat")
    assert origin["authentication"] == "PASSED" and "> Within 45 days." in origin["originalText"]
    assert (await office.told(received.conversation_id))[0] == "And a hat?"
    stranger = await office.stack.client(office.company.customer).ask(ORIGIN, id=asked)
    assert stranger["conversation"] is None


def signed(key: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
    """The headers of Standard Webhooks."""
    stamp = str(int(time.time() if at is None else at))
    secret = base64.b64decode(key.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.digest(secret, f"msg_1.{stamp}.".encode() + body, "sha256")).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{mark}"}


async def test_the_guide_says_what_works(office: Office) -> None:
    connect, bring = re.findall(r"```graphql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    admin = office.stack.client(office.company.admin)
    made = (await admin.ask(connect, inbox=global_id("Inbox", await office.inbox())))["connectEmailInbox"]
    assert made["channelAccount"]["keptSecrets"] == ["imap_password", "inlet_key"]
    brought = await admin.ask(bring, inbox=global_id("Inbox", await office.inbox(Channel.API)))
    assert brought["receiveMessage"]["__typename"] == "ReceiveMessageSuccess"
