"""Business time for many questions about the same hours: the openings are listed once and then looked up."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import takewhile

from domain.account.settings import BusinessHours
from domain.hours import openings

MILLISECOND = timedelta(milliseconds=1)
NOTHING = timedelta()


def milliseconds(start: datetime, end: datetime) -> int:
    """Whole milliseconds from one moment to another; none if the second comes first."""
    return max(end - start, NOTHING) // MILLISECOND


class BusinessTime:
    """What counts between two moments from `since` to `until`; without hours everything does."""

    def __init__(self, hours: BusinessHours | None, since: datetime, until: datetime) -> None:
        self._is_always_open = hours is None or not hours.week
        self._opens: list[datetime] = []
        self._closes: list[datetime] = []
        self._before: list[timedelta] = []
        if hours is not None and hours.week:
            self._list(hours, since, until)

    def between(self, start: datetime, end: datetime) -> int:
        """Milliseconds that count; none if the second moment comes first."""
        if self._is_always_open or end <= start:
            return milliseconds(start, end)
        return (self._until(end) - self._until(start)) // MILLISECOND

    def _list(self, hours: BusinessHours, since: datetime, until: datetime) -> None:
        total = NOTHING
        for opens, closes in takewhile(lambda opening: opening[0] < until, openings(hours, since)):
            self._opens.append(opens)
            self._closes.append(closes)
            self._before.append(total)
            total += closes - opens

    def _until(self, at: datetime) -> timedelta:
        place = bisect_right(self._opens, at) - 1
        if place < 0:
            return NOTHING
        return self._before[place] + min(at, self._closes[place]) - self._opens[place]
