"""Suites of test cases: what people do with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening, Stored
from domain.base import Actor, Aggregate, Event, FieldProblem, Identifiers, InvalidInputError, InvalidStateError
from domain.learning.case import LONGEST_NAME, Patterns, Script, checked_script
from domain.learning.events import (
    GateChosen,
    SuiteChanged,
    SuiteCreated,
    SuiteDeleted,
    TestCaseChanged,
    TestCaseCreated,
    TestCaseDeleted,
)
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import checked

MOST_SUITES = 100
MOST_CASES = 200
"""Cases of one suite."""
MOST_TRIALS = 16
NOBODY = UUID(int=0)


def checked_trials(trials: int) -> int:
    """How often each case is tried; `InvalidInputError` for a number that makes no sense."""
    if not 1 <= trials <= MOST_TRIALS:
        raise InvalidInputError(FieldProblem("input.trials", f"Try each case 1 to {MOST_TRIALS} times."))
    return trials


@dataclass
class Suite(Aggregate):
    """Test cases that belong together; `trials` is how often each is tried in a run."""

    name: str = ""
    trials: int = 1
    is_gate: bool = False
    deleted: bool = False

    def create(self, name: str, trials: int) -> None:
        """Begin, without any cases."""
        self._record(SuiteCreated(checked(name, "input.name", longest=LONGEST_NAME), checked_trials(trials)))

    def change(self, name: str | None, trials: int | None) -> None:
        """Call it otherwise, or try each case another number of times; None leaves a part as it is."""
        name = self.name if name is None else checked(name, "input.name", longest=LONGEST_NAME)
        trials = self.trials if trials is None else checked_trials(trials)
        if (name, trials) != (self.name, self.trials):
            self._record(SuiteChanged(name, trials))

    def choose(self, *, is_gate: bool, reason: str | None) -> None:
        """Be the gate from now on, or not any more; what it is already changes nothing."""
        if is_gate is not self.is_gate:
            self._record(GateChosen(is_gate=is_gate, reason=reason))

    def delete(self) -> None:
        """End it, unless it is the gate."""
        if self.is_gate:
            raise InvalidStateError("This suite is the gate. Choose another one, or none, first.")
        self._record(SuiteDeleted(self.name))

    def _apply(self, event: Event) -> None:
        match event:
            case SuiteCreated() | SuiteChanged():
                self.name, self.trials = event.name, event.trials
            case GateChosen():
                self.is_gate = event.is_gate
            case SuiteDeleted():
                self.deleted = True


@dataclass
class TestCase(Aggregate):
    """A test case of a suite; the gate holds a `critical` one against what breaks it, however lucky the others are."""

    __test__ = False
    suite_id: UUID = NOBODY
    name: str = ""
    critical: bool = True
    script: Script = field(default_factory=lambda: Script(()))
    conversation_id: UUID | None = None
    deleted: bool = False

    def create(
        self, suite_id: UUID, name: str, script: Script, *, critical: bool, conversation_id: UUID | None = None
    ) -> None:
        """Begin, as one more case of the suite."""
        self.script, self.critical, self.conversation_id = script, critical, conversation_id
        self._record(TestCaseCreated(suite_id, checked(name, "input.name", longest=LONGEST_NAME)))

    def change(self, name: str, script: Script, *, critical: bool) -> None:
        """Say or expect something else; runs that are over keep what they had."""
        if (name, script, critical) != (self.name, self.script, self.critical):
            self.script, self.critical = script, critical
            self._record(TestCaseChanged(checked(name, "input.name", longest=LONGEST_NAME)))

    def delete(self) -> None:
        """End it."""
        self._record(TestCaseDeleted(self.name))

    def _apply(self, event: Event) -> None:
        match event:
            case TestCaseCreated():
                self.suite_id, self.name = event.suite_id, event.name
            case TestCaseChanged():
                self.name = event.name
            case TestCaseDeleted():
                self.deleted = True


@dataclass(frozen=True, slots=True)
class SuiteView:
    """A suite, and how many cases it has."""

    id: UUID
    name: str
    trials: int
    is_gate: bool
    case_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TestCaseView:
    """A test case; `conversation_id` is where it was learned, if anywhere."""

    __test__ = False
    id: UUID
    suite_id: UUID
    name: str
    critical: bool
    script: Script
    conversation_id: UUID | None
    created_at: datetime


class SuiteRepository(Stored[Suite], Protocol):
    """Suites of the actor's organization, to change."""

    async def named(self, name: str) -> Suite | None:
        """The suite of that name, locked."""
        ...

    async def gate(self) -> Suite | None:
        """The suite that is the gate, locked."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...


class CaseRepository(Stored[TestCase], Protocol):
    """Test cases of the actor's organization, to change."""

    async def of_suite(self, suite_id: UUID) -> list[TestCase]:
        """All cases of a suite, in the order in which they were made."""
        ...


