"""The gate: a version of the prompt is published once the gate's suite was run with it, and nothing broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.account.stored import Opening
from domain.base import Actor
from domain.learning.comparison import Change, Comparison, Results, compare
from domain.learning.events import RunState
from domain.learning.run import Knowledge, RunUnit, SuiteRun, rehearsed
from domain.learning.statistics import SIGNIFICANT
from domain.learning.suite import Suite
from domain.prompt.prompt import GateFailedError

NAMED = 5
"""Cases that a refusal names."""


@dataclass(frozen=True)
class SuiteGate:
    """Asks the newest run of the gate's suite by a version; an organization without such a suite has no gate.

    It has to be over, as thorough as the suite asks, of the test cases and the knowledge as they are now, and no worse
    than the newest finished run by the published version. Where there is none, no critical case may fail.
    """

    units: Opening[RunUnit]
    knowledge: Knowledge

    async def check(self, actor: Actor, number: int) -> None:
        """Return if the version may be published; raises `GateFailedError` where it may not."""
        knowledge = await self.knowledge(actor.tenant)
        async with self.units(actor) as unit:
            published = (await unit.prompts.own()).published
            suite = await unit.suites.gate()
            if suite is None or number == published:
                return
            run = await unit.suite_runs.newest(suite.id, number)
            if run is None:
                raise GateFailedError(f"Version {number} was not rehearsed yet: run the suite “{suite.name}” with it.")
            cases = rehearsed(await unit.test_cases.of_suite(suite.id))
            if problem := _unusable(run, suite, cases == run.cases, knowledge == run.knowledge):
                raise GateFailedError(f"{problem} Run the suite “{suite.name}” with version {number} again.", run.id)
            before = await unit.suite_runs.newest(suite.id, published, state=RunState.FINISHED)
            after = await unit.suite_runs.results(run)
            _require_no_worse(run, after, await unit.suite_runs.results(before) if before else None)


def _unusable(run: SuiteRun, suite: Suite, same_cases: bool, same_knowledge: bool) -> str | None:
    """Why a run says nothing about what would happen now."""
    if run.state is RunState.RUNNING:
        return "Its newest run is not over yet."
    if run.state is RunState.CANCELLED:
        return "Its newest run was cancelled."
    if run.trials < suite.trials:
        return f"Its newest run tried each case {run.trials} times, and the suite asks for {suite.trials}."
    if not same_cases:
        return "The test cases have changed since its newest run."
    return None if same_knowledge else "The knowledge has changed since its newest run."


def _require_no_worse(run: SuiteRun, after: Results, before: Results | None) -> None:
    if before is None:
        failing = [case.name for case in after.cases if case.critical and not after.tallies[case.id].is_whole]
        if failing:
            raise GateFailedError(f"Critical test cases fail: {_named(failing)}.", run.id)
        return
    comparison = compare(before, after)
    if comparison.regressed:
        raise GateFailedError(_regression(comparison), run.id)


def _regression(comparison: Comparison) -> str:
    broken = comparison.of(Change.BROKEN)
    critical = [each.case.name for each in broken if each.case.critical]
    if critical:
        return f"Critical test cases pass with the published version and fail with this one: {_named(critical)}."
    fixed = len(comparison.of(Change.FIXED))
    return (
        f"{len(broken)} test cases broke and {fixed} were mended, which chance explains in less than"
        f" {SIGNIFICANT:.0%} of cases: {_named([each.case.name for each in broken])}."
    )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown
