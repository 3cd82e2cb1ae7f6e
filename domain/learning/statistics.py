"""How sure a suite's results are: pass rates with intervals, and whether one run is worse than another.

pass^k is the chance that k trials of a case all pass, by the unbiased estimator of Yao et al. 2024 (τ-bench,
arXiv 2406.12045): with c of n trials passed, C(c, k) / C(n, k), averaged over the cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from random import Random
from statistics import fmean

NORMAL = 1.959964
"""The quantile of the normal distribution that leaves 2.5 % on either side: all intervals hold 95 %."""
RESAMPLES = 1_000
SEED = 20240617
"""Fixed, so that the same results have the same interval whenever they are looked at."""
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PassRate:
    """pass^k of a run: the chance, from 0 to 1, that `k` trials of a case all pass."""

    k: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class Tally:
    """How many trials of one case passed, of how many."""

    passed: int
    trials: int

    @property
    def is_whole(self) -> bool:
        """Every trial passed: only then the case does."""
        return self.passed == self.trials


def pass_rates(tallies: Sequence[Tally]) -> tuple[PassRate, ...]:
    """pass^1 to pass^n, where each case has n trials; none where there are no cases."""
    most = min((tally.trials for tally in tallies), default=0)
    return tuple(PassRate(k, _pass_rate(tallies, k)) for k in range(1, most + 1))


def _pass_rate(tallies: Sequence[Tally], k: int) -> Estimate:
    """Wilson's interval for k = 1, else by resampling cases: trials of one case are not independent, cases are.

    Where all cases scored alike, resampling finds no doubt at all, which is wrong for few of them: then Wilson's.
    """
    scores = [comb(tally.passed, k) / comb(tally.trials, k) for tally in tallies]
    if k == 1 or len(set(scores)) == 1:
        return wilson(fmean(scores), len(scores))
    return resampled(scores)


def wilson(share: float, count: int) -> Estimate:
    """Wilson's score interval of a share of `count` independent cases (Wilson 1927)."""
    doubt = NORMAL**2 / count
    middle = (share + doubt / 2) / (1 + doubt)
    spread = NORMAL * sqrt(share * (1 - share) / count + doubt / (4 * count)) / (1 + doubt)
    return Estimate(share, max(0.0, min(share, middle - spread)), min(1.0, max(share, middle + spread)))


def resampled(scores: Sequence[float]) -> Estimate:
    """The mean with its percentile bootstrap interval (Efron 1979), over the cases."""
    chance = Random(SEED)
    means = sorted(fmean(chance.choices(scores, k=len(scores))) for _ in range(RESAMPLES))
    cut = round(RESAMPLES * 0.025)
    return Estimate(fmean(scores), means[cut], means[-cut - 1])


def chance_of_worse(broken: int, fixed: int) -> float:
    """The one-sided exact McNemar test: how likely at least so many would break of those that changed, by chance."""
    changed = broken + fixed
    worse = sum(comb(changed, count) for count in range(broken, changed + 1))
    return worse / float(2**changed)
