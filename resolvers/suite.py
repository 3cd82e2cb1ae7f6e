"""The root fields about suites of test cases and their runs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError, NotFoundError, Recorded
from domain.learning.case import Script, Wording
from domain.learning.comparison import Results, compare
from domain.learning.service import Learning
from resolvers.context import RequestContext, mutation, shown, subscription
from resolvers.conversation import Cursor, place_of
from resolvers.idempotency import key_of
from schema import suite_command as c
from schema.base import IdArgument, field, parse_id, parse_key, parse_uuid
from schema.change import resync
from schema.suite import Suite, SuiteComparison, SuiteRun, SuiteRunChange, TestCase, run_change

Info = strawberry.Info[RequestContext, None]

Before = Annotated[strawberry.ID, strawberry.argument(description="The run to compare with.")]
Later = Annotated[strawberry.ID, strawberry.argument(description="The run that is compared.")]


@strawberry.type
class SuiteQuery:
    """What the assistant has to pass."""

    @field("Every suite, by name.", needs=Permission.READ_ASSISTANT)
    async def suites(self, info: Info) -> list[Suite]:
        return [Suite.of(view) for view in await info.context.reads.all_suites()]

    @field("A suite by its id; null when there is none that you may see.", needs=Permission.READ_ASSISTANT)
    async def suite(self, info: Info, id: IdArgument) -> Suite | None:
        view = await info.context.load("suites", parse_key(id, "Suite", "id"))
        return Suite.of(view) if view else None

    @field("A run by its id; null when there is none that you may see.", needs=Permission.READ_ASSISTANT)
    async def suite_run(self, info: Info, id: IdArgument) -> SuiteRun | None:
        view = await info.context.load("suite_runs", parse_key(id, "SuiteRun", "id"))
        return SuiteRun.of(view) if view else None

    @field(
        "Two runs side by side: of two versions of the prompt, of the model, or of the knowledge.",
        needs=Permission.READ_ASSISTANT,
    )
    async def compare_suite_runs(self, info: Info, before_id: Before, after_id: Later) -> SuiteComparison:
        before, after = await _results(info, before_id, "beforeId"), await _results(info, after_id, "afterId")
        return SuiteComparison.of(await asyncio.to_thread(compare, before, after))


async def _results(info: Info, identity: str, path: str) -> Results:
    key = parse_key(identity, "SuiteRun", path)
    view = await info.context.load("suite_runs", key)
    if view is None:
        raise NotFoundError("suite run")
    found = await info.context.load("run_results", key)
    return Results(view.cases, {each.case.id: each.tally for each in found})


def _learning(info: Info) -> Learning:
    return info.context.services.assistants.learning


def _script(input: c.ScriptInput) -> Script:
    tools = {tool.name: tool.result for tool in input.tools}
    if len(tools) < len(input.tools):
        raise InvalidInputError(FieldProblem("input.script.tools", "Name each tool once."))
    return Script(
        turns=tuple(input.turns),
        outcome=input.outcome,
        must_cite=tuple(_article(wanted) for wanted in input.must_cite),
        must_say=tuple(Wording(each.text, each.is_pattern) for each in input.must_say),
        must_not_say=tuple(Wording(each.text, each.is_pattern) for each in input.must_not_say),
        tools=tools,
    )


def _article(wanted: str) -> str:
    """An article's inner id, where an id is given; otherwise its title."""
    try:
        concept, identity = parse_id(wanted, "input.script.mustCite")
        return str(parse_uuid(identity, "input.script.mustCite")) if concept == "Article" else wanted
    except InvalidInputError:
        return wanted


