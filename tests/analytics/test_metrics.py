"""Each metric three ways on the golden stories: by hand, from the facts, and from the roll-ups."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.analytics.metric import LIST, METRICS
from domain.analytics.question import Comparison, Condition, Granularity, Question, Source, Span
from tests.analytics.conftest import Counted
from tests.analytics.golden import clock

MARCH = Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
FROM_FACTS = replace(MARCH, start=MARCH.start + timedelta(minutes=30))
"""The same stories; a span that does not begin with an hour is not in the roll-ups."""


def spread(name: str, mean: float, p50: float, p90: float) -> dict[str, float]:
    """Of so few that nine of ten are all of them."""
    return {name: mean, f"{name}_p50": p50, f"{name}_p90": p90, f"{name}_p95": p90}


BY_HAND: dict[str, float] = {
    "conversations": 3,  # the third is spam
    "messages": 2 + 7 + 1 + 2,
    "answers": 3,
    **spread("first_response_time", (5 + 720 + 30) / 3, 30, 720),
    **spread("first_response_business_time", (5 + 720 + 30) / 3, 30, 720),
    **spread("next_response_time", 180, 180, 180),
    **spread("next_response_business_time", 180, 180, 180),
    **spread("resolution_time", (600 + 1_800 + 86_400) / 3, 1_800, 86_400),
    **spread("resolution_business_time", (600 + 1_800 + 86_400) / 3, 1_800, 86_400),
    "resolutions": 3,
    "confirmed_resolutions": 1,
    "assumed_resolutions": 1,
    "durable_resolutions": 2,
    "containment_rate": 2 / 3,
    "deflection_rate": 2 / 3,
    "handoffs": 1,
    "handoff_rate": 1 / 3,
    **spread("handoff_wait", 596, 596, 596),
    **spread("handoff_business_wait", 596, 596, 596),
    "reopen_rate": 1 / 3,
    "csat": 1,
    "csat_score": 5,
    "csat_responses": 1,
    "csat_response_rate": 1 / 2,
    "helpful_rate": 1 / 2,
    **spread("answer_time", (4 + 2 + 3 + 20) / 4, 3, 20),
    **spread("first_text_time", 1.5, 1.5, 1.5),
    "cost": 0.5 + 0.7 + 0.0001,
    "tokens": 120 + 240 + 60,
    "cost_per_resolution": (0.5 + 0.7) / 3,
    "service_level_attainment": 1 / 2,
    "deliveries": 0,
    "delivery_failures": 0,
}


async def answered(golden: Counted, question: Question, source: Source) -> dict[str, list[Any]]:
    """The columns by name; those of the span before have a star."""
    answer = await golden.parts.analytics.ask(golden.company.admin, question)
    assert answer.source is source
    return {column.name + "*" * column.compared: list(column.values) for column in answer.columns}


async def test_each_metric_is_what_it_is_by_hand_from_facts_and_from_roll_ups(golden: Counted) -> None:
    assert list(BY_HAND) == [metric.name for metric in LIST]
    for start in range(0, len(LIST), 20):
        names = tuple(BY_HAND)[start : start + 20]
        told = await answered(golden, Question(names, FROM_FACTS), Source.FACTS)
        rolled = await answered(golden, Question(names, MARCH), Source.ROLLUP)
        for name in names:
            error = 0.01 if METRICS[name].quantile else 1e-9
            assert told[name] == [pytest.approx(BY_HAND[name], rel=1e-9)], name
            assert rolled[name] == [pytest.approx(BY_HAND[name], rel=error)], name


async def test_days_begin_by_the_clocks_of_a_zone(golden: Counted) -> None:
    span = Span(clock(2, 0, 0), clock(5, 0, 0))
    asked = Question(("conversations", "messages"), span, zone="Europe/Zurich", granularity=Granularity.DAY)
    found = await answered(golden, asked, Source.ROLLUP)
    days = [f"2026-03-0{day}T00:00:00+01:00" for day in (2, 3, 4, 5)]
    assert found == {"time": days, "conversations": [2, 1, 0, 0], "messages": [8, 4, 0, 0]}
    odd = await answered(golden, replace(asked, zone="Asia/Kathmandu"), Source.FACTS)
    assert odd["conversations"] == [2, 1, 0, 0] and odd["time"][0] == "2026-03-02T00:00:00+05:45"


async def test_a_dimension_splits_and_filters_alike_from_both_sources(golden: Counted) -> None:
    asked = Question(("messages",), MARCH, ("actor_kind",))
    whose = {"actor_kind": ["customer", "assistant", "person"], "messages": [6, 4, 2]}
    assert await answered(golden, asked, Source.ROLLUP) == whose
    assert await answered(golden, replace(asked, span=FROM_FACTS), Source.FACTS) == whose
    topic = Question(("conversations",), MARCH, conditions=(Condition("topic", ("Returns",)),))
    assert await answered(golden, topic, Source.ROLLUP) == {"conversations": [1]}
    none = replace(topic, conditions=(Condition("topic", (None,)),))
    assert await answered(golden, none, Source.ROLLUP) == {"conversations": [2]}
    both = replace(none, dimensions=("channel", "outcome"))
    assert await answered(golden, replace(both, order="outcome", descending=False), Source.FACTS) == {
        "channel": ["chat", "chat", "chat"],
        "outcome": ["open", "resolved", "spam"],
        "conversations": [1, 1, 0],
    }


async def test_what_was_before_stands_beside(golden: Counted) -> None:
    span = Span(clock(3, 0, 0), clock(4, 0, 0))
    asked = Question(("messages",), span, granularity=Granularity.HOUR, comparison=Comparison.PREVIOUS_PERIOD)
    found = await answered(golden, asked, Source.ROLLUP)
    assert found["messages"] == [2 if hour == 10 else 0 for hour in range(24)]
    assert found["messages*"] == [{9: 2, 10: 5, 12: 1, 23: 2}.get(hour, 0) for hour in range(24)]


@pytest.mark.parametrize("granularity", [Granularity.NONE, Granularity.WEEK, Granularity.MONTH, Granularity.QUARTER])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Zurich", "America/Los_Angeles"])
async def test_days_and_the_hours_at_their_edges_come_to_what_the_facts_say(
    golden: Counted, granularity: Granularity, zone: str
) -> None:
    """Whole days are read as days, but for those that a month of the zone, or the span, cuts in the middle."""
    whole = Span(clock(2, 10, 0) - timedelta(days=30), clock(4, 10, 0))
    names = ("messages", "conversations", "durable_resolutions", "next_response_time", "first_response_time_p90")
    rolled = await answered(golden, Question(names, whole, zone=zone, granularity=granularity), Source.ROLLUP)
    odd = replace(whole, start=whole.start + timedelta(minutes=1))
    told = await answered(golden, Question(names, odd, zone=zone, granularity=granularity), Source.FACTS)
    assert sum(rolled["messages"]) == 12 and sum(rolled["conversations"]) == 3
    for name in names:
        assert rolled[name] == [value if value is None else pytest.approx(value, rel=0.01) for value in told[name]]
