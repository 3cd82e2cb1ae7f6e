"""Two runs of the same test cases side by side: what was mended, what broke, and whether it is worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.learning.case import RehearsedCase
from domain.learning.statistics import SIGNIFICANT, Estimate, Tally, chance_of_worse, resampled


class Change(StrEnum):
    """What became of a case: it passes only where all its trials do."""

    FIXED = "fixed"
    BROKEN = "broken"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Results:
    """A run's cases as they were, and their tallies."""

    cases: Sequence[RehearsedCase]
    tallies: Mapping[UUID, Tally]


@dataclass(frozen=True, slots=True)
class ComparedCase:
    """A case that both runs had, with the same words in it."""

    case: RehearsedCase
    before: Tally
    after: Tally

    @property
    def change(self) -> Change:
        """Whether the later run mended or broke it."""
        before, after = self.before.is_whole, self.after.is_whole
        if before == after:
            return Change.SAME
        return Change.FIXED if after else Change.BROKEN


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` is that of the mean pass rates; `chance` is that of breaking so many if nothing were worse."""

    cases: tuple[ComparedCase, ...]
    difference: Estimate | None
    chance: float

    def of(self, change: Change) -> tuple[ComparedCase, ...]:
        """The cases that changed so."""
        return tuple(each for each in self.cases if each.change is change)

    @property
    def regressed(self) -> bool:
        """The later run is worse: a critical case broke, or more cases broke than chance explains (5 %)."""
        return any(each.case.critical for each in self.of(Change.BROKEN)) or self.chance < SIGNIFICANT


def compare(before: Results, after: Results) -> Comparison:
    """Case by case; those that only one run has, or with other words, are left out."""
    earlier = {case.id: case for case in before.cases}
    pairs = tuple(
        ComparedCase(case, before.tallies[case.id], after.tallies[case.id])
        for case in after.cases
        if case.id in before.tallies and case.id in after.tallies and earlier[case.id].script == case.script
    )
    changes = [each.change for each in pairs]
    chance = chance_of_worse(changes.count(Change.BROKEN), changes.count(Change.FIXED))
    differences = [_rate(each.after) - _rate(each.before) for each in pairs]
    return Comparison(pairs, resampled(differences) if differences else None, chance)


def _rate(tally: Tally) -> float:
    return tally.passed / tally.trials
