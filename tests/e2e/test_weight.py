"""How much JavaScript comes before somebody can work: measured on the built files, as they travel."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from playwright.async_api import Page, Response, expect

from tests.browser.browsing import People, settled
from tests.browser.running import AGENT, DIST

MOST = 250_000
"""Bytes of the inbox's JavaScript with a conversation open, compressed by gzip."""
CHAT = 60_000
"""The same for the widget: what its launcher and its panel need."""


async def scripts(page: Page, path: str) -> Mapping[str, int]:
    """The gzipped bytes of every script that a page loads."""
    seen: set[str] = set()

    def hear(response: Response) -> None:
        path = urlsplit(response.url).path
        if path.endswith(".js"):
            seen.add(path[1:])

    page.on("response", hear)
    await page.goto(path)
    await page.wait_for_load_state("networkidle")
    return {name: len(gzip.compress((DIST / name).read_bytes())) for name in seen}


async def test_the_inbox_is_light_with_a_conversation_open(people: People, ids: Mapping[str, str]) -> None:
    async with people.visitor(AGENT) as one:
        loaded = await scripts(one.page, f"/inbox/open/{quote(ids['conversation'])}")
        await settled(one.page)
        await expect(one.page.get_by_role("textbox", name="Reply")).to_be_visible()
        await expect(one.page.get_by_role("complementary", name="Details").get_by_role("heading")).not_to_have_count(0)
    assert len(loaded) > 5
    assert sum(loaded.values()) <= MOST, sorted(loaded.items(), key=lambda file: -file[1])[:8]


async def test_the_widget_is_light(people: People) -> None:
    async with people.visitor() as one:
        loaded = await scripts(one.page, "/demo")
        await one.page.frame_locator("iframe").get_by_role("button", name="Open the chat").click()
        await expect(one.page.frame_locator("iframe").get_by_role("dialog")).to_be_visible()
    assert "widget.js" in loaded
    assert sum(loaded.values()) <= CHAT, sorted(loaded.items(), key=lambda file: -file[1])[:8]
