"""Scores of Lighthouse for sign-in, inbox and widget demo, and how soon the console reacts: `make lighthouse`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.browser.browsing import ALONE, DESK, AbsentError, program, settled, sign_in
from tests.browser.running import OWNER, ROOT, Parley, free_port, up
from tests.browser.world import furnish, owning

PROGRAM = ROOT / "web/node_modules/lighthouse/cli/index.js"
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100}
PAGES = (("/sign-in", "desktop"), ("/inbox/open", "desktop"), ("/demo", "desktop"), ("/demo", "mobile"))
SLOWEST = 100
"""Milliseconds from a key or a press to the next paint."""
OBSERVE = """
() => {
  window.reactions = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) window.reactions.push(entry.duration);
  }).observe({type: "event", durationThreshold: 16, buffered: true});
}"""
KEYS = ("j", "j", "k", "j", "Enter", "j", "Enter", "Control+k", "Escape", "?", "Escape", "g", "k", "g", "i")


async def scores(address: str, port: int, form: str) -> tuple[dict[str, int], list[str]]:
    """The scores of a page in the browser that listens on a port, and the audits that are not whole."""
    command = ("node", str(PROGRAM), address, f"--port={port}", "--output=json", "--quiet", "--disable-storage-reset")
    only = f"--only-categories={','.join(AIMS)}"
    preset = ("--preset=desktop",) if form == "desktop" else ()
    running = await asyncio.create_subprocess_exec(*command, only, *preset, stdout=asyncio.subprocess.PIPE)
    written, _ = await running.communicate()
    report: dict[str, Any] = json.loads(written)
    found = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in AIMS}
    weak = [
        f"{name}: {report['audits'][one['id']]['title']}"
        for name in AIMS
        if found[name] < AIMS[name]
        for one in report["categories"][name]["auditRefs"]
        if one["weight"] and (report["audits"][one["id"]]["score"] or 0) < 0.9
    ]
    return found, weak


async def slowest_reaction(page: Page) -> float:
    """Milliseconds of the slowest of a run's interactions in the inbox, from input to paint."""
    await page.goto("/inbox/open")
    await settled(page)
    await page.evaluate(OBSERVE)
    for key in KEYS:
        await page.keyboard.press(key)
        await page.wait_for_timeout(400)
    reactions: list[float] = await page.evaluate("window.reactions")
    return max(reactions, default=0.0)


async def run(parley: Parley, profile: Path) -> int:
    """Print a line for each page; 1 when an aim is missed."""
    async with owning(parley) as owner:
        await furnish(owner)
    port, missed = free_port(), 0
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=program(),
            args=[*ALONE, f"--remote-debugging-port={port}"],
            base_url=parley.address,
            viewport=DESK,
        )
        page = context.pages[0]
        for path, form in PAGES:
            if path == "/inbox/open":
                await sign_in(page, OWNER, parley.password)
            found, weak = await scores(parley.address + path, port, form)
            print(f"{path:12} {form:8}", *(f"{name} {found[name]:3}" for name in AIMS), *weak, sep="  ")
            missed += any(found[name] < aim for name, aim in AIMS.items())
        slowest = await slowest_reaction(page)
        print(f"slowest reaction in the inbox: {slowest:.0f} ms (aim: {SLOWEST})")
        await context.close()
    return int(missed > 0 or slowest > SLOWEST)


def main(arguments: Sequence[str]) -> int:
    """Start a Parley of its own for it; `FOLDER:PORT` looks at one that runs."""
    try:
        program()
    except AbsentError as why:
        sys.exit(str(why))
    with tempfile.TemporaryDirectory(prefix="parley-") as made:
        folder = Path(made)
        (folder / "profile").mkdir()
        if arguments:
            at, _, port = arguments[0].rpartition(":")
            return asyncio.run(run(Parley(f"http://127.0.0.1:{port}", Path(at)), folder / "profile"))
        with up(folder) as parley:
            return asyncio.run(run(parley, folder / "profile"))


if __name__ == "__main__":
    os.environ.pop("CI", None)
    sys.exit(main(sys.argv[1:]))