class SuiteUnit(UnitOfWork, Protocol):
    """A unit of work that holds suites and test cases."""

    @property
    def suites(self) -> SuiteRepository:
        """Suites, to change."""
        ...

    @property
    def test_cases(self) -> CaseRepository:
        """Test cases, to change."""
        ...


async def add_case(unit: SuiteUnit, case: TestCase, suite_id: UUID) -> None:
    """Take a new case into a suite that has room for it; its lock keeps rivals from making it too many."""
    suite = await unit.suites.get(suite_id)
    if len(await unit.test_cases.of_suite(suite.id)) >= MOST_CASES:
        raise InvalidStateError(f"This suite has {MOST_CASES} test cases already. Make another suite.")
    unit.test_cases.add(case)


@dataclass(frozen=True)
class Suites:
    """The commands on suites and their test cases."""

    units: Opening[SuiteUnit]
    new_id: Identifiers
    patterns: Patterns

    @retried_once
    async def create(self, actor: Actor, name: str, trials: int, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make a suite; `InvalidStateError` when there is one of this name."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if await unit.suites.count() >= MOST_SUITES:
                raise InvalidStateError(f"There are {MOST_SUITES} suites already. Delete one first.")
            suite = Suite(self.new_id(), actor.tenant)
            suite.create(name, trials)
            await _require_free(unit, suite)
            unit.suites.add(suite)
            return await unit.commit(Receipt(suite.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        suite_id: UUID,
        *,
        name: str | None = None,
        trials: int | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Give a suite another name or number of trials; None leaves a part as it is."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            suite = await unit.suites.get(suite_id)
            suite.change(name, trials)
            await _require_free(unit, suite)
            return await unit.commit(Receipt(suite.id))

    @retried_once
    async def delete(self, actor: Actor, suite_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove a suite with its test cases and runs; not the gate."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            suite = await unit.suites.get(suite_id)
            suite.delete()
            return await unit.commit(Receipt(suite.id))

    @retried_once
    async def choose_gate(
        self, actor: Actor, suite_id: UUID | None, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Let this suite, and no other, be what publishing has to pass; None opens the gate for everything."""
        actor.require(Permission.MANAGE_ASSISTANT)
        reason = None if reason is None else checked(reason, "input.reason", longest=500)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            before = await unit.suites.gate()  # first, since it is written first: there is never a second gate
            chosen = None if suite_id is None else await unit.suites.get(suite_id)
            if before is not None and before is not chosen:
                before.choose(is_gate=False, reason=reason)
            if chosen is not None:
                chosen.choose(is_gate=True, reason=reason)
            return await unit.commit(Receipt(actor.tenant if suite_id is None else suite_id))

    @retried_once
    async def create_case(
        self,
        actor: Actor,
        suite_id: UUID,
        name: str,
        script: Script,
        *,
        critical: bool = True,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Add a test case to a suite."""
        actor.require(Permission.MANAGE_ASSISTANT)
        checked_script(script, self.patterns)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            case = TestCase(self.new_id(), actor.tenant)
            case.create(suite_id, name, script, critical=critical)
            await add_case(unit, case, suite_id)
            return await unit.commit(Receipt(case.id))

    @retried_once
    async def change_case(
        self,
        actor: Actor,
        case_id: UUID,
        name: str,
        script: Script,
        *,
        critical: bool = True,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Replace all of a test case."""
        actor.require(Permission.MANAGE_ASSISTANT)
        checked_script(script, self.patterns)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            case = await unit.test_cases.get(case_id)
            case.change(name, script, critical=critical)
            return await unit.commit(Receipt(case.id))

    @retried_once
    async def delete_case(self, actor: Actor, case_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove a test case; runs keep what they had of it."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            case = await unit.test_cases.get(case_id)
            case.delete()
            return await unit.commit(Receipt(case.id))


async def _require_free(unit: SuiteUnit, suite: Suite) -> None:
    holder = await unit.suites.named(suite.name)
    if holder and holder.id != suite.id:
        raise InvalidStateError(f"There is a suite with the name “{suite.name}” already.")
