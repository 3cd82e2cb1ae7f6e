"""What the guide to the inbox shows happens when it is done."""

import asyncio
from contextlib import aclosing

import pytest

from tests.test_readme import ROOT, documents
from tests.triage.conftest import Desk
from tests.triage.documents import begun, done

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_guides_story_happens(desk: Desk) -> None:
    sort, urgent, counts, apply = documents(ROOT / "docs" / "inbox.md")
    tag = (await done(desk.admin, "createTag", "tag { id }", name="Kettle"))["tag"]["id"]
    text = {"text": "Dear {{customer.name}}.", "actions": {"handling": "TAKE_OVER"}}
    macro = (await done(desk.agent, "createMacro", "macro { id }", name="Hello", **text))["macro"]["id"]
    await done(desk.agent, "createView", "__typename", name="Mine", filter={"isMine": True})
    conversation = await begun(desk.customer)
    sorted_ = (await desk.agent.ask(sort, conversation=conversation, tag=tag))["tagConversation"]
    assert sorted_["conversation"]["triage"]["tags"] == [{"name": "Kettle", "color": "GRAY"}]
    async with asyncio.timeout(20), aclosing(desk.agent.watch(counts)) as events:
        first = (await anext(events))["viewCountsChanged"]
        assert first == [{"count": 0, "isCapped": False, "view": {"name": "Mine"}}]
        said = (await desk.agent.ask(apply, conversation=conversation, macro=macro))["applyMacro"]
        assert said == {"sentMessage": {"text": "Dear Person 0."}, "conversation": {"state": "WITH_PERSON"}}
        assert (await anext(events))["viewCountsChanged"][0]["count"] == 1
    found = (await desk.agent.ask(urgent, tag=tag))["conversations"]["nodes"]
    assert [one["id"] for one in found] == [conversation]
