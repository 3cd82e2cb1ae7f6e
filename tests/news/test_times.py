"""When people are told and when deliveries are tried again: rules without I/O."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.carriage.schedule import LONGEST, WAITS, next_try
from domain.delivery import Medium
from domain.notification.notification import DEFAULTS, URGENT, Means, NotificationKind
from domain.notification.preference import AT_ONCE, Digest, Preferences, QuietHours, Sending, sending
from infra.notifications.wording import WORDINGS

MENTIONED, EMAIL = NotificationKind.MENTIONED, Means.EMAIL
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  UTC follows
CLOCKS = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.integers(0, 59))
ZONES = st.sampled_from(["UTC", "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])


@given(MOMENTS, CLOCKS, CLOCKS, ZONES)
def test_what_is_held_back_comes_when_the_quiet_ends_and_within_a_day(
    at: datetime, begins: str, ends: str, zone: str
) -> None:
    when = sending(Preferences(zone=zone, quiet=QuietHours(begins, ends)), MENTIONED, Means.PUSH, None, at)
    local = at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    asleep = begins <= local < ends if begins <= ends else local >= begins or local < ends
    assert (when.due_at is not None) is asleep
    if when.due_at is not None:
        assert at < when.due_at <= at + timedelta(hours=26)
        shown = when.due_at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
        assert shown == ends or _is_skipped(when.due_at, zone)


def _is_skipped(due_at: datetime, zone: str) -> bool:
    """Whether the clocks were put on at that time, so that they never showed the end of the quiet."""
    before, after = (due_at + timedelta(hours=hours) for hours in (-3, 3))
    return before.astimezone(ZoneInfo(zone)).utcoffset() != after.astimezone(ZoneInfo(zone)).utcoffset()


def test_urgent_news_waits_only_for_who_wants_that() -> None:
    night = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
    breach = NotificationKind.SERVICE_LEVEL_BREACHED
    for passes, expected in ((True, AT_ONCE), (False, Sending("quiet", datetime(2026, 5, 1, 7, 0, tzinfo=UTC)))):
        preferences = Preferences(quiet=QuietHours("22:00", "07:00", passes), digest=Digest.DAILY)
        assert sending(preferences, breach, EMAIL, None, night) == expected


def test_digests_come_with_the_full_hour_or_in_the_morning_but_not_in_the_quiet() -> None:
    at = datetime(2026, 5, 1, 9, 17, tzinfo=UTC)
    hourly, daily = Preferences(digest=Digest.HOURLY), Preferences(digest=Digest.DAILY, zone="Asia/Kolkata")
    assert sending(hourly, MENTIONED, EMAIL, None, at) == Sending("digest", datetime(2026, 5, 1, 10, 0, tzinfo=UTC))
    assert sending(daily, MENTIONED, EMAIL, None, at) == Sending("digest", datetime(2026, 5, 2, 2, 30, tzinfo=UTC))
    assert sending(hourly, MENTIONED, Means.PUSH, None, at) == AT_ONCE
    resting = Preferences(digest=Digest.HOURLY, quiet=QuietHours("09:30", "14:45"))
    assert sending(resting, MENTIONED, EMAIL, None, at) == Sending("digest", datetime(2026, 5, 1, 14, 45, tzinfo=UTC))


@given(st.sampled_from(Medium), st.integers(1, 20), st.floats(0, 0.999), st.none() | st.floats(0, 1e9))
def test_waits_grow_with_the_schedule_and_end(
    medium: Medium, attempts: int, chance: float, after: float | None
) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    again = next_try(medium, attempts, at, after, lambda: chance)
    if attempts > len(WAITS[medium]):
        assert again is None
        return
    assert again is not None
    wait, planned = (again - at).total_seconds(), WAITS[medium][attempts - 1]
    assert 0.9 * planned <= wait <= max(1.1 * planned, LONGEST)
    assert wait >= min(after or 0, LONGEST) - 1


def test_every_kind_has_defaults_and_words_in_every_language() -> None:
    kinds = set(NotificationKind)
    assert set(DEFAULTS) == kinds and kinds >= URGENT
    for wording in WORDINGS.values():
        assert set(wording.kinds) == kinds
        sentences = [each.format(name="Ann", subject="A coat") for each in wording.kinds.values()]
        assert len(set(sentences)) == len(kinds) and "{" not in "".join(sentences)
    assert not any(Means.SMS in means for means in DEFAULTS.values())
