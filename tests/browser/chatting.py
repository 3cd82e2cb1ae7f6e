"""What customers and agents do in a conversation, and what the pages show of it."""

from __future__ import annotations

import asyncio

from playwright.async_api import FrameLocator, Locator, Page

QUESTION = "How do I return something I bought?"
PATIENT = "How do I return something? Please wait for me."
SLOW = "How do I return something? Slowly, please."


async def opened(page: Page) -> FrameLocator:
    """The chat on the demo shop's page."""
    await page.goto("/demo")
    chat = page.frame_locator("iframe")
    await chat.get_by_role("button", name="Open the chat").click()
    return chat


async def say(chat: FrameLocator, text: str) -> None:
    """Write something to the company and send it."""
    box = chat.get_by_role("textbox", name="Your message")
    await box.fill(text)
    await box.press("Enter")


async def reply(page: Page, text: str, *, act: str = "Send") -> None:
    """Answer a customer, by the button of this name."""
    await page.get_by_role("textbox", name="Reply").fill(text)
    await page.get_by_role("button", name=act, exact=True).click()


def row_of(page: Page, words: str) -> Locator:
    """The line of a conversation in the list, which comes by itself."""
    return page.get_by_role("list", name="Conversations").get_by_role("link").filter(has_text=words).first


async def lengths(words: Locator, until: Locator) -> list[int]:
    """How long the last of some texts was each time it was looked at, until something else is there."""
    seen: list[int] = []
    async with asyncio.timeout(60):
        while not await until.is_visible():
            if await words.count():
                seen.append(len(await words.last.inner_text()))
            await asyncio.sleep(0.05)
    return seen
