"""What goes into and comes out of the mutations on suites of test cases and their runs."""

from typing import Annotated

import strawberry

from domain.learning.case import OutcomeKind
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.suite import Suite, SuiteRun, TestCase


@strawberry.input(description="A new suite.")
class CreateSuiteInput:
    """Input of `createSuite`."""

    name: str = strawberry.field(description="Unique within the company, 1 to 200 characters.")
    trials_per_case: int = strawberry.field(default=1, description="How often each case is tried in a run: 1 to 16.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name or number of trials for a suite; what is left out stays as it is.")
class ChangeSuiteInput:
    """Input of `changeSuite`."""

    suite_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="Unique within the company, 1 to 200 characters.")
    trials_per_case: int | None = strawberry.field(
        default=None, description="How often each case is tried in a run: 1 to 16."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The suite to remove, with its test cases and runs.")
class DeleteSuiteInput:
    """Input of `deleteSuite`."""

    suite_id: strawberry.ID = strawberry.field(description="Which; the gate cannot be removed.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The suite that whatever is published has to pass.")
class ChooseGateSuiteInput:
    """Input of `chooseGateSuite`."""

    suite_id: strawberry.ID | None = strawberry.field(default=None, description="Which; none, and all may pass.")
    reason: str | None = strawberry.field(default=None, description="Why, for the audit log: at most 500 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Words to look for in a reply.")
class WordingInput:
    """Plain, or a pattern."""

    text: str = strawberry.field(
        description="Plain words, found as whole words whatever their capitals; or a pattern: at most 500 characters."
    )
    is_pattern: bool = strawberry.field(
        default=False, description="Whether it is a regular expression: without look-around and back-references."
    )


@strawberry.input(description="The result that stands in for a tool's own.")
class MockedToolInput:
    """A tool that may be called."""

    name: str = strawberry.field(description="The tool's name.")
    result: str = strawberry.field(description="What it gives back: at most 4,000 characters.")


@strawberry.input(description="What the customer says, and what has to come of it; something has to be expected.")
class ScriptInput:
    """A question, or a dialogue."""

    turns: list[str] = strawberry.field(
        description="1 to 20 messages of the customer. It ends early where the assistant leaves it to a person."
    )
    outcome: OutcomeKind | None = strawberry.field(
        default=None, description="What it has to end with; anything if unset."
    )
    must_cite: list[str] = strawberry.field(
        default_factory=list, description="Articles that the last reply has to cite, by id or by title: at most 20."
    )
    must_say: list[WordingInput] = strawberry.field(
        default_factory=list, description="What the last reply has to say: at most 20."
    )
    must_not_say: list[WordingInput] = strawberry.field(
        default_factory=list, description="What no reply may say: at most 20."
    )
    tools: list[MockedToolInput] = strawberry.field(
        default_factory=list, description="The only tools that may be called, with their results: at most 20."
    )


@strawberry.input(description="A new test case of a suite.")
class CreateTestCaseInput:
    """Input of `createTestCase`."""

    suite_id: strawberry.ID = strawberry.field(description="Where it belongs; a suite has at most 200.")
    name: str = strawberry.field(description="What it is about: 1 to 200 characters.")
    script: ScriptInput = strawberry.field(description="What is said and expected.")
    critical: bool = strawberry.field(default=True, description="Whether the gate refuses whatever breaks it.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="All that a test case is to be from now on.")
class ChangeTestCaseInput:
    """Input of `changeTestCase`."""

    test_case_id: strawberry.ID = strawberry.field(description="Which.")
    name: str = strawberry.field(description="What it is about: 1 to 200 characters.")
    script: ScriptInput = strawberry.field(description="What is said and expected.")
    critical: bool = strawberry.field(default=True, description="Whether the gate refuses whatever breaks it.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The test case to remove; runs keep what they had of it.")
class DeleteTestCaseInput:
    """Input of `deleteTestCase`."""

    test_case_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A suite to rehearse.")
class RunSuiteInput:
    """Input of `runSuite`."""

    suite_id: strawberry.ID = strawberry.field(description="Which; one run of a suite goes on at a time.")
    prompt_number: int | None = strawberry.field(
        default=None, description="By which version of the prompt; by the published one if unset."
    )
    trials_per_case: int | None = strawberry.field(
        default=None, description="How often each case is tried, 1 to 16; as often as the suite says if unset."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The run to end early.")
class CancelSuiteRunInput:
    """Input of `cancelSuiteRun`."""

    suite_run_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The suite is there.")
class CreateSuiteSuccess:
    """Success of `createSuite`."""

    suite: Suite = strawberry.field(description="The new suite.")


@strawberry.type(description="The suite has changed.")
class ChangeSuiteSuccess:
    """Success of `changeSuite`."""

    suite: Suite = strawberry.field(description="The suite as it is now.")


@strawberry.type(description="The suite is gone.")
class DeleteSuiteSuccess:
    """Success of `deleteSuite`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The gate is chosen.")
class ChooseGateSuiteSuccess:
    """Success of `chooseGateSuite`."""

    suite: Suite | None = strawberry.field(description="The gate from now on; null for none.")


@strawberry.type(description="The test case is there.")
class CreateTestCaseSuccess:
    """Success of `createTestCase`."""

    test_case: TestCase = strawberry.field(description="The new test case.")


@strawberry.type(description="The test case has changed.")
class ChangeTestCaseSuccess:
    """Success of `changeTestCase`."""

    test_case: TestCase = strawberry.field(description="The test case as it is now.")


@strawberry.type(description="The test case is gone.")
class DeleteTestCaseSuccess:
    """Success of `deleteTestCase`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The run has begun; watch it by `suiteRunChanged`.")
class RunSuiteSuccess:
    """Success of `runSuite`."""

    suite_run: SuiteRun = strawberry.field(description="The run as it is now.")


@strawberry.type(description="The run is over.")
class CancelSuiteRunSuccess:
    """Success of `cancelSuiteRun`."""

    suite_run: SuiteRun = strawberry.field(description="The run as it is now.")


CreateSuitePayload = Annotated[
    CreateSuiteSuccess | CommonError,
    strawberry.union("CreateSuitePayload", description="What came of `createSuite`."),
]
ChangeSuitePayload = Annotated[
    ChangeSuiteSuccess | CommonError,
    strawberry.union("ChangeSuitePayload", description="What came of `changeSuite`."),
]
DeleteSuitePayload = Annotated[
    DeleteSuiteSuccess | CommonError,
    strawberry.union("DeleteSuitePayload", description="What came of `deleteSuite`."),
]
ChooseGateSuitePayload = Annotated[
    ChooseGateSuiteSuccess | CommonError,
    strawberry.union("ChooseGateSuitePayload", description="What came of `chooseGateSuite`."),
]
CreateTestCasePayload = Annotated[
    CreateTestCaseSuccess | CommonError,
    strawberry.union("CreateTestCasePayload", description="What came of `createTestCase`."),
]
ChangeTestCasePayload = Annotated[
    ChangeTestCaseSuccess | CommonError,
    strawberry.union("ChangeTestCasePayload", description="What came of `changeTestCase`."),
]
DeleteTestCasePayload = Annotated[
    DeleteTestCaseSuccess | CommonError,
    strawberry.union("DeleteTestCasePayload", description="What came of `deleteTestCase`."),
]
RunSuitePayload = Annotated[
    RunSuiteSuccess | CommonError,
    strawberry.union("RunSuitePayload", description="What came of `runSuite`."),
]
CancelSuiteRunPayload = Annotated[
    CancelSuiteRunSuccess | CommonError,
    strawberry.union("CancelSuiteRunPayload", description="What came of `cancelSuiteRun`."),
]
