"""The system's Chromium, and people in it: each has a context of its own, and whatever a page complains of is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    ViewportSize,
    async_playwright,
    expect,
)

from tests.browser.running import DIST, Parley

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ABSENT = "No Chromium is here: install it (Debian and Ubuntu: apt-get install chromium) and run this again."
UNBUILT = "The web app is not built: say `make web`."
ALONE = (
    "--no-sandbox",  # refused by Chromium for root, as which containers run tests
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)
PHONE = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}


@dataclass
class Visitor:
    """Somebody with a browser window: `complaints` has errors of the console and of scripts, and refused requests."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "ERR_INTERNET_DISCONNECTED" not in message.text:
            self.complaints.append(message.text)


class AbsentError(Exception):
    """There is nothing to look with, or nothing to look at; the message says how to get it."""


def program() -> str:
    """Where the system's Chromium is. Raises AbsentError, also where the web app is not built."""
    if not (DIST / "index.html").is_file():
        raise AbsentError(UNBUILT)
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    raise AbsentError(ABSENT)


@asynccontextmanager
async def chromium(*args: str) -> AsyncIterator[Browser]:
    """The system's own, with more arguments of its command line. Raises AbsentError."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=[*ALONE, *args])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class People:
    """Who looks at one Parley; people who sign in do so once, and keep their cookies."""

    parley: Parley
    browser: Browser
    cookies: dict[str, StorageState] = field(default_factory=dict)

    @asynccontextmanager
    async def visitor(self, email: str | None = None, **options: Any) -> AsyncIterator[Visitor]:
        """A window of its own, signed in where an address is given; `options` are of Playwright's context."""
        if email:
            options["storage_state"] = await self._signed_in(email)
        context = await self._context(**options)
        try:
            yield Visitor(await context.new_page())
        finally:
            await context.close()

    async def _context(self, **options: Any) -> BrowserContext:
        usual = {"base_url": self.parley.address, "viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce"}
        context = await self.browser.new_context(**{**usual, **options})
        context.set_default_timeout(1000 * int(os.environ.get("PARLEY_TEST_PATIENCE") or 20))
        return context

    async def _signed_in(self, email: str) -> StorageState:
        if email not in self.cookies:
            context = await self._context()
            await sign_in(await context.new_page(), email, self.parley.password)
            self.cookies[email] = await context.storage_state()
            await context.close()
        return self.cookies[email]


async def sign_in(page: Page, email: str, password: str) -> None:
    """By the form, as somebody does."""
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("navigation", name="Main")).to_be_visible()


async def settled(page: Page) -> None:
    """Until a page shows what it is about, and waits for nothing more."""
    await expect(page.get_by_role("heading", level=1).first).to_be_visible()
    await expect(page.get_by_role("status", name="Loading …")).to_have_count(0)
