"""Curated answers, suites, test cases and runs as rows, with the questions that their rules ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.base import NotFoundError
from domain.learning.case import RehearsedCase, Script
from domain.learning.comparison import Results
from domain.learning.curated import CuratedAnswer, Vector
from domain.learning.events import RunState
from domain.learning.rehearsing import Trial
from domain.learning.run import Standing, SuiteRun
from domain.learning.statistics import PassRate, Tally
from domain.learning.suite import Suite, TestCase
from infra.accounts.repository import SqlStored
from infra.knowledge.rows import articles
from infra.learning.rows import (
    article_origins,
    curated_answers,
    curated_questions,
    suite_runs,
    suites,
    test_cases,
    trials,
)
from infra.repositories import Unit

script_of = TypeAdapter(Script).validate_python
cases_of = TypeAdapter(tuple[RehearsedCase, ...]).validate_python
rates_of = TypeAdapter(tuple[PassRate, ...]).validate_python


class SqlCuratedAnswers(SqlStored[CuratedAnswer]):
    """Curated answers, with the vectors by which they are found."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, curated_answers, CuratedAnswer, questions=tuple, article_ids=tuple)
        self._placed: list[tuple[CuratedAnswer, str, Sequence[Vector]]] = []

    def place(self, answer: CuratedAnswer, model: str, vectors: Sequence[Vector]) -> None:
        """Let it be found by its questions' vectors, once the unit of work is committed."""
        self._placed.append((answer, model, vectors))

    async def count(self) -> int:
        """How many there are."""
        return await counted(self._unit, curated_answers)

    async def require_articles(self, article_ids: Sequence[UUID]) -> None:
        """`NotFoundError` for an article of nobody, or of another tenant."""
        a = articles.c
        mine = select(func.count()).where(a.organization_id == self._unit.actor.tenant, a.id.in_(article_ids))
        if article_ids and await self._unit.connection.scalar(mine) != len(article_ids):
            raise NotFoundError("article")

    async def save(self) -> None:
        """Write the rows and the events of what changed, and then the vectors."""
        await super().save()
        q = curated_questions
        for answer, model, vectors in self._placed:
            await self._unit.connection.execute(delete(q).where(q.c.curated_answer_id == answer.id))
            shared = {"curated_answer_id": answer.id, "organization_id": answer.organization_id, "model": model}
            asked = enumerate(zip(answer.questions, vectors, strict=True))
            rows = [
                shared | {"ordinal": ordinal, "text": text, "embedding": list(vector)}
                for ordinal, (text, vector) in asked
            ]
            await self._unit.connection.execute(insert(q), rows)


class SqlSuites(SqlStored[Suite]):
    """Suites."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, suites, Suite)

    async def named(self, name: str) -> Suite | None:
        """The suite of that name, locked."""
        return next(iter(await self.find(suites.c.name == name)), None)

    async def gate(self) -> Suite | None:
        """The suite that is the gate, locked."""
        return next(iter(await self.find(suites.c.is_gate)), None)

    async def count(self) -> int:
        """How many there are."""
        return await counted(self._unit, suites)


class SqlTestCases(SqlStored[TestCase]):
    """Test cases, each with its script as JSON."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, test_cases, TestCase, id=_own_uuid, script=script_of)

    async def of_suite(self, suite_id: UUID) -> list[TestCase]:
        """All cases of a suite; ids sort by the time at which they were made."""
        return await self.find(test_cases.c.suite_id == suite_id)


class SqlSuiteRuns(SqlStored[SuiteRun]):
    """Runs, and the trials that they have counted."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, suite_runs, SuiteRun, state=RunState, cases=cases_of, rates=rates_of)

    async def newest(self, suite_id: UUID, prompt_number: int, *, state: RunState | None = None) -> SuiteRun | None:
        """The newest run of a suite by a version of the prompt, in one state if that is given."""
        c = suite_runs.c
        conditions = [c.suite_id == suite_id, c.prompt_number == prompt_number]
        if state is not None:
            conditions.append(c.state == state)
        latest = select(c.id).where(*conditions).order_by(c.created_at.desc(), c.id.desc()).limit(1)
        return next(iter(await self.find(c.id == latest.scalar_subquery())), None)

    async def results(self, run: SuiteRun) -> Results:
        """What has come of its cases."""
        return Results(run.cases, (await self._standing(run)).tallies)

    async def running(self) -> Collection[UUID]:
        """The suites of the organization with a run that is still going on."""
        c = suite_runs.c
        mine = (c.organization_id == self._unit.actor.tenant) & (c.state == RunState.RUNNING)
        return set(await self._unit.connection.scalars(select(c.suite_id).where(mine)))

    async def remaining(self, run: SuiteRun, most: int) -> Sequence[tuple[RehearsedCase, int]]:
        """The next trials that are not over; the first of each case come first."""
        t = trials.c
        rows = await self._unit.connection.execute(select(t.case_id, t.number).where(t.run_id == run.id))
        over = {(row.case_id, row.number) for row in rows}
        numbers = range(1, run.trials + 1)
        left = [(case, number) for number in numbers for case in run.cases if (case.id, number) not in over]
        return left[:most]

    async def keep(self, run: SuiteRun, tried: Sequence[Trial]) -> Standing:
        """Keep trials, each once; what has come of the run with them."""
        rows = [
            {
                "run_id": run.id,
                "organization_id": run.organization_id,
                "case_id": one.case_id,
                "number": one.number,
                "passed": one.passed,
                "failures": list(one.failures),
                "outcome": one.outcome or "",
                "text": one.text,
                "cited": list(one.cited),
                "model": one.model,
                "took_ms": one.took_ms,
                "created_at": self._unit.at,
            }
            for one in tried
        ]
        if rows:
            await self._unit.connection.execute(insert(trials).on_conflict_do_nothing(), rows)
        return await self._standing(run)

    async def _standing(self, run: SuiteRun) -> Standing:
        t = trials.c
        tallied = select(t.case_id, func.count().filter(t.passed), func.count()).where(t.run_id == run.id)
        rows = (await self._unit.connection.execute(tallied.group_by(t.case_id))).all()
        most = select(t.model).where(t.run_id == run.id, t.model != "").group_by(t.model)
        model = await self._unit.connection.scalar(most.order_by(func.count().desc(), t.model).limit(1))
        return Standing({case_id: Tally(passed, done) for case_id, passed, done in rows}, model or "")


def _own_uuid(identity: UUID) -> UUID:
    """A run keeps it as JSON, which knows Python's UUIDs but not those of the driver."""
    return UUID(int=identity.int)


async def counted(unit: Unit, table: Table, *conditions: ColumnElement[bool]) -> int:
    """How many rows of a table the unit's organization has."""
    mine = select(func.count()).where(table.c.organization_id == unit.actor.tenant, *conditions)
    return await unit.connection.scalar(mine.select_from(table)) or 0


class SqlOrigins:
    """Where articles were learned."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._new: list[dict[str, UUID]] = []

    def keep(self, article_id: UUID, conversation_id: UUID) -> None:
        """Remember it, once the unit of work is committed."""
        row = {"article_id": article_id, "conversation_id": conversation_id}
        self._new.append(row | {"organization_id": self._unit.actor.tenant})

    async def save(self) -> None:
        """Write the rows, after those of the articles."""
        if self._new:
            await self._unit.connection.execute(insert(article_origins), self._new)
