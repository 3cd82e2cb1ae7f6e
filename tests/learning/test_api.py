"""Learning by the API: documents in, JSON out, with a worker that does the rest."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domain.assistant import Answer, Handoff, HandoffReason, Provenance, ScriptedAssistant
from tests.documents import ERRORS, SEND, START, command
from tests.stack import Client, Company, GraphQLFailedError, Stack, running
from tests.test_readme import documents

GUIDE = Path(__file__).parents[2] / "docs" / "learning.md"
WHY = Provenance("scripted", 1.0, 0.5)
UNKNOWN = Handoff(HandoffReason.NOT_IN_KNOWLEDGE, "A question.", "Somebody will answer.", WHY)
RUN = "id state done passed total model promptNumber passRates { k rate { value low high } }"
SHOWN = f"""query R($id: ID!) {{ suiteRun(id: $id) {{ {RUN} results {{ name passed trials failures case {{ name }} }}
  trials(first: 2) {{ nodes {{ number text case {{ name }} }} pageInfo {{ hasNextPage }} }} }} }}"""
COMPARE = """query C($a: ID!, $b: ID!) { compareSuiteRuns(beforeId: $a, afterId: $b) {
  regressed chance difference { value } cases { name change rateBefore rateAfter } } }"""
WATCH = """subscription W($id: ID!, $after: String) { suiteRunChanged(id: $id, after: $after) {
  __typename ... on SuiteRunEvent { run { id done } } ... on SuiteRunFinished { done passed } } }"""
GAPS = """{ gaps { nodes { id label state size questions(first: 5) {
  nodes { text reason conversation { id } message { text } } } } } }"""


def mutation(name: str, shown: str) -> str:
    """The document of a mutation with its whole input as one variable."""
    pascal = name[0].upper() + name[1:]
    return f"""mutation M($input: {pascal}Input!) {{ {name}(input: $input) {{
      __typename ... on {pascal}Success {{ {shown} }} {ERRORS} }} }}"""


async def do(client: Client, name: str, shown: str, /, **values: Any) -> Any:
    return (await client.ask(mutation(name, shown), input=values))[name]


@pytest.fixture(scope="module")
def assistant() -> ScriptedAssistant:
    """Says no, unless a test lets it say something else."""
    return ScriptedAssistant([Answer("No.", (), WHY)])


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str, assistant: ScriptedAssistant) -> AsyncIterator[Stack]:
    async with running(database_url, valkey_url, assistant) as started:
        yield started


async def test_a_suite_runs_in_the_worker_and_two_runs_compare(
    stack: Stack, company: Company, assistant: ScriptedAssistant
) -> None:
    admin = stack.client(company.admin)
    wanted = "suite { id name isGate trialsPerCase }"
    suite = (await do(admin, "createSuite", wanted, name="Promises", trialsPerCase=3))["suite"]
    assert suite == {"id": suite["id"], "name": "Promises", "isGate": False, "trialsPerCase": 3}
    for name, says in (("agrees", "Yes."), ("refuses", "No.")):
        script = {"turns": ["May I?"], "outcome": "ANSWER", "mustSay": [{"text": says}], "mustCite": []}
        made = await do(
            admin,
            "createTestCase",
            "testCase { name critical script { turns } }",
            suiteId=suite["id"],
            name=name,
            script=script,
        )
        assert made["testCase"] == {"name": name, "critical": True, "script": {"turns": ["May I?"]}}
    runs = []
    for answer in ("No.", "Yes."):
        assistant.outcomes[:] = [Answer(answer, (), WHY)]
        begun = (await do(admin, "runSuite", f"suiteRun {{ {RUN} cursor }}", suiteId=suite["id"]))["suiteRun"]
        told = [each["suiteRunChanged"] async for each in admin.watch(WATCH, id=begun["id"], after=begun["cursor"])]
        assert [each["__typename"] for each in told] == ["SuiteRunProgressed", "SuiteRunFinished"]
        assert (told[-1]["done"], told[-1]["passed"]) == (6, 3)
        runs.append(begun["id"])
    first = (await admin.ask(SHOWN, id=runs[0]))["suiteRun"]
    assert (first["state"], first["total"], first["model"], first["promptNumber"]) == ("FINISHED", 6, "scripted", 0)
    assert [round(rate["rate"]["value"], 3) for rate in first["passRates"]] == [0.5] * 3
    assert first["results"] == [
        {"name": "agrees", "passed": 0, "trials": 3, "failures": ["Does not say “Yes.”."], "case": {"name": "agrees"}},
        {"name": "refuses", "passed": 3, "trials": 3, "failures": [], "case": {"name": "refuses"}},
    ]
    assert first["trials"]["nodes"][0]["text"] == "No." and first["trials"]["pageInfo"]["hasNextPage"]
    compared = (await admin.ask(COMPARE, a=runs[0], b=runs[1]))["compareSuiteRuns"]
    assert {each["name"]: each["change"] for each in compared["cases"]} == {"agrees": "FIXED", "refuses": "BROKEN"}
    assert (compared["regressed"], compared["chance"], compared["difference"]["value"]) == (True, 0.75, 0)


async def test_the_guides_suite_runs(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    create, fill, run, watch = documents(GUIDE)
    suite = (await admin.ask(create))["createSuite"]["suite"]["id"]
    case = (await admin.ask(fill, suite=suite))["createTestCase"]["testCase"]
    assert (case["critical"], case["suite"]) == (True, {"caseCount": 1})
    begun = (await admin.ask(run, suite=suite))["runSuite"]["suiteRun"]
    told = [each["suiteRunChanged"] async for each in admin.watch(watch, run=begun["id"], after=begun["cursor"])]
    assert begun["total"] == 2 and told[-1]["__typename"] == "SuiteRunFinished"
    assert [one["k"] for one in told[-1]["run"]["passRates"]] == [1, 2]


async def test_suites_are_for_those_who_manage_the_assistant(stack: Stack, company: Company) -> None:
    agent, customer = stack.client(company.agent), stack.client(company.customer)
    assert (await do(agent, "createSuite", "suite { id }", name="Mine"))["__typename"] == "ForbiddenError"
    assert (await agent.ask("{ suites { id } }"))["suites"] == []
    for document in ("{ suites { id } }", "{ gaps { nodes { id } } }", "{ curatedAnswers { nodes { id } } }"):
        with pytest.raises(GraphQLFailedError) as refused:
            await customer.ask(document)
        assert refused.value.code == "FORBIDDEN"


async def test_a_resolved_conversation_teaches_three_things(stack: Stack, company: Company) -> None:
    customer, agent, admin = (stack.client(each) for each in (company.customer, company.agent, company.admin))
    begun = (await customer.ask(START, text="Can I pay by invoice?"))["startConversation"]["conversation"]["id"]
    given = {"conversationId": begun}
    shown = "curatedAnswer { id questions text enabled conversation { id } }"
    assert (await do(agent, "createCuratedAnswerFrom", shown, **given))["code"] == "INVALID_STATE"
    await agent.ask(command("takeOverConversation"), id=begun)
    await agent.ask(SEND, id=begun, text="Yes, within 14 days.")
    await agent.ask(command("resolveConversation"), id=begun)
    made = (await do(agent, "createCuratedAnswerFrom", shown, **given))["curatedAnswer"]
    assert made == {
        "id": made["id"],
        "questions": ["Can I pay by invoice?"],
        "text": "Yes, within 14 days.",
        "enabled": False,
        "conversation": {"id": begun},
    }
    enabled = await do(admin, "enableCuratedAnswer", "curatedAnswer { enabled }", curatedAnswerId=made["id"])
    assert enabled["curatedAnswer"]["enabled"]
    source = (await do(admin, "createSource", "source { id }", name="Learned"))["source"]["id"]
    article = await do(
        agent, "createArticleFrom", "article { title state body conversation { id } }", **given, sourceId=source
    )
    assert article["article"] == {
        "title": "Can I pay by invoice?",
        "state": "DRAFT",
        "body": "Yes, within 14 days.",
        "conversation": {"id": begun},
    }
    suite = (await do(admin, "createSuite", "suite { id }", name="Learned"))["suite"]["id"]
    case = await do(
        agent,
        "createTestCaseFrom",
        "testCase { critical conversation { id } script { turns outcome } }",
        **given,
        suiteId=suite,
    )
    assert case["testCase"] == {
        "critical": False,
        "conversation": {"id": begun},
        "script": {"turns": ["Can I pay by invoice?"], "outcome": "ANSWER"},
    }
    refused = await do(customer, "createArticleFrom", "article { id }", **given, sourceId=source)
    assert refused["__typename"] == "ForbiddenError"


async def test_curated_answers_show_what_is_alike(stack: Stack, company: Company) -> None:
    admin = stack.client(company.admin)
    for question in ("How long can I return it?", "How long may I return things?", "Where is your shop?"):
        await do(admin, "createCuratedAnswer", "curatedAnswer { id }", questions=[question], text=question.upper())
    listed = await admin.ask("{ curatedAnswers { nodes { text similar { similarity answer { text } } } } }")
    alike = {
        each["text"]: [one["answer"]["text"] for one in each["similar"]] for each in listed["curatedAnswers"]["nodes"]
    }
    assert alike == {
        "WHERE IS YOUR SHOP?": [],
        "HOW LONG MAY I RETURN THINGS?": ["HOW LONG CAN I RETURN IT?"],
        "HOW LONG CAN I RETURN IT?": ["HOW LONG MAY I RETURN THINGS?"],
    }
    found = await admin.ask('{ similarCuratedAnswers(text: "where can I find your shop") { answer { text } } }')
    assert [each["answer"]["text"] for each in found["similarCuratedAnswers"]] == ["WHERE IS YOUR SHOP?"]
    wrong = await do(admin, "createCuratedAnswer", "curatedAnswer { id }", questions=[], text="?")
    assert wrong["fields"][0]["path"] == "input.questions"


async def test_what_is_asked_in_vain_shows_as_a_gap(
    stack: Stack, company: Company, assistant: ScriptedAssistant
) -> None:
    assistant.outcomes[:] = [UNKNOWN]
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    begun = (await customer.ask(START, text="Do you sell sundials?"))["startConversation"]["conversation"]["id"]
    async with asyncio.timeout(20):
        while not (found := (await agent.ask(GAPS))["gaps"]["nodes"]):
            await asyncio.sleep(0.05)
    question = {"text": "Do you sell sundials?", "reason": "NOT_IN_KNOWLEDGE", "conversation": {"id": begun}}
    question |= {"message": {"text": "Do you sell sundials?"}}
    gap = {"id": found[0]["id"], "label": "Do you sell sundials?", "state": "OPEN", "size": 1}
    assert found == [gap | {"questions": {"nodes": [question]}}]
    dismissed = await do(stack.client(company.admin), "dismissGap", "gap { state }", gapId=found[0]["id"])
    assert dismissed["gap"] == {"state": "DISMISSED"}
