"""Runs of suites: each case is tried so many times, each trial is counted once, whatever dies on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening, Stored
from domain.assistant import Assistant
from domain.base import Actor, Aggregate, Event, Identifiers, InvalidStateError, NotFoundError
from domain.learning.case import RehearsedCase
from domain.learning.comparison import Results
from domain.learning.events import (
    RunState,
    SuiteRunCancelled,
    SuiteRunFinished,
    SuiteRunProgressed,
    SuiteRunStarted,
)
from domain.learning.rehearsing import Rehearsals, Trial
from domain.learning.statistics import PassRate, Tally, pass_rates
from domain.learning.suite import NOBODY, SuiteUnit, TestCase, checked_trials
from domain.ports import IdempotencyKey, Receipt
from domain.prompt.prompt import PromptUnit
from domain.retry import retried_once

MOST_RUNNING = 5
"""Runs of one organization at a time: each has a worker's place, which customers of others wait for too."""
STEP = 4
"""Trials of one step of a run, at the same time: what a killed worker makes somebody answer again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What has come of a run so far: a tally for each case that was tried, and who answered most often."""

    tallies: Mapping[UUID, Tally]
    model: str

    @property
    def done(self) -> int:
        """Trials that are over."""
        return sum(tally.trials for tally in self.tallies.values())

    @property
    def passed(self) -> int:
        """Trials that passed."""
        return sum(tally.passed for tally in self.tallies.values())


@dataclass
class SuiteRun(Aggregate):
    """One run: the cases as they were when it began, the version of the prompt, and a digest of the knowledge."""

    suite_id: UUID = NOBODY
    state: RunState = RunState.RUNNING
    trials: int = 1
    cases: tuple[RehearsedCase, ...] = ()
    prompt_number: int | None = None
    model: str = ""
    knowledge: str = ""
    done: int = 0
    passed: int = 0
    rates: tuple[PassRate, ...] = ()
    finished_at: datetime | None = None

    def start(
        self, suite_id: UUID, cases: Sequence[RehearsedCase], *, trials: int, prompt_number: int, knowledge: str
    ) -> None:
        """Begin."""
        if not cases:
            raise InvalidStateError("This suite has no test cases. Add one first.")
        self.cases, self.knowledge = tuple(cases), knowledge
        self._record(SuiteRunStarted(suite_id, prompt_number, trials, len(cases)))

    def advance(self, standing: Standing, at: datetime) -> None:
        """Count what is over; end with its rates where all of it is."""
        self.model = standing.model
        if standing.done < len(self.cases) * self.trials:
            self._record(SuiteRunProgressed(standing.done, standing.passed))
            return
        self.rates = pass_rates(list(standing.tallies.values()))
        self.finished_at = at
        self._record(SuiteRunFinished(standing.done, standing.passed))

    def cancel(self, at: datetime) -> None:
        """End early; trials that are over stay."""
        if self.state is not RunState.RUNNING:
            raise InvalidStateError("This run is over already.")
        self.finished_at = at
        self._record(SuiteRunCancelled(self.done, self.passed))

    def _apply(self, event: Event) -> None:
        match event:
            case SuiteRunStarted():
                self.suite_id, self.trials, self.prompt_number = event.suite_id, event.trials, event.prompt_number
            case SuiteRunProgressed() | SuiteRunFinished():
                self.done, self.passed = event.done, event.passed
        if isinstance(event, SuiteRunFinished):
            self.state = RunState.FINISHED
        if isinstance(event, SuiteRunCancelled):
            self.state = RunState.CANCELLED


@dataclass(frozen=True, slots=True)
class SuiteRunView:
    """A run as it stands; `rates` are there once it is finished."""

    id: UUID
    suite_id: UUID
    state: RunState
    trials: int
    cases: tuple[RehearsedCase, ...]
    prompt_number: int
    model: str
    knowledge: str
    done: int
    passed: int
    rates: tuple[PassRate, ...]
    version: int
    created_at: datetime
    finished_at: datetime | None


