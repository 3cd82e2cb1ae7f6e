"""Takes a picture of every page, light and dark, on a desk and on a phone: `make screenshots`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

from playwright.async_api import Error, Page

from tests.browser.browsing import DESK, PHONE, AbsentError, People, chromium, program, settled
from tests.browser.chatting import opened, say
from tests.browser.places import PLACES, Place
from tests.browser.running import OWNER, ROOT, Parley, up
from tests.browser.world import furnish, owning

FOLDER = ROOT / "web/screenshots"
SIZES: Mapping[str, Mapping[str, Any]] = {
    "desktop": {"viewport": DESK},
    "phone": {"viewport": PHONE, "has_touch": True, "device_scale_factor": 2},
}
THEMES = ("light", "dark")
QUESTION = "How long may I take to return a coat?"
"""What the README asks."""


async def take_all(people: People, ids: Mapping[str, str]) -> list[str]:
    """Pictures of all pages; gives what went wrong."""
    problems: list[str] = []
    for (size, options), theme in product(SIZES.items(), THEMES):
        async with (
            people.visitor(OWNER, color_scheme=theme, **options) as inside,
            people.visitor(color_scheme=theme, **options) as outside,
        ):
            for place in PLACES:
                page = (outside if place.is_open else inside).page
                problems += await _take(page, place, ids, f"{place.name}-{theme}-{size}")
            await _chat(outside.page, f"chat-{theme}-{size}")
            problems += inside.complaints + outside.complaints
    return problems


async def _take(page: Page, place: Place, ids: Mapping[str, str], name: str) -> list[str]:
    try:
        await page.goto(place.path.format(**ids))
        await settled(page)
    except (AssertionError, Error) as error:
        return [f"{place.path}: {str(error).splitlines()[0]}"]
    finally:
        await page.screenshot(path=FOLDER / f"{name}.png")
    return []


async def _chat(page: Page, name: str) -> None:
    chat = await opened(page)
    box = chat.get_by_role("textbox", name="Your message")
    if not await chat.get_by_text(QUESTION).count():
        await say(chat, QUESTION)
    await chat.get_by_role("list", name="Sources").first.wait_for()
    await box.blur()
    await page.screenshot(path=FOLDER / f"{name}.png")


async def run(parley: Parley) -> int:
    """Furnish a desk and take the pictures; 1 when something went wrong."""
    FOLDER.mkdir(exist_ok=True)
    async with owning(parley) as owner, chromium() as browser:
        problems = await take_all(People(parley, browser), await furnish(owner))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}", *problems, sep="\n")
    return int(bool(problems))


def main() -> int:
    """Start a Parley of its own for it."""
    try:
        program()
    except AbsentError as why:
        sys.exit(str(why))
    with tempfile.TemporaryDirectory(prefix="parley-") as folder, up(Path(folder)) as parley:
        return asyncio.run(run(parley))


if __name__ == "__main__":
    sys.exit(main())
