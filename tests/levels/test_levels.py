"""Policies over the API, and what their clocks tell when workers die and clocks are set back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from domain.account.settings import BusinessHours, Decisions, Span, Weekday
from domain.base import system_of
from domain.conversation.desk_events import ServiceLevelBreached
from domain.conversation.triage import Priority, PriorityChanged
from domain.ports import Receipt
from tests.documents import ERRORS
from tests.levels.conftest import Shop, inner
from tests.stack import found_company

CREATE = f"""
mutation Create($input: CreateServiceLevelPolicyInput!) {{
  createServiceLevelPolicy(input: $input) {{
    __typename
    ... on CreateServiceLevelPolicySuccess {{ policy {{ id name place warnAt }} }}
    {ERRORS}
  }}
}}"""
CHANGE = f"""
mutation Change($input: ChangeServiceLevelPolicyInput!) {{
  changeServiceLevelPolicy(input: $input) {{
    __typename
    ... on ChangeServiceLevelPolicySuccess {{
      policy {{ name targets {{ priority firstResponse nextResponse resolution }} pauses enabled }}
    }}
    {ERRORS}
  }}
}}"""
DELETE = f"""
mutation Delete($id: ID!) {{
  deleteServiceLevelPolicy(input: {{policyId: $id}}) {{
    __typename
    ... on DeleteServiceLevelPolicySuccess {{ deletedId }}
    {ERRORS}
  }}
}}"""
LEVELS = """
query Levels($id: ID!) {
  conversation(id: $id) { serviceLevels { target state dueAt policy { name } } }
}"""
DUE = """
query Due($first: Int, $after: String) {
  dueConversations(first: $first, after: $after) { nodes { id } pageInfo { endCursor } }
}"""
TOLD = ("ServiceLevelWarned", "ServiceLevelBreached", "ServiceLevelMet")
NORMAL = {"priority": "NORMAL", "firstResponse": 60, "nextResponse": 30, "resolution": 480}


async def create(shop: Shop, name: str = "Everything", **said: Any) -> str:
    given = {"name": name, "targets": [NORMAL], **said}
    made = await shop.done(shop.admin.ask(CREATE, input=given))
    return str(made["policy"]["id"])


async def levels(shop: Shop, conversation: str) -> dict[str, dict[str, Any]]:
    found = (await shop.agent.ask(LEVELS, id=conversation))["conversation"]["serviceLevels"]
    return {level["target"]: level for level in found}


async def told(shop: Shop, conversation: str) -> list[str]:
    return [event.kind for event in await shop.told(conversation, *TOLD)]


async def ring_all(shop: Shop) -> int:
    """Let the timers ring as if the database's clock were a day ahead, with this process's set back by as much."""
    async with shop.parts.database.tenant(shop.company.id) as connection:
        await connection.execute(text("UPDATE timer SET due_at = due_at - interval '1 day'"))
        await connection.commit()
    return await shop.parts.desk.clockwork.ring()


def minutes_until(due_at: str) -> float:
    return (datetime.fromisoformat(due_at) - datetime.now(UTC)) / timedelta(minutes=1)


async def test_a_policy_is_made_changed_and_taken_away(shop: Shop) -> None:
    policy = await create(shop, warnAt=50)
    refused = await shop.admin.ask(CREATE, input={"name": "Everything", "targets": [NORMAL]})
    assert refused["createServiceLevelPolicy"]["code"] == "INVALID_STATE"
    bad = await shop.admin.ask(CREATE, input={"name": "Bad", "targets": [{"priority": "LOW", "resolution": 0}]})
    assert bad["createServiceLevelPolicy"]["fields"][0]["path"] == "input.targets.resolution"
    unknown = await shop.admin.ask(CREATE, input={"name": "Bad", "targets": [NORMAL], "inboxIds": [policy]})
    assert unknown["createServiceLevelPolicy"]["fields"][0]["path"] == "input.inboxIds.0"
    low = {"priority": "LOW", "resolution": 9}
    changed = await shop.done(shop.admin.ask(CHANGE, input={"policyId": policy, "targets": [low], "pauses": False}))
    whole = {"priority": "LOW", "firstResponse": None, "nextResponse": None, "resolution": 9}
    assert changed["policy"] == {"name": "Everything", "targets": [whole], "pauses": False, "enabled": True}
    forbidden = await shop.agent.ask(DELETE, id=policy)
    assert forbidden["deleteServiceLevelPolicy"]["code"] == "FORBIDDEN"
    assert (await shop.done(shop.admin.ask(DELETE, id=policy)))["deletedId"] == policy
    assert (await shop.admin.ask("{ serviceLevelPolicies { id } }"))["serviceLevelPolicies"] == []


async def test_from_the_handover_to_the_resolution(shop: Shop) -> None:
    await create(shop)
    async with shop.stack.worker():
        conversation = await shop.asked()
        await shop.idle()
        found = await levels(shop, conversation)
        assert {target: level["state"] for target, level in found.items()} == {
            "FIRST_RESPONSE": "ON_TRACK",
            "RESOLUTION": "ON_TRACK",
        }
        assert 58 < minutes_until(found["FIRST_RESPONSE"]["dueAt"]) < 60
        assert found["FIRST_RESPONSE"]["policy"] == {"name": "Everything"}
        hidden = await shop.customer.ask(LEVELS, id=conversation)
        assert hidden["conversation"]["serviceLevels"] is None
        await shop.do(shop.agent, "takeOverConversation", conversation)
        await shop.say(shop.agent, conversation, "Hello, how can I help?")
        await shop.idle()
        found = await levels(shop, conversation)
        assert found["FIRST_RESPONSE"]["state"] == "MET"
        assert (found["RESOLUTION"]["state"], found["RESOLUTION"]["dueAt"]) == ("PAUSED", None)
        await shop.do(shop.agent, "resolveConversation", conversation)
        await shop.idle()
    assert await told(shop, conversation) == ["ServiceLevelMet", "ServiceLevelMet"]


async def test_a_clock_set_back_and_a_dead_worker_tell_each_thing_once(shop: Shop) -> None:
    await create(shop)
    async with shop.stack.worker():
        conversation = await shop.asked()
        await shop.idle()
    assert await ring_all(shop) == 1  # and no worker is there to hear it
    async with shop.stack.worker():
        await shop.until(lambda: told(shop, conversation))
        await shop.idle()
    assert await told(shop, conversation) == ["ServiceLevelWarned"]
    assert await ring_all(shop) == 1
    due = (await shop.told(conversation, "ServiceLevelWarned"))[0].due_at  # type: ignore[attr-defined]
    for _ in range(3):  # however often the job runs
        await shop.parts.desk.levels.follow(shop.company.id, inner(conversation), at=due)
    async with shop.stack.worker():
        await shop.idle()
    breached = [event for event in await shop.told(conversation, *TOLD) if isinstance(event, ServiceLevelBreached)]
    assert [event.due_at for event in breached] == [due]
    await shop.parts.desk.levels.follow(shop.company.id, inner(conversation))  # by the clock that was set back
    assert await told(shop, conversation) == ["ServiceLevelWarned", "ServiceLevelBreached"]


async def test_priority_hours_and_policies_move_what_is_open(shop: Shop) -> None:
    urgent = {"priority": "URGENT", "firstResponse": 10}
    policy = await create(shop, targets=[NORMAL, urgent])
    async with shop.stack.worker():
        conversation = await shop.asked()
        await shop.idle()
        actor = system_of(shop.company.id)
        async with shop.parts.units(actor) as unit:
            held = await unit.conversations.get(inner(conversation))
            held.sort(PriorityChanged(Priority.URGENT))
            await unit.commit(Receipt(held.id))
        await shop.idle()
        assert 8 < minutes_until((await levels(shop, conversation))["FIRST_RESPONSE"]["dueAt"]) < 10
        changed = {"policyId": policy, "targets": [urgent | {"firstResponse": 20}]}
        await shop.done(shop.admin.ask(CHANGE, input=changed))
        await shop.idle()
        assert 18 < minutes_until((await levels(shop, conversation))["FIRST_RESPONSE"]["dueAt"]) < 20
        tomorrow = list(Weekday)[(datetime.now(UTC).weekday() + 1) % 7]
        hours = BusinessHours("UTC", [Span(tomorrow, "00:00", "24:00")])
        await shop.parts.accounts.organizations.decide(shop.company.admin, Decisions(business_hours=hours))
        await shop.idle()
        due = datetime.fromisoformat((await levels(shop, conversation))["FIRST_RESPONSE"]["dueAt"])
        assert (due.date() - datetime.now(UTC).date(), due.strftime("%H:%M")) == (timedelta(days=1), "00:20")
        await shop.done(shop.admin.ask(DELETE, id=policy))
        await shop.idle()
        assert await levels(shop, conversation) == {}


async def test_what_is_due_soonest_comes_first(shop: Shop) -> None:
    await create(shop)
    async with shop.stack.worker():
        asked = [await shop.asked() for _ in range(3)]
        await shop.idle()
        await shop.do(shop.agent, "resolveConversation", asked[1])
        await shop.idle()
    page = (await shop.agent.ask(DUE, first=1))["dueConversations"]
    assert [node["id"] for node in page["nodes"]] == [asked[0]]
    rest = (await shop.agent.ask(DUE, after=page["pageInfo"]["endCursor"]))["dueConversations"]
    assert [node["id"] for node in rest["nodes"]] == [asked[2]]


async def test_what_others_decided_is_nobody_elses(shop: Shop, database_url: str) -> None:
    policy = await create(shop)
    stranger = shop.stack.client((await found_company(database_url)).admin)
    assert (await stranger.ask("{ serviceLevelPolicies { id } }"))["serviceLevelPolicies"] == []
    assert (await stranger.ask(DELETE, id=policy))["deleteServiceLevelPolicy"]["code"] == "NOT_FOUND"
