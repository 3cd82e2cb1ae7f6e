"""Work at the desk: ten thousand conversations, an import with a broken file, keys alone, and a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from infra.demo.ids import ORGANIZATION_ID
from tests.browser.browsing import PHONE, People, settled
from tests.browser.chatting import QUESTION, opened, reply, row_of, say
from tests.browser.running import AGENT, OWNER, Parley
from tests.browser.world import database_of

MANY = 10_000
MULTIPLY = """
INSERT INTO conversation
SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(), 'last_activity_at', one.last_activity_at - n * interval '1 minute'))).*
FROM conversation one, generate_series(1, :times) n
WHERE one.id = (SELECT id FROM conversation WHERE state = 'resolved' ORDER BY started_at LIMIT 1)
"""


async def multiply(parley: Parley, times: int) -> None:
    """Copy a settled conversation into the past, as often as this, in the database itself."""
    async with database_of(parley) as (database, _), database.tenant(ORGANIZATION_ID) as connection:
        made = await connection.execute(text(MULTIPLY), {"times": times})
        assert made.rowcount == times
        await connection.commit()


async def drawn(page: Page) -> list[str]:
    """The addresses of the conversations that stand in the page."""
    rows = page.get_by_role("list", name="Conversations").get_by_role("link")
    return [await row.get_attribute("href") or "" for row in await rows.all()]


@pytest.mark.usefixtures("ids")
async def test_of_ten_thousand_conversations_those_in_sight_are_drawn(people: People) -> None:
    await multiply(people.parley, MANY)
    async with people.visitor(AGENT) as one:
        await one.page.goto("/inbox/resolved")
        await expect(one.page.get_by_role("list", name="Conversations").get_by_role("link").first).to_be_visible()
        seen: set[str] = set()
        await one.page.get_by_role("list", name="Conversations").hover()
        for _ in range(40):
            rows = await drawn(one.page)
            assert 5 < len(rows) < 80
            seen |= set(rows)
            await one.page.mouse.wheel(0, 1_000)
            await one.page.wait_for_timeout(60)
        assert len(seen) > 200, "it went on loading as one scrolled"
        assert not one.complaints


async def test_an_import_tells_which_file_it_cannot_read_and_takes_the_others(people: People, tmp_path: Path) -> None:
    good, broken = tmp_path / "lanterns.md", tmp_path / "broken.pdf"
    good.write_text("# Lanterns\n\nOur lanterns burn for six hours with one candle.\n")
    broken.write_bytes(b"%PDF-1.7 and then nothing that a reader could read")
    async with people.visitor(OWNER) as one:
        await one.page.goto("/knowledge/import")
        async with one.page.expect_file_chooser() as chooser:
            await one.page.get_by_role("button", name="Choose files").click()
        await (await chooser.value).set_files([good, broken])
        await expect(one.page.get_by_text("2 files are ready.")).to_be_visible()
        await one.page.get_by_role("combobox", name="Source").fill("Lights")
        await one.page.keyboard.press("Tab")
        await one.page.get_by_role("button", name="Import", exact=True).click()
        await expect(one.page.get_by_text("1 file could not be read. The others are in.")).to_be_visible()
        await expect(one.page.get_by_text("broken.pdf").last).to_be_visible()
        await expect(one.page.get_by_text("1 new, 0 changed, 0 as before")).to_be_visible()
        assert not one.complaints


async def test_somebody_without_a_mouse_signs_in_finds_answers_and_settles(people: People) -> None:
    async with people.visitor() as customer, people.visitor() as agent:
        chat = await opened(customer.page)
        await say(chat, f"No mouse: {QUESTION}")
        await expect(chat.get_by_role("list", name="Sources")).to_be_visible()
        keys = agent.page.keyboard
        await agent.page.goto("/sign-in?next=/inbox/open")
        await expect(agent.page.get_by_label("E-mail address")).to_be_focused()
        await keys.type(AGENT)
        await keys.press("Tab")
        await keys.type(people.parley.password)
        await keys.press("Enter")
        await expect(row_of(agent.page, "No mouse:")).to_be_visible()
        await keys.press("j")
        await expect(row_of(agent.page, "No mouse:")).to_be_focused()
        await keys.press("Enter")
        await expect(agent.page.get_by_role("button", name="Take over", exact=True)).to_be_visible()
        await keys.press("a")
        await expect(agent.page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
        await keys.press("r")
        await expect(agent.page.get_by_role("textbox", name="Reply")).to_be_focused()
        await keys.type("By keys alone.")
        await keys.press("Control+Enter")
        await expect(chat.get_by_role("log").get_by_text("By keys alone.")).to_be_visible()
        await agent.page.get_by_role("textbox", name="Reply").blur()
        await keys.press("e")
        await expect(agent.page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()
        assert not agent.complaints


async def test_a_phone_shows_list_conversation_and_details_one_after_the_other(people: People) -> None:
    async with people.visitor() as customer, people.visitor(AGENT, viewport=PHONE, has_touch=True) as agent:
        chat = await opened(customer.page)
        await say(chat, f"On a phone: {QUESTION}")
        await expect(chat.get_by_role("list", name="Sources")).to_be_visible()
        await agent.page.goto("/inbox/open")
        await row_of(agent.page, "On a phone:").tap()
        await expect(agent.page.get_by_role("list", name="Conversations")).to_have_count(0)
        await reply(agent.page, "From a phone.", act="Take over and send")
        await expect(chat.get_by_role("log").get_by_text("From a phone.")).to_be_visible()
        await agent.page.get_by_role("button", name="Details").tap()
        await expect(agent.page.get_by_role("heading", name="Customer")).to_be_visible()
        await agent.page.get_by_role("button", name="Back").tap()
        await agent.page.get_by_role("button", name="Back").tap()
        await settled(agent.page)
        await expect(agent.page.get_by_role("list", name="Conversations")).to_be_visible()
        assert not agent.complaints
