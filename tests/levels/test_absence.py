"""Out of hours the customer is told when somebody will answer, in their language, and can leave an address."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.account.settings import BusinessHours, Decisions, Span, Weekday
from domain.conversation.desk_events import EmailLeft
from infra.level.wording import WORDINGS, absence_line
from tests.documents import ERRORS
from tests.levels.conftest import Shop

LEAVE = f"""
mutation Leave($id: ID!, $email: String!) {{
  leaveEmail(input: {{conversationId: $id, email: $email}}) {{
    __typename ... on LeaveEmailSuccess {{ conversation {{ id }} }} {ERRORS}
  }}
}}"""
SAID = "query Said($id: ID!) { conversation(id: $id) { messages(first: 20) { nodes { kind text } } } }"
BACK = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Lisbon"))


def hours(*, opens_in_days: int) -> BusinessHours:
    """Open all day, from a day on."""
    day = list(Weekday)[(datetime.now(UTC) + timedelta(days=opens_in_days)).weekday()]
    return BusinessHours("UTC", [Span(day, "00:00", "24:00")])


async def said(shop: Shop, conversation: str) -> list[str]:
    nodes = (await shop.customer.ask(SAID, id=conversation))["conversation"]["messages"]["nodes"]
    return [node["text"] for node in nodes if node["kind"] == "OUT_OF_HOURS"]


async def test_nobody_is_told_anything_while_somebody_is_there_and_each_once_while_nobody_is(shop: Shop) -> None:
    organizations = shop.parts.accounts.organizations
    async with shop.stack.worker():
        always = await shop.asked()
        await organizations.decide(shop.company.admin, Decisions(business_hours=hours(opens_in_days=0)))
        open_now = await shop.asked()
        await shop.idle()
        await organizations.decide(shop.company.admin, Decisions(business_hours=hours(opens_in_days=2)))
        closed = await shop.asked("Ich möchte bitte mit einem Menschen sprechen, das ist nicht mein Paket.")
        await shop.idle()
    assert (await said(shop, always), await said(shop, open_now)) == ([], [])
    (line,) = await said(shop, closed)
    opens = datetime.now(UTC) + timedelta(days=2)
    weekday = WORDINGS["de"].weekdays[opens.weekday()]
    assert line.startswith(f"Gerade ist niemand aus unserem Team da. Ab {weekday}, {opens.day}. ")
    assert "00:00 Uhr (UTC)" in line


async def test_an_address_is_noted_for_the_people_at_work_alone(shop: Shop) -> None:
    async with shop.stack.worker():
        conversation = await shop.asked()
    for _ in range(2):
        await shop.done(shop.customer.ask(LEAVE, id=conversation, email="Somebody@Customers.example"))
    (left,) = await shop.told(conversation, "EmailLeft")
    assert isinstance(left, EmailLeft) and left.email.lower() == "somebody@customers.example"
    refused = (await shop.customer.ask(LEAVE, id=conversation, email="nowhere"))["leaveEmail"]
    assert refused["fields"][0]["path"] == "input.email"
    for number in range(4):
        await shop.done(shop.customer.ask(LEAVE, id=conversation, email=f"{number}@customers.example"))
    enough = (await shop.customer.ask(LEAVE, id=conversation, email="more@customers.example"))["leaveEmail"]
    assert enough["code"] == "INVALID_STATE"
    assert (await shop.agent.ask(LEAVE, id=conversation, email="a@b.example"))["leaveEmail"]["code"] == "FORBIDDEN"
    other = shop.stack.client(shop.company.other_customer)
    assert (await other.ask(LEAVE, id=conversation, email="a@b.example"))["leaveEmail"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_every_language_names_day_time_and_zone(language: str) -> None:
    line = absence_line((), [language], BACK)
    assert line.count("23") == 1
    assert "09:00" in line
    assert "(Europe/Lisbon)" in line
    assert WORDINGS[language].weekdays[0] in line
    assert (len(WORDINGS[language].weekdays), len(WORDINGS[language].months)) == (7, 12)


def test_what_the_customer_writes_decides_then_the_organization_then_english() -> None:
    assert "Monday" in absence_line(("Where is my order? I have not got it and would like to know.",), ["de"], BACK)
    assert "Montag" in absence_line(("???",), ["de-CH"], BACK)
    assert "Monday" in absence_line((), ["fi"], BACK)
