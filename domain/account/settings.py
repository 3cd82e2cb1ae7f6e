"""What an organization decides for itself: its assistant, languages, hours, ways in, and the pages that may call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.base import FieldProblem, InvalidInputError
from domain.ports import AssistantSettings

MOST_LANGUAGES = 20
MOST_SPANS = 50
MOST_HOLIDAYS = 100
MOST_ORIGINS = 50
LONGEST_ORIGIN = 255
LONGEST_ZONE = 64
LONGEST_DELAY = 7 * 24 * 60
LATEST_REMINDER = 14 * 24

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""A language, perhaps its script, perhaps its region: what BCP 47 writes as `pt`, `zh-Hant` or `en-GB`."""
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
DEFAULT_PORTS = {"https": 443, "http": 80}


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class Span:
    """When people are there on a day of the week, from `opens` to `closes`, each as `HH:MM`; `24:00` is midnight."""

    day: Weekday
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When people are there, by the clocks of a zone of the IANA database; on holidays they are not."""

    zone: str
    week: Sequence[Span]
    holidays: Sequence[date] = ()


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """The ways in for people at work, beside identity providers."""

    password: bool = True


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """Whether customers are asked how it went: how long after a matter is settled, and when they are reminded, if."""

    enabled: bool = False
    delay_minutes: int = 0
    remind_after_hours: int | None = 48


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an organization has decided; without `business_hours` it is always open."""

    assistant: AssistantSettings
    languages: Sequence[str]
    business_hours: BusinessHours | None
    sign_in: SignInSettings
    visitors: bool
    allowed_origins: Sequence[str]
    survey: SurveySettings = SurveySettings()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Settings:
        """The settings as they are stored, with what holds where nothing was decided."""
        sign_in, hours = stored.get("sign_in") or {}, stored.get("business_hours")
        return cls(
            assistant=assistant_of(stored),
            languages=tuple(stored.get("languages") or ()),
            business_hours=_hours(hours) if hours else None,
            sign_in=SignInSettings(sign_in.get("password", True)),
            visitors=stored.get("visitors", True),
            allowed_origins=tuple(stored.get("allowed_origins") or ()),
            survey=SurveySettings(**(stored.get("survey") or {})),
        )


def assistant_of(stored: Mapping[str, Any]) -> AssistantSettings:
    """What was decided about the assistant, whatever else is stored: answering depends on nothing more."""
    assistant = stored.get("assistant") or {}
    return AssistantSettings(assistant.get("enabled", True), assistant.get("threshold"))


