"""Whatever is asked for comes: pages by any filter in any order are what a model in Python says, and nothing twice."""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from domain.account.organization import default_inbox_of
from domain.base import Actor
from domain.conversation.events import ConversationState
from domain.conversation.triage import Priority
from domain.ports import PageRequest
from domain.triage.filter import ConversationFilter, ConversationOrder
from domain.triage.label import wanted_labels
from infra.bootstrap import now
from infra.rows import conversations, read_marks
from infra.triage.rows import labels, tags
from schema.base import global_id
from tests.resolvers.test_statements import counted
from tests.stack import GraphQLFailedError
from tests.triage.conftest import Desk
from tests.triage.documents import begun, do, done

pytestmark = pytest.mark.asyncio(loop_scope="module")
COUNT = 120
FILTERED = """subscription ($filters: [ConversationFilterInput!]!) {
  conversationCountsChanged(filters: $filters) { count isCapped }
}"""
COUNTS = "subscription { viewCountsChanged { count isCapped view { name } } }"
CONSOLE = """
query Console($filter: ConversationFilterInput) {
  conversations(first: 20, filter: $filter) {
    nodes {
      id state subject unreadCount triage { priority isSnoozed tags { name color } attributes { key value } }
      customer { name } assignee { name } lastMessage { text }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
SIZES = ("s", "m", "l")


@dataclass(frozen=True)
class Known:
    """A conversation as the model has it."""

    id: UUID
    row: dict[str, Any]
    size: str | None
    unread: bool


def tags_of(desk: Desk) -> list[UUID]:
    """Four tags of a company's own."""
    return [uuid5(desk.company.id, str(number)) for number in range(4)]


def furnished(desk: Desk, chance: random.Random) -> list[Known]:
    """Conversations of all kinds; some moments are shared, so that ids decide."""
    company, at = desk.company, now().replace(microsecond=0)
    return [_one(company, at, tags_of(desk), chance) for _ in range(COUNT)]


def _one(company: Any, at: datetime, tags: Sequence[UUID], chance: random.Random) -> Known:
    state = chance.choice(list(ConversationState))
    active = at - timedelta(minutes=chance.randint(0, 60))
    size = chance.choice([None, *SIZES])
    read = chance.random() < 0.5
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": company.id,
        "customer_id": chance.choice([company.customer.id, company.other_customer.id]),
        "inbox_id": default_inbox_of(company.id),
        "assignee_id": chance.choice([None, company.agent.id, company.other_agent.id]),
        "state": state,
        "subject": "x",
        "episode": 1,
        "waiting_since": active if state is ConversationState.WAITING else None,
        "priority": chance.randrange(4),
        "tag_ids": chance.sample(list(tags), chance.randint(0, 3)),
        "attributes": {"size": size} if size else {},
        "is_snoozed": chance.random() < 0.2,
        "is_spam": chance.random() < 0.2,
        "last_message_id": uuid4(),
        "message_count": 1,
        "customer_message_count": 1,
        "version": 2,
        "started_at": active - timedelta(minutes=chance.randint(0, 60)),
        "last_activity_at": active,
    }
    return Known(row["id"], row, size, unread=not read)


async def stored(desk: Desk, known: Sequence[Known]) -> None:
    """The rows as projections leave them."""
    tenant, at = desk.company.id, now()
    shared: dict[str, Any] = {"organization_id": tenant}
    marked = [
        shared | {"conversation_id": one.id, "label": label, "last_activity_at": one.row["last_activity_at"]}
        for one in known
        for label in (*one.row["tag_ids"], *wanted_labels(one.row["attributes"]))
    ]
    read = [
        shared | {"conversation_id": one.id, "agent_id": desk.company.agent.id, "customer_messages": 1}
        for one in known
        if not one.unread
    ]
    made = [{"id": tag, "name": str(tag), "color": "gray", "created_at": at} | shared for tag in tags_of(desk)]
    async with desk.parts.database.tenant(tenant) as connection:
        for table, rows in (
            (conversations, [one.row for one in known]),
            (tags, made),
            (labels, marked),
            (read_marks, read),
        ):
            await connection.execute(insert(table), rows)
        await connection.commit()