class RunRepository(Stored[SuiteRun], Protocol):
    """Runs of the actor's organization, to change."""

    async def remaining(self, run: SuiteRun, most: int) -> Sequence[tuple[RehearsedCase, int]]:
        """The next trials that are not over: a case and its trial's number, from 1."""
        ...

    async def keep(self, run: SuiteRun, trials: Sequence[Trial]) -> Standing:
        """Keep trials, each once; what has come of the run with them."""
        ...

    async def newest(self, suite_id: UUID, prompt_number: int, *, state: RunState | None = None) -> SuiteRun | None:
        """The newest run of a suite by a version of the prompt, in one state if that is given."""
        ...

    async def results(self, run: SuiteRun) -> Results:
        """What has come of its cases."""
        ...

    async def running(self) -> Collection[UUID]:
        """The suites of the organization with a run that is still going on."""
        ...


class RunUnit(SuiteUnit, PromptUnit, Protocol):
    """A unit of work that holds runs too; `at` is its time."""

    at: datetime

    @property
    def suite_runs(self) -> RunRepository:
        """Runs, to change."""
        ...


Knowledge = Callable[[UUID], Awaitable[str]]
"""A digest of all that an organization's customers may be answered from, as of now."""


@dataclass(frozen=True)
class SuiteRuns:
    """The commands on runs, and the work on them: step by step, each of which its event calls for."""

    units: Opening[RunUnit]
    new_id: Identifiers
    knowledge: Knowledge
    rehearse: Rehearsals

    def by(self, assistant: Assistant | None) -> SuiteRuns:
        """The same, with another assistant answering, if one is given."""
        return self if assistant is None else replace(self, rehearse=replace(self.rehearse, assistant=assistant))

    @retried_once
    async def start(
        self,
        actor: Actor,
        suite_id: UUID,
        *,
        prompt_number: int | None = None,
        trials: int | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Rehearse a suite by a version of the prompt, the published one if unset; one run of a suite at a time."""
        actor.require(Permission.MANAGE_ASSISTANT)
        knowledge = await self.knowledge(actor.tenant)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            suite = await unit.suites.get(suite_id)
            running = await unit.suite_runs.running()
            if suite.id in running:
                raise InvalidStateError("A run of this suite is going on. Wait for its end, or cancel it.")
            if len(running) >= MOST_RUNNING:
                raise InvalidStateError(f"Runs of {MOST_RUNNING} suites are going on. Wait for one, or cancel it.")
            cases = rehearsed(await unit.test_cases.of_suite(suite.id))
            prompt = await unit.prompts.own()
            number = prompt.published if prompt_number is None else prompt_number
            prompt.require(number)
            run = SuiteRun(self.new_id(), actor.tenant)
            tried = suite.trials if trials is None else checked_trials(trials)
            run.start(suite.id, cases, trials=tried, prompt_number=number, knowledge=knowledge)
            unit.suite_runs.add(run)
            return await unit.commit(Receipt(run.id))

    @retried_once
    async def cancel(self, actor: Actor, run_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """End a run early; what is being answered right now is not counted any more."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            run = await unit.suite_runs.get(run_id)
            run.cancel(unit.at)
            return await unit.commit(Receipt(run.id))

    async def work(self, actor: Actor, run_id: UUID, version: int) -> None:
        """One step of a run, from where its event at `version` left it; a repeated one is none.

        Nor is one of a run that went with its suite.
        """
        with suppress(NotFoundError):
            async with self.units(actor) as unit:
                run = await unit.suite_runs.get(run_id)
                if not _waits(run, version):
                    return
                remaining = await unit.suite_runs.remaining(run, STEP)
            tried = await asyncio.gather(*(self._try(run, case, number) for case, number in remaining))
            await self._keep(actor, run_id, version, tried)

    async def _try(self, run: SuiteRun, case: RehearsedCase, number: int) -> Trial:
        return await self.rehearse(run.organization_id, case, number, run.prompt_number)

    @retried_once
    async def _keep(self, actor: Actor, run_id: UUID, version: int, tried: Sequence[Trial]) -> None:
        async with self.units(actor) as unit:
            run = await unit.suite_runs.get(run_id)
            if _waits(run, version):
                run.advance(await unit.suite_runs.keep(run, tried), unit.at)
                await unit.commit(Receipt(run.id))


def rehearsed(cases: Sequence[TestCase]) -> tuple[RehearsedCase, ...]:
    """Test cases as they are now, for a run to remember."""
    return tuple(RehearsedCase(case.id, case.name, case.critical, case.script) for case in cases)


def _waits(run: SuiteRun, version: int) -> bool:
    return run.state is RunState.RUNNING and run.version == version
