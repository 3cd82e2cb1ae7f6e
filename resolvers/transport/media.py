"""Chooses the media type of an answer from the Accept header, as RFC 9110 weighs it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"
HTML = "text/html"

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a pattern
RANGE = re.compile(rf"\s*({TOKEN}/{TOKEN})\s*((?:;[^,\"]*(?:\"[^\"]*\"[^,\"]*)*)?)\s*")
QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
MOST_RANGES = 50


class Range(NamedTuple):
    """One element of an Accept header: `precision` is 2 for a full type, 1 for `type/*`, 0 for `*/*`."""

    media_type: str
    quality: float
    precision: int

    def matches(self, media_type: str) -> bool:
        if self.precision == 2:
            return self.media_type == media_type
        return self.precision == 0 or media_type.startswith(self.media_type[:-1])


def parse_accept(header: str | None) -> list[Range]:
    """The ranges of a header; a missing or empty one accepts anything. What is not a range is left out."""
    if header is None or not header.strip():
        return [Range("*/*", 1.0, 0)]
    ranges = (_range(element) for element in _split(header)[:MOST_RANGES])
    return [found for found in ranges if found is not None]


def quality(ranges: Sequence[Range], media_type: str) -> tuple[float, int]:
    """Quality and precision of the most precise range that matches; (0, -1) when none does."""
    matching = [each for each in ranges if each.matches(media_type)]
    if not matching:
        return (0.0, -1)
    best = max(matching, key=lambda each: each.precision)
    return (best.quality, best.precision)


def choose(ranges: Sequence[Range], *, offered: Sequence[str]) -> str | None:
    """The best of the offered types, or None.

    Higher quality wins, then the more precise range. What is still equal goes to the first offered, except that a
    wildcard means plain JSON, which every client can read.
    """
    weighed = [(*quality(ranges, media_type), media_type) for media_type in offered]
    acceptable = [each for each in weighed if each[0] > 0]
    if not acceptable:
        return None
    best = max(each[:2] for each in acceptable)
    equal = [media_type for *weight, media_type in acceptable if tuple(weight) == best]
    return JSON if best[1] < 2 and JSON in equal else equal[0]


def parse_content_type(header: str) -> tuple[str, dict[str, str]]:
    """A media type in lower case and its parameters; an empty type when the header is malformed."""
    matched = RANGE.fullmatch(header)
    return (matched[1].lower(), _parameters(matched[2])) if matched else ("", {})


def _split(header: str) -> list[str]:
    """Elements between commas that are not inside a quoted string."""
    return re.findall(r"(?:[^,\"]|\"[^\"]*\")+", header)


def _range(element: str) -> Range | None:
    matched = RANGE.fullmatch(element)
    if matched is None:
        return None
    media_type, parameters = matched[1].lower(), _parameters(matched[2])
    weight = parameters.pop("q", "1")
    charset = parameters.pop("charset", "utf-8").lower()
    if QUALITY.fullmatch(weight) is None or charset not in ("utf-8", "utf8") or parameters:
        return None
    kind, subtype = media_type.split("/", 1)
    precision = 0 if media_type == "*/*" else 1 if subtype == "*" else 2
    return None if kind == "*" and precision else Range(media_type, float(weight), precision)


def _parameters(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
