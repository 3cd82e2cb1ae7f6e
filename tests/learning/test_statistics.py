"""Pass rates and intervals, against values that are known from elsewhere."""

from itertools import combinations
from random import Random
from statistics import fmean
from uuid import UUID

import pytest

from domain.learning.case import RehearsedCase, Script
from domain.learning.comparison import Change, Results, compare
from domain.learning.statistics import Tally, chance_of_worse, pass_rates, resampled, wilson

SCRIPT = Script(("?",))


def results(*tallies: tuple[int, int], critical: bool = False, script: Script = SCRIPT) -> Results:
    cases = [RehearsedCase(UUID(int=number), str(number), critical, script) for number in range(len(tallies))]
    return Results(cases, {UUID(int=number): Tally(*tally) for number, tally in enumerate(tallies)})


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for passed, count, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
        estimate = wilson(passed / count, count)
        assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5e-5)
    assert wilson(1 / 29, 29).high == pytest.approx(0.1718, abs=5e-5)


def test_pass_k_is_the_share_of_choices_of_k_trials_that_all_pass() -> None:
    """The estimator of τ-bench, against counting the choices one by one."""
    tallies = [Tally(passed, 5) for passed in (5, 4, 2, 0, 5)]
    for rate in pass_rates(tallies):
        shares = []
        for tally in tallies:
            trials = [True] * tally.passed + [False] * (5 - tally.passed)
            shares.append(fmean(all(chosen) for chosen in combinations(trials, rate.k)))
        assert rate.rate.value == pytest.approx(fmean(shares))
    assert [rate.k for rate in pass_rates(tallies)] == [1, 2, 3, 4, 5]
    assert pass_rates([]) == ()


def test_intervals_hold_their_value_and_say_the_same_twice() -> None:
    tallies = [Tally(passed, 4) for passed in (4, 4, 3, 1, 0, 2, 4)]
    rates = pass_rates(tallies)
    assert rates == pass_rates(tallies)
    for each in rates:
        assert 0 <= each.rate.low < each.rate.value < each.rate.high <= 1


def test_few_cases_that_all_pass_are_no_certainty() -> None:
    for each in pass_rates([Tally(2, 2)] * 5):
        assert each.rate.value == 1 and each.rate.low == pytest.approx(0.5655, abs=5e-4) and each.rate.high == 1


def test_the_bootstrap_covers_the_truth_about_as_often_as_it_says() -> None:
    chance = Random(3)
    found = [resampled([float(chance.random() < 0.7) for _ in range(60)]) for _ in range(100)]
    assert 86 <= sum(estimate.low <= 0.7 <= estimate.high for estimate in found) <= 100


@pytest.mark.parametrize(
    ("broken", "fixed", "chance"), [(0, 0, 1), (5, 0, 1 / 32), (4, 0, 1 / 16), (1, 1, 0.75), (8, 2, 56 / 1024)]
)
def test_the_chance_of_worse_is_the_tail_of_a_fair_coin(broken: int, fixed: int, chance: float) -> None:
    assert chance_of_worse(broken, fixed) == pytest.approx(chance)


def test_a_case_changes_where_all_its_trials_do() -> None:
    compared = compare(results((2, 2), (1, 2), (0, 2), (2, 2)), results((1, 2), (2, 2), (1, 2), (2, 2)))
    assert [each.change for each in compared.cases] == [Change.BROKEN, Change.FIXED, Change.SAME, Change.SAME]
    assert compared.difference is not None and compared.difference.value == pytest.approx(0.125)
    assert not compared.regressed


def test_worse_is_one_critical_case_or_more_than_chance_explains() -> None:
    assert compare(results((1, 1), critical=True), results((0, 1), critical=True)).regressed
    assert not compare(results((0, 1), critical=True), results((0, 1), critical=True)).regressed
    whole, four, five = [(1, 1)] * 6, [(0, 1)] * 4 + [(1, 1)] * 2, [(0, 1)] * 5 + [(1, 1)]
    assert not compare(results(*whole), results(*four)).regressed
    assert compare(results(*whole), results(*five)).regressed
    assert not compare(results(*five), results(*whole)).regressed


def test_cases_that_were_rewritten_are_not_compared() -> None:
    compared = compare(results((1, 1), critical=True), results((0, 1), critical=True, script=Script(("!",))))
    assert (compared.cases, compared.difference, compared.regressed) == ((), None, False)
