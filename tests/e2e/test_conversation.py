"""A customer in the widget, an agent in the console: the same conversation, live on both sides."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.browsing import People
from tests.browser.chatting import PATIENT, QUESTION, lengths, opened, reply, row_of, say
from tests.browser.running import AGENT, OWNER
from tests.stack import Client


async def test_an_agent_takes_over_in_the_middle_of_an_answer_and_settles_it(people: People, owner: Client) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent:
        await agent.page.goto("/inbox/open")
        await expect(agent.page.get_by_role("heading", level=1)).to_be_visible()
        chat = await opened(customer.page)
        await say(chat, f"It is urgent: {PATIENT}")
        await expect(chat.get_by_role("button", name="Stop")).to_be_visible()
        await row_of(agent.page, "It is urgent:").click()
        await expect(agent.page.locator("[data-writing]")).not_to_be_empty()
        await agent.page.get_by_role("button", name="Take over", exact=True).click()
        await expect(chat.get_by_text("Stopped", exact=True)).to_be_visible()
        await expect(chat.get_by_text("You are talking with Nora")).to_be_visible()
        await reply(agent.page, "Nora here.")
        await expect(chat.get_by_role("log").get_by_text("Nora here.")).to_be_visible()
        await agent.page.get_by_role("button", name="Resolve", exact=True).click()
        await chat.get_by_role("radio", name="Very good").check(force=True)  # its face stands in its place
        await chat.get_by_role("button", name="Send", exact=True).first.click()
        await expect(chat.get_by_text("Thank you for your answer.")).to_be_visible()
        await expect(agent.page.get_by_text("Survey answered: 5 of 5")).to_be_visible()
        assert customer.complaints == agent.complaints == []


async def test_who_asks_for_a_person_waits_in_the_queue_until_one_comes(people: People) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent:
        chat = await opened(customer.page)
        await say(chat, "There is a white film on my boots")
        await chat.get_by_role("button", name="Talk to a person").click()
        await expect(chat.get_by_text("You are in line for a person.")).to_be_visible()
        await agent.page.goto("/inbox/waiting")
        await row_of(agent.page, "white film on my boots").click()
        await reply(agent.page, "That is wax, and it rubs off.", act="Take over and send")
        await expect(chat.get_by_role("log").get_by_text("That is wax, and it rubs off.")).to_be_visible()
        assert customer.complaints == agent.complaints == []


async def test_an_answer_grows_and_then_stands_as_it_is_stored(people: People) -> None:
    async with people.visitor() as customer:
        chat = await opened(customer.page)
        await say(chat, QUESTION)
        await expect(chat.get_by_role("button", name="Stop")).to_be_visible()
        seen = await lengths(chat.locator(".prose"), chat.get_by_role("list", name="Sources"))
        assert len(set(seen)) >= 5, "it appeared in one piece"
        assert seen == sorted(seen), "it lost some of what was there"


async def test_of_two_agents_one_has_a_conversation_and_the_other_sees_who(people: People) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as nora, people.visitor(OWNER) as ines:
        chat = await opened(customer.page)
        await say(chat, f"Who is first: {PATIENT}")
        for one in (nora, ines):
            await one.page.goto("/inbox/open")
            await row_of(one.page, "Who is first:").click()
        await expect(nora.page.get_by_role("button", name=re.compile("Ines.* here too"))).to_be_visible()
        draft = ines.page.get_by_role("textbox", name="Reply")
        await draft.fill("Ines was slower.")
        await expect(nora.page.get_by_text("Ines is typing …")).to_be_visible()
        await reply(nora.page, "Nora was quicker.", act="Take over and send")
        await expect(chat.get_by_role("log").get_by_text("Nora was quicker.")).to_be_visible()
        await expect(ines.page.get_by_text("Nora was quicker.").first).to_be_visible()
        await expect(ines.page.get_by_text("Nora has this conversation")).to_be_visible()
        await expect(draft).to_have_value("Ines was slower.")
        assert nora.complaints == ines.complaints == []


async def test_a_reply_written_without_a_network_goes_out_once_when_it_is_back(people: People) -> None:
    async with people.visitor() as customer, people.visitor(AGENT) as agent:
        chat = await opened(customer.page)
        await say(chat, f"No network: {PATIENT}")
        await agent.page.goto("/inbox/open")
        await row_of(agent.page, "No network:").click()
        await agent.page.get_by_role("button", name="Take over", exact=True).click()
        await expect(agent.page.get_by_role("button", name="Send", exact=True)).to_be_visible()
        await agent.page.context.set_offline(True)
        await expect(agent.page.get_by_text("You are offline.")).to_be_visible()
        await reply(agent.page, "Written in a tunnel.")
        await expect(agent.page.get_by_text("Not sent: the server cannot be reached.")).to_be_visible()
        await agent.page.context.set_offline(False)
        await expect(chat.get_by_role("log").get_by_text("Written in a tunnel.")).to_be_visible()
        await expect(agent.page.get_by_text("Not sent: the server cannot be reached.")).to_have_count(0)
        assert await chat.get_by_role("log").get_by_text("Written in a tunnel.").count() == 1
