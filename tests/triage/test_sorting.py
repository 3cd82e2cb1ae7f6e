"""Conversations are sorted by people at work, for people at work: nothing of it is lost, no customer hears of it."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest

from domain.base import Actor, ForbiddenError, InvalidInputError, system_of
from domain.conversation.triage import Priority
from domain.triage.events import SnoozeEnded
from infra import bootstrap
from infra.desk.rows import timers
from tests.documents import CHANGED, SEND, command
from tests.stack import Client
from tests.triage.conftest import Desk, inner
from tests.triage.documents import begun, do, done, listed

ORIGINAL = "Hello there! My blue kettle from last week leaks at the bottom. What now?"


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_people_sort_is_seen_by_people_and_by_no_customer(desk: Desk) -> None:
    tag = (await done(desk.admin, "createTag", "tag { id }", name="Leak", color="BLUE"))["tag"]["id"]
    wanted = {"appliesTo": "CONVERSATION", "key": "model", "label": "Model", "kind": "CHOICE", "choices": ["K1", "K2"]}
    await done(desk.admin, "defineAttribute", "attributeDefinition { id key }", **wanted)
    conversation = await begun(desk.customer, ORIGINAL)
    cursor = (await done(desk.agent, "setConversationPriority", conversationId=conversation, priority="HIGH"))[
        "conversation"
    ]["cursor"]
    await done(desk.agent, "setConversationTags", conversationId=conversation, tagIds=[tag])
    values = [{"key": "model", "value": "K2"}]
    await done(desk.agent, "setConversationAttributes", conversationId=conversation, attributes=values)
    seen = await done(desk.agent, "renameConversation", conversationId=conversation, subject="Leaking  kettle")
    triage = seen["conversation"]["triage"]
    assert seen["conversation"]["subject"] == "Leaking kettle"
    assert (triage["priority"], triage["attributes"]) == ("HIGH", values)
    assert triage["tags"] == [{"id": tag, "name": "Leak", "color": "BLUE"}]
    document = "query C($id: ID!) { conversation(id: $id) { subject triage { priority } merged { id } linked { id } } }"
    theirs = (await desk.customer.ask(document, id=conversation))["conversation"]
    assert theirs == {"subject": ORIGINAL, "triage": None, "merged": [], "linked": []}
    kinds = await heard(desk.agent, conversation, cursor, 3)
    assert kinds == ["TagsChanged", "AttributesChanged", "SubjectChanged"]
    await desk.customer.ask(SEND, id=conversation, text="Anybody?")
    assert (await heard(desk.customer, conversation, cursor, 1)) == ["MessageSent"]
    for ask in ({"isSpam": True}, {"anyTagIds": [tag]}, {"isUnread": True}, {"priorities": ["HIGH"]}):
        with pytest.raises(Exception, match="FORBIDDEN"):
            await listed(desk.customer, filter=ask)
    assert (await do(desk.customer, "wakeConversation", conversationId=conversation))["code"] == "FORBIDDEN"


async def heard(client: Client, conversation: str, after: str, count: int) -> list[str]:
    """The kinds of the next durable events after a cursor, but for those of answers."""
    found: list[str] = []
    async with asyncio.timeout(20), aclosing(client.watch(CHANGED, id=conversation, after=after)) as events:
        async for event in events:
            kind = event["conversationChanged"]["__typename"]
            if not kind.startswith("Answer"):
                found.append(kind)
            if len(found) == count:
                break
    return found


async def test_values_that_do_not_fit_are_refused_each_by_its_path(desk: Desk) -> None:
    for key, kind in (("size", "NUMBER"), ("since", "DATE"), ("vip", "BOOLEAN")):
        await done(desk.admin, "defineAttribute", "__typename", appliesTo="CONVERSATION", key=key, label=key, kind=kind)
    conversation = await begun(desk.customer)
    wrong = [("size", "3"), ("since", "soon"), ("vip", 1), ("nonsense", True)]
    came = await do(
        desk.agent,
        "setConversationAttributes",
        conversationId=conversation,
        attributes=[{"key": key, "value": value} for key, value in wrong],
    )
    assert [each["path"] for each in came["fields"]] == [f"input.attributes.{key}" for key, _ in wrong]
    right = [("size", 3.5), ("since", "2026-01-31"), ("vip", False)]
    values = [{"key": key, "value": value} for key, value in right]
    await done(desk.agent, "setConversationAttributes", conversationId=conversation, attributes=values)
    came = await done(
        desk.agent, "setConversationAttributes", conversationId=conversation, attributes=[{"key": "vip", "value": None}]
    )
    assert {each["key"] for each in came["conversation"]["triage"]["attributes"]} == {"size", "since"}
    assert await listed(desk.agent, filter={"attributes": [{"key": "size", "value": 3.5}]}) == [conversation]
    assert await listed(desk.agent, filter={"attributes": [{"key": "vip", "value": False}]}) == []


async def test_a_deleted_tag_is_gone_everywhere_and_a_renamed_one_stays(desk: Desk) -> None:
    names = [f"Tag {number}" for number in range(2)]
    kept, gone = [(await done(desk.admin, "createTag", "tag { id }", name=name))["tag"]["id"] for name in names]
    conversation = await begun(desk.customer)
    await done(desk.agent, "tagConversation", conversationId=conversation, addTagIds=[kept, gone])
    assert (await do(desk.admin, "createTag", "__typename", name="Tag 0"))["code"] == "INVALID_STATE"
    assert (await do(desk.agent, "changeTag", "__typename", tagId=kept, name="x"))["code"] == "FORBIDDEN"
    await done(desk.admin, "changeTag", "__typename", tagId=kept, name="Renamed")
    await done(desk.admin, "deleteTag", "__typename", tagId=gone)
    assert await listed(desk.agent, filter={"anyTagIds": [gone]}) == []
    came = await done(desk.agent, "tagConversation", conversationId=conversation, addTagIds=[])
    assert [tag["name"] for tag in came["conversation"]["triage"]["tags"]] == ["Renamed"]
    assert await listed(desk.agent, filter={"allTagIds": [kept]}) == [conversation]
    missing = await do(desk.agent, "setConversationTags", conversationId=conversation, tagIds=[gone])
    assert missing["code"] == "NOT_FOUND"


async def test_two_people_who_tag_at_once_both_have_their_tags(desk: Desk) -> None:
    tags = [(await done(desk.admin, "createTag", "tag { id }", name=f"At once {n}"))["tag"]["id"] for n in range(6)]
    conversation = await begun(desk.customer)
    people = [desk.agent, desk.other_agent] * 3
    await asyncio.gather(
        *(
            done(who, "tagConversation", conversationId=conversation, addTagIds=[tag])
            for who, tag in zip(people, tags, strict=True)
        )
    )
    assert await listed(desk.agent, filter={"allTagIds": tags}) == [conversation]


async def test_what_sleeps_wakes_in_time_by_a_reply_or_when_it_is_settled(desk: Desk) -> None:
    in_time, by_reply, settled = [await begun(desk.customer) for _ in range(3)]
    soon = bootstrap.now() + timedelta(seconds=1.5)
    await done(desk.agent, "snoozeConversation", conversationId=in_time, until=soon.isoformat())
    for each in (by_reply, settled):
        await done(desk.agent, "snoozeConversation", conversationId=each)
    assert set(await listed(desk.agent, filter={"isSnoozed": True})) == {in_time, by_reply, settled}
    await desk.customer.ask(SEND, id=by_reply, text="Still there?")
    await desk.agent.ask(command("resolveConversation"), id=settled)
    assert await listed(desk.agent, filter={"isSnoozed": True}) == [in_time]
    async with asyncio.timeout(20):
        while await listed(desk.agent, filter={"isSnoozed": True}):
            await asyncio.sleep(0.1)
    assert bootstrap.now() > soon
    past = await do(desk.agent, "snoozeConversation", conversationId=in_time, until="2026-01-01T00:00:00Z")
    assert past["fields"][0]["path"] == "input.until"


async def test_a_timer_of_an_earlier_sleep_wakes_nobody(desk: Desk) -> None:
    conversation = await begun(desk.customer)
    first, second = (bootstrap.now() + timedelta(hours=hours) for hours in (1, 2))
    sorting, agent, key = desk.parts.desk.triage.sorting, desk.company.agent, inner(conversation)
    await sorting.snooze(agent, key, first)
    await sorting.snooze(agent, key, second)
    await sorting.end_snooze(desk.company.id, SnoozeEnded(key, first))
    assert await listed(desk.agent, filter={"isSnoozed": True}) == [conversation]
    async with desk.parts.database.tenant(desk.company.id) as connection:
        due = (await connection.execute(timers.select().where(timers.c.name == "snooze"))).all()
    assert [row.due_at for row in due] == [second]
    await sorting.end_snooze(desk.company.id, SnoozeEnded(key, second))
    assert await listed(desk.agent, filter={"isSnoozed": True}) == []


async def test_spam_is_out_of_the_lists_and_gets_no_answer(desk: Desk) -> None:
    conversation = await begun(desk.customer, "Buy now")
    await done(desk.agent, "markConversationAsSpam", conversationId=conversation)
    assert await listed(desk.agent) == [] and await listed(desk.agent, filter={"isSpam": True}) == [conversation]
    assert await listed(desk.customer) == [conversation]
    await desk.customer.ask(SEND, id=conversation, text="Buy more")
    async with desk.parts.units(system_of(desk.company.id)) as unit:
        aggregate = await unit.conversations.get(inner(conversation))
    assert aggregate.waiting == [] and aggregate.triage.is_spam
    await done(desk.agent, "unmarkConversationAsSpam", conversationId=conversation)
    assert await listed(desk.agent) == [conversation]


async def test_merged_conversations_go_on_in_one(desk: Desk) -> None:
    first, second, third = [await begun(desk.customer, f"Question {number}") for number in range(3)]
    foreign = await begun(desk.other_customer)
    refused = await do(desk.agent, "mergeConversations", conversationId=foreign, intoId=first)
    assert refused["code"] == "INVALID_STATE"
    await done(desk.agent, "mergeConversations", conversationId=first, intoId=second)
    moved = "__typename ... on ConversationMergedError { into { id } code }"
    said = await desk.customer.ask(f"mutation S($i: SendMessageInput!) {{ sendMessage(input: $i) {{ {moved} }} }}",
        i={"conversationId": first, "text": "Hello?"})  # fmt: skip
    assert said["sendMessage"]["into"]["id"] == second
    assert (await do(desk.agent, "mergeConversations", conversationId=second, intoId=first))["code"] == (
        "CONVERSATION_MERGED"
    )
    await done(desk.agent, "mergeConversations", conversationId=second, intoId=third)
    document = "query C($id: ID!) { conversation(id: $id) { state mergedInto { id } merged { id } } }"
    ends = [(await desk.agent.ask(document, id=each))["conversation"] for each in (first, second, third)]
    assert [end["mergedInto"] and end["mergedInto"]["id"] for end in ends] == [third, third, None]
    assert [end["state"] for end in ends[:2]] == ["RESOLVED", "RESOLVED"]
    assert {one["id"] for one in ends[2]["merged"]} == {first, second}


async def test_linked_conversations_name_each_other_and_earlier_ones_are_found(desk: Desk) -> None:
    first, second, third = [await begun(desk.customer, f"Question {number}") for number in range(3)]
    await done(desk.agent, "linkConversations", conversationId=first, otherId=third)
    document = "query C($id: ID!) { conversation(id: $id) { linked { id } earlier(first: 1) { nodes { id } } } }"
    ends = [(await desk.agent.ask(document, id=each))["conversation"] for each in (first, second, third)]
    assert [[one["id"] for one in end["linked"]] for end in ends] == [[third], [], [first]]
    assert [[one["id"] for one in end["earlier"]["nodes"]] for end in ends] == [[], [first], [second]]
    await done(desk.agent, "unlinkConversations", conversationId=third, otherId=first)
    assert (await desk.agent.ask(document, id=first))["conversation"]["linked"] == []


async def test_who_may_not_act_in_a_conversation_does_not_sort_it(desk: Desk) -> None:
    conversation = await begun(desk.customer)
    reader = Actor(desk.company.agent.kind, desk.company.agent.id, desk.company.id)
    with pytest.raises(ForbiddenError):
        await desk.parts.desk.triage.sorting.set_priority(reader, inner(conversation), Priority.HIGH)
    with pytest.raises(InvalidInputError):
        await desk.parts.desk.triage.joining.link(desk.company.agent, inner(conversation), inner(conversation))


async def test_the_assistant_names_what_no_person_named(desk: Desk) -> None:
    question = "Hello there. The blue kettle from last week leaks badly at its bottom. Help?"
    mine, its = [await begun(desk.customer, question) for _ in range(2)]
    await done(desk.agent, "renameConversation", conversationId=mine, subject="Mine")
    for each in (mine, its):
        await desk.customer.ask(command("requestHandoff"), id=each)
    document = "query C($id: ID!) { conversation(id: $id) { subject } }"
    async with asyncio.timeout(30):
        while (named := (await desk.agent.ask(document, id=its))["conversation"]["subject"]) == question:
            await asyncio.sleep(0.1)
    assert named == "The blue kettle from last week leaks badly at its bottom."
    await desk.parts.desk.triage.subjects.name(desk.company.id, inner(mine))
    assert (await desk.agent.ask(document, id=mine))["conversation"]["subject"] == "Mine"
    assert (await desk.customer.ask(document, id=its))["conversation"]["subject"] == question
