"""Runs of suites: every trial counts once, whatever dies or comes twice, and nothing else comes of them."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, func, select

from domain.assistant import (
    Answer,
    Assistant,
    Delta,
    Handoff,
    HandoffReason,
    Outcome,
    Piece,
    Provenance,
    Question,
    Speaker,
)
from domain.base import InvalidStateError, on_behalf_of
from domain.learning.case import OutcomeKind, Script, Wording
from domain.learning.events import RunState
from domain.learning.run import MOST_RUNNING, SuiteRun, SuiteRuns
from infra import bootstrap
from infra.learning.rows import gaps, trials
from infra.rows import conversations
from tests.stack import Company, Gate

WHY = Provenance("scripted", 1.0, 0.5)
YES = Answer("Yes.", (), WHY)
HELLO = Script(("Hello?",), OutcomeKind.ANSWER)
PERSON = Handoff(HandoffReason.NOT_IN_KNOWLEDGE, "A question.", "Somebody will answer.", WHY)


class Answering:
    """Says what it is told to, question by question; waits before each where there is a gate."""

    name = "scripted"

    def __init__(self, answers: dict[str, Outcome | Exception] | None = None, gate: Gate | None = None) -> None:
        self.answers = answers or {}
        self.gate = gate
        self.asked: list[Question] = []

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        self.asked.append(question)
        if self.gate is not None:
            await self.gate()
        outcome = self.answers.get(question.text, YES)
        if isinstance(outcome, Exception):
            raise outcome
        yield Delta(outcome.text)
        yield outcome


class Desk:
    """A suite with its runs, by one assistant."""

    def __init__(self, parts: bootstrap.Parts, company: Company, assistant: Assistant) -> None:
        self.parts, self.company = parts, company
        self.learning = parts.assistants.learning
        self.runs: SuiteRuns = self.learning.runs.by(assistant)

    async def suite(self, *scripts: Script, trials: int = 1) -> UUID:
        suite = await self.learning.suites.create(self.company.admin, str(uuid4()), trials)
        for script in scripts:
            await self.learning.suites.create_case(self.company.admin, suite.id, script.turns[0], script)
        return suite.id

    async def begin(self, suite_id: UUID) -> UUID:
        return (await self.runs.start(self.company.admin, suite_id)).id

    async def look(self, run_id: UUID) -> SuiteRun:
        async with self.parts.units(self.company.admin) as unit:
            return await unit.suite_runs.get(run_id)

    async def step(self, run_id: UUID, version: int) -> None:
        await self.runs.work(on_behalf_of(self.company.admin), run_id, version)

    async def finish(self, run_id: UUID) -> SuiteRun:
        while (run := await self.look(run_id)).state is RunState.RUNNING:
            await self.step(run_id, run.version)
        return run

    async def verdicts(self, run_id: UUID) -> dict[str, tuple[str, ...]]:
        async with self.parts.units(self.company.admin) as unit:
            run = await unit.suite_runs.get(run_id)
            names = {case.id: case.name for case in run.cases}
            t = trials.c
            rows = await unit.connection.execute(select(t.case_id, t.failures).where(t.run_id == run_id))
            return {names[row.case_id]: tuple(row.failures) for row in rows}

    async def counted(self, table: Table) -> int:
        async with self.parts.database.tenant(self.company.id) as connection:
            return await connection.scalar(select(func.count()).select_from(table)) or 0


def asking(*turns: str, says: str = "Yes.", outcome: OutcomeKind | None = OutcomeKind.ANSWER) -> Script:
    return Script(turns, outcome, must_say=(Wording(says),))


async def test_each_case_is_tried_as_often_as_asked_and_judged(parts: bootstrap.Parts, company: Company) -> None:
    answers: dict[str, Outcome | Exception] = {"Where?": PERSON, "Who?": RuntimeError("secret"), "When?": YES}
    assistant = Answering(answers)
    desk = Desk(parts, company, assistant)
    suite = await desk.suite(asking("When?"), asking("Where?"), asking("Who?"), trials=3)
    run = await desk.finish(await desk.begin(suite))
    assert (run.state, run.done, run.passed, run.model) == (RunState.FINISHED, 9, 3, "scripted")
    assert [round(each.rate.value, 3) for each in run.rates] == [0.333] * 3
    assert await desk.verdicts(run.id) == {
        "When?": (),
        "Where?": ("Expected the outcome 'answer', and it was 'handoff'.", "Does not say “Yes.”."),
        "Who?": ("The assistant failed: RuntimeError.",),
    }
    assert len(assistant.asked) == 9


async def test_a_dialogue_goes_on_until_it_is_left_to_a_person(parts: bootstrap.Parts, company: Company) -> None:
    assistant = Answering({"A person, please": PERSON})
    desk = Desk(parts, company, assistant)
    script = Script(("Hello", "A person, please", "Never asked"), OutcomeKind.HANDOFF, tools={"look_up": "Nothing."})
    run = await desk.finish(await desk.begin(await desk.suite(script)))
    assert run.passed == 1
    first, second = assistant.asked
    said = [(turn.speaker, turn.text) for turn in second.history]
    assert said == [(Speaker.CUSTOMER, "Hello"), (Speaker.ASSISTANT, "Yes.")]
    assert first.rehearsal is not None and first.rehearsal.results == {"look_up": "Nothing."}
    assert first.rehearsal.prompt_number == 0 and first.conversation_id is None and first.customer_id is None


async def test_nothing_comes_of_a_rehearsal(parts: bootstrap.Parts, company: Company) -> None:
    desk = Desk(parts, company, Answering({"Where?": PERSON}))
    await desk.finish(await desk.begin(await desk.suite(asking("Where?"))))
    assert await desk.counted(trials) == 1
    assert (await desk.counted(conversations), await desk.counted(gaps)) == (0, 0)


async def test_a_killed_worker_costs_no_trial_and_counts_none_twice(parts: bootstrap.Parts, company: Company) -> None:
    gate = Gate()
    assistant = Answering(gate=gate)
    desk = Desk(parts, company, assistant)
    run_id = await desk.begin(await desk.suite(*(asking(f"{number}?") for number in range(3)), trials=2))
    begun = await desk.look(run_id)
    gate.let(4)
    await desk.step(run_id, begun.version)
    killed = asyncio.create_task(desk.step(run_id, begun.version + 1))
    while len(assistant.asked) < 6:
        await asyncio.sleep(0.01)
    killed.cancel()
    await asyncio.wait([killed])
    assert (await desk.look(run_id)).done == 4
    gate.let(2)
    run = await desk.finish(run_id)
    assert (run.done, run.passed, await desk.counted(trials), len(assistant.asked)) == (6, 6, 6, 8)


async def test_a_step_that_comes_twice_is_one(parts: bootstrap.Parts, company: Company) -> None:
    desk = Desk(parts, company, Answering())
    run_id = await desk.begin(await desk.suite(*(asking(f"{number}?") for number in range(3)), trials=2))
    begun = await desk.look(run_id)
    await asyncio.gather(desk.step(run_id, begun.version), desk.step(run_id, begun.version))
    run = await desk.look(run_id)
    assert (run.done, run.version) == (4, begun.version + 1)
    await desk.step(run_id, begun.version)
    assert (await desk.look(run_id)).version == run.version


async def test_a_cancelled_run_keeps_what_it_had(parts: bootstrap.Parts, company: Company) -> None:
    gate = Gate()
    desk = Desk(parts, company, Answering(gate=gate))
    run_id = await desk.begin(await desk.suite(*(asking(f"{number}?") for number in range(5))))
    gate.let(4)
    await desk.step(run_id, (await desk.look(run_id)).version)
    late = asyncio.create_task(desk.step(run_id, (await desk.look(run_id)).version))
    await desk.runs.cancel(company.admin, run_id)
    gate.let(1)
    await late
    run = await desk.look(run_id)
    assert (run.state, run.done, await desk.counted(trials)) == (RunState.CANCELLED, 4, 4)


async def test_an_assistant_that_never_ends_fails_its_trial(parts: bootstrap.Parts, company: Company) -> None:
    desk = Desk(parts, company, Answering(gate=Gate()))
    object.__setattr__(desk.runs.rehearse, "time_limit", 0.05)
    run = await desk.finish(await desk.begin(await desk.suite(asking("When?"))))
    assert run.passed == 0
    assert await desk.verdicts(run.id) == {"When?": ("The assistant took longer than 0.05 seconds.",)}


async def test_a_run_whose_suite_is_deleted_ends(parts: bootstrap.Parts, company: Company) -> None:
    gate = Gate()
    answering = Answering(gate=gate)
    desk = Desk(parts, company, answering)
    suite_id = await desk.suite(HELLO)
    run_id = await desk.begin(suite_id)
    step = asyncio.create_task(desk.step(run_id, 1))
    while not answering.asked:
        await asyncio.sleep(0.01)
    await desk.learning.suites.delete(company.admin, suite_id)
    gate.let(1)
    await step
    await desk.step(run_id, 1)


async def test_an_organization_takes_few_places_of_the_workers(parts: bootstrap.Parts, company: Company) -> None:
    desk = Desk(parts, company, Answering())
    begun = [await desk.begin(await desk.suite(HELLO)) for _ in range(MOST_RUNNING)]
    waiting = await desk.suite(HELLO)
    with pytest.raises(InvalidStateError, match="are going on"):
        await desk.begin(waiting)
    await desk.finish(begun[0])
    assert (await desk.look(await desk.begin(waiting))).state is RunState.RUNNING
