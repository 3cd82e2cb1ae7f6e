"""What is behind a number adds up to it, and nobody sees anybody else's."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import event

from domain.analytics.metric import LIST, METRICS, Metric
from domain.analytics.question import Cell, Condition, Contribution, Question
from domain.base import ForbiddenError, InvalidInputError
from domain.ports import PageRequest
from tests.analytics.conftest import Counted
from tests.analytics.golden import know, rows_of, stories, write
from tests.analytics.test_metrics import FROM_FACTS, MARCH
from tests.stack import found_company

BY_FACT = {fact: tuple(metric for metric in LIST if metric.fact == fact) for fact in {one.fact for one in LIST}}


async def behind(golden: Counted, cell: Cell, size: int = 100) -> Sequence[Contribution]:
    """All pages of what is behind a number."""
    found: list[Contribution] = []
    page = PageRequest(size)
    while True:
        given = await golden.parts.analytics.contributions(golden.company.admin, cell, page)
        found += given.items
        if not given.has_next:
            return found
        page = replace(page, after=given.keys[-1])


def total(metric: Metric, found: Sequence[Contribution]) -> float | None:
    """What contributions come to."""
    sum_of = sum(one.numerator for one in found)
    if metric.per is None:
        return sum_of
    per = sum(one.denominator or 0 for one in found)
    return sum_of / per if per else None


@pytest.mark.parametrize("fact", sorted(BY_FACT))
async def test_what_is_behind_a_number_adds_up_to_it(golden: Counted, fact: str) -> None:
    """Every metric by every dimension, each value of it; percentiles have as many rows behind them as there are."""
    seen = 0
    for dimension in BY_FACT[fact][0].dimensions:
        for start in range(0, len(BY_FACT[fact]), 20):
            metrics = BY_FACT[fact][start : start + 20]
            question = Question(tuple(metric.name for metric in metrics), MARCH, (dimension,))
            values, *numbers = (await golden.parts.analytics.ask(golden.company.admin, question)).columns
            for place, value in enumerate(values.values):
                for metric, column in zip(metrics, numbers, strict=True):
                    condition = Condition(dimension, (value,))
                    found = await behind(golden, Cell(metric.name, MARCH, (condition,)))
                    shown = column.values[place]
                    if metric.quantile is None:
                        assert total(metric, found) == pytest.approx(shown), (metric.name, dimension, value)
                    else:
                        assert bool(found) is (shown is not None), (metric.name, dimension, value)
                    seen += 1
    assert seen >= len(BY_FACT[fact]) or fact == "delivery"


async def test_pages_neither_miss_nor_repeat(golden: Counted) -> None:
    cell = Cell("messages", MARCH)
    whole = await behind(golden, cell)
    assert [one.numerator for one in whole] == [2, 7, 1, 2]
    assert await behind(golden, cell, size=1) == whole
    with pytest.raises(InvalidInputError):
        await golden.parts.analytics.contributions(
            golden.company.admin, cell, PageRequest(1, after=("yesterday", "nothing"))
        )


async def test_nobody_counts_what_is_anothers(golden: Counted) -> None:
    database_url = golden.parts.settings.sqlalchemy_url
    other = await found_company(database_url)
    told = stories(other)[:1]
    await know(golden.parts.database, told)
    await write(golden.parts.database, other.id, [row for story in told for row in rows_of(story)])
    await golden.follow()
    for span in (MARCH, FROM_FACTS):
        asked = Question(("conversations", "first_response_time_p50"), span)
        theirs = await golden.parts.analytics.ask(other.admin, asked)
        assert [list(column.values) for column in theirs.columns] == [[1], [pytest.approx(5, rel=0.01)]]
        ours = await golden.parts.analytics.ask(golden.company.admin, asked)
        assert list(ours.columns[0].values) == [3]
    found = await golden.parts.analytics.contributions(other.admin, Cell("messages", MARCH), PageRequest(10))
    assert [one.conversation_id for one in found.items] == [str(told[0].id)]


async def test_only_who_may_ask_for_numbers_gets_them(golden: Counted) -> None:
    for actor in (golden.company.agent, golden.company.customer):
        with pytest.raises(ForbiddenError):
            await golden.parts.analytics.ask(actor, Question(("messages",), MARCH))
        with pytest.raises(ForbiddenError):
            await golden.parts.analytics.contributions(actor, Cell("messages", MARCH), PageRequest(1))


@pytest.mark.parametrize(
    ("metrics", "dimensions", "most"),
    [
        (("conversations", "deflection_rate"), (), 2),
        (("conversations", "first_response_time_p50", "first_response_time_p95"), (), 3),
        (("conversations", "messages", "handoffs"), ("inbox",), 5),
        (("conversations", "first_response_time_p50"), ("channel", "language"), 2),
    ],
)
async def test_an_answer_takes_few_statements(
    golden: Counted, metrics: tuple[str, ...], dimensions: tuple[str, ...], most: int
) -> None:
    """One for each fact, one for each measure of percentiles, one for freshness, one for names."""
    sent: list[str] = []
    engine = golden.parts.counting.analytics._database.engine.sync_engine

    def note(*said: object) -> None:
        sent.append(str(said[2]))

    event.listen(engine, "before_cursor_execute", note)
    await golden.parts.analytics.ask(golden.company.admin, Question(metrics, MARCH, dimensions))
    event.remove(engine, "before_cursor_execute", note)
    asked = [one for one in sent if "set_config" not in one and "statement_timeout" not in one]
    assert len(asked) == most, asked


def test_every_metric_has_a_definition() -> None:
    assert len(METRICS) == len(LIST)
    assert all(metric.definition.endswith(".") and metric.description.endswith(".") for metric in LIST)
