"""Whatever the schema offers, asked by everybody of one tenant about everything of another: nothing comes of it."""

import asyncio

import pytest

from domain.knowledge.events import ArticleState
from tests.security.conftest import Neighbours
from tests.security.fuzz import PEOPLE, Findings, Fuzz, ask, overhear
from tests.security.operations import Operation, document_of, roots
from tests.security.rows import TENANTS, checksums, mentions
from tests.security.tenants import node_types, token
from tests.stack import scripted

pytestmark = pytest.mark.timeout(900)
KINDS = ("query", "subscription", "mutation")
OF_NOBODY = {
    "auditKinds",
    "conversationCounts",
    "conversationCountsChanged",
    "permissions",
    "rewriteText",
    "routingPolicy",
    "ruleFacts",
    "sqlDoor",
    "testChannel",
}
"""Root fields that show nothing of any tenant, or numbers alone: of those see tests/triage."""
OF_NUMBERS = {"metrics", "analytics", "drilldown", "metricChanged"}
"""Root fields that show numbers, and ids only where they are asked for as chance does not: see tests/analytics."""
AT_LEISURE = {
    "conversationSignals",
    "offersChanged",
    "suggestReply",
    "viewCountsChanged",
}
"""Subscriptions that begin to tell later than is listened to here: see tests/assist."""
IN_USE = {"deleteTag", "deleteRole", "deleteSource"}
"""Mutations that are refused as long as something needs the object, as something always does here."""

OF_RESOLVED = {"createCuratedAnswerFrom", "createArticleFrom", "createTestCaseFrom"}
"""Mutations on resolved conversations, of which those before them have left none."""

OF_ELSEWHERE = {"refreshMcpServer"}
"""Mutations that ask a server which is not there."""
DECIDED = {"rejectAction"}
"""Mutations on actions that wait, of which `approveAction` has left none."""

OF_ONES_OWN = {
    "changePassword",
    "enableSecondFactor",
    "confirmSecondFactor",
    "disableSecondFactor",
    "regenerateRecoveryCodes",
}
"""Mutations that take the caller's password or a code, which chance does not guess, and that name no object."""
OF_WORK = {"acceptOffer", "declineOffer", "returnConversation"}
"""Mutations on the one conversation that somebody is asked to take or has, which chance seldom meets."""
OF_NEWS = {
    *("notifications", "notificationsChanged", "unreadNotificationCount", "notificationPreferences"),
    *("pushSubscriptions", "changeNotificationPreferences", "registerPushSubscription", "removePushSubscription"),
    *("markNotificationsRead", "replayDeliveries", "inboxChanges"),
}
"""What one person is told, which is not the one who asks here; or numbers, or events, of which there are none."""
PATIENCE = 80
"""How often is tried what chance did not get right at once."""
OF_WAITING = {"queue", "myOffers"}
"""Queries about what waits for a person, of which the customer's mutations before them have left nothing."""
MEASURED = {"setRoutingPolicy"}
"""Mutations that take numbers within limits, which those made by chance are not."""
GRANTED = {"createWebhook", "changeWebhook"}
"""Mutations that take one certain permission among others that go with it, which chance does not choose."""
OF_THEIR_MAKER = {"completeUpload", "deleteNote"}
"""Mutations on what nobody but its maker touches, who is seldom the one that tries."""
OF_CHANNELS = {"connectEmailInbox", "connectSmsInbox", "receiveMessage"}
"""Mutations on inboxes of certain channels, of which there are none, or that are connected already."""
OF_RECIPES = {"createRule", "changeRule", "dryRunRule"}
"""Fields that take actions with what each kind needs and nothing else, which chance does not put together."""
OF_PARTS = {
    *("createServiceLevelPolicy", "changeServiceLevelPolicy", "setCustomerAttributes", "mergeCustomers"),
    *("changeChannel", "changeWidget", "mergeConversations", "applyMacro"),
}
"""Mutations whose parts have to agree with each other or with what is there, which chance does not make them do."""
OF_BROWSERS = {"registerPushSubscription", "removePushSubscription"}
"""Mutations on what a browser of one's own has to make."""
REFUSED = (
    OF_RECIPES
    | OF_BROWSERS
    | OF_PARTS
    | OF_CHANNELS
    | OF_THEIR_MAKER
    | GRANTED
    | OF_WORK
    | MEASURED
    | IN_USE
    | OF_RESOLVED
    | OF_ELSEWHERE
    | DECIDED
    | OF_ONES_OWN
)
"""Mutations that nobody succeeds with here."""