def passes(wanted: ConversationFilter, one: Known, actor: Actor) -> bool:
    """What a filter means."""
    row, held = one.row, set(one.row["tag_ids"])
    checks: list[Callable[[], bool]] = [
        lambda: not wanted.states or row["state"] in wanted.states,
        lambda: wanted.assignee_id in (None, row["assignee_id"]),
        lambda: not wanted.is_mine or row["assignee_id"] == actor.id,
        lambda: wanted.is_assigned in (None, row["assignee_id"] is not None),
        lambda: not wanted.priorities or list(Priority)[row["priority"]] in wanted.priorities,
        lambda: not wanted.any_tag_ids or bool(held & set(wanted.any_tag_ids)),
        lambda: held >= set(wanted.all_tag_ids),
        lambda: not wanted.attributes or wanted.attributes["size"] == one.size,
        lambda: wanted.is_snoozed in (None, row["is_snoozed"]),
        lambda: wanted.is_spam == row["is_spam"],
        lambda: wanted.customer_id in (None, row["customer_id"]),
        lambda: not wanted.is_unread or one.unread,
        lambda: wanted.started_after is None or row["started_at"] >= wanted.started_after,
        lambda: wanted.active_before is None or row["last_activity_at"] < wanted.active_before,
    ]
    return all(check() for check in checks)


def expected(wanted: ConversationFilter, order: ConversationOrder, known: Sequence[Known], actor: Actor) -> list[UUID]:
    """All that a filter lets through, in an order."""
    found = [one for one in known if passes(wanted, one, actor)]
    if order is ConversationOrder.WAITING:
        waiting = [one for one in found if one.row["waiting_since"]]
        return [one.id for one in sorted(waiting, key=lambda one: (one.row["waiting_since"], one.id))]
    urgent = order is ConversationOrder.PRIORITY

    def place(one: Known) -> tuple[int, datetime, UUID]:
        return (one.row["priority"] if urgent else 0, one.row["last_activity_at"], one.id)

    return [one.id for one in sorted(found, key=place, reverse=True)]


def seldom(chosen: st.SearchStrategy[Any], without: Any) -> st.SearchStrategy[Any]:
    """Mostly left out."""
    return st.one_of(st.just(without), st.just(without), chosen)


def listed(of: Sequence[Any]) -> st.SearchStrategy[Any]:
    """Up to three of some."""
    return st.lists(st.sampled_from(of), max_size=3, unique=True).map(tuple)


def filters(desk: Desk) -> st.SearchStrategy[ConversationFilter]:
    """Filters of up to all parts, most of which most filters leave out."""
    company, at = desk.company, now()
    moment = st.integers(0, 60).map(lambda minutes: at - timedelta(minutes=minutes))
    return st.builds(
        ConversationFilter,
        states=seldom(listed(list(ConversationState)), ()),
        assignee_id=seldom(st.sampled_from([company.agent.id, company.other_agent.id]), None),
        is_mine=seldom(st.booleans(), False),
        is_assigned=seldom(st.booleans(), None),
        priorities=seldom(listed(list(Priority)), ()),
        any_tag_ids=seldom(listed(tags_of(desk)), ()),
        all_tag_ids=seldom(listed(tags_of(desk)), ()),
        attributes=seldom(st.sampled_from(SIZES).map(lambda size: {"size": size}), {}),
        is_snoozed=seldom(st.booleans(), None),
        is_spam=st.booleans(),
        customer_id=seldom(st.just(company.customer.id), None),
        is_unread=seldom(st.booleans(), False),
        started_after=seldom(moment, None),
        active_before=seldom(moment, None),
    )


async def paged(desk: Desk, wanted: ConversationFilter, order: ConversationOrder, size: int) -> list[UUID]:
    """Every page, one after the other."""
    reads = desk.parts.seen_by(desk.company.agent)
    found: list[UUID] = []
    after = None
    try:
        while True:
            page = await reads.conversation_page(PageRequest(size, after), wanted, order)
            found += [view.id for view in page.items]
            if not page.has_next:
                return found
            after = page.keys[-1]
    finally:
        await reads.end()


async def test_pages_are_what_the_filter_means_in_the_order_asked_for(desk: Desk) -> None:
    known = furnished(desk, random.Random(5))
    await stored(desk, known)
    loop = asyncio.get_running_loop()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(wanted=filters(desk), order=st.sampled_from(ConversationOrder), size=st.sampled_from([13, 60]))
    def compared(wanted: ConversationFilter, order: ConversationOrder, size: int) -> None:
        coming = asyncio.run_coroutine_threadsafe(paged(desk, wanted, order, size), loop)
        assert coming.result(30) == expected(wanted, order, known, desk.company.agent)

    await asyncio.to_thread(compared)


