"""Suites of test cases, their runs, and how two runs compare."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import Recorded
from domain.learning import case, comparison, events, rehearsing, run, service, statistics
from domain.learning.suite import SuiteView, TestCaseView
from schema.base import Connection, Node, edge, edges, encode_cursor, global_id, pages
from schema.change import ResyncRequired
from schema.conversation import Conversation
from schema.needs import needing
from schema.prompt import PromptVersion

CASE = "The test case as it is now; null where it is deleted."

strawberry.enum(case.OutcomeKind, description="What an assistant can come to.")
strawberry.enum(events.RunState, name="SuiteRunState", description="How far a run is.")
strawberry.enum(comparison.Change, name="CaseChange", description="What became of a test case from one run to another.")


@strawberry.type(description="Words to look for in a reply.")
class Wording:
    """Plain, or a pattern."""

    text: str = strawberry.field(description="Plain words, found as whole words whatever their capitals; or a pattern.")
    is_pattern: bool = strawberry.field(description="Whether it is a regular expression.")


@strawberry.type(description="The result that stands in for a tool's own.")
class MockedTool:
    """A tool that may be called."""

    name: str = strawberry.field(description="The tool's name.")
    result: str = strawberry.field(description="What it gives back.")


@strawberry.type(description="What the customer says, and what has to come of it.")
class Script:
    """A question, or a dialogue."""

    turns: list[str] = strawberry.field(description="What the customer says, one message after the other.")
    outcome: case.OutcomeKind | None = strawberry.field(description="What it has to end with; anything if null.")
    must_cite: list[str] = strawberry.field(description="Articles to cite in the last reply, by id or by title.")
    must_say: list[Wording] = strawberry.field(description="What the last reply has to say.")
    must_not_say: list[Wording] = strawberry.field(description="What no reply may say.")
    tools: list[MockedTool] = strawberry.field(description="The only tools that may be called.")

    @classmethod
    def of(cls, script: case.Script) -> "Script":
        """Built from the domain's."""
        return cls(
            turns=list(script.turns),
            outcome=script.outcome,
            must_cite=[_cited(each) for each in script.must_cite],
            must_say=[Wording(text=each.text, is_pattern=each.is_pattern) for each in script.must_say],
            must_not_say=[Wording(text=each.text, is_pattern=each.is_pattern) for each in script.must_not_say],
            tools=[MockedTool(name=name, result=result) for name, result in script.tools.items()],
        )


def _cited(wanted: str) -> str:
    """An article's id as clients know it, or its title."""
    try:
        return global_id("Article", UUID(wanted))
    except ValueError:
        return wanted


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="A question or a dialogue, and what is expected of the answer.")
class TestCase(Node):
    """A test case as it is now."""

    __test__ = False
    suite_key: strawberry.Private[UUID]
    conversation_key: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="What it is about.")
    critical: bool = strawberry.field(description="Whether the gate refuses whatever breaks it.")
    script: Script = strawberry.field(description="What is said and expected.")
    created_at: datetime = strawberry.field(description="When it was made.")
    suite: "Suite | None" = edge(
        "suites",
        "suite_key",
        of=Node.named("Suite"),
        description="The suite that it belongs to.",
    )
    conversation: Conversation | None = edge(
        "conversations",
        "conversation_key",
        of=Conversation.of,
        description="Where it was learned, if you may see that.",
    )

    @classmethod
    def of(cls, view: TestCaseView) -> "TestCase":
        """Built from its view."""
        return cls(
            key=view.id,
            suite_key=view.suite_id,
            conversation_key=view.conversation_id,
            name=view.name,
            critical=view.critical,
            script=Script.of(view.script),
            created_at=view.created_at,
        )


@strawberry.type(description="A value with its interval of 95 %.")
class Estimate:
    """How sure it is."""

    value: float = strawberry.field(description="The value.")
    low: float = strawberry.field(description="It may as well be this low.")
    high: float = strawberry.field(description="It may as well be this high.")

    @classmethod
    def of(cls, estimate: statistics.Estimate) -> "Estimate":
        """Built from the domain's."""
        return cls(value=estimate.value, low=estimate.low, high=estimate.high)