SHOWN_TO_ALL = {"widget"}
"""What pages of any site show to anybody: tests/widget say all that it is."""


def shown(found: Findings) -> set[str]:
    """The root fields that showed something of the tenant whose traces are looked for."""
    return {leak.operation.name for leak in found.leaks}


def not_done(found: Findings) -> set[str]:
    """The mutations that nobody succeeded with, of those that chance can make."""
    return set(roots("mutation")) - REFUSED - {name for name, code in found.reached if code == "ok"}


async def test_there_is_something_of_every_kind_to_see(neighbours: Neighbours) -> None:
    async with neighbours.engine.connect() as connection:
        counted = await checksums(connection, neighbours.foreign.id)
    assert [name for name, (rows, _) in counted.items() if rows == 0] == []
    assert set(TENANTS) <= set(counted)
    assert [name for name in node_types() if not neighbours.foreign.ids.get(name)] == []
    assert len(neighbours.foreign.ids["Article"]) == 2 * len(ArticleState)


async def test_the_same_operations_see_and_change_what_is_ones_own(neighbours: Neighbours) -> None:
    """Otherwise their silence about the neighbour would prove nothing."""
    own = neighbours.own
    fuzz = Fuzz(neighbours.stack, neighbours.engine, own, own)
    found = await fuzz.run(KINDS, ["customer", "owner"], attempts=10)
    everything = {name for kind in KINDS for name in roots(kind)}
    unseen = (
        OF_NOBODY | OF_NUMBERS | OF_WAITING | OF_NEWS | AT_LEISURE | REFUSED | {"inboxChanged"}
    )  # of which the next test is
    for name in sorted((everything - shown(found) - unseen) | not_done(found)):
        await fuzz.run(KINDS, ["customer", "owner"], attempts=PATIENCE, only=name)
    assert everything - shown(found) - unseen == set()
    assert not_done(found) == set()
    assert found.crashes == []


async def test_nobody_hears_what_happens_next_door(neighbours: Neighbours) -> None:
    stack = neighbours.stack
    start = Operation(
        "mutation", "startConversation", document_of("mutation", "startConversation"), {"input": {"text": "?"}}
    )
    inbox = Operation("subscription", "inboxChanged", document_of("subscription", "inboxChanged"), {})
    async with neighbours.engine.begin() as connection:
        customer = await token(connection, neighbours.foreign, "customer")
        agents = [await token(connection, tenant, "agent") for tenant in (neighbours.own, neighbours.foreign)]
    ours: list[str] = []
    theirs: list[str] = []
    async with stack.worker(scripted("Yes.")):
        watching = [
            asyncio.create_task(overhear(stack, bearer, inbox, heard))
            for bearer, heard in zip(agents, (ours, theirs), strict=True)
        ]
        await asyncio.sleep(1.5)
        assert neighbours.foreign.traces(await ask(stack, customer, start))
        async with asyncio.timeout(120):  # the worker has much left to do from the tests before
            while not neighbours.foreign.traces("".join(theirs)):
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        for each in watching:
            each.cancel()
        await asyncio.wait(watching)
    assert neighbours.foreign.traces("".join(ours)) == []
    assert len(theirs) >= 2


async def test_nobody_reads_or_changes_what_is_anothers(neighbours: Neighbours) -> None:
    async with neighbours.engine.connect() as connection:
        before = await checksums(connection, neighbours.foreign.id)
    found = await Fuzz(neighbours.stack, neighbours.engine, neighbours.own, neighbours.foreign).run(KINDS)
    async with neighbours.engine.connect() as connection:
        after = await checksums(connection, neighbours.foreign.id)
        pointing = await mentions(connection, neighbours.foreign.id, neighbours.foreign.uuids)
    assert [str(leak) for leak in found.leaks if leak.operation.name not in SHOWN_TO_ALL] == []
    assert [name for name in before if before[name] != after[name]] == []
    assert pointing == []
    assert found.crashes == []
    assert {person for person, code in found.answers if code in ("ok", "UNAUTHENTICATED")} == set(PEOPLE)
