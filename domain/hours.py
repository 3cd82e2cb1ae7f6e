"""Business time: when people are there, and how much of a stretch of time counts, across holidays and clock changes.

A span is what lies between two readings of the zone's clocks. A reading that comes twice in a night means its first
time, one that is skipped means the moment of the skip: spans of a day stay in order and never overlap, so a night
shift is an hour longer or shorter twice a year, as it is for whoever works it. No hours at all is always open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.account.settings import BusinessHours, Weekday

DAY = timedelta(days=1)
NOTHING = timedelta()
DAYS = tuple(Weekday)

Opening = tuple[datetime, datetime]
"""From when until when people are there, in UTC."""


def is_open(hours: BusinessHours | None, at: datetime) -> bool:
    """Whether people are there at a moment."""
    return opens_after(hours, at) == at.astimezone(UTC)


def opens_after(hours: BusinessHours | None, at: datetime) -> datetime:
    """The first moment, from this one on, at which people are there; in UTC."""
    if hours is None or not hours.week:
        return at.astimezone(UTC)
    return max(at.astimezone(UTC), next(openings(hours, at))[0])


def add_business_time(hours: BusinessHours | None, at: datetime, duration: timedelta) -> datetime:
    """The first moment, from this one on, by which `duration` of business time has gone by; in UTC."""
    moment = at.astimezone(UTC)
    if hours is None or not hours.week or duration <= NOTHING:
        return moment + max(duration, NOTHING)
    for opens, closes in openings(hours, at):
        begins = max(opens, moment)
        if closes - begins >= duration:
            return begins + duration
        duration -= closes - begins
    raise AssertionError("Openings do not end.")


def business_time_between(hours: BusinessHours | None, start: datetime, end: datetime) -> timedelta:
    """How much business time lies between two moments; none if the second comes first."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    if hours is None or not hours.week or last <= first:
        return max(last - first, NOTHING)
    total = NOTHING
    for opens, closes in openings(hours, first):
        if opens >= last:
            return total
        total += min(closes, last) - max(opens, first)
    raise AssertionError("Openings do not end.")


def openings(hours: BusinessHours, at: datetime) -> Iterator[Opening]:
    """Every opening that has not ended at a moment, in order, without end: holidays are days by their date."""
    zone, holidays = ZoneInfo(hours.zone), frozenset(hours.holidays)
    week = [sorted((s.opens, s.closes) for s in hours.week if s.day is day) for day in DAYS]
    moment, day = at.astimezone(UTC), at.astimezone(zone).date() - DAY
    while True:
        for opens, closes in week[day.weekday()] if day not in holidays else ():
            opening = _instant(zone, day, opens), _instant(zone, day, closes)
            if moment < opening[1] > opening[0]:
                yield opening
        day += DAY


def _instant(zone: ZoneInfo, day: date, reading: str) -> datetime:
    """When the clocks of a zone read `HH:MM` on a day, in UTC."""
    hour, minute = divmod(int(reading[:2]) * 60 + int(reading[3:]), 60)
    wall = datetime.combine(day + DAY * (hour // 24), time(hour % 24, minute), zone)
    moment = wall.astimezone(UTC)
    is_skipped = moment.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None)
    return _skip(zone, wall.replace(fold=1).astimezone(UTC), moment) if is_skipped else moment


def _skip(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between two at which the clocks skip, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
