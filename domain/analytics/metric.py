"""The catalogue of metrics: what each number means, in words and in SQL, and how it is computed from measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.analytics import measure as m
from domain.analytics.measure import DIMENSIONS, Measure

WEEK = timedelta(days=7)


class Unit(StrEnum):
    """What a metric is counted in."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    SCORE = "score"
    CURRENCY = "currency"
    TOKENS = "tokens"


SCALES = {Unit.SECONDS: 1_000, Unit.CURRENCY: 1_000_000}
"""How many of what measures hold make one of a unit: milliseconds, millionths of the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A number with a definition: the sum of a measure, that over the sum of another, or a percentile of a measure.

    `definition` is what it means in words. One that `settles` counts what is older than that only, since whether the
    younger counts is not known yet. `is_better_higher` is None where neither is.
    """

    name: str
    description: str
    definition: str
    unit: Unit
    of: Measure
    per: Measure | None = None
    quantile: float | None = None
    is_better_higher: bool | None = None
    settles: timedelta | None = None

    @property
    def fact(self) -> str:
        """The fact whose rows it is made of; each belongs to the hour of its `at`."""
        return self.of.fact

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What it can be split and filtered by."""
        return tuple(DIMENSIONS[self.fact])

    @property
    def is_additive(self) -> bool:
        """Whether the numbers of parts add up to the number of the whole."""
        return self.per is None and self.quantile is None

    @property
    def scale(self) -> int:
        """How many of what the measure holds make one of the unit."""
        return SCALES.get(self.unit, 1)

    @property
    def sql(self) -> str:
        """The definition over the facts, for one organization and one range of `at`."""
        scale = "" if self.scale == 1 else f" / {self.scale}.0"
        if self.quantile is not None:
            asked = f"percentile_disc({self.quantile}) WITHIN GROUP (ORDER BY {self.of.expression}){scale}"
        elif self.per is not None:
            asked = f"sum({self.of.expression})::numeric / nullif(sum({self.per.expression}), 0){scale}"
        else:
            asked = f"coalesce(sum({self.of.expression}), 0){scale}"
        young = f" AND at < now() - interval '{self.settles.days} days'" if self.settles else ""
        return f"SELECT {asked} FROM {self.fact}_fact WHERE at >= :from AND at < :to{young}"  # noqa: S608


PERCENTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95}


def _times(name: str, description: str, definition: str, of: Measure, per: Measure) -> Iterator[Metric]:
    """The mean and the percentiles of a length of time."""
    shared = {"unit": Unit.SECONDS, "of": of, "is_better_higher": False}
    yield Metric(name=name, description=f"{description}, on average.", definition=definition, per=per, **shared)  # type: ignore[arg-type]
    for suffix, quantile in PERCENTILES.items():
        said = f"{description}: {quantile:.0%} wait no longer."
        yield Metric(name=f"{name}_{suffix}", description=said, definition=definition, quantile=quantile, **shared)  # type: ignore[arg-type]


def _count(name: str, description: str, definition: str, of: Measure, *, better: bool | None = None) -> Metric:
    return Metric(
        name=name, description=description, definition=definition, unit=Unit.COUNT, of=of, is_better_higher=better
    )


def _share(name: str, description: str, definition: str, of: Measure, per: Measure, *, better: bool) -> Metric:
    return Metric(
        name=name,
        description=description,
        definition=definition,
        unit=Unit.SHARE,
        of=of,
        per=per,
        is_better_higher=better,
    )


FIRST = (
    "From a customer's first word to the first reply by the assistant or a person, at the moment that the conversation"
    " began. A line that says that a person will come is no reply. Spam does not count."
)
NEXT = (
    "From the first word of a customer that nobody had answered to the reply, at the moment of the reply; replies that"
    " are the first of their episode do not count."
)
RESOLVED = "From an episode's beginning to its resolution, at the moment of the resolution."
WAITED = "From a handoff to the moment that a person had the conversation, at the moment of the handoff."
BUSINESS = " Only the organization's business hours count."
ENDED = "An episode is a conversation's spell until it is resolved. It counts at the moment of its resolution."

LIST: tuple[Metric, ...] = (
    _count("conversations", "Conversations that began.", "Spam does not count.", m.CONVERSATIONS),
    _count("messages", "Messages of everybody.", "Each counts when it was sent.", m.MESSAGES),
    _count(
        "answers",
        "Answers that the assistant gave.",
        "Questions back, refusals, handoffs and answers that were stopped do not count.",
        m.ANSWERS,
        better=True,
    ),
    *_times("first_response_time", "Until somebody replied", FIRST, m.FIRST_RESPONSE, m.FIRST_RESPONSES),
    *_times(
        "first_response_business_time",
        "Business time until somebody replied",
        FIRST + BUSINESS,
        m.FIRST_RESPONSE_BUSINESS,
        m.FIRST_RESPONSES,
    ),
    *_times("next_response_time", "Until somebody replied again", NEXT, m.NEXT_RESPONSE, m.NEXT_RESPONSES),
    *_times(
        "next_response_business_time",
        "Business time until somebody replied again",
        NEXT + BUSINESS,
        m.NEXT_RESPONSE_BUSINESS,
        m.NEXT_RESPONSES,
    ),
    *_times("resolution_time", "Until the matter was settled", RESOLVED, m.RESOLUTION, m.EPISODES),
    *_times(
        "resolution_business_time",
        "Business time until the matter was settled",
        RESOLVED + BUSINESS,
        m.RESOLUTION_BUSINESS,
        m.EPISODES,
    ),
    _count("resolutions", "Episodes that were resolved.", ENDED, m.EPISODES, better=True),
    _count(
        "confirmed_resolutions",
        "Resolutions that the customer confirmed.",
        f"{ENDED} The customer resolved it.",
        m.CONFIRMED,
        better=True,
    ),
    _count(
        "assumed_resolutions",
        "Resolutions that nobody confirmed.",
        f"{ENDED} A rule, an API key or the assistant resolved it, such as after some time of silence.",
        m.ASSUMED,
    ),
    Metric(
        name="durable_resolutions",
        description="Resolutions after which the conversation rested.",
        definition=f"{ENDED} It was not reopened within seven days; what was resolved less than seven days ago is left"
        " out, since nobody knows yet.",
        unit=Unit.COUNT,
        of=m.DURABLE,
        is_better_higher=True,
        settles=WEEK,
    ),
    _share(
        "containment_rate",
        "The share of resolutions without a person.",
        f"{ENDED} It had no handoff, and no person wrote in it.",
        m.CONTAINED,
        m.EPISODES,
        better=True,
    ),
    _share(
        "deflection_rate",
        "The share of conversations with the assistant in which no person was needed.",
        "Of the conversations in which the assistant said something, at the moment that they began: those that have had"
        " no handoff and no word by a person until now. Spam does not count.",
        m.DEFLECTED,
        m.ANSWERED,
        better=True,
    ),
    _count("handoffs", "How often a person was needed.", "Each counts when it was asked for.", m.HANDOFFS),
    _share(
        "handoff_rate",
        "The share of resolutions with a handoff.",
        f"{ENDED} The dimension `reason` is the reason of its first handoff.",
        m.HANDED_OVER,
        m.EPISODES,
        better=False,
    ),
    *_times("handoff_wait", "Until a person had what was handed over", WAITED, m.HANDOFF_WAIT, m.HANDOFFS_TAKEN),
    *_times(
        "handoff_business_wait",
        "Business time until a person had what was handed over",
        WAITED + BUSINESS,
        m.HANDOFF_WAIT_BUSINESS,
        m.HANDOFFS_TAKEN,
    ),
    _share(
        "reopen_rate",
        "The share of resolutions after which the conversation went on.",
        f"{ENDED} It was reopened, whenever that was.",
        m.REOPENED,
        m.EPISODES,
        better=False,
    ),
    _share(
        "csat",
        "The share of content customers.",
        "Of the surveys that were answered, at the moment that they were asked: those with 4 or 5 of 5.",
        m.SURVEYS_CONTENT,
        m.SURVEYS_ANSWERED,
        better=True,
    ),
    Metric(
        name="csat_score",
        description="The mean score of surveys, 1 to 5.",
        definition="Of the surveys that were answered, at the moment that they were asked.",
        unit=Unit.SCORE,
        of=m.SCORES,
        per=m.SURVEYS_ANSWERED,
        is_better_higher=True,
    ),
    _count("csat_responses", "Surveys that were answered.", "Each counts when it was asked.", m.SURVEYS_ANSWERED),
    _share(
        "csat_response_rate",
        "The share of surveys that were answered.",
        "Of the surveys that were asked, at that moment.",
        m.SURVEYS_ANSWERED,
        m.SURVEYS,
        better=True,
    ),
    _share(
        "helpful_rate",
        "The share of rated answers that helped.",
        "Of the assistant's answers that customers rated, at the moment that the answers began.",
        m.ANSWERS_HELPFUL,
        m.ANSWERS_RATED,
        better=True,
    ),
    *_times(
        "answer_time",
        "Until the assistant's answer was whole",
        "From the first attempt's beginning to the outcome, stopped answers too, at the moment of that beginning.",
        m.ANSWER_TIME,
        m.ANSWERS_TIMED,
    ),
    *_times(
        "first_text_time",
        "Until the first words of the assistant's answer",
        "As the assistant measured it, at the moment that the answer began.",
        m.FIRST_TEXT,
        m.FIRST_TEXTS,
    ),
    Metric(
        name="cost",
        description="What answers cost.",
        definition="Of the assistant's answers, by the prices that held then, in the currency of the price list; other"
        " calls of models, such as for summaries, do not count.",
        unit=Unit.CURRENCY,
        of=m.COST,
        is_better_higher=False,
    ),
    Metric(
        name="tokens",
        description="Tokens that answers used.",
        definition="Read and written by models for the assistant's answers.",
        unit=Unit.TOKENS,
        of=m.TOKENS,
    ),
    Metric(
        name="cost_per_resolution",
        description="What answers cost for each resolution.",
        definition=f"{ENDED} The cost of the answers in resolved episodes over their number.",
        unit=Unit.CURRENCY,
        of=m.RESOLVED_COST,
        per=m.EPISODES,
        is_better_higher=False,
    ),
    _share(
        "service_level_attainment",
        "The share of service levels that were met.",
        "Of the targets that were met or missed, at the moment that their episode was resolved, or began while it goes"
        " on.",
        m.LEVELS_MET,
        m.LEVELS,
        better=True,
    ),
    _count("deliveries", "What was sent out.", "Each counts when it was posted.", m.DELIVERIES),
    _count(
        "delivery_failures", "What was given up.", "Each counts when it was posted.", m.DELIVERIES_FAILED, better=False
    ),
)
METRICS: Mapping[str, Metric] = {metric.name: metric for metric in LIST}
"""All of them by name."""