@strawberry.type(description="pass^k: the chance, from 0 to 1, that k trials of a case all pass.")
class PassRate:
    """One k."""

    k: int = strawberry.field(description="How many trials.")
    rate: Estimate = strawberry.field(description="The chance.")


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="One answer to one test case.")
class Trial:
    """A trial as it was counted."""

    case_key: strawberry.Private[UUID]
    number: int = strawberry.field(description="From 1, within its case.")
    passed: bool = strawberry.field(description="Whether nothing was wrong.")
    failures: list[str] = strawberry.field(description="What was wrong, each in a sentence.")
    outcome: case.OutcomeKind | None = strawberry.field(description="What it ended with; null where it failed.")
    text: str = strawberry.field(description="The last reply, at most 4,000 characters of it.")
    cited: list[str] = strawberry.field(description="Titles of the articles that it cites.")
    model: str = strawberry.field(description="Who answered.")
    took_ms: float = strawberry.field(description="Milliseconds, as the assistant counts them.")
    case: TestCase | None = edge("test_cases", "case_key", of=TestCase.of, description=CASE)

    @classmethod
    def of(cls, trial: rehearsing.Trial) -> "Trial":
        """Built from the domain's."""
        return cls(
            case_key=trial.case_id,
            number=trial.number,
            passed=trial.passed,
            failures=list(trial.failures),
            outcome=trial.outcome,
            text=trial.text,
            cited=list(trial.cited),
            model=trial.model,
            took_ms=trial.took_ms,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="What came of one test case in a run.")
class CaseResult:
    """A case's trials, counted."""

    case_key: strawberry.Private[UUID]
    name: str = strawberry.field(description="Its name, as it was then.")
    critical: bool = strawberry.field(description="Whether it was critical then.")
    passed: int = strawberry.field(description="How many of its trials passed.")
    trials: int = strawberry.field(description="How many are over.")
    failures: list[str] = strawberry.field(description="Everything that was wrong in any of them, once.")
    case: TestCase | None = edge("test_cases", "case_key", of=TestCase.of, description=CASE)

    @classmethod
    def of(cls, result: service.CaseResult) -> "CaseResult":
        """Built from the domain's."""
        return cls(
            case_key=result.case.id,
            name=result.case.name,
            critical=result.case.critical,
            passed=result.tally.passed,
            trials=result.tally.trials,
            failures=list(result.failures),
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="A run of a suite: by which prompt, model and knowledge, and how it went.")
class SuiteRun(Node):
    """A run as it stands."""

    suite_key: strawberry.Private[UUID]
    state: events.RunState = strawberry.field(description="How far it is.")
    prompt_number: int = strawberry.field(description="The number of `promptVersion`; 0 is Parley's own.")
    model: str = strawberry.field(description="Who answered most of it; empty before the first trial is over.")
    knowledge: str = strawberry.field(description="A digest of the knowledge at its begin: the same for the same.")
    trials_per_case: int = strawberry.field(description="How often each case is tried.")
    total: int = strawberry.field(description="How many trials it has.")
    done: int = strawberry.field(description="How many are over.")
    passed: int = strawberry.field(description="How many of these passed.")
    pass_rates: list[PassRate] = strawberry.field(description="pass^1 and on, once it is finished; empty before.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    finished_at: datetime | None = strawberry.field(description="When it was over; null while it is running.")
    cursor: str = strawberry.field(description="Where `suiteRunChanged` goes on from what this request saw.")
    suite: "Suite | None" = edge(
        "suites",
        "suite_key",
        of=Node.named("Suite"),
        description="What it is a run of.",
    )
    prompt_version: PromptVersion | None = edge(
        "prompt_versions_by_number", "prompt_number", of=PromptVersion.of, description="The prompt it was answered by."
    )
    results: list[CaseResult] = edges(
        "run_results", "key", of=CaseResult.of, description="What came of each test case that was tried."
    )
    trials: Connection[Trial] = pages("trial_pages", of=Trial.of, description="Every trial that is over.")

    @classmethod
    def of(cls, view: run.SuiteRunView) -> "SuiteRun":
        """Built from its view."""
        return cls(
            key=view.id,
            suite_key=view.suite_id,
            state=view.state,
            prompt_number=view.prompt_number,
            model=view.model,
            knowledge=view.knowledge,
            trials_per_case=view.trials,
            total=view.trials * len(view.cases),
            done=view.done,
            passed=view.passed,
            pass_rates=[PassRate(k=each.k, rate=Estimate.of(each.rate)) for each in view.rates],
            created_at=view.created_at,
            finished_at=view.finished_at,
            cursor=encode_cursor([str(view.version)]),
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="Test cases that belong together.")
class Suite(Node):
    """A suite as it is now."""

    name: str = strawberry.field(description="Unique within the company.")
    trials_per_case: int = strawberry.field(description="How often each case is tried in a run.")
    is_gate: bool = strawberry.field(description="Whether a version of the prompt has to pass it to be published.")
    case_count: int = strawberry.field(description="How many test cases it has.")
    created_at: datetime = strawberry.field(description="When it was made.")
    cases: list[TestCase] = edges(
        "suite_cases", "key", of=TestCase.of, description="Its test cases, oldest first: at most 200."
    )
    runs: Connection[SuiteRun] = pages("run_pages", of=SuiteRun.of, description="Its runs, newest first.")

    @classmethod
    def of(cls, view: SuiteView) -> "Suite":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            trials_per_case=view.trials,
            is_gate=view.is_gate,
            case_count=view.case_count,
            created_at=view.created_at,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="One test case in two runs.")
