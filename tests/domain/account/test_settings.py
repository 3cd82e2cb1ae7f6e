"""What an organization may decide for itself, and how it is told what it may not."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from domain.account.organization import Organization
from domain.account.settings import (
    MOST_ORIGINS,
    BusinessHours,
    Decisions,
    Settings,
    SignInSettings,
    Span,
    Weekday,
    origin_of,
)
from domain.base import InvalidInputError
from domain.ports import AssistantSettings

HOURS = BusinessHours(
    "Europe/Lisbon",
    [Span(Weekday.MONDAY, "09:00", "12:30"), Span(Weekday.MONDAY, "13:30", "24:00")],
    [date(2026, 12, 25), date(2026, 12, 25)],
)


def paths(decisions: Decisions) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        decisions.stored()
    return [problem.path for problem in caught.value.fields]


def week(*spans: tuple[Weekday, str, str], zone: str = "UTC") -> Decisions:
    return Decisions(business_hours=BusinessHours(zone, [Span(*span) for span in spans]))


def test_what_nothing_was_decided_about_has_a_default() -> None:
    settings = Settings.of({})
    assert (settings.assistant, settings.sign_in) == (AssistantSettings(), SignInSettings())
    assert (settings.languages, settings.business_hours, settings.visitors) == ((), None, True)


def test_settings_are_read_as_they_were_decided() -> None:
    decisions = Decisions(
        assistant=AssistantSettings(False, 0.7),
        languages=["pt-BR", "en", "pt-BR"],
        business_hours=HOURS,
        sign_in=SignInSettings(False),
        visitors=False,
        allowed_origins=["https://Shop.example/", "http://localhost:3000"],
    )
    settings = Settings.of(json.loads(json.dumps(decisions.stored())))
    assert settings.assistant == AssistantSettings(False, 0.7)
    assert settings.languages == ("pt-BR", "en")
    assert settings.business_hours == BusinessHours(HOURS.zone, list(HOURS.week), [date(2026, 12, 25)])
    assert settings.sign_in == SignInSettings(False)
    assert settings.visitors is False
    assert settings.allowed_origins == ("https://shop.example", "http://localhost:3000")


def test_hours_of_an_empty_week_mean_always_open() -> None:
    stored = Decisions(business_hours=BusinessHours("UTC", [])).stored()
    assert Settings.of(stored).business_hours is None


@pytest.mark.parametrize(
    ("spans", "problem"),
    [
        ([(Weekday.MONDAY, "9:00", "17:00")], 0),
        ([(Weekday.MONDAY, "09:00", "25:00")], 0),
        ([(Weekday.MONDAY, "09:00", "09:00")], 0),
        ([(Weekday.MONDAY, "22:00", "06:00")], 0),
        ([(Weekday.MONDAY, "09:00", "12:00"), (Weekday.MONDAY, "11:59", "13:00")], 1),
    ],
)
def test_a_span_that_cannot_be_is_named(spans: Sequence[tuple[Weekday, str, str]], problem: int) -> None:
    assert paths(week(*spans)) == [f"input.businessHours.week.{problem}"]


def test_spans_that_touch_or_are_of_other_days_do_not_overlap() -> None:
    day, next_day = Weekday.MONDAY, Weekday.TUESDAY
    assert week((day, "09:00", "12:00"), (day, "12:00", "13:00"), (next_day, "09:00", "12:00")).stored()


@pytest.mark.parametrize("zone", ["", "Lisbon", "../etc/passwd", "/etc/passwd", "Europe", "x" * 65, "a\0b"])
def test_a_zone_is_one_of_the_database(zone: str) -> None:
    assert paths(week(zone=zone)) == ["input.businessHours.zone"]


def test_every_problem_is_named_at_once() -> None:
    decisions = Decisions(
        assistant=AssistantSettings(True, 1.5),
        languages=["en", "English"],
        allowed_origins=["https://ok.example", "http://shop.example"],
    )
    assert paths(decisions) == ["input.assistant.threshold", "input.languages.1", "input.allowedOrigins.1"]
    assert paths(Decisions(assistant=AssistantSettings(True, float("nan")))) == ["input.assistant.threshold"]


def test_origins_are_at_most_fifty() -> None:
    decisions = Decisions(allowed_origins=[f"https://shop{number}.example" for number in range(MOST_ORIGINS + 1)])
    assert paths(decisions) == ["input.allowedOrigins"]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example:443/", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://shop.example", None),
        ("https://*.shop.example", None),
        ("https://a:b@shop.example", None),
        ("https://shop.example/path", None),
        ("https://shop.example?x", None),
        ("https://shop.example:99999", None),
        ("https://shop.example\n.evil.example", None),
        ("https://", None),
        ("null", None),
        ("*", None),
        ("javascript:alert(1)", None),
    ],
)
def test_an_origin_is_what_a_browser_sends(text: str, origin: str | None) -> None:
    assert origin_of(text) == origin


def test_an_organization_is_told_only_of_what_changes() -> None:
    made = Organization(uuid4(), uuid4(), name="Rain", settings={"visitors": False, "unknown": 1})
    made.decide(Decisions(visitors=False, languages=["en"]), reason="Only English.")
    assert made.settings == {"visitors": False, "unknown": 1, "languages": ["en"]}
    (event,) = made.pending
    assert event.changed == ("languages",)  # type: ignore[attr-defined]
    made.rename("Rain")
    made.resume(reason=None)
    assert len(made.pending) == 1
    made.suspend(reason=None, at=datetime(2026, 11, 2, tzinfo=UTC))
    made.suspend(reason=None, at=datetime(2026, 11, 3, tzinfo=UTC))
    made.resume(reason=None)
    assert [event.kind for event in made.pending[1:]] == ["OrganizationSuspended", "OrganizationResumed"]
