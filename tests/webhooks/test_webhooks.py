"""Webhooks by the API, on a running Parley: made, told, rotated, replayed, switched off, and kept from others."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from standardwebhooks import WebhookVerificationError

from domain.webhook.ports import Letter, Turn
from infra import bootstrap
from infra.delivery.rows import deliveries
from infra.webhooks.dispatch import SqlDispatch
from infra.webhooks.rows import webhooks
from resolvers.execution import Engine
from resolvers.root import schema
from resolvers.webhooks.rendering import WebhookRendering
from schema.base import parse_key
from tests.documents import ERRORS
from tests.test_readme import documents
from tests.webhooks.conftest import CREATE, READ, SUBSCRIPTION, Desk, until
from tests.webhooks.receiver import Answer

GUIDE = Path(__file__).parents[2] / "docs" / "webhooks.md"
NAMED = "subscription { inboxChanged { ... on ConversationEvent { cursor conversation { customer { name } } } } }"
READ_CUSTOMERS = {"permission": "READ_CUSTOMERS", "scope": "ALL"}
ROLE = """
mutation Role($grants: [GrantInput!]!) {
  createRole(input: {name: "Hooks", grants: $grants}) { ... on CreateRoleSuccess { role { id } } }
}"""
ASSIGN = f"""
mutation Assign($agent: ID!, $role: ID!) {{
  assignRole(input: {{agentId: $agent, roleId: $role}}) {{ __typename {ERRORS} }}
}}"""
LIST = "{ webhooks { id enabled whyDisabled cursor previousSecretUntil grants { permission scope } } }"
LOG = """
{
  webhooks {
    deliveries(first: 5) {
      nodes { delivery { state } messageId state error body nextTryAt attempts { at status tookMs error answer } }
    }
  }
}"""
REPLAY = "query Replay($after: String) { inboxChanges(first: 100, after: $after) { pageInfo { endCursor } } }"


def command(name: str, fields: str, *, more: str = "") -> str:
    """The document of a mutation that names a webhook."""
    big = name[0].upper() + name[1:]
    return f"""
