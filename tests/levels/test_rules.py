"""Rules over the API: run once, in order, not on what they caused, and each with its reasons."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.account.permission import Permission, Scope, everything
from domain.automation.action import Action, ActionKind
from domain.automation.automation import MOST_RUNS
from domain.automation.rule import Recipe, Trigger
from domain.base import ForbiddenError, Recorded, system_of
from domain.conversation.triage import Priority, PriorityChanged
from domain.ports import Receipt
from domain.triage.label import TagColor
from infra.automation.rows import rule_runs
from infra.rows import events
from infra.storage.codec import recorded
from schema.base import global_id
from tests.documents import ERRORS
from tests.levels.conftest import Shop, inner
from tests.stack import found_company

CREATE = f"""
mutation Create($input: CreateRuleInput!) {{
  createRule(input: $input) {{
    __typename
    ... on CreateRuleSuccess {{ rule {{ id name triggers condition actions {{ kind priority text }} }} }}
    {ERRORS}
  }}
}}"""
CHANGE = f"""
mutation Change($input: ChangeRuleInput!) {{
  changeRule(input: $input) {{ __typename ... on ChangeRuleSuccess {{ rule {{ name place enabled }} }} {ERRORS} }}
}}"""
DELETE = f"""
mutation Delete($id: ID!) {{
  deleteRule(input: {{ruleId: $id}}) {{ __typename ... on DeleteRuleSuccess {{ deletedId }} {ERRORS} }}
}}"""
LOG = """
query Log($rule: ID, $conversation: ID) {
  ruleRuns(ruleId: $rule, conversationId: $conversation, first: 100) {
    nodes { id trigger outcome reason finishedAt rule { name } results { action { kind } error } }
  }
}"""
DRY_RUN = """
query Try($input: DryRunRuleInput!) {
  dryRunRule(input: $input) { trigger applies reasons actions { kind } conversation { id } }
}"""
STANDS = "query Stands($id: ID!) { conversation(id: $id) { state triage { priority } } }"
REFUND = {"fact": "message.text", "contains": ["refund"]}
URGENT = {"kind": "SET_PRIORITY", "priority": "URGENT"}


async def create(shop: Shop, name: str, **said: Any) -> dict[str, Any]:
    given = {"name": name, "triggers": ["CUSTOMER_WROTE"], "condition": {}, "actions": [URGENT], **said}
    made: dict[str, Any] = (await shop.done(shop.admin.ask(CREATE, input=given)))["rule"]
    return made


async def log(shop: Shop, **which: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await shop.admin.ask(LOG, **which))["ruleRuns"]["nodes"]
    return found


async def stands(shop: Shop, conversation: str) -> tuple[str, str]:
    found = (await shop.agent.ask(STANDS, id=conversation))["conversation"]
    return found["state"], found["triage"]["priority"]


async def event_of(shop: Shop, conversation: str, kind: str) -> Recorded:
    wanted = select(events).where(events.c.stream == f"conversation:{inner(conversation)}", events.c.kind == kind)
    async with shop.parts.database.tenant(shop.company.id) as connection:
        return recorded((await connection.execute(wanted)).first()._mapping)  # type: ignore[union-attr]


async def test_a_rule_does_what_it_says_and_tells_why(shop: Shop) -> None:
    rule = await create(shop, "Refunds", condition={"all": [REFUND]})
    async with shop.stack.worker():
        yes, no = await shop.asked("I want a refund."), await shop.asked("Hello.")
        await shop.idle()
    assert (await stands(shop, yes), await stands(shop, no)) == (("WAITING", "URGENT"), ("WAITING", "NORMAL"))
    (applied,) = await log(shop, rule=rule["id"], conversation=yes)
    assert (applied["outcome"], applied["trigger"], applied["rule"]) == (
        "APPLIED",
        "CUSTOMER_WROTE",
        {"name": "Refunds"},
    )
    assert applied["results"] == [{"action": {"kind": "SET_PRIORITY"}, "error": None}]
    (refused,) = await log(shop, rule=rule["id"], conversation=no)
    assert refused["outcome"] == "NOT_APPLIED"
    assert refused["reason"] == "message.text contains refund: no, it was Hello."
    assert len(await shop.told(yes, "RuleApplied")) == 1


async def test_each_action_does_its_part_and_one_that_fails_undoes_none(shop: Shop) -> None:
    actions = [
        {"kind": "SEND_MESSAGE", "text": "We are on it."},
        {"kind": "SET_ATTRIBUTE", "attribute": "nowhere", "value": "x"},
        {"kind": "ADD_NOTE", "text": "Look at the order first."},
        {"kind": "SNOOZE", "minutes": 10},
        URGENT,
        {"kind": "HAND_OVER"},
        {"kind": "RESOLVE"},
    ]
    await create(shop, "Everything", triggers=["HANDED_OVER"], actions=actions)
    async with shop.stack.worker():
        conversation = await shop.asked()
        await shop.idle()
    results = (await log(shop, conversation=conversation))[0]["results"]
    failed = {result["action"]["kind"]: result["error"] for result in results if result["error"]}
    assert set(failed) == {"SET_ATTRIBUTE", "HAND_OVER"}
    assert failed["HAND_OVER"] == "This conversation is waiting for a person already."
    assert await stands(shop, conversation) == ("RESOLVED", "URGENT")
    told = [event.kind for event in await shop.told(conversation)]
    order = ["HandoffRequested", "MessageSent", "NoteAdded", "ConversationSnoozed", "PriorityChanged"]
    assert [kind for kind in told if kind in order][1:] == order
    assert told.count("RuleApplied") == 1


async def test_rules_run_in_order_up_to_one_that_stops(shop: Shop) -> None:
    last = await create(shop, "Last", place=9, actions=[{"kind": "SET_PRIORITY", "priority": "LOW"}])
    first = await create(shop, "First", place=1, stops=True, condition=REFUND)
    async with shop.stack.worker():
        stopped, went_on = await shop.asked("A refund!"), await shop.asked("Hello.")
        await shop.idle()
    assert (await stands(shop, stopped))[1] == "URGENT"
    assert (await stands(shop, went_on))[1] == "LOW"
    assert len(await log(shop, rule=last["id"])) == 1
    assert len(await log(shop, rule=first["id"])) == 2


async def test_two_rules_that_set_each_other_off_come_to_an_end(shop: Shop) -> None:
    names = ("Up", "Down")
    for name, priority in zip(names, ("HIGH", "LOW"), strict=True):
        is_other = {"not": {"fact": "conversation.priority", "is": priority.lower()}}
        action = {"kind": "SET_PRIORITY", "priority": priority}
        await create(shop, name, triggers=["PRIORITY_CHANGED"], condition=is_other, actions=[action])
    await create(shop, "Begin", actions=[URGENT])
    async with shop.stack.worker():
        conversation = await shop.asked()
        await shop.until(lambda: log(shop, conversation=conversation))
        await shop.idle()
    outcomes = [(run["rule"]["name"], run["outcome"]) for run in reversed(await log(shop, conversation=conversation))]
    assert ("Begin", "APPLIED") in outcomes
    assert {outcome for _, outcome in outcomes} & {"LOOPED", "BLOCKED"}
    assert len(outcomes) < MOST_RUNS
    changes = await shop.told(conversation, "PriorityChanged")
    assert len(changes) <= 4


async def test_a_rule_that_would_not_end_is_blocked_here_until_it_is_changed(shop: Shop) -> None:
    rule = await create(shop, "Often", triggers=["PRIORITY_CHANGED"], actions=[{"kind": "ADD_NOTE", "text": "Again."}])
    async with shop.stack.worker():
        conversation = await shop.asked()
        await shop.idle()
        for turn in range(MOST_RUNS + 2):
            await _set_priority(shop, conversation, Priority.LOW if turn % 2 else Priority.HIGH)
        await shop.idle()
        runs = await log(shop, rule=rule["id"])
        assert [run["outcome"] for run in runs] == ["BLOCKED", *["APPLIED"] * MOST_RUNS]
        await shop.done(shop.admin.ask(CHANGE, input={"ruleId": rule["id"], "place": 3}))
        await _set_priority(shop, conversation, Priority.URGENT)
        await shop.idle()
    assert len(await log(shop, rule=rule["id"])) == MOST_RUNS + 2  # it was looked at again


async def _set_priority(shop: Shop, conversation: str, priority: Priority) -> None:
    async with shop.parts.units(system_of(shop.company.id)) as unit:
        held = await unit.conversations.get(inner(conversation))
        held.sort(PriorityChanged(priority))
        await unit.commit(Receipt(held.id))


async def test_a_job_that_is_done_again_does_nothing_again(shop: Shop) -> None:
    actions = [{"kind": "SEND_MESSAGE", "text": "We are on it."}, {"kind": "ADD_NOTE", "text": "Once."}]
    await create(shop, "Once", actions=actions)
    async with shop.stack.worker():
        conversation = await shop.asked()
        await shop.idle()
    event = await event_of(shop, conversation, "MessageSent")
    automation = shop.parts.desk.automation
    await asyncio.gather(*(automation.run(event) for _ in range(3)))
    run = (await log(shop, conversation=conversation))[0]["id"]
    async with shop.parts.units(system_of(shop.company.id)) as unit:  # as if its worker had died before it could say so
        half_done = await unit.rule_runs.find(inner(run))
        assert half_done is not None
        await unit.rule_runs.finish(replace(half_done, finished_at=None))
        await unit.commit(Receipt(half_done.id))
    await automation.run(event)
    assert (await log(shop, conversation=conversation))[0]["finishedAt"] is not None
    assert len(await shop.told(conversation, "NoteAdded")) == 1
    assert len(await shop.told(conversation, "MessageSent")) == 2


async def test_a_dry_run_says_what_would_have_been_done_and_does_nothing(shop: Shop) -> None:
    async with shop.stack.worker():
        yes, no = await shop.asked("A refund, please."), await shop.asked("Hello.")
        await shop.idle()
    before = len(await shop.told(yes))
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    condition = {"all": [REFUND, {"fact": "conversation.state", "is": "with_assistant"}]}
    tried = {"triggers": ["CUSTOMER_WROTE", "HANDED_OVER"], "condition": condition, "actions": [URGENT], "since": since}
    found = (await shop.admin.ask(DRY_RUN, input=tried))["dryRunRule"]
    by_event = {(one["conversation"]["id"], one["trigger"]): one for one in found}
    assert len(by_event) == 4
    assert by_event[yes, "CUSTOMER_WROTE"]["applies"]  # the assistant still had it then
    assert by_event[yes, "CUSTOMER_WROTE"]["actions"] == [{"kind": "SET_PRIORITY"}]
    assert not by_event[yes, "HANDED_OVER"]["applies"]
    assert by_event[no, "CUSTOMER_WROTE"]["reasons"] == ["message.text contains refund: no, it was Hello."]
    assert len(await shop.told(yes)) == before
    assert await log(shop) == []


async def test_what_a_rule_names_must_be_there_and_mean_something(shop: Shop, database_url: str) -> None:
    async def problem(**said: Any) -> Any:
        given = {"name": "R", "triggers": ["RESOLVED"], "condition": {}, "actions": [URGENT], **said}
        return (await shop.admin.ask(CREATE, input=given))["createRule"]

    assert (await problem(actions=[{"kind": "SET_PRIORITY"}]))["fields"][0]["path"] == "input.actions.0.priority"
    assert (await problem(actions=[{"kind": "RESOLVE", "text": "x"}]))["fields"][0]["path"] == "input.actions.0.text"
    assert (await problem(condition={"fact": "nothing"}))["fields"][0]["path"] == "input.condition"
    stranger = await found_company(database_url)
    other = Shop(shop.stack, shop.parts, stranger)
    theirs = await shop.parts.desk.triage.tags.create(stranger.admin, "Theirs", TagColor.GRAY)
    tag = global_id("Tag", theirs.id)
    assert (await problem(condition={"fact": "conversation.tags", "any": [tag]}))["code"] == "NOT_FOUND"
    assert (await problem(actions=[{"kind": "ADD_TAGS", "tagIds": [tag]}]))["code"] == "NOT_FOUND"
    rule = await create(shop, "Ours")
    assert (await other.admin.ask("{ rules { id } }"))["rules"] == []
    assert (await other.admin.ask(DELETE, id=rule["id"]))["deleteRule"]["code"] == "NOT_FOUND"
    refused = await shop.agent.ask(DELETE, id=rule["id"])
    assert refused["deleteRule"]["code"] == "FORBIDDEN"
    assert (await shop.done(shop.admin.ask(DELETE, id=rule["id"])))["deletedId"] == rule["id"]


def test_a_recipe_is_kept_as_it_was_said() -> None:
    recipe = Recipe("R", (Trigger.WOKEN,), {}, (Action(ActionKind.SET_PRIORITY, priority=Priority.LOW),))
    assert Action.of(recipe.actions[0].stored()) == recipe.actions[0]


async def test_the_log_is_kept_for_thirty_days(shop: Shop) -> None:
    rule = await create(shop, "Logged")
    async with shop.stack.worker():
        await shop.asked()
        await shop.asked()
        await shop.idle()
    old, young = await log(shop, rule=rule["id"])
    for run, days in ((old, 31), (young, 29)):
        async with shop.parts.database.tenant(shop.company.id) as connection:
            aged = update(rule_runs).where(rule_runs.c.id == inner(run["id"]))
            await connection.execute(aged.values(at=datetime.now(UTC) - timedelta(days=days)))
            await connection.commit()
    await shop.parts.pruning.prune()
    assert [run["id"] for run in await log(shop, rule=rule["id"])] == [young["id"]]


async def test_nobody_reaches_further_by_a_rule_than_by_themselves(shop: Shop) -> None:
    recipe = Recipe("Mine", (Trigger.CUSTOMER_WROTE,), {}, (Action(ActionKind.RESOLVE),))
    for scope in (Scope.OWN, Scope.TEAM):
        narrow = {**everything(), Permission.REPLY_TO_CONVERSATIONS: scope}
        with pytest.raises(ForbiddenError):
            await shop.parts.desk.rules.create(replace(shop.company.admin, grants=narrow), recipe)