@pytest.mark.parametrize(
    "filter",
    [{}, {"isAssigned": True, "isUnread": True}, {"anyTagIds": 3}, {"states": ["WAITING", "WITH_PERSON"]}],
    ids=["all", "unread", "tags", "states"],
)
async def test_a_page_of_the_console_takes_five_statements(desk: Desk, filter: dict[str, Any]) -> None:
    await stored(desk, furnished(desk, random.Random(5)))
    wanted = {
        key: [global_id("Tag", each) for each in tags_of(desk)[:value]] if value == 3 else value
        for key, value in filter.items()
    }
    with counted() as seen:
        page = await desk.agent.ask(CONSOLE, filter=wanted)
    assert len(page["conversations"]["nodes"]) == 20
    assert len(seen) == 5  # tenant, page with its tags and unread counts, customers, agents, last messages


async def test_views_count_what_they_show_live_and_no_further_than_999(desk: Desk) -> None:
    known = [one for _ in range(9) for one in furnished(desk, random.Random(8))]
    plain = [replace(one, row=one.row | {"is_spam": False, "id": one.id, "priority": 1}) for one in known]
    await stored(desk, plain)
    made = {
        name: (await done(desk.agent, "createView", "view { id }", name=name, filter=wanted))["view"]["id"]
        for name, wanted in (("all", {}), ("urgent", {"priorities": ["URGENT"]}))
    }
    async with asyncio.timeout(30), aclosing(desk.agent.watch(COUNTS)) as events:
        first = _counts(await anext(events))
        assert first == {"all": (999, True), "urgent": (0, False)}
        conversation = await begun(desk.customer)
        await done(desk.other_agent, "setConversationPriority", conversationId=conversation, priority="URGENT")
        assert _counts(await anext(events)) == {"all": (999, True), "urgent": (1, False)}
    shown = await desk.agent.ask("{ views { name isShared conversationCount { count isCapped } } }")
    assert [(one["name"], one["conversationCount"]["count"]) for one in shown["views"]] == [("all", 999), ("urgent", 1)]
    assert await desk.other_agent.ask("{ views { name } }") == {"views": []}
    theirs = await do(desk.other_agent, "deleteView", "__typename", viewId=made["all"])
    assert theirs["code"] == "NOT_FOUND"
    shared = await do(desk.agent, "createView", "__typename", name="x", filter={}, isShared=True)
    assert shared["code"] == "FORBIDDEN"
    await done(desk.admin, "createView", "__typename", name="Ours", filter={}, isShared=True)
    assert await desk.other_agent.ask("{ views { name } }") == {"views": [{"name": "Ours"}]}
    with pytest.raises(GraphQLFailedError, match="FORBIDDEN"):
        await desk.customer.ask("{ views { name } }")


async def test_filters_are_counted_live_in_one_statement(desk: Desk) -> None:
    filters = [{"states": ["WITH_ASSISTANT"]}, {"priorities": ["URGENT"]}, {"isMine": True}]
    with counted() as seen:
        found = await desk.agent.ask(
            "query ($filters: [ConversationFilterInput!]!) { conversationCounts(filters: $filters) { count } }",
            filters=filters,
        )
    assert len(seen) == 2  # tenant, all counts
    before = [one["count"] for one in found["conversationCounts"]]
    async with asyncio.timeout(30), aclosing(desk.agent.watch(FILTERED, filters=filters)) as events:
        assert [one["count"] for one in (await anext(events))["conversationCountsChanged"]] == before
        conversation = await begun(desk.customer)
        await done(desk.agent, "takeOverConversation", conversationId=conversation)
        async for event in events:
            now = [one["count"] for one in event["conversationCountsChanged"]]
            if now[2] > before[2]:
                break
    assert now == [before[0], before[1], before[2] + 1]
    with pytest.raises(GraphQLFailedError, match="FORBIDDEN"):
        await desk.customer.ask("{ conversationCounts(filters: [{}]) { count } }")
    with pytest.raises(GraphQLFailedError, match="INVALID_INPUT"):
        await desk.agent.ask(f"{{ conversationCounts(filters: [{'{}' * 13}]) {{ count }} }}")


def _counts(event: Any) -> dict[str, tuple[int, bool]]:
    return {one["view"]["name"]: (one["count"], one["isCapped"]) for one in event["viewCountsChanged"]}
