"""A macro does all it says or nothing, says what people mean, and is its owner's."""

import asyncio
from typing import Any

import pytest

from tests.documents import CONVERSATION, command
from tests.triage.conftest import Desk
from tests.triage.documents import begun, do, done, listed

pytestmark = pytest.mark.asyncio(loop_scope="module")
PREVIEW = "query P($c: ID!, $m: ID!) { macroPreview(conversationId: $c, macroId: $m) { text missing } }"
APPLIED = "conversation { state triage { priority isSnoozed tags { name } } } sentMessage { text }"
TEXT = "Hello {{customer.name}}, {{agent.name|we}} will see to your {{attribute.model|kettle}}."


async def made(desk: Desk, **input: Any) -> str:
    """A macro that everybody has."""
    came = await done(desk.admin, "createMacro", "macro { id }", name="M", isShared=True, **input)
    identity: str = came["macro"]["id"]
    return identity


async def test_all_of_a_macro_happens_in_one_go(desk: Desk) -> None:
    tag = (await done(desk.admin, "createTag", "tag { id }", name="Kettle"))["tag"]["id"]
    wanted = {"appliesTo": "CONVERSATION", "key": "model", "label": "Model", "kind": "TEXT"}
    await done(desk.admin, "defineAttribute", "__typename", **wanted)
    actions = {"handling": "TAKE_OVER", "priority": "LOW", "addTagIds": [tag], "snoozeUntilReply": True}
    macro = await made(desk, text=TEXT, actions=actions)
    conversation = await begun(desk.customer)
    said = "Hello Person 0, Person 2 will see to your kettle."
    seen = await desk.agent.ask(PREVIEW, c=conversation, m=macro)
    assert seen["macroPreview"] == {"text": said, "missing": []}
    came = await done(desk.agent, "applyMacro", APPLIED, conversationId=conversation, macroId=macro, idempotencyKey="k")
    again = await done(
        desk.agent, "applyMacro", APPLIED, conversationId=conversation, macroId=macro, idempotencyKey="k"
    )
    triage = {"priority": "LOW", "isSnoozed": True, "tags": [{"name": "Kettle"}]}
    assert came == again
    assert came["conversation"] == {"state": "WITH_PERSON", "triage": triage}
    assert came["sentMessage"]["text"] == said
    messages = (await desk.customer.ask(CONVERSATION, id=conversation))["conversation"]["messages"]["nodes"]
    assert [message["text"] for message in messages].count(said) == 1


async def test_what_cannot_be_done_in_full_is_not_done_at_all(desk: Desk) -> None:
    wanted = {"appliesTo": "CONVERSATION", "key": "invoice", "label": "Invoice", "kind": "TEXT"}
    await done(desk.admin, "defineAttribute", "__typename", **wanted)
    actions = {"handling": "TAKE_OVER", "priority": "URGENT", "resolve": True}
    macro = await made(desk, text="Your invoice {{attribute.invoice}} is paid.", actions=actions)
    conversation = await begun(desk.customer)
    assert (await desk.agent.ask(PREVIEW, c=conversation, m=macro))["macroPreview"]["missing"] == ["attribute.invoice"]
    refused = await do(desk.agent, "applyMacro", APPLIED, conversationId=conversation, macroId=macro)
    assert refused["code"] == "INVALID_STATE"
    assert await listed(desk.agent, filter={"priorities": ["URGENT"]}) == []
    assert await listed(desk.agent, filter={"isMine": True}) == []
    value = {"key": "invoice", "value": "{{agent.name}}"}
    await done(desk.agent, "setConversationAttributes", conversationId=conversation, attributes=[value])
    came = await done(desk.agent, "applyMacro", APPLIED, conversationId=conversation, macroId=macro)
    assert came["sentMessage"]["text"] == "Your invoice {{agent.name}} is paid."
    assert came["conversation"]["state"] == "RESOLVED"


async def test_of_two_who_use_it_at_once_one_has_the_conversation(desk: Desk) -> None:
    macro = await made(desk, text="I am here.", actions={"handling": "TAKE_OVER"})
    conversation = await begun(desk.customer)
    people = (desk.agent, desk.other_agent)
    came = await asyncio.gather(
        *(do(who, "applyMacro", APPLIED, conversationId=conversation, macroId=macro) for who in people)
    )
    assert sorted(one["__typename"] for one in came) == ["AlreadyAssignedError", "ApplyMacroSuccess"]


async def test_a_text_without_taking_over_needs_the_conversation(desk: Desk) -> None:
    macro = await made(desk, text="Hello.")
    conversation = await begun(desk.customer)
    refused = await do(desk.agent, "applyMacro", APPLIED, conversationId=conversation, macroId=macro)
    assert refused["code"] == "FORBIDDEN"
    await desk.agent.ask(command("takeOverConversation"), id=conversation)
    await done(desk.agent, "applyMacro", APPLIED, conversationId=conversation, macroId=macro)
    customers = await do(desk.customer, "applyMacro", APPLIED, conversationId=conversation, macroId=macro)
    assert customers["code"] == "FORBIDDEN"


async def test_macros_that_make_no_sense_are_refused_and_ones_own_are_ones_own(desk: Desk) -> None:
    for wrong in (
        {"text": "{{customer.email}}"},
        {},
        {"actions": {"resolve": True, "snoozeUntilReply": True}},
        {"actions": {"snoozeMinutes": 0}},
        {"actions": {"attributes": [{"key": "unknown", "value": 1}]}},
    ):
        assert (await do(desk.agent, "createMacro", "__typename", name="x", **wrong))["code"] == "INVALID_INPUT", wrong
    mine = (await done(desk.agent, "createMacro", "macro { id }", name="Mine", text="x"))["macro"]["id"]
    conversation = await begun(desk.customer)
    assert await desk.other_agent.ask("{ macros { name } }") == {"macros": []}
    assert (await desk.other_agent.ask(PREVIEW, c=conversation, m=mine))["macroPreview"] is None
    for name in ("deleteMacro", "changeMacro"):
        assert (await do(desk.other_agent, name, "__typename", macroId=mine))["code"] == "NOT_FOUND"
    theirs = await do(desk.other_agent, "applyMacro", APPLIED, conversationId=conversation, macroId=mine)
    assert theirs["code"] == "NOT_FOUND"
    shared = await do(desk.agent, "createMacro", "__typename", name="x", text="x", isShared=True)
    assert shared["code"] == "FORBIDDEN"
