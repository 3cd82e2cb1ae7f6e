"""Answers that come while the page is loaded anew or the network is gone: no gap, no repeat, nothing typed is lost."""

from __future__ import annotations

from playwright.async_api import FrameLocator, expect

from tests.browser.browsing import People
from tests.browser.chatting import SLOW, opened, row_of, say
from tests.browser.running import AGENT
from tests.stack import Client

LAST = """
query Last { conversations(first: 5) { nodes { subject messages(last: 1) { nodes { text } } } } }
"""


async def stored(owner: Client, words: str) -> str:
    """The last message of the newest conversation whose subject has these words, as plain words."""
    found = (await owner.ask(LAST))["conversations"]["nodes"]
    texts = [one["messages"]["nodes"][0]["text"] for one in found if words in (one["subject"] or "")]
    return plain(texts[0])


def plain(text: str) -> str:
    """The words alone."""
    return " ".join(text.split())


async def shown(chat: FrameLocator) -> str:
    """What stands as the answer, once it is finished."""
    await expect(chat.get_by_role("list", name="Sources")).to_be_visible(timeout=60_000)
    return plain(await chat.locator(".prose").last.inner_text())


async def test_the_page_loaded_anew_goes_on_where_the_answer_is(people: People, owner: Client) -> None:
    async with people.visitor() as customer:
        chat = await opened(customer.page)
        await say(chat, f"I may reload: {SLOW}")
        await expect(chat.get_by_role("button", name="Stop")).to_be_visible()
        await customer.page.reload()
        await expect(chat.get_by_role("button", name="Stop")).to_be_visible()
        assert await shown(chat) == await stored(owner, "I may reload")
        assert await chat.get_by_role("log").get_by_text("I may reload").count() == 1


async def test_without_a_network_for_a_while_nothing_is_missing_afterwards(people: People, owner: Client) -> None:
    async with people.visitor() as customer:
        chat = await opened(customer.page)
        await say(chat, f"In a tunnel: {SLOW}")
        await expect(chat.get_by_role("button", name="Stop")).to_be_visible()
        await customer.page.context.set_offline(True)
        await expect(chat.get_by_text("You are offline.")).to_be_visible()
        await customer.page.wait_for_timeout(1_500)
        await customer.page.context.set_offline(False)
        assert await shown(chat) == await stored(owner, "In a tunnel")


async def test_what_is_said_without_a_network_goes_out_once_it_is_back(people: People) -> None:
    async with people.visitor() as customer:
        chat = await opened(customer.page)
        await customer.page.context.set_offline(True)
        await say(chat, "Do you repair coats?")
        await expect(chat.get_by_text("Not sent yet: trying again")).to_be_visible()
        await customer.page.context.set_offline(False)
        await expect(chat.get_by_role("button", name="Talk to a person")).to_be_visible()
        assert await chat.get_by_role("log").get_by_text("Do you repair coats?").count() == 1


async def test_a_draft_is_there_after_the_page_was_loaded_anew(people: People) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent:
        chat = await opened(customer.page)
        await say(chat, "Do you mend umbrellas?")
        await expect(chat.get_by_role("button", name="Talk to a person")).to_be_visible()
        await agent.page.goto("/inbox/open")
        await row_of(agent.page, "Do you mend umbrellas?").click()
        draft = agent.page.get_by_role("textbox", name="Reply")
        await draft.fill("Half an answer")
        await agent.page.reload()
        await expect(draft).to_have_value("Half an answer")
