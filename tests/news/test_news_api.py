"""Over the API: what people are told as it happens, how they choose, what went out and how it is replayed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from domain.base import Actor
from domain.ports import Receipt
from infra import bootstrap
from tests.documents import ERRORS, SEND, START
from tests.news.couriers import parcel
from tests.news.office import Office
from tests.stack import GraphQLFailedError, Stack, found_company, running, scripted
from tests.test_readme import documents

GUIDE = Path(__file__).parents[2] / "docs" / "notifications.md"

CHANGED = """subscription ($after: String) { notificationsChanged(after: $after) {
  __typename
  ... on NotificationEvent { cursor }
  ... on NotificationArrived { notification { id kind readAt conversation { subject } agent { name } } }
  ... on NotificationsRead { notificationIds }
  ... on ResyncRequired { cursor }
} }"""
LISTED = """query ($unread: Boolean!) {
  notifications(unread: $unread) { nodes { id kind readAt agent { name } conversation { subject } } }
  unreadNotificationCount
}"""
PREFERENCES = """query { notificationPreferences {
  kinds { kind means isUrgent } zone quietHours { begins ends urgentPasses } digest number language
} pushPublicKey pushSubscriptions { id device } }"""
DELIVERIES = """query ($filter: DeliveryFilterInput) { deliveries(filter: $filter) {
  nodes { id medium recipient state attemptCount error nextTryAt sentAt receipt conversation { subject } }
} }"""


def command(name: str, selection: str) -> str:
    """The document of a mutation, with what is wanted of its success."""
    kind = name[0].upper() + name[1:]
    fragment = f"... on {kind}Success {{ {selection} }}"
    return f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename {fragment} {ERRORS} }} }}"


READ = command("markNotificationsRead", "unreadCount")
CHOOSE = command("changeNotificationPreferences", "preferences { digest quietHours { begins } kinds { kind means } }")
REPLAY = command("replayDelivery", "delivery { state attemptCount }")
REPLAY_ALL = command("replayDeliveries", "count")
TAKE = command("takeOverConversation", "conversation { id }")


@pytest.fixture
async def stack(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Stack]:
    async with running(database_url, redis_url, scripted("Soon."), data_dir=tmp_path) as stack:
        yield stack


@pytest.fixture
async def office(stack: Stack, database_url: str) -> AsyncIterator[Office]:
    company = await found_company(database_url)
    async with bootstrap.parts(stack.settings) as parts:
        yield Office(parts, company)


async def found(look: Callable[[], Any]) -> Any:
    """What is there, once it is."""
    async with asyncio.timeout(20):
        while not (seen := look()):
            await asyncio.sleep(0.05)
    return seen


async def test_a_mention_is_seen_at_once_mailed_and_read(stack: Stack, office: Office, tmp_path: Path) -> None:
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    watching = stack.client(bob).watch(CHANGED)
    first = asyncio.ensure_future(anext(watching))
    await asyncio.sleep(0.3)
    await office.mention(await office.conversation(), bob, by=ann)
    arrived = (await asyncio.wait_for(first, 20))["notificationsChanged"]
    told = arrived["notification"]
    assert (told["kind"], told["agent"], told["conversation"]) == (
        "MENTIONED",
        {"name": "Ann"},
        {"subject": "Where is my coat?"},
    )
    listed = await stack.client(bob).ask(LISTED, unread=True)
    assert [one["id"] for one in listed["notifications"]["nodes"]] == [told["id"]]
    assert listed["unreadNotificationCount"] == 1
    done = await stack.client(bob).ask(READ, input={"ids": [told["id"]]})
    assert done["markNotificationsRead"] == {"__typename": "MarkNotificationsReadSuccess", "unreadCount": 0}
    read = (await asyncio.wait_for(anext(watching), 20))["notificationsChanged"]
    assert read["notificationIds"] == [told["id"]]
    await watching.aclose()
    again = stack.client(bob).watch(CHANGED, after=arrived["cursor"])
    assert (await asyncio.wait_for(anext(again), 20))["notificationsChanged"]["cursor"] == read["cursor"]
    await again.aclose()
    (path,) = await found(lambda: list((tmp_path / "mail").glob("*.eml")))
    mail: Any = message_from_bytes(path.read_bytes(), policy=default)
    assert mail["To"].startswith("bob-") and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    await leave(stack, bob, mail["List-Unsubscribe"])


async def leave(stack: Stack, bob: Actor, link: str) -> None:
    """Seeing the page stops nothing; pressing its button does."""
    route = "/unsubscribe/" + re.sub(r"[<>\s]", "", link).rpartition("/")[2]
    page = await stack.http.get(route)
    assert page.status_code == 200 and "No more mails about “mentioned”?" in page.text
    kinds = (await stack.client(bob).ask(PREFERENCES))["notificationPreferences"]["kinds"]
    assert {"kind": "MENTIONED", "means": ["IN_APP", "EMAIL", "PUSH"], "isUrgent": False} in kinds
    assert (await stack.http.post(route, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    kinds = (await stack.client(bob).ask(PREFERENCES))["notificationPreferences"]["kinds"]
    assert {"kind": "MENTIONED", "means": ["IN_APP", "PUSH"], "isUrgent": False} in kinds
    assert (await stack.http.post(route[:-4] + "AAAA")).status_code == 404


async def test_a_reply_reaches_who_has_the_conversation(stack: Stack, office: Office) -> None:
    customer, agent = stack.client(office.company.customer), stack.client(office.company.agent)
    conversation = (await customer.ask(START, text="My coat?", key=None))["startConversation"]["conversation"]["id"]
    await agent.ask(TAKE, input={"conversationId": conversation})
    watching = agent.watch(CHANGED)
    first = asyncio.ensure_future(anext(watching))
    await asyncio.sleep(0.3)
    await customer.ask(SEND, id=conversation, text="Hello?", key=None)
    arrived = (await asyncio.wait_for(first, 20))["notificationsChanged"]
    assert arrived["notification"]["kind"] == "REPLIED" and arrived["notification"]["agent"] is None
    await watching.aclose()


async def test_people_choose_how_they_are_told(stack: Stack, office: Office) -> None:
    agent = stack.client(office.company.agent)
    kinds = [{"kind": "REPLIED", "means": ["SMS"]}]
    hours = {"begins": "22:00", "ends": "07:00"}
    chosen = await agent.ask(
        CHOOSE,
        input={
            "kinds": kinds,
            "zone": "Europe/Lisbon",
            "quietHours": hours,
            "digest": "DAILY",
            "number": "+351912345678",
        },
    )
    preferences = chosen["changeNotificationPreferences"]["preferences"]
    assert preferences["digest"] == "DAILY" and {"kind": "REPLIED", "means": ["SMS"]} in preferences["kinds"]
    wrong = await agent.ask(
        CHOOSE,
        input={
            "zone": "Mars",
            "number": "911",
            "quietHours": {"begins": "25:00", "ends": "x"},
            "language": "English",
        },
    )
    problems = wrong["changeNotificationPreferences"]["fields"]
    assert [one["path"] for one in problems] == ["input.zone", "input.quietHours", "input.number", "input.language"]
    seen = await agent.ask(PREFERENCES)
    assert seen["notificationPreferences"]["quietHours"]["urgentPasses"] is True and len(seen["pushPublicKey"]) == 87
    with pytest.raises(GraphQLFailedError) as refusal:
        await stack.client(office.company.customer).ask(LISTED, unread=False)
    assert refusal.value.code == "FORBIDDEN"


async def test_the_documents_of_the_guide_do_what_it_says(stack: Stack, office: Office) -> None:
    watch, choose, failed = documents(GUIDE)
    admin = stack.client(office.company.admin)
    chosen = (await admin.ask(choose))["changeNotificationPreferences"]["preferences"]
    assert chosen["digest"] == "DAILY"
    assert {"kind": "SERVICE_LEVEL_BREACHED", "means": ["IN_APP", "SMS"]} in chosen["kinds"]
    watching = admin.watch(watch)
    first = asyncio.ensure_future(anext(watching))
    await asyncio.sleep(0.3)
    lost = replace(parcel("lost"), recipient="nowhere")
    async with office.parts.units(office.company.admin) as unit:
        await unit.deliveries.post([replace(lost, about={})])
        await unit.commit(Receipt(office.company.id))
    told = (await asyncio.wait_for(first, 20))["notificationsChanged"]["notification"]
    assert told["kind"] == "DELIVERY_FAILED" and told["conversation"] is None
    await watching.aclose()
    (node,) = (await admin.ask(failed))["deliveries"]["nodes"]
    assert (node["recipient"], node["attemptCount"]) == ("nowhere", 1)


async def test_what_failed_is_seen_by_admins_and_sent_again(stack: Stack, office: Office) -> None:
    admin, tenant = stack.client(office.company.admin), office.company
    conversation = await office.conversation()
    about = {"conversation": str(conversation)}
    bad = replace(parcel("bad", sequence="letters"), recipient="nowhere", about=about)
    async with office.parts.units(tenant.admin) as unit:
        await unit.deliveries.post([bad, parcel("good", sequence="letters")])
        await unit.commit(Receipt(tenant.id))
    async with asyncio.timeout(20):
        while len(nodes := (await admin.ask(DELIVERIES, filter={"state": "SENT"}))["deliveries"]["nodes"]) != 1:
            await asyncio.sleep(0.05)
    assert nodes[0]["medium"] == "EMAIL" and nodes[0]["receipt"]
    (failed,) = (await admin.ask(DELIVERIES, filter={"state": "FAILED", "media": ["EMAIL"]}))["deliveries"]["nodes"]
    assert failed["error"] == "The recipient has no e-mail address."
    assert failed["conversation"] == {"subject": "Where is my coat?"}
    again = (await admin.ask(REPLAY, input={"deliveryId": failed["id"]}))["replayDelivery"]
    assert again["delivery"]["state"] in {"QUEUED", "FAILED"}
    async with asyncio.timeout(20):
        while (await admin.ask(REPLAY_ALL, input={"filter": {"media": ["EMAIL"]}}))["replayDeliveries"]["count"] != 1:
            await asyncio.sleep(0.05)
    async with asyncio.timeout(20):
        while "DELIVERY_FAILED" not in str(await admin.ask(LISTED, unread=True)):
            await asyncio.sleep(0.05)
    with pytest.raises(GraphQLFailedError) as refusal:
        await stack.client(office.company.agent).ask(DELIVERIES)
    assert refusal.value.code == "FORBIDDEN"
