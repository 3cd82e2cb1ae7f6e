"""Numbers in the console: what customers say arrives there, an address shows the same to everybody, and numbers explain
themselves."""

from __future__ import annotations

import re

from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.browser.browsing import People
from tests.browser.chatting import opened, reply, row_of, say
from tests.browser.running import AGENT, OWNER
from tests.stack import Client

WITHIN = 45_000
"""Milliseconds: a page asks again every quarter of a minute, and the worker counts within seconds."""
TODAY = "/analytics/overview?range=today&compare=none&channel=chat"


async def helped(chat: FrameLocator, agent: Page, words: str) -> None:
    """A customer asks for a person, who replies and resolves it."""
    await say(chat, words)
    await chat.get_by_role("button", name="Talk to a person").click()
    await agent.goto("/inbox/waiting")
    await row_of(agent, words).click()
    await reply(agent, "It is on its way.", act="Take over and send")
    await agent.get_by_role("button", name="Resolve", exact=True).click()


def figure(page: Page, name: str) -> Locator:
    """The button of a number."""
    return page.get_by_role("button", name=re.compile(f"^{re.escape(name)}: ")).first


async def number(shown: Locator) -> int:
    """What a count says."""
    return int(re.sub(r"\D", "", await shown.inner_text()))


async def test_what_a_customer_says_arrives_in_the_dashboard_with_its_meaning(people: People, owner: Client) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent, people.visitor(OWNER) as ines:
        chat, board = await opened(customer.page), ines.page
        words = "Where is the parcel that I am counting on?"
        await helped(chat, agent.page, words)
        await board.goto(TODAY)
        answers = figure(board, "Survey answers")
        await expect(answers).to_be_visible(timeout=WITHIN)
        before = await number(answers)
        await chat.get_by_role("radio", name="Very good").check(force=True)  # its face stands in its place
        await chat.get_by_role("button", name="Send", exact=True).first.click()
        await expect(answers).to_have_text(str(before + 1), timeout=WITHIN)
        await answers.click()
        detail = board.get_by_role("dialog", name="Survey answers")
        await expect(detail.get_by_role("heading", name="Definition")).to_be_visible()
        await expect(detail.get_by_text("FROM rating_fact")).to_be_visible()
        await expect(detail.get_by_text("Counted in: a number of things")).to_be_visible()
        behind = detail.get_by_role("list", name="Conversations behind it").get_by_role("link")
        await expect(behind).to_have_count(before + 1)
        await behind.filter(has_text=words).last.click()
        await expect(board).to_have_url(re.compile("/inbox/open/"))
        await expect(board.get_by_text("It is on its way.").first).to_be_visible()
        assert customer.complaints == agent.complaints == ines.complaints == []


async def test_an_address_carries_what_is_asked(people: People) -> None:
    async with people.visitor(OWNER) as ines:
        board = ines.page
        await board.goto("/analytics")
        await board.get_by_role("button", name=re.compile("Range")).click()
        await board.get_by_role("option", name="Last 7 days").click()
        await expect(board).to_have_url(re.compile(r"/analytics/overview\?range=7d$"))
        await board.goto(f"{board.url}&channel=chat&priority=")
        for chip in ("Remove the filter Channel: Chat", "Remove the filter Priority: None"):
            await expect(board.get_by_role("button", name=chip)).to_be_visible()
        await board.get_by_role("button", name="Remove the filter Priority: None").click()
        await board.get_by_role("link", name="People", exact=True).click()
        await expect(board).to_have_url(re.compile(r"/analytics/people\?range=7d&channel=chat$"))
        assert ines.complaints == []


async def test_who_may_not_ask_for_numbers_is_offered_none(people: People) -> None:
    async with people.visitor(AGENT) as agent:
        await agent.page.goto("/inbox/open")
        await expect(agent.page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()
        await expect(agent.page.get_by_role("link", name="Analytics", exact=True)).to_have_count(0)
        await agent.page.goto("/analytics/overview")
        await expect(agent.page).to_have_url(re.compile("/analytics/ratings"))
        await expect(agent.page.get_by_role("link", name="Overview", exact=True)).to_have_count(0)
        assert agent.complaints == []