def _hours(stored: Mapping[str, Any]) -> BusinessHours:
    week = [Span(Weekday(span["day"]), span["opens"], span["closes"]) for span in stored["week"]]
    return BusinessHours(stored["zone"], week, [date.fromisoformat(day) for day in stored["holidays"]])


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is to be decided anew: None leaves a part as it is; hours of an empty week mean always open."""

    assistant: AssistantSettings | None = None
    languages: Sequence[str] | None = None
    business_hours: BusinessHours | None = None
    sign_in: SignInSettings | None = None
    visitors: bool | None = None
    allowed_origins: Sequence[str] | None = None
    survey: SurveySettings | None = None

    def stored(self) -> Mapping[str, Any]:
        """The decided parts as they are stored; `InvalidInputError` naming everything that cannot be."""
        if problems := list(self._problems()):
            raise InvalidInputError(*problems)
        parts = {
            "assistant": self.assistant and {"enabled": self.assistant.enabled, "threshold": self.assistant.threshold},
            "languages": None if self.languages is None else list(dict.fromkeys(self.languages)),
            "business_hours": self.business_hours and _stored_hours(self.business_hours),
            "sign_in": self.sign_in and {"password": self.sign_in.password},
            "visitors": self.visitors,
            "survey": self.survey and asdict(self.survey),
            "allowed_origins": None if self.allowed_origins is None else _origins(self.allowed_origins),
        }
        return {name: part for name, part in parts.items() if part is not None}

    def _problems(self) -> Iterator[FieldProblem]:
        threshold = self.assistant.threshold if self.assistant else None
        if threshold is not None and not 0 <= threshold <= 1:
            yield FieldProblem("input.assistant.threshold", "This must be 0 to 1.")
        languages = self.languages or ()
        yield from _too_many(languages, MOST_LANGUAGES, "input.languages")
        for place, language in enumerate(languages[:MOST_LANGUAGES]):
            if not LANGUAGE.fullmatch(language):
                yield FieldProblem(f"input.languages.{place}", "This is no tag of a language such as `en` or `pt-BR`.")
        if self.business_hours:
            yield from _hour_problems(self.business_hours)
        if self.survey:
            yield from _survey_problems(self.survey)
        origins = self.allowed_origins or ()
        yield from _too_many(origins, MOST_ORIGINS, "input.allowedOrigins")
        for place, origin in enumerate(origins[:MOST_ORIGINS]):
            if origin_of(origin) is None:
                problem = "This is no origin such as `https://shop.example`: https, a host, perhaps a port, no more."
                yield FieldProblem(f"input.allowedOrigins.{place}", problem)


def _survey_problems(survey: SurveySettings) -> Iterator[FieldProblem]:
    if not 0 <= survey.delay_minutes <= LONGEST_DELAY:
        yield FieldProblem("input.survey.delayMinutes", f"This must be 0 to {LONGEST_DELAY}, which is a week.")
    if survey.remind_after_hours is not None and not 1 <= survey.remind_after_hours <= LATEST_REMINDER:
        yield FieldProblem("input.survey.remindAfterHours", f"This must be 1 to {LATEST_REMINDER}, or nothing.")


def origin_of(text: str) -> str | None:
    """An origin as browsers send it; None for what is none.

    Without TLS only this very machine's, for developers: whoever is on the way could be such a page otherwise.
    """
    try:
        parts = urlsplit(text.strip().lower().rstrip("/"))
        host, port = parts.netloc.removesuffix(f":{parts.port}"), parts.port
    except ValueError:
        return None
    is_plain = (
        text.isprintable() and not (parts.path or parts.query or parts.fragment) and HOST.fullmatch(host) is not None
    )
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not (is_plain and is_safe and len(text) <= LONGEST_ORIGIN):
        return None
    return (
        f"{parts.scheme}://{host}" if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{parts.scheme}://{host}:{port}"
    )


def _origins(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(origin for text in texts if (origin := origin_of(text))))


def _hour_problems(hours: BusinessHours) -> Iterator[FieldProblem]:
    path = "input.businessHours"
    if not _is_zone(hours.zone):
        yield FieldProblem(f"{path}.zone", "This is no time zone such as `Europe/Lisbon`.")
    yield from _too_many(hours.week, MOST_SPANS, f"{path}.week")
    yield from _too_many(hours.holidays, MOST_HOLIDAYS, f"{path}.holidays")
    for place, span in enumerate(hours.week[:MOST_SPANS]):
        if not (TIME.fullmatch(span.opens) and TIME.fullmatch(span.closes)):
            yield FieldProblem(f"{path}.week.{place}", "Write times as `09:00`, up to `24:00`.")
        elif span.opens >= span.closes:
            yield FieldProblem(f"{path}.week.{place}", "This closes before it opens: make it two, one for each day.")
        elif any(_overlap(span, earlier) for earlier in hours.week[:place]):
            yield FieldProblem(f"{path}.week.{place}", "This overlaps an earlier one of the same day.")


def _overlap(one: Span, other: Span) -> bool:
    """Times of one form compare as text."""
    return one.day == other.day and one.opens < other.closes and other.opens < one.closes


def _is_zone(name: str) -> bool:
    try:
        return len(name) <= LONGEST_ZONE and ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _too_many(items: Sequence[Any], most: int, path: str) -> Iterator[FieldProblem]:
    if len(items) > most:
        yield FieldProblem(path, f"At most {most} are allowed.")


def _stored_hours(hours: BusinessHours) -> Mapping[str, Any]:
    if not hours.week:
        return {}
    week = [{"day": str(span.day), "opens": span.opens, "closes": span.closes} for span in hours.week]
    return {"zone": hours.zone, "week": week, "holidays": sorted({day.isoformat() for day in hours.holidays})}
