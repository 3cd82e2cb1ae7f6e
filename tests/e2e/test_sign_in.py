"""Signing in and out, in a browser."""

import re

from playwright.async_api import expect

from tests.browser.browsing import People, sign_in
from tests.browser.running import AGENT, OWNER


async def test_somebody_signs_in_and_out_again(people: People) -> None:
    async with people.visitor() as one:
        await sign_in(one.page, AGENT, people.parley.password)
        await expect(one.page).to_have_url(re.compile("/inbox"))
        await one.page.get_by_role("button", name="Your account").click()
        await one.page.get_by_role("menuitem", name="Sign out").click()
        await expect(one.page.get_by_role("heading", name="Sign in to Parley")).to_be_visible()
        assert not one.complaints


async def test_a_wrong_password_is_told_where_it_was_typed(people: People) -> None:
    async with people.visitor() as one:
        await one.page.goto("/sign-in")
        await one.page.get_by_label("E-mail address").fill(OWNER)
        await one.page.get_by_label("Password").fill("not the password")
        await one.page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(one.page.get_by_role("alert")).to_be_visible()
        await expect(one.page.get_by_label("E-mail address")).to_have_value(OWNER)


async def test_whoever_is_sent_to_sign_in_comes_back_where_they_were(people: People) -> None:
    async with people.visitor() as one:
        await one.page.goto("/settings/tags")
        await expect(one.page).to_have_url(re.compile("/sign-in"))
        await one.page.get_by_label("E-mail address").fill(OWNER)
        await one.page.get_by_label("Password").fill(people.parley.password)
        await one.page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(one.page).to_have_url(re.compile("/settings/tags"))
        await expect(one.page.get_by_role("heading", level=1)).to_have_text("Tags")
