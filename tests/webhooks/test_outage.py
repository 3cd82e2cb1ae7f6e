"""Another system is away for half an hour, slow, gone, or in somebody's private network; nobody else feels it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from sqlalchemy import select, update

from domain.carriage.carriage import Carriage
from domain.delivery import Medium
from infra import bootstrap
from infra.delivery.outbox import SqlOutbox
from infra.delivery.rows import deliveries
from infra.webhooks.breakers import Breakers
from infra.webhooks.carrier import WebhookCarrier
from infra.webhooks.rows import webhook_attempts, webhooks
from schema.base import parse_key
from tests.documents import ERRORS, SEND
from tests.stack import Stack, found_company, running, scripted
from tests.webhooks.conftest import NETWORKS, READ, SUBSCRIPTION, Desk
from tests.webhooks.receiver import Answer, Message, Receiver

LIVE = SUBSCRIPTION.replace("$kinds: [InboxChangeKind!]", "$after: String").replace("kinds: $kinds", "after: $after")
KEY = """
mutation Key($grants: [GrantInput!]!) {
  createApiKey(input: {name: "Live", grants: $grants}) { ... on CreateApiKeySuccess { secret } }
}"""
STATE = "{ webhooks { id enabled whyDisabled failingSince cursor } }"
DELETE = f"""
mutation Delete($id: ID!) {{
  deleteWebhook(input: {{webhookId: $id}}) {{ __typename ... on DeleteWebhookSuccess {{ deletedId }} {ERRORS} }}
}}"""


@dataclass
class Time:
    """The time of those who carry: later than ours by as much as the test says."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return bootstrap.now() + self.ahead


@dataclass
class Post:
    """Gives out positions, and carries what is due, at a time of its own; the server writes."""

    parts: bootstrap.Parts
    desk: Desk
    time: Time = field(default_factory=Time)

    def __post_init__(self) -> None:
        parts = self.parts
        self.carrier = replace(self._made, clock=self.time, breakers=_impatient(parts.redis), patience=5.0)
        outbox = SqlOutbox(parts.database, parts.sender)
        self.carriage = Carriage(outbox, {Medium.WEBHOOK: self.carrier}, self.time, lambda: 0.5)

    @property
    def _made(self) -> WebhookCarrier:
        carrier = self.parts.desk.carriage._carriers[Medium.WEBHOOK]
        assert isinstance(carrier, WebhookCarrier)
        return carrier

    async def written(self) -> None:
        """Return when the server has written of everything that happened."""
        while (await self.parts.journal.deliver({})).events:
            pass
        newest = await self.parts.journal.last_position()
        wanted = select(webhooks.c.id).where(webhooks.c.enabled, webhooks.c.position < newest)
        for _ in range(500):
            async with self.parts.database.tenant(self.desk.company.id) as connection:
                if not (await connection.execute(wanted)).all():
                    return
            await asyncio.sleep(0.02)
        raise AssertionError("nobody writes")

    async def carry(self) -> int:
        """Carry all that is due now; how many tries there were."""
        tried = 0
        while claimed := await self.carriage.due(50, {}):
            await asyncio.gather(*(self.carriage.carry(each) for each in claimed))
            tried += len(claimed)
        return tried

    async def wait(self, time: timedelta, *, step: timedelta = timedelta(minutes=1)) -> None:
        """Let time go by, carrying all the while."""
        end = self.time.ahead + time
        while self.time.ahead < end:
            self.time.ahead += step
            await self.carry()

    async def rows(self, table: Any) -> list[Any]:
        async with self.parts.database.tenant(self.desk.company.id) as connection:
            return list((await connection.execute(select(table))).all())


def _impatient(redis: AsyncRedis) -> Breakers:
    """Breakers whose rest is no longer than what a test can wait for."""
    return Breakers(redis, failures=5, rest=0.02, probe=0.01)


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    """Without a worker: the test gives out positions, and carries."""
    with Redis.from_url(valkey_url) as client:
        client.flushall()
    async with running(database_url, valkey_url, scripted(), with_worker=False, webhook_networks=NETWORKS) as made:
        yield made


@pytest.fixture(scope="module")
async def parts(stack: Stack) -> AsyncIterator[bootstrap.Parts]:
    async with bootstrap.parts(stack.settings) as made, bootstrap.background(made.sender.run):
        yield made


@pytest.fixture
async def post(stack: Stack, parts: bootstrap.Parts, database_url: str, receiver: Receiver) -> Post:
    for kept in (receiver.came, receiver.taken, receiver.answers):
        kept.clear()
    return Post(parts, Desk(stack, await found_company(database_url), receiver))


def down(_: Message) -> Answer:
    return Answer(503)


def _told(messages: list[Message]) -> list[dict[str, Any]]:
    return [message.json["data"]["inboxChanged"] for message in messages]


