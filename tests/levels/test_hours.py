"""Business time across holidays, midnights and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.account.settings import BusinessHours, Span, Weekday
from domain.hours import add_business_time, business_time_between, is_open, opens_after

HOUR = timedelta(hours=1)
OFFICE_DAYS = list(Weekday)[:5]
ZONES = ("UTC", "Europe/Lisbon", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu")


def office(zone: str, *holidays: date, opens: str = "09:00", closes: str = "17:00") -> BusinessHours:
    return BusinessHours(zone, [Span(day, opens, closes) for day in OFFICE_DAYS], holidays)


def always(zone: str, *spans: tuple[str, str]) -> BusinessHours:
    return BusinessHours(zone, [Span(day, opens, closes) for day in Weekday for opens, closes in spans])


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[arg-type, misc]


def test_without_hours_it_is_always_open() -> None:
    at = datetime(2026, 12, 25, 3, tzinfo=UTC)
    for hours in (None, BusinessHours("Europe/Lisbon", [])):
        assert is_open(hours, at)
        assert opens_after(hours, at) == at
        assert add_business_time(hours, at, 5 * HOUR) == at + 5 * HOUR
        assert business_time_between(hours, at, at + 5 * HOUR) == 5 * HOUR


def test_a_weekend_and_a_holiday_do_not_count() -> None:
    hours = office("Europe/Lisbon", date(2026, 11, 23))  # a Monday
    friday = local("Europe/Lisbon", 2026, 11, 20, 16)
    assert is_open(hours, friday)
    assert not is_open(hours, friday + HOUR)  # an opening ends before its last moment
    assert opens_after(hours, friday + HOUR) == local("Europe/Lisbon", 2026, 11, 24, 9)
    assert add_business_time(hours, friday, HOUR) == friday + HOUR  # and not on Tuesday morning
    assert add_business_time(hours, friday, 2 * HOUR) == local("Europe/Lisbon", 2026, 11, 24, 10)
    assert business_time_between(hours, friday, local("Europe/Lisbon", 2026, 11, 24, 10)) == 2 * HOUR


def test_a_night_shift_is_shorter_when_the_clocks_skip_and_longer_when_they_repeat() -> None:
    night = BusinessHours("Europe/Berlin", [Span(Weekday.SUNDAY, "00:00", "06:00")])
    for day, length in ((date(2026, 3, 22), 6), (date(2026, 3, 29), 5), (date(2026, 10, 25), 7)):
        noon_before = local("Europe/Berlin", day.year, day.month, day.day) - timedelta(hours=12)
        assert business_time_between(night, noon_before, noon_before + timedelta(days=1)) == length * HOUR


def test_readings_that_are_skipped_mean_the_skip_and_repeated_ones_their_first_time() -> None:
    skipped = BusinessHours("Europe/Berlin", [Span(Weekday.SUNDAY, "02:30", "04:00")])
    skip = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert opens_after(skipped, skip - HOUR) == skip
    assert add_business_time(skipped, skip - HOUR, HOUR) == skip + HOUR  # 03:00 to 04:00 is all there is
    gone = BusinessHours("Europe/Berlin", [Span(Weekday.SUNDAY, "02:10", "02:50")])
    assert opens_after(gone, skip - HOUR) == local("Europe/Berlin", 2026, 4, 5, 2, 10)
    twice = BusinessHours("Europe/Berlin", [Span(Weekday.SUNDAY, "01:00", "02:30")])
    assert is_open(twice, local("Europe/Berlin", 2026, 10, 25, 2, 29))
    assert not is_open(twice, local("Europe/Berlin", 2026, 10, 25, 2, 15, fold=1))


def test_a_day_that_a_zone_skipped_is_none() -> None:
    """Samoa had no 30 December 2011, a Friday."""
    hours = always("Pacific/Apia", ("09:00", "17:00"))
    thursday = local("Pacific/Apia", 2011, 12, 29, 16)
    assert add_business_time(hours, thursday, 2 * HOUR) == local("Pacific/Apia", 2011, 12, 31, 10)


def test_midnight_is_no_gap() -> None:
    hours = always("Europe/Lisbon", ("00:00", "24:00"))
    at = local("Europe/Lisbon", 2026, 10, 24, 23, 30)
    assert is_open(hours, at + HOUR / 2)
    assert business_time_between(hours, at, at.astimezone(UTC) + 100 * HOUR) == 100 * HOUR


def test_the_zone_of_who_asks_does_not_matter() -> None:
    hours = office("Asia/Kathmandu")
    at = local("Asia/Kathmandu", 2026, 11, 23, 9)
    assert is_open(hours, at.astimezone(ZoneInfo("America/New_York")))


def _spans(readings: list[int]) -> list[tuple[str, str]]:
    ends = sorted(set(readings))
    text = [f"{minute // 60:02}:{minute % 60:02}" for minute in ends]
    return list(zip(text[::2], text[1::2], strict=False))


readings = some.lists(some.integers(0, 24 * 60), min_size=2, max_size=8).map(_spans)
weeks = some.lists(readings, min_size=1, max_size=7).map(
    lambda days: [Span(day, *span) for day, spans in zip(Weekday, days, strict=False) for span in spans]
)
holidays = some.lists(some.dates(date(2026, 3, 1), date(2026, 4, 30)), max_size=5)
moments = some.datetimes(datetime(2026, 3, 1), datetime(2026, 4, 30), timezones=some.just(UTC))  # noqa: DTZ001
openings = some.builds(BusinessHours, some.sampled_from(ZONES), weeks.filter(bool), holidays)
durations = some.timedeltas(timedelta(), timedelta(hours=60))


@given(openings, moments, durations)
@settings(max_examples=150, deadline=None)
def test_what_was_added_lies_between(hours: BusinessHours, at: datetime, duration: timedelta) -> None:
    end = add_business_time(hours, at, min(duration, timedelta(minutes=90)))
    assert business_time_between(hours, at, end) == min(duration, timedelta(minutes=90))


@given(openings, some.lists(moments, min_size=3, max_size=3))
@settings(max_examples=150, deadline=None)
def test_business_time_adds_up_and_is_never_more_than_time(hours: BusinessHours, at: list[datetime]) -> None:
    first, second, third = sorted(at)
    parts = [business_time_between(hours, *pair) for pair in ((first, second), (second, third))]
    assert sum(parts, timedelta()) == business_time_between(hours, first, third) <= third - first


@given(openings, moments, moments, some.timedeltas(timedelta(), timedelta(hours=3)))
@settings(max_examples=150, deadline=None)
def test_later_begins_end_later(hours: BusinessHours, one: datetime, other: datetime, duration: timedelta) -> None:
    first, second = sorted((one, other))
    assert add_business_time(hours, first, duration) <= add_business_time(hours, second, duration)


@given(openings, moments)
@settings(max_examples=150, deadline=None)
def test_it_opens_once_no_business_time_later(hours: BusinessHours, at: datetime) -> None:
    opens = opens_after(hours, at)
    assert is_open(hours, opens)
    assert is_open(hours, at) == (opens == at)
    assert business_time_between(hours, at, opens) == timedelta()


@pytest.mark.parametrize("zone", ZONES)
def test_open_moments_are_those_whose_clocks_lie_in_a_span(zone: str) -> None:
    """Against the plainest definition, minute by minute, where no clocks change."""
    hours = office(zone, date(2026, 6, 10), opens="08:15", closes="12:45")
    for minute in range(0, 8 * 24 * 60, 5):
        at = datetime(2026, 6, 5, tzinfo=UTC) + timedelta(minutes=minute)
        wall = at.astimezone(ZoneInfo(zone))
        expected = wall.weekday() < 5 and wall.date() != date(2026, 6, 10) and "08:15" <= f"{wall:%H:%M}" < "12:45"
        assert is_open(hours, at) == expected