@strawberry.type
class SuiteMutation:
    """What can be done about it."""

    @mutation("Make a suite of test cases.", needs=Permission.MANAGE_ASSISTANT)
    async def create_suite(self, info: Info, input: c.CreateSuiteInput) -> c.CreateSuitePayload | None:
        suites = _learning(info).suites
        receipt = await suites.create(info.context.actor, input.name, input.trials_per_case, key=key_of(input))
        return c.CreateSuiteSuccess(suite=await shown(info, "suites", receipt.id, Suite.of))

    @mutation("Give a suite another name or number of trials.", needs=Permission.MANAGE_ASSISTANT)
    async def change_suite(self, info: Info, input: c.ChangeSuiteInput) -> c.ChangeSuitePayload | None:
        key = parse_key(input.suite_id, "Suite", "input.suiteId")
        suites = _learning(info).suites
        await suites.change(info.context.actor, key, name=input.name, trials=input.trials_per_case, key=key_of(input))
        return c.ChangeSuiteSuccess(suite=await shown(info, "suites", key, Suite.of))

    @mutation(
        "Choose the suite that a version of the prompt has to pass to be published.", needs=Permission.MANAGE_ASSISTANT
    )
    async def choose_gate_suite(self, info: Info, input: c.ChooseGateSuiteInput) -> c.ChooseGateSuitePayload | None:
        key = None if input.suite_id is None else parse_key(input.suite_id, "Suite", "input.suiteId")
        await _learning(info).suites.choose_gate(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.ChooseGateSuiteSuccess(suite=None if key is None else await shown(info, "suites", key, Suite.of))

    @mutation("Add a test case to a suite.", needs=Permission.MANAGE_ASSISTANT)
    async def create_test_case(self, info: Info, input: c.CreateTestCaseInput) -> c.CreateTestCasePayload | None:
        key, script = parse_key(input.suite_id, "Suite", "input.suiteId"), _script(input.script)
        receipt = await _learning(info).suites.create_case(
            info.context.actor, key, input.name, script, critical=input.critical, key=key_of(input)
        )
        return c.CreateTestCaseSuccess(test_case=await shown(info, "test_cases", receipt.id, TestCase.of))

    @mutation("Replace all of a test case.", needs=Permission.MANAGE_ASSISTANT)
    async def change_test_case(self, info: Info, input: c.ChangeTestCaseInput) -> c.ChangeTestCasePayload | None:
        key, script = parse_key(input.test_case_id, "TestCase", "input.testCaseId"), _script(input.script)
        await _learning(info).suites.change_case(
            info.context.actor, key, input.name, script, critical=input.critical, key=key_of(input)
        )
        return c.ChangeTestCaseSuccess(test_case=await shown(info, "test_cases", key, TestCase.of))

    @mutation("Remove a test case.", needs=Permission.MANAGE_ASSISTANT)
    async def delete_test_case(self, info: Info, input: c.DeleteTestCaseInput) -> c.DeleteTestCasePayload | None:
        key = parse_key(input.test_case_id, "TestCase", "input.testCaseId")
        await _learning(info).suites.delete_case(info.context.actor, key, key=key_of(input))
        return c.DeleteTestCaseSuccess(deleted_id=input.test_case_id)

    @mutation(
        "Rehearse a suite, in the background: nothing comes of it but its results.", needs=Permission.MANAGE_ASSISTANT
    )
    async def run_suite(self, info: Info, input: c.RunSuiteInput) -> c.RunSuitePayload | None:
        key = parse_key(input.suite_id, "Suite", "input.suiteId")
        receipt = await _learning(info).runs.start(
            info.context.actor, key, prompt_number=input.prompt_number, trials=input.trials_per_case, key=key_of(input)
        )
        return c.RunSuiteSuccess(suite_run=await shown(info, "suite_runs", receipt.id, SuiteRun.of))

    @mutation("End a run early; the trials that are over stay.", needs=Permission.MANAGE_ASSISTANT)
    async def cancel_suite_run(self, info: Info, input: c.CancelSuiteRunInput) -> c.CancelSuiteRunPayload | None:
        key = parse_key(input.suite_run_id, "SuiteRun", "input.suiteRunId")
        await _learning(info).runs.cancel(info.context.actor, key, key=key_of(input))
        return c.CancelSuiteRunSuccess(suite_run=await shown(info, "suite_runs", key, SuiteRun.of))

    @mutation("Remove a suite with its test cases and runs.", needs=Permission.MANAGE_ASSISTANT)
    async def delete_suite(self, info: Info, input: c.DeleteSuiteInput) -> c.DeleteSuitePayload | None:
        key = parse_key(input.suite_id, "Suite", "input.suiteId")
        await _learning(info).suites.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteSuiteSuccess(deleted_id=input.suite_id)


@strawberry.type
class SuiteSubscription:
    """How a run goes."""

    @subscription("What happens to a suite run, until it is over.", needs=Permission.READ_ASSISTANT)
    async def suite_run_changed(
        self, info: Info, id: IdArgument, after: Cursor = None
    ) -> AsyncGenerator[SuiteRunChange, None]:
        context, key = info.context, parse_key(id, "SuiteRun", "id")
        async with aclosing(_learning(info).run_feed.follow(context.actor, key, place_of(after))) as items:
            async for item in items:
                told = run_change(item) if isinstance(item, Recorded) else resync(item)
                if told is not None:
                    yield told