def _orders(told: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """For each conversation the cursors of what was told of it, as they came."""
    found: dict[str, list[str]] = {}
    for each in told:
        found.setdefault(each["conversation"]["id"], []).append(each["cursor"])
    return found


async def _live(post: Post, after: str, most: int) -> dict[str, dict[str, Any]]:
    """What a live subscriber with the same rights is told after a cursor."""
    desk = post.desk
    token = (await desk.admin.ask(KEY, grants=[READ]))["createApiKey"]["secret"]
    client = replace(desk.admin, token=token)
    found: dict[str, dict[str, Any]] = {}
    async for data in client.watch(LIVE, after=after):
        found[data["inboxChanged"]["cursor"]] = data["inboxChanged"]
        if len(found) == most:
            break
    return found


async def test_after_half_an_hour_all_is_delivered_in_order_and_as_it_was_live(post: Post) -> None:
    desk, receiver = post.desk, post.desk.receiver
    await desk.webhook("/away")
    first = (await desk.admin.ask(STATE))["webhooks"][0]["cursor"]
    receiver.answers["/away"] = down
    conversations = [await desk.start(f"Question {number}?") for number in range(4)]
    for spell in range(3):
        await post.written()
        await post.wait(timedelta(minutes=10))
        for conversation in conversations:
            await desk.customer.ask(SEND, id=conversation, text=f"Still there? {spell}")
    await post.written()
    live = await _live(post, first, 4 * 5)
    assert receiver.taken == [] and len(receiver.came) >= 4
    tries = len(receiver.came)

    receiver.answers.clear()
    back = post.time.ahead
    while len(receiver.taken_at("/away")) < len(live):
        await post.wait(timedelta(minutes=1))
        assert post.time.ahead - back < timedelta(hours=1), "it took too long"
    told = _told(receiver.taken_at("/away"))
    assert {each["cursor"]: each for each in told} == live and len(told) == len(live)
    assert _orders(told) == _orders(live.values()) and set(_orders(told)) == set(conversations)
    print(f"away for 30 minutes: {tries} tries; {len(told)} delivered {post.time.ahead - back} after it was back")
    assert (await desk.admin.ask(STATE))["webhooks"][0]["failingSince"] is None


async def test_what_takes_nothing_for_a_day_is_switched_off_and_loses_nothing(post: Post) -> None:
    desk, receiver = post.desk, post.desk.receiver
    await desk.webhook("/dead")
    receiver.answers["/dead"] = down
    await desk.start("Hello?")
    await post.written()
    await post.wait(timedelta(hours=25), step=timedelta(minutes=15))
    (webhook,) = (await desk.admin.ask(STATE))["webhooks"]
    assert not webhook["enabled"] and webhook["whyDisabled"] == "It has taken nothing for a day."
    tried = len(receiver.came)
    await desk.start("Anybody?")
    await post.wait(timedelta(hours=2), step=timedelta(minutes=15))
    assert len(receiver.came) == tried


async def test_one_that_is_gone_is_switched_off_at_once(post: Post) -> None:
    await post.desk.webhook("/gone")
    post.desk.receiver.answers["/gone"] = lambda _: Answer(410)
    await post.desk.start("Hello?")
    await post.written()
    await post.carry()
    (webhook,) = (await post.desk.admin.ask(STATE))["webhooks"]
    assert not webhook["enabled"] and "410" in webhook["whyDisabled"]
    assert len(post.desk.receiver.came) == 1


async def test_what_was_to_go_to_a_deleted_one_does_not(post: Post) -> None:
    webhook = await post.desk.webhook("/deleted")
    await post.desk.start("Hello?")
    await post.written()
    done = await post.desk.admin.ask(DELETE, id=webhook)
    assert done["deleteWebhook"] == {"__typename": "DeleteWebhookSuccess", "deletedId": webhook}
    await post.desk.start("Anybody?")
    await post.written()
    await post.wait(timedelta(minutes=10))
    assert post.desk.receiver.came == []
    assert {(row.state, row.error) for row in await post.rows(deliveries)} == {("failed", "The webhook was deleted.")}


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://hook.example/", ["127.0.0.1"]),
        ("https://hook.example/", ["127.0.0.1"]),
        ("https://hook.example/", ["169.254.169.254"]),
        ("https://hook.example/", ["93.184.216.34", "10.0.0.1"]),
        ("https://hook.example/", ["::ffff:127.0.0.1"]),
        ("http://hook.example/", ["93.184.216.34"]),
    ],
    ids=["loopback", "loopback over TLS", "metadata", "one of several", "mapped", "public without TLS"],
)
async def test_no_message_goes_into_a_private_network(post: Post, url: str, found: list[str]) -> None:
    """Whatever a name is said to lead to is looked at by the one who connects, so that it cannot change after that."""
    port = post.desk.receiver.server_port

    async def resolve(host: str, _: int) -> list[str]:
        return found

    webhook = parse_key(await post.desk.webhook("/private"), "Webhook", "id")
    async with post.parts.database.tenant(post.desk.company.id) as connection:
        there = url.replace(".example", f".example:{port}")
        await connection.execute(update(webhooks).where(webhooks.c.id == webhook).values(url=there))
        await connection.commit()
    post.carrier = replace(post.carrier, networks=(), resolve=resolve)
    post.carriage._carriers = {Medium.WEBHOOK: post.carrier}
    await post.desk.start("Hello?")
    await post.written()
    assert await post.carry() == 1
    (attempt,) = await post.rows(webhook_attempts)
    assert attempt.status is None and attempt.error.startswith("The address may not be called")
    assert post.desk.receiver.came == []