mutation Do($input: {big}Input!) {{ {name}(input: $input) {{
  __typename ... on {big}Success {{ {fields} }} {ERRORS}
}} }}"""


CHANGE = command("changeWebhook", "webhook { url document }")
ROTATE = command("rotateWebhookSecret", "secret webhook { previousSecretUntil }")
ENABLE = command("enableWebhook", "webhook { enabled }")
DISABLE = command("disableWebhook", "webhook { enabled }")
TEST = command("testWebhook", "webhook { id }")
ANEW = command("replayWebhook", "webhook { cursor }")


async def do(desk: Desk, command: str, webhook: str, /, **input: Any) -> Any:
    """What a command on a webhook gives."""
    answer = await desk.admin.ask(command, input={"webhookId": webhook, **input})
    return next(iter(answer.values()))


def told(desk: Desk, path: str) -> list[str]:
    return [message.json["data"]["inboxChanged"]["__typename"] for message in desk.receiver.taken_at(path)]


async def test_a_webhook_is_told_what_it_chose(desk: Desk) -> None:
    webhook = await desk.webhook("/all")
    await desk.webhook("/some", variables={"kinds": ["MESSAGE_SENT", "ANSWER_COMPLETED"]})
    conversation = await desk.start("Hello?")
    await until(lambda: "AnswerCompleted" in told(desk, "/all") and "AnswerCompleted" in told(desk, "/some"))
    assert told(desk, "/all")[:4] == ["ConversationStarted", "MessageSent", "AnswerStarted", "AnswerCompleted"]
    assert told(desk, "/some") == ["MessageSent", "AnswerCompleted"]
    for message in desk.receiver.taken_at("/all"):
        message.verify(desk.secrets[webhook])
        assert message.json["data"]["inboxChanged"]["conversation"]["id"] == conversation
        assert message.headers["content-type"] == "application/json"


async def test_during_a_rotation_both_secrets_are_good(desk: Desk) -> None:
    webhook = await desk.webhook("/rotated")
    old = desk.secrets[webhook]
    new = (await do(desk, ROTATE, webhook))["secret"]
    await do(desk, TEST, webhook)
    await until(lambda: len(desk.receiver.taken_at("/rotated")) == 1)
    (first,) = desk.receiver.taken_at("/rotated")
    assert first.json == {"data": None, "extensions": {"test": True}}
    for secret in (old, new):
        first.verify(secret)
    newest = (await do(desk, ROTATE, webhook, overlapHours=0))["secret"]
    await do(desk, TEST, webhook)
    await until(lambda: len(desk.receiver.taken_at("/rotated")) == 2)
    second = desk.receiver.taken_at("/rotated")[1]
    second.verify(newest)
    for secret in (old, new):
        with pytest.raises(WebhookVerificationError):
            second.verify(secret)


async def test_one_that_hangs_holds_up_nobody_else(desk: Desk) -> None:
    held = threading.Event()
    desk.receiver.answers["/slow"] = lambda _: Answer(held=held)
    await desk.webhook("/slow")
    await desk.webhook("/quick")
    try:
        for number in range(3):
            await desk.start(f"Question {number}?")
        await until(lambda: told(desk, "/quick").count("AnswerCompleted") == 3)
        assert desk.receiver.taken_at("/slow") == []
    finally:
        held.set()
    await until(lambda: told(desk, "/slow").count("AnswerCompleted") == 3)


async def test_it_sees_what_it_was_granted_and_no_more(desk: Desk) -> None:
    await desk.webhook("/blind", NAMED)
    await desk.webhook("/seeing", NAMED, READ, READ_CUSTOMERS)
    await desk.start("Hello?")
    await until(lambda: bool(desk.receiver.taken_at("/blind")) and bool(desk.receiver.taken_at("/seeing")))
    blind, seeing = (desk.receiver.taken_at(path)[0].json for path in ("/blind", "/seeing"))
    assert blind["data"]["inboxChanged"]["conversation"] == {"customer": None}
    assert {error["extensions"]["code"] for error in blind["errors"]} == {"FORBIDDEN"}
    assert seeing["data"]["inboxChanged"]["conversation"]["customer"]["name"].startswith("Person")
    assert "errors" not in seeing


async def test_who_makes_one_gives_it_no_more_than_they_have(desk: Desk) -> None:
    wish = {"url": desk.receiver.url + "/mine", "document": SUBSCRIPTION, "grants": [READ]}
    agent = desk.stack.client(desk.company.agent)
    refused = (await agent.ask(CREATE, input=wish))["createWebhook"]
    assert refused["__typename"] == "ForbiddenError"
    other = await desk.webhook("/theirs", NAMED, READ, READ_CUSTOMERS)
    grants = [{"permission": "MANAGE_WEBHOOKS", "scope": "ALL"}, READ]
    role = (await desk.admin.ask(ROLE, grants=grants))["createRole"]["role"]["id"]
    agents = (await desk.admin.ask("{ agents { nodes { id name } } }"))["agents"]["nodes"]
    agent_id = next(each["id"] for each in agents if each["name"] == "Person 2")
    assert (await desk.admin.ask(ASSIGN, agent=agent_id, role=role))["assignRole"]["__typename"] == "AssignRoleSuccess"
    made = (await agent.ask(CREATE, input=wish))["createWebhook"]
    assert made["__typename"] == "CreateWebhookSuccess"
    too_much = (await agent.ask(CREATE, input=wish | {"grants": [READ, READ_CUSTOMERS]}))["createWebhook"]
    stolen = (await agent.ask(CHANGE, input={"webhookId": other, "url": desk.receiver.url + "/mine"}))["changeWebhook"]
    assert too_much["__typename"] == stolen["__typename"] == "ForbiddenError"


async def test_what_happened_is_told_again_under_the_same_ids(desk: Desk) -> None:
    webhook = await desk.webhook("/again")
    start = (await desk.admin.ask(LIST))["webhooks"][0]["cursor"]
    await desk.start("Hello?")
    await until(lambda: "AnswerCompleted" in told(desk, "/again"))
    await asyncio.sleep(0.3)
    first = [message.id for message in desk.receiver.taken_at("/again")]
    assert (await do(desk, ANEW, webhook, after=start))["webhook"]["cursor"] == start
    await until(lambda: len(desk.receiver.taken_at("/again")) == 2 * len(first))
    assert [message.id for message in desk.receiver.taken_at("/again")] == first * 2
    newest = (await desk.admin.ask(REPLAY, after=start))["inboxChanges"]["pageInfo"]["endCursor"]
    assert (await do(desk, ANEW, webhook, after="nonsense"))["__typename"] == "InvalidInputError"
    await do(desk, DISABLE, webhook)
    await desk.start("Anybody?")
    assert (await do(desk, ANEW, webhook, after=newest))["__typename"] == "ReplayWebhookSuccess"


async def test_the_log_tells_how_each_try_went(desk: Desk) -> None:
    answers = iter([Answer(500, body=b"out of order")])
    desk.receiver.answers["/log"] = lambda _: next(answers, Answer(204))
    await do(desk, TEST, await desk.webhook("/log"))
    await until(lambda: bool(desk.receiver.came))
    async with asyncio.timeout(40):
        while (sent := (await desk.admin.ask(LOG))["webhooks"][0]["deliveries"]["nodes"][0])["error"] is None:
            await asyncio.sleep(0.02)
    (attempt,) = sent["attempts"]
    assert (attempt["status"], attempt["answer"], attempt["error"]) == (500, "out of order", None)
    assert sent["state"] == "QUEUED" and sent["nextTryAt"] is not None
    assert sent["error"] == "It answered with the status 500." and sent["body"].startswith('{"data": null')
    assert sent["messageId"] == desk.receiver.came[0].id


async def test_what_was_given_up_is_sent_again(desk: Desk) -> None:
    webhook = await desk.webhook("/failed")
    desk.receiver.answers["/failed"] = lambda _: Answer(500)
    await do(desk, TEST, webhook)
    await until(lambda: bool(desk.receiver.came))
    await asyncio.sleep(0.2)
    given_up = update(deliveries).where(deliveries.c.organization_id == desk.company.id)
    async with bootstrap.parts(desk.stack.settings) as parts, parts.database.tenant(desk.company.id) as connection:
        await connection.execute(given_up.values(state="failed", next_try_at=None))
        await connection.commit()
    desk.receiver.answers.clear()
    await do(desk, ANEW, webhook)
    await until(lambda: len(desk.receiver.taken_at("/failed")) == 1)
    assert len({message.id for message in desk.receiver.came}) == 1


async def test_a_document_that_does_not_run_any_more_switches_it_off_where_it_stands(desk: Desk) -> None:
    webhook = await desk.webhook("/old")
    key = parse_key(webhook, "Webhook", "id")
    async with bootstrap.parts(desk.stack.settings) as parts, parts.database.tenant(desk.company.id) as connection:
        old = "subscription { inboxChanged { ... on MessageSent { cursor gone } } }"
        await connection.execute(update(webhooks).where(webhooks.c.id == key).values(document=old))
        await connection.commit()
    await desk.start("Hello?")
    async with asyncio.timeout(40):
        while (shown := (await desk.admin.ask(LIST))["webhooks"][0])["enabled"]:
            await asyncio.sleep(0.05)
    assert "gone" in shown["whyDisabled"]
    assert (await do(desk, CHANGE, webhook, document=SUBSCRIPTION))["__typename"] == "ChangeWebhookSuccess"
    await do(desk, ENABLE, webhook)
    await until(lambda: "AnswerCompleted" in told(desk, "/old"))
    assert told(desk, "/old")[:2] == ["ConversationStarted", "MessageSent"]


async def test_who_writes_is_killed_again_and_again_and_nothing_is_lost_or_doubled(desk: Desk) -> None:
    """Two more servers write beside the first, each cancelled wherever it happens to be; leases are short here."""
    await desk.webhook("/once")
    async with bootstrap.parts(desk.stack.settings) as parts:
        commands = parts.desk.webhooks
        dispatch = SqlDispatch(parts.database, parts.units, commands, lease=0.05)
        rendering = WebhookRendering(Engine(schema), lambda: parts)
        kills = 0

        async def write() -> None:
            for turn in await dispatch.turns():
                await rendering.write(dispatch, turn)

        async def be_killed() -> None:
            nonlocal kills
            for number in range(40):
                writing = asyncio.create_task(write())
                await asyncio.wait([writing], timeout=0.004 * (number % 12))
                kills += writing.cancel()
                await asyncio.wait([writing])

        conversations = [asyncio.create_task(desk.start(f"Question {number}?")) for number in range(8)]
        await asyncio.gather(be_killed(), be_killed(), *conversations)
        await until(lambda: told(desk, "/once").count("AnswerCompleted") == 8)
        await asyncio.sleep(0.5)
        async with parts.database.tenant(desk.company.id) as connection:
            rows = (await connection.execute(select(deliveries.c.key, deliveries.c.content))).all()
    assert kills > 10
    ids = [message.id for message in desk.receiver.taken_at("/once")]
    assert len(ids) == len(set(ids)) == len({row.content["id"] for row in rows}) == len(rows)
    assert told(desk, "/once").count("ConversationStarted") == 8


async def test_of_two_who_write_at_once_one_posts(desk: Desk) -> None:
    webhook = await desk.webhook("/race")
    await do(desk, DISABLE, webhook)
    key = parse_key(webhook, "Webhook", "id")
    async with bootstrap.parts(desk.stack.settings) as parts:
        dispatch = parts.desk.dispatch
        async with parts.database.tenant(desk.company.id) as connection:
            row = (await connection.execute(select(webhooks).where(webhooks.c.id == key))).one()
            grants = desk.company.admin.grants
            as_it_was = Turn(key, desk.company.id, row.version, row.document, {}, grants, row.position, 0)
            letters = [Letter(row.position + 1, "conversation:x", "{}")]
        assert not await dispatch.post(as_it_was, letters, row.position + 1)  # it is switched off
        await do(desk, ENABLE, webhook)
        turn = Turn(key, desk.company.id, row.version + 1, row.document, {}, grants, row.position, 0)
        posted = await asyncio.gather(*(dispatch.post(turn, letters, row.position + 1) for _ in range(4)))
        assert sorted(posted) == [False, False, False, True]
    await until(lambda: len(desk.receiver.taken_at("/race")) == 1)


async def test_the_guide_does_what_it_says(desk: Desk) -> None:
    subscription, replay, create, log, again = documents(GUIDE)
    variables = {"kinds": ["MESSAGE_SENT"]}
    url = desk.receiver.url + "/guide"
    made = (await desk.admin.ask(create, url=url, subscription=subscription, variables=variables))["createWebhook"]
    await desk.start("Hello?")
    await until(lambda: told(desk, "/guide") == ["MessageSent"])
    (message,) = desk.receiver.taken_at("/guide")
    message.verify(made["secret"])
    after = made["webhook"]["cursor"]
    page = (await desk.admin.ask(replay, after=after, **variables))["inboxChanges"]
    assert page["nodes"] == [message.json["data"]["inboxChanged"]]
    async for data in desk.admin.watch(subscription.replace("(kinds:", f'(after: "{after}", kinds:'), **variables):
        assert data == message.json["data"]
        break
    (sent,) = (await desk.admin.ask(log))["webhooks"][0]["deliveries"]["nodes"]
    assert (sent["messageId"], sent["body"]) == (message.id, message.body.decode())
    told_again = (await desk.admin.ask(again, webhook=made["webhook"]["id"], after=after))["replayWebhook"]
    assert told_again["webhook"]["cursor"] == after
    await until(lambda: told(desk, "/guide") == ["MessageSent"] * 2)


async def test_twenty_are_enough(desk: Desk) -> None:
    wish = {"url": desk.receiver.url, "document": SUBSCRIPTION, "grants": [READ]}
    made = await asyncio.gather(*(desk.admin.ask(CREATE, input=wish) for _ in range(22)))
    kinds = [each["createWebhook"]["__typename"] for each in made]
    assert kinds.count("CreateWebhookSuccess") == 20 and kinds.count("InvalidStateError") == 2
