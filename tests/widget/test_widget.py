"""The widget of an inbox: what strangers see of it, who changes it, and which pages may show it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.account.organization import default_inbox_of
from domain.base import InvalidInputError
from domain.widget.colour import colour_of, contrast, ink_on
from domain.widget.widget import Appearance, Side, WidgetSettings
from infra import bootstrap
from infra.database import Database
from infra.demo import company as demo
from schema.base import global_id
from tests.documents import ERRORS
from tests.stack import Company, Stack, found_company, running, scripted

WIDGET = """query ($id: ID!) { widget(inboxId: $id) {
  organizationName organizationSlug accent accentInk side greetings { language text } launcherLabel privacyLink
  languages takesVisitors isOpen opensAt
} }"""
CHANGE = f"""mutation ($input: ChangeWidgetInput!) {{ changeWidget(input: $input) {{
  __typename
  ... on ChangeWidgetSuccess {{ widget {{ accent side greetings {{ language text }} launcherLabel privacyLink }} }}
  {ERRORS}
}} }}"""
SETTINGS = f"""mutation ($input: ChangeSettingsInput!) {{ changeSettings(input: $input) {{ __typename {ERRORS} }} }}"""
GUIDE = Path(__file__).parents[2] / "docs" / "widget.md"
PAGE = '<!doctype html><title>x</title><script src="/widget.js" data-inbox="%INBOX%" nonce="%NONCE%"></script>'


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for name in ("index.html", "widget.html", "demo.html"):
        (tmp_path / name).write_text(PAGE)
    (tmp_path / "widget.js").write_text("void 0;")
    return tmp_path


@pytest.fixture
async def stack(fresh_database_url: str, redis_url: str, pages: Path) -> AsyncIterator[Stack]:
    async with running(fresh_database_url, redis_url, scripted("Yes."), with_worker=False, web_dir=pages) as stack:
        yield stack


@pytest.fixture
async def company(fresh_database_url: str) -> Company:
    return await found_company(fresh_database_url)


def inbox_of(company: Company) -> str:
    return global_id("Inbox", default_inbox_of(company.id))


async def change(stack: Stack, company: Company, **look: Any) -> Any:
    given = {"inboxId": inbox_of(company), **look}
    return (await stack.client(company.admin).ask(CHANGE, input=given))["changeWidget"]


async def test_a_stranger_sees_how_it_looks_and_nothing_more(stack: Stack, company: Company) -> None:
    found = (await stack.client(None).ask(WIDGET, id=inbox_of(company)))["widget"]
    assert found == {
        "organizationName": "Test",
        "organizationSlug": str(company.id),
        "accent": "#0f6b64",
        "accentInk": "#ffffff",
        "side": "END",
        "greetings": [],
        "launcherLabel": None,
        "privacyLink": None,
        "languages": [],
        "takesVisitors": True,
        "isOpen": True,
        "opensAt": None,
    }
    assert (await stack.client(None).ask(WIDGET, id=global_id("Inbox", uuid4())))["widget"] is None


async def test_who_manages_inboxes_changes_it(stack: Stack, company: Company) -> None:
    look = {
        "accent": "#1D5BB8",
        "side": "START",
        "greetings": [{"language": "de", "text": "Guten Tag."}, {"language": "en", "text": "Hello."}],
        "launcherLabel": "Ask us",
        "privacyLink": "https://shop.example/privacy",
    }
    changed = await change(stack, company, **look)
    assert changed["widget"] == {**look, "accent": "#1d5bb8"}
    emptied = await change(stack, company, greetings=[], launcherLabel="", privacyLink=" ")
    assert emptied["widget"] == {
        "accent": "#1d5bb8",
        "side": "START",
        "greetings": [],
        "launcherLabel": None,
        "privacyLink": None,
    }


async def test_what_cannot_be_is_named_field_by_field(stack: Stack, company: Company) -> None:
    greetings = [{"language": "english", "text": "Hello."}, {"language": "de", "text": " "}]
    refused = await change(
        stack, company, accent="#ffee88", greetings=greetings, privacyLink="http://shop.example", launcherLabel="x" * 41
    )
    assert refused["__typename"] == "InvalidInputError"
    assert [each["path"] for each in refused["fields"]] == [
        "input.accent",
        "input.launcherLabel",
        "input.privacyLink",
        "input.greetings.0.language",
        "input.greetings.1.text",
    ]


async def test_nobody_else_changes_it(stack: Stack, company: Company, fresh_database_url: str) -> None:
    other = await found_company(fresh_database_url)
    given = {"inboxId": inbox_of(company), "accent": "#000000"}
    stranger = (await stack.client(other.admin).ask(CHANGE, input=given))["changeWidget"]
    assert stranger["__typename"] == "NotFoundError"
    for actor in (company.agent, company.customer):
        refused = (await stack.client(actor).ask(CHANGE, input=given))["changeWidget"]
        assert refused["__typename"] == "ForbiddenError"
    assert (await stack.client(None).ask(WIDGET, id=inbox_of(company)))["widget"]["accent"] == "#0f6b64"


async def test_only_pages_that_the_organization_lists_may_show_it(stack: Stack, company: Company) -> None:
    before = await stack.http.get("/widget", params={"inbox": inbox_of(company)})
    assert ancestors(before.headers["content-security-policy"]) == "'self'"
    await stack.client(company.admin).ask(SETTINGS, input={"allowedOrigins": ["https://shop.example"]})
    after = await stack.http.get("/widget", params={"inbox": inbox_of(company)})
    assert ancestors(after.headers["content-security-policy"]) == "'self' https://shop.example"
    assert (after.headers["x-frame-options"], after.headers["cache-control"]) == ("SAMEORIGIN", "no-store")
    script = await stack.http.get("/widget.js")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


NO_INBOX = ["", "nonsense", "../..", global_id("Inbox", UUID(int=1)), global_id("Agent", UUID(int=2))]


@pytest.mark.parametrize("inbox", NO_INBOX)
async def test_no_page_for_what_is_no_inbox(stack: Stack, inbox: str) -> None:
    assert (await stack.http.get("/widget", params={"inbox": inbox})).status_code == 404


async def test_the_shop_is_there_with_the_demo_company_alone(stack: Stack, fresh_database_url: str) -> None:
    assert (await stack.http.get("/demo")).status_code == 404
    database = Database(fresh_database_url, pool_size=1)
    await demo.install(database)
    await database.close()
    shop = await stack.http.get("/demo")
    assert shop.status_code == 200 and f'data-inbox="{global_id("Inbox", bootstrap.DEMO_INBOX)}"' in shop.text
    policy = shop.headers["content-security-policy"]
    assert "script-src 'self';" in policy and "style-src 'self';" in policy and "connect-src 'none'" in policy


async def test_out_of_hours_it_says_when_people_are_there_again(stack: Stack, company: Company) -> None:
    closed = datetime.now(UTC).strftime("%A").upper()
    days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
    next_but_one = days[(days.index(closed) + 2) % 7]
    hours = {"zone": "UTC", "week": [{"day": next_but_one, "opens": "09:00", "closes": "17:00"}], "holidays": []}
    await stack.client(company.admin).ask(SETTINGS, input={"businessHours": hours})
    found = (await stack.client(None).ask(WIDGET, id=inbox_of(company)))["widget"]
    assert not found["isOpen"] and datetime.fromisoformat(found["opensAt"]).strftime("%A").upper() == next_but_one


def ancestors(policy: str) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", policy)
    assert found
    return found[1]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert (ink_on("#0f6b64"), ink_on("#ffd000")) == ("#ffffff", "#000000")
    assert (colour_of(" #ABC "), colour_of("red"), colour_of("#12345")) == ("#aabbcc", None, None)


def test_of_nothing_decided_something_holds() -> None:
    assert WidgetSettings.of({}) == WidgetSettings(side=Side.END)
    assert Appearance().stored() == {}
    with pytest.raises(InvalidInputError):
        Appearance(greetings=[("en", "a"), ("en", "b")]).stored()


async def test_the_guide_does_what_it_says(stack: Stack, company: Company) -> None:
    let, dress, shown = re.findall(r"```graphql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    admin, inbox = stack.client(company.admin), inbox_of(company)
    allowed = (await admin.ask(let, origins=["https://shop.example"]))["changeSettings"]
    assert allowed["organization"]["settings"]["allowedOrigins"] == ["https://shop.example"]
    assert (await admin.ask(dress, inbox=inbox))["changeWidget"]["__typename"] == "ChangeWidgetSuccess"
    found = (await stack.client(None).ask(shown, inbox=inbox))["widget"]
    assert found["accent"] == "#1d5bb8" and found["greetings"][0] == {"language": "de", "text": "Guten Tag."}
