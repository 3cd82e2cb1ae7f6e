"""Push reaches the browser that subscribed, readable by it alone and signed; a browser that is gone is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from ipaddress import ip_network
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import insert, select
from starlette.responses import Response, StreamingResponse

from domain.base import Actor, InvalidInputError
from domain.carriage.carriage import Carriage
from domain.delivery import Medium
from domain.notification.ports import Browser
from infra import bootstrap
from infra.delivery.outbox import SqlOutbox
from infra.edge.outbound import GuardedTransport
from infra.identity.sealing import Sealer
from infra.notifications.push import PushCarrier, SqlPushKeys
from infra.notifications.rows import push_keys, push_subscriptions
from tests.news.office import Office
from tests.news.push_service import PushService, push_service
from tests.stack import found_company, settings_for


@pytest.fixture
async def office(database_url: str, redis_url: str) -> AsyncIterator[Office]:
    company = await found_company(database_url)
    async with bootstrap.parts(settings_for(database_url, redis_url)) as parts:
        yield Office(parts, company)


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as service:
        yield service


async def subscribed(office: Office, service: PushService, agent: Actor) -> UUID:
    """The browser of an agent; into the table itself, since the API takes none without TLS."""
    service.expected_key = await office.service.push_keys.public(office.company.id)
    row = {"id": uuid4(), "organization_id": office.company.id, "agent_id": agent.id, "endpoint": service.endpoint}
    keys = {"public_key": service.public_key, "secret": service.secret, "device": "Firefox"}
    async with office.parts.database.tenant(office.company.id) as connection:
        await connection.execute(insert(push_subscriptions), row | keys | {"created_at": bootstrap.now()})
        await connection.commit()
    return UUID(str(row["id"]))


async def carried(office: Office, *networks: str) -> None:
    """Let all that is due go out by push, to these private networks too."""
    parts, office.watch.at = office.parts, max(office.watch.at, bootstrap.now())
    transport = partial(GuardedTransport, [ip_network(one) for one in networks])
    carrier = PushCarrier(
        parts.database,
        SqlPushKeys(parts.database, Sealer(parts.settings.secret)),
        lambda: httpx2.AsyncClient(transport=transport(), timeout=5),
        bootstrap.now,
        contact="mailto:desk@people.example",
    )
    outbox = SqlOutbox(parts.database, parts.sender)
    carriage = Carriage(outbox, {Medium.PUSH: carrier}, office.watch, lambda: 0.5)
    for delivery in await carriage.due(100, {}):
        await carriage.carry(delivery)


async def mentioned(office: Office) -> tuple[Actor, Any]:
    """Somebody who is about to be mentioned, and how."""
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    conversation = await office.conversation("My card number is 4111")
    return bob, lambda: office.mention(conversation, bob, by=ann)


async def test_a_line_reaches_the_browser_and_nobody_else_can_read_it(office: Office, service: PushService) -> None:
    bob, mention = await mentioned(office)
    await subscribed(office, service, bob)
    await office.service.notify(await mention())
    await carried(office, "127.0.0.0/8")
    (shown,) = service.shown
    assert shown["title"] == "Test" and shown["kind"] == "mentioned" and "Ann mentioned you" in shown["body"]
    assert "/conversations/" in shown["url"] and service.headers[0]["urgency"] == "normal"
    (row,) = await office.posted("push")
    assert (row.state, row.receipt) == ("sent", f"{service.address}/message/1")
    assert shown["tag"] == row.key


async def test_a_browser_that_is_gone_is_forgotten(office: Office, service: PushService) -> None:
    bob, mention = await mentioned(office)
    await subscribed(office, service, bob)
    service.answers = [Response(status_code=410)]
    await office.service.notify(await mention())
    await carried(office, "127.0.0.0/8")
    (row,) = await office.posted("push")
    assert row.state == "failed" and row.attempts == 1
    assert list(await office.parts.seen_by(bob).push_subscriptions()) == []
    await office.service.notify(await mention())
    assert len(await office.posted("push")) == 1


async def test_an_answer_without_end_is_not_read(office: Office, service: PushService) -> None:
    async def for_ever() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65_536
            await asyncio.sleep(0.01)

    bob, mention = await mentioned(office)
    await subscribed(office, service, bob)
    service.answers = [StreamingResponse(for_ever(), status_code=201)]
    await office.service.notify(await mention())
    async with asyncio.timeout(4):  # the carrier's own patience is longer
        await carried(office, "127.0.0.0/8")
    (row,) = await office.posted("push")
    assert row.state == "sent"


async def test_a_busy_service_is_asked_again_when_it_likes(office: Office, service: PushService) -> None:
    bob, mention = await mentioned(office)
    await subscribed(office, service, bob)
    service.answers = [Response(status_code=429, headers={"retry-after": "90"}), Response(status_code=503)]
    await office.service.notify(await mention())
    await carried(office, "127.0.0.0/8")
    (row,) = await office.posted("push")
    assert (row.state, row.error) == ("queued", "The push service answered 429.")
    assert (row.next_try_at - office.watch()).total_seconds() == 90
    office.watch.pass_by(seconds=90)
    await carried(office, "127.0.0.0/8")
    office.watch.pass_by(seconds=60)
    await carried(office, "127.0.0.0/8")
    assert len(service.shown) == 1


async def test_no_push_goes_into_private_networks(office: Office, service: PushService) -> None:
    bob, mention = await mentioned(office)
    await subscribed(office, service, bob)
    await office.service.notify(await mention())
    await carried(office)
    (row,) = await office.posted("push")
    assert row.state == "failed" and "private network" in row.error and service.shown == []


async def test_a_browser_that_a_colleague_took_over_shows_only_theirs(office: Office, service: PushService) -> None:
    bob, mention = await mentioned(office)
    await subscribed(office, service, bob)
    await office.service.notify(await mention())
    async with office.parts.database.tenant(office.company.id) as connection:
        changed = push_subscriptions.update().where(push_subscriptions.c.endpoint == service.endpoint)
        await connection.execute(changed.values(agent_id=office.company.admin.id))
        await connection.commit()
    await carried(office, "127.0.0.0/8")
    assert service.shown == [] and [row.state for row in await office.posted("push")] == ["failed"]


async def test_the_key_of_an_organization_is_made_once_and_sealed(office: Office) -> None:
    keys = office.service.push_keys
    public = await keys.public(office.company.id)
    assert await keys.public(office.company.id) == public and len(public) == 87
    async with office.parts.database.tenant(office.company.id) as connection:
        row = (await connection.execute(select(push_keys))).one()
    assert row.public == public and len(row.private) == 32 + 29


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "http://push.example/1"),
        ("endpoint", "https://user@push.example/1"),
        ("endpoint", "https://[push/1"),
        ("public_key", "short"),
        ("secret", "short"),
        ("device", "\n"),
    ],
)
async def test_only_what_browsers_give_is_taken(office: Office, service: PushService, field: str, value: str) -> None:
    good = {"endpoint": "https://push.example/1", "public_key": service.public_key, "secret": service.secret}
    browser = Browser(**(good | {"device": "Firefox"} | {field: value}))
    with pytest.raises(InvalidInputError):
        await office.service.register(office.company.agent, browser)


async def test_a_person_has_a_few_browsers_and_the_oldest_are_forgotten(office: Office, service: PushService) -> None:
    for number in range(22):
        office.watch.pass_by(seconds=1)
        browser = Browser(f"https://push.example/{number}", service.public_key, service.secret, f"Firefox {number}")
        await office.service.register(office.company.agent, browser)
    found = await office.parts.seen_by(office.company.agent).push_subscriptions()
    assert [one.device for one in found] == [f"Firefox {number}" for number in range(21, 1, -1)]
