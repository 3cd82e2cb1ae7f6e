"""Answers that come while the page is loaded anew or the network is gone: no gap, no repeat, nothing typed is lost."""

from __future__ import annotations

from playwright.async_api import FrameLocator, expect

from tests.browser.browsing import People
from tests.browser.chatting import PATIENT, SLOW, lengths, opened, reply, row_of, say
from tests.browser.running import AGENT
from tests.stack import Client

NO_SOCKETS = """
window.WebSocket = class extends WebSocket {
  constructor(url, protocols) { super(url.replace("/graphql", "/no-sockets-beyond-this-point"), protocols); }
};
"""
"""What a page runs first, so that each of its sockets is refused by something that answers everything else."""
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


async def test_where_sockets_are_refused_an_answer_streams_all_the_same(people: People, owner: Client) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent:
        streams: set[str] = set()
        for one in (customer, agent):
            await one.page.context.add_init_script(NO_SOCKETS)
            one.page.on("response", lambda heard: streams.add(heard.headers.get("content-type", "").split(";")[0]))
        await agent.page.goto("/inbox/open")
        await expect(agent.page.get_by_role("heading", level=1)).to_be_visible()
        chat = await opened(customer.page)
        await say(chat, f"Behind a wall: {SLOW}")
        await row_of(agent.page, "Behind a wall").click()
        await expect(agent.page.locator("[data-writing]")).not_to_be_empty()
        seen = await lengths(agent.page.locator("[data-writing]"), chat.get_by_role("list", name="Sources"))
        assert len(set(seen)) >= 5, "it appeared in one piece"
        assert "text/event-stream" in streams
        assert await shown(chat) == await stored(owner, "Behind a wall")


async def test_what_was_said_goes_out_from_wherever_one_is_by_then(people: People) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent:
        chat = await opened(customer.page)
        await say(chat, f"Will you be there: {PATIENT}")
        await agent.page.goto("/inbox/open")
        await row_of(agent.page, "Will you be there").click()
        await agent.page.get_by_role("button", name="Take over", exact=True).click()
        await expect(agent.page.get_by_role("button", name="Send", exact=True)).to_be_visible()
        await agent.page.context.set_offline(True)
        await reply(agent.page, "I said this in a tunnel.")
        await expect(agent.page.locator("[data-unsent]")).to_be_visible()
        await agent.page.get_by_role("link", name="All open").click()
        await expect(agent.page.get_by_role("textbox", name="Reply")).to_have_count(0)
        await agent.page.wait_for_timeout(3_000)  # until it has been tried, and given up
        await agent.page.context.set_offline(False)
        await expect(chat.get_by_role("log").get_by_text("I said this in a tunnel.")).to_be_visible()
