"""A customer in the widget, an agent in the console: the same conversation, live on both sides."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.e2e.browsing import People
from tests.e2e.running import AGENT
from tests.stack import Client

QUESTION = "How do I return something I bought?"
PATIENT = f"{QUESTION} Please wait for me."
SLOW = f"{QUESTION} Please tell me slowly."


async def opened(page: Page) -> FrameLocator:
    """The chat on the demo shop's page."""
    await page.goto("/demo")
    chat = page.frame_locator("iframe")
    await chat.get_by_role("button", name="Open the chat").click()
    return chat


async def say(chat: FrameLocator, text: str) -> None:
    """Write something and send it."""
    box = chat.get_by_role("textbox", name="Your message")
    await box.fill(text)
    await box.press("Enter")


async def lengths(words: Locator, until: Locator) -> list[int]:
    """How long a text was each time it was looked at, until something else is there."""
    seen: list[int] = []
    async with asyncio.timeout(30):
        while not await until.is_visible():
            if await words.count():
                seen.append(len(await words.last.inner_text()))
            await asyncio.sleep(0.05)
    return seen


def row_of(page: Page, subject: str) -> Locator:
    """The line of a conversation in the list, which comes by itself."""
    return page.get_by_role("list", name="Conversations").get_by_role("link").filter(has_text=subject).first


async def test_an_agent_takes_over_in_the_middle_of_an_answer_and_settles_it(people: People, owner: Client) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent:
        await agent.page.goto("/inbox/open")
        await expect(agent.page.get_by_role("heading", level=1)).to_be_visible()
        chat = await opened(customer.page)
        await say(chat, PATIENT)
        await expect(chat.get_by_role("button", name="Stop")).to_be_visible()
        await row_of(agent.page, PATIENT).click()
        await expect(agent.page.locator("[data-writing]")).not_to_be_empty()
        await agent.page.get_by_role("button", name="Take over", exact=True).click()
        await expect(chat.get_by_text("Stopped", exact=True)).to_be_visible()
        await expect(chat.get_by_text("You are talking with Nora")).to_be_visible()
        await agent.page.get_by_role("textbox", name=re.compile("Write to the customer|Reply")).fill("Nora here.")
        await agent.page.get_by_role("button", name="Send", exact=True).click()
        await expect(chat.get_by_text("Nora here.")).to_be_visible()
        await agent.page.get_by_role("button", name="Resolve").click()
        await chat.get_by_role("radio", name="Very good").check(force=True)
        await chat.get_by_role("button", name="Send", exact=True).last.click()
        await expect(chat.get_by_text("Thank you for your answer.")).to_be_visible()
        await expect(agent.page.get_by_text("Survey answered: 5 of 5")).to_be_visible()
        assert not customer.complaints
        assert not agent.complaints


async def test_an_answer_grows_and_then_stands_as_it_is_stored(people: People) -> None:
    async with people.visitor() as customer:
        chat = await opened(customer.page)
        await say(chat, QUESTION)
        stop, done = chat.get_by_role("button", name="Stop"), chat.get_by_role("list", name="Sources")
        await expect(stop).to_be_visible()
        seen = await lengths(chat.locator(".prose"), done)
        assert len(set(seen)) >= 5, "it appeared in one piece"
        assert seen == sorted(seen), "it lost some of what was there"
