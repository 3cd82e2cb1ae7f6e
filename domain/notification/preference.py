"""How one person wants to be told: by which means of what, not at night, and perhaps all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.base import FieldProblem, InvalidInputError
from domain.notification.notification import DEFAULTS, URGENT, Means, NotificationKind

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
"""A telephone number as E.164 writes it."""
LONGEST_ZONE = 64
TOGETHER = timedelta(minutes=2)
"""For how long replies in one conversation are gathered before one mail tells of them."""
DAILY_AT = time(8)
"""When a daily digest comes, by the clocks of the person."""


class Digest(StrEnum):
    """How often a person gets one mail about everything that is not urgent, instead of many."""

    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When a person is not to be disturbed, from one time of day to another, each as `HH:MM`, over midnight too."""

    begins: str
    ends: str
    urgent_passes: bool = True


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has decided; kinds that are not in `means` are told as `DEFAULTS` says."""

    means: Mapping[NotificationKind, frozenset[Means]] = field(default_factory=dict)
    zone: str = "UTC"
    quiet: QuietHours | None = None
    digest: Digest | None = None
    number: str | None = None
    language: str | None = None

    def means_for(self, kind: NotificationKind) -> frozenset[Means]:
        """By what the person is told of something."""
        return self.means.get(kind, DEFAULTS[kind])

    def without_mail(self, kind: NotificationKind | None) -> Preferences:
        """The same without mails about one kind, or about anything."""
        kinds = list(NotificationKind) if kind is None else [kind]
        fewer = {each: self.means_for(each) - {Means.EMAIL} for each in kinds}
        return Preferences(dict(self.means) | fewer, self.zone, self.quiet, self.digest, self.number, self.language)

    def require_valid(self) -> None:
        """`InvalidInputError` naming everything that cannot be."""
        if problems := list(self._problems()):
            raise InvalidInputError(*problems)

    def _problems(self) -> Iterator[FieldProblem]:
        if not _is_zone(self.zone):
            yield FieldProblem("input.zone", "This is no time zone such as `Europe/Lisbon`.")
        if self.quiet and not (CLOCK.fullmatch(self.quiet.begins) and CLOCK.fullmatch(self.quiet.ends)):
            yield FieldProblem("input.quietHours", "Write times as `22:00`, up to `23:59`.")
        if self.number is not None and not NUMBER.fullmatch(self.number):
            yield FieldProblem("input.number", "Write the number with its country, such as +351912345678.")
        if self.language is not None and not re.fullmatch(r"[a-z]{2}", self.language):
            yield FieldProblem("input.language", "This is no language of two letters such as `pt`.")


@dataclass(frozen=True, slots=True)
class Sending:
    """When something goes out, and together with what; `due_at` None is at once and alone."""

    bundle: str = ""
    due_at: datetime | None = None


AT_ONCE = Sending()


def sending(
    preferences: Preferences, kind: NotificationKind, means: Means, conversation: object, at: datetime
) -> Sending:
    """When a person is told of something by what goes out.

    What is held back goes as one: in the morning, with the digest, or with further replies in the same conversation.
    """
    quiet = preferences.quiet
    if kind in URGENT and (quiet is None or quiet.urgent_passes):
        return AT_ONCE
    if means is Means.EMAIL and preferences.digest and kind not in URGENT:
        return Sending("digest", _awake(preferences, _next_digest(preferences, at)))
    awake = _awake(preferences, at)
    if awake > at:
        return Sending("quiet", awake)
    if means is Means.EMAIL and kind is NotificationKind.REPLIED:
        return Sending(f"replies {conversation}", at + TOGETHER)
    return AT_ONCE


def _next_digest(preferences: Preferences, at: datetime) -> datetime:
    """The next full hour, or the next morning."""
    if preferences.digest is Digest.HOURLY:
        return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return _next(DAILY_AT, preferences.zone, at)


def _awake(preferences: Preferences, at: datetime) -> datetime:
    """The first moment from then on that is not quiet."""
    quiet = preferences.quiet
    if quiet is None or quiet.begins == quiet.ends:
        return at
    local = at.astimezone(ZoneInfo(preferences.zone)).strftime("%H:%M")
    over_midnight = quiet.begins > quiet.ends
    after, before = local >= quiet.begins, local < quiet.ends
    asleep = (after or before) if over_midnight else (after and before)
    return _next(time.fromisoformat(quiet.ends), preferences.zone, at) if asleep else at


def _next(of_day: time, zone: str, at: datetime) -> datetime:
    """The next moment after `at` when the clocks of a zone show a time of day.

    One that they skip that day is taken by the offset before, one that they show twice is the first.
    """
    local = at.astimezone(ZoneInfo(zone))
    today = datetime.combine(local.date(), of_day, ZoneInfo(zone)).astimezone(UTC)
    if today > at:
        return today
    return datetime.combine(local.date() + timedelta(days=1), of_day, ZoneInfo(zone)).astimezone(UTC)


def _is_zone(name: str) -> bool:
    try:
        return len(name) <= LONGEST_ZONE and ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
