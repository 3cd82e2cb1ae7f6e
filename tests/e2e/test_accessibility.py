"""axe finds no violation on any page, in light and in dark; and no page is forgotten."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect

from tests.browser.browsing import PHONE, People, Visitor, settled
from tests.browser.chatting import QUESTION, opened, say
from tests.browser.places import PLACES, SETTINGS, Place
from tests.browser.running import OWNER, ROOT

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
MISSING = "axe is not here: `make lint` installs what checks the web app."
RUN = """
async (only) => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  return found.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map((node) => node.html.slice(0, 300))}));
}"""
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that the theme decides."""


@cache
def axe() -> str:
    """The program; without it, whoever asks is skipped, and fails in CI, which installs it."""
    if not AXE.is_file():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    return AXE.read_text()


async def violations(page: Page, theme: Literal["light", "dark"], only: Mapping[str, Any]) -> list[Any]:
    """What axe finds in a theme, in the page and in its frames."""
    await page.emulate_media(color_scheme=theme)
    for frame in page.frames:
        if not await frame.evaluate("() => 'axe' in window"):
            await frame.evaluate(axe())
    return list(await page.evaluate(RUN, only))


async def assert_accessible(page: Page) -> None:
    """No violation in light, and no other colours' in dark."""
    light, dark = await violations(page, "light", ALL), await violations(page, "dark", COLOURS)
    assert not light, json.dumps(light, indent=1)
    assert not dark, f"in dark: {json.dumps(dark, indent=1)}"


async def look(one: Visitor, place: Place, ids: Mapping[str, str]) -> None:
    """At one page."""
    await one.page.goto(place.path.format(**ids))
    await settled(one.page)
    await assert_accessible(one.page)
    assert not one.complaints


@pytest.fixture(scope="module")
async def owner_here(people: People) -> AsyncIterator[Visitor]:
    """One window for all pages behind the door: it fetches no file twice."""
    async with people.visitor(OWNER) as one:
        yield one


@pytest.fixture(scope="module")
async def stranger(people: People) -> AsyncIterator[Visitor]:
    """One window for all pages before it."""
    async with people.visitor() as one:
        yield one


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_nothing_on_a_page_keeps_anybody_out(
    place: Place, owner_here: Visitor, stranger: Visitor, ids: Mapping[str, str]
) -> None:
    one = stranger if place.is_open else owner_here
    one.complaints.clear()
    await look(one, place, ids)


@pytest.mark.parametrize("path", ["/inbox/open", "/inbox/open/{conversation}", "/settings/tags", "/knowledge"])
async def test_nothing_on_a_phone_does(path: str, people: People, ids: Mapping[str, str]) -> None:
    async with people.visitor(OWNER, viewport=PHONE, has_touch=True) as one:
        await look(one, Place(path), ids)
        wide = await one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, "the page scrolls sideways"


async def test_nothing_in_the_open_chat_does(people: People) -> None:
    async with people.visitor() as one:
        chat = await opened(one.page)
        await say(chat, QUESTION)
        await expect(chat.get_by_role("list", name="Sources")).to_be_visible(timeout=60_000)
        await assert_accessible(one.page)


async def test_every_page_of_the_settings_is_looked_at(people: People) -> None:
    async with people.visitor(OWNER) as one:
        await one.page.goto("/settings/tags")
        await settled(one.page)
        links = one.page.locator("a[href^='/settings/']")
        found = {await link.get_attribute("href") for link in await links.all()}
        assert found <= {place.path for place in SETTINGS}, "tests/browser/places.py does not know them all"