class ComparedCase:
    """Before and after."""

    case_key: strawberry.Private[UUID]
    name: str = strawberry.field(description="Its name, as it was in the second run.")
    critical: bool = strawberry.field(description="Whether it was critical in the second run.")
    change: comparison.Change = strawberry.field(description="What became of it; it passes where all its trials do.")
    rate_before: float = strawberry.field(description="The share of its trials that passed in the first run.")
    rate_after: float = strawberry.field(description="The share of its trials that passed in the second run.")
    case: TestCase | None = edge("test_cases", "case_key", of=TestCase.of, description=CASE)

    @classmethod
    def of(cls, compared: comparison.ComparedCase) -> "ComparedCase":
        """Built from the domain's."""
        return cls(
            case_key=compared.case.id,
            name=compared.case.name,
            critical=compared.case.critical,
            change=compared.change,
            rate_before=compared.before.passed / compared.before.trials,
            rate_after=compared.after.passed / compared.after.trials,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="Two runs side by side, over the test cases that are the same in both.")
class SuiteComparison:
    """A verdict and its grounds."""

    cases: list[ComparedCase] = strawberry.field(description="Each test case.")
    difference: Estimate | None = strawberry.field(
        description="How much more often trials passed in the second run; null where no case is in both."
    )
    chance: float = strawberry.field(
        description="How likely at least so many cases would break if nothing were worse: the exact McNemar test."
    )
    regressed: bool = strawberry.field(
        description="The second run is worse: a critical case broke, or more broke than chance explains (5 %)."
    )

    @classmethod
    def of(cls, compared: comparison.Comparison) -> "SuiteComparison":
        """Built from the domain's."""
        return cls(
            cases=[ComparedCase.of(each) for each in compared.cases],
            difference=Estimate.of(compared.difference) if compared.difference else None,
            chance=compared.chance,
            regressed=compared.regressed,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.interface(description="Something that happened to a suite run.")
class SuiteRunEvent:
    """What all events of runs share."""

    run_key: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="Pass it as `after` to go on from here.")
    at: datetime = strawberry.field(description="When it was committed.")
    run: SuiteRun | None = edge("suite_runs", "run_key", of=SuiteRun.of, description="The run as it stands now.")


@strawberry.type(description="The run began.")
class SuiteRunStarted(SuiteRunEvent):
    """The first event."""


@strawberry.type(description="Some more trials are over.")
class SuiteRunProgressed(SuiteRunEvent):
    """Counts so far."""

    done: int = strawberry.field(description="How many trials were over then.")
    passed: int = strawberry.field(description="How many of these had passed.")


@strawberry.type(description="All trials are over; nothing follows.")
class SuiteRunFinished(SuiteRunEvent):
    """The end."""

    done: int = strawberry.field(description="How many trials it had.")
    passed: int = strawberry.field(description="How many of these passed.")


@strawberry.type(description="Somebody ended the run early; nothing follows.")
class SuiteRunCancelled(SuiteRunEvent):
    """An early end."""

    done: int = strawberry.field(description="How many trials were over.")
    passed: int = strawberry.field(description="How many of these had passed.")


SuiteRunChange = Annotated[
    SuiteRunStarted | SuiteRunProgressed | SuiteRunFinished | SuiteRunCancelled | ResyncRequired,
    strawberry.union("SuiteRunChange", description="What `suiteRunChanged` tells."),
]
_TOLD: dict[type, Any] = {
    events.SuiteRunProgressed: SuiteRunProgressed,
    events.SuiteRunFinished: SuiteRunFinished,
    events.SuiteRunCancelled: SuiteRunCancelled,
}


def run_change(item: Recorded) -> Any:
    """The type of a recorded event; None for kinds that this code does not know."""
    shared: dict[str, Any] = {"run_key": UUID(item.stream.partition(":")[2]), "at": item.at}
    shared["cursor"] = encode_cursor([str(item.version)])
    event = item.event
    if isinstance(event, events.SuiteRunStarted):
        return SuiteRunStarted(**shared)
    if isinstance(event, events.SuiteRunProgressed | events.SuiteRunFinished | events.SuiteRunCancelled):
        return _TOLD[type(event)](done=event.done, passed=event.passed, **shared)
    return None
