"""One request, one story: its trace, its correlation id and its lines in the log, from HTTP to the assistant."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import websockets
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.assistant import Answer, Delta, Piece, Provenance, Question, ScriptedAssistant
from infra.ai.observed import ObservedAssistant
from infra.bootstrap import new_id
from infra.database import Database
from infra.metrics import ANSWERS
from infra.rows import events
from resolvers.observing import correlation_of
from tests.documents import START
from tests.infra.test_chat import eventually
from tests.stack import Client, Company, Stack, found_company, running, scripted, token_of

TRACE_ID, PARENT_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE_ID}-{PARENT_ID}-01"
CORRELATION = "order 4711, from the shop"
TEXT = "Where is my parcel? 🙂"


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    found = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))
    trace.set_tracer_provider(provider)
    yield found
    provider.shutdown()


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture
async def stack(database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    async with running(database_url, redis_url, scripted("It is on its way.")) as started:
        yield started


async def stored_events(database_url: str, company: Company) -> list[Any]:
    """The journal of a company, once its question has its answer."""
    database = Database(database_url, pool_size=1)
    c = events.c
    wanted = select(c.kind, c.correlation_id, c.traceparent).where(c.organization_id == company.id).order_by(c.id)
    try:
        async with asyncio.timeout(20):
            while True:
                async with database.tenant(company.id) as connection:
                    rows = list((await connection.execute(wanted)).all())
                if rows and rows[-1].kind == "AnswerCompleted":
                    return rows
                await asyncio.sleep(0.05)
    finally:
        await database.close()


def named(found: list[ReadableSpan] | tuple[ReadableSpan, ...], name: str) -> ReadableSpan:
    return next(span for span in found if span.name == name)


def parent_of(span: ReadableSpan) -> int:
    assert span.parent is not None, span.name
    return span.parent.span_id


async def test_a_question_and_its_answer_are_one_trace(
    stack: Stack, company: Company, database_url: str, spans: InMemorySpanExporter
) -> None:
    headers = {
        "authorization": f"Bearer {token_of(company.customer)}",
        "traceparent": TRACEPARENT,
        "x-correlation-id": CORRELATION,
    }
    body = {"query": START, "variables": {"text": TEXT}}
    response = await stack.http.post("/graphql", json=body, headers=headers)
    assert response.headers["x-correlation-id"] == CORRELATION
    rows = await stored_events(database_url, company)
    await eventually(lambda: any(span.name == "job answer_question" for span in spans.get_finished_spans()))

    found = [span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == TRACE_ID]
    server, operation = named(found, "POST /graphql"), named(found, "graphql mutation")
    commit, job, answer = named(found, "commit"), named(found, "job answer_question"), named(found, "answer")
    relayed = [span for span in found if span.name == "relay"]
    assert parent_of(server) == int(PARENT_ID, 16)
    assert parent_of(operation) == server.context.span_id
    assert parent_of(commit) == operation.context.span_id
    assert parent_of(job) == parent_of(relayed[0]) == commit.context.span_id
    assert parent_of(answer) == job.context.span_id
    assert len(relayed) >= 3
    assert TEXT not in str([span.to_json() for span in found])

    assert isinstance(stack.assistant, ScriptedAssistant)
    assert [question.correlation_id for question in stack.assistant.asked] == [CORRELATION]
    assert [row.kind for row in rows] == ["ConversationStarted", "MessageSent", "AnswerStarted", "AnswerCompleted"]
    assert {row.correlation_id for row in rows} == {CORRELATION}
    assert {row.traceparent.split("-")[1] for row in rows} == {TRACE_ID}


async def test_each_operation_of_a_socket_has_its_own_story(
    stack: Stack, company: Company, database_url: str, spans: InMemorySpanExporter
) -> None:
    async def said(params: dict[str, str]) -> list[Any]:
        someone = await found_company(database_url)
        client = stack.client(someone.customer)
        async for _ in watch(client, START, {"text": TEXT}, params):
            break
        return await stored_events(database_url, someone)

    told = await said({"correlationId": "widget-1", "traceparent": TRACEPARENT})
    assert {row.correlation_id for row in told} == {"widget-1"}
    assert {row.traceparent.split("-")[1] for row in told} == {TRACE_ID}
    untold = [await said({}), await said({"correlationId": "not\nprintable", "traceparent": "nonsense"})]
    ids = [{row.correlation_id for row in rows} for rows in untold]
    assert [len(each) for each in ids] == [1, 1]
    assert all(len(each) == 32 for each in set.union(*ids))
    assert ids[0] != ids[1]


async def watch(client: Client, document: str, variables: Any, params: dict[str, str]) -> AsyncIterator[Any]:
    """Like the client's own, with more said in the first message."""
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(client.socket_url, subprotocols=[protocol]) as socket:
        payload = {"authorization": f"Bearer {client.token}", **params}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        await socket.recv()
        subscribe = {"query": document, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": subscribe}))
        yield json.loads(await socket.recv())


@pytest.mark.parametrize("given", ["", "x" * 129, "tab\there", "é", None, 7])
def test_an_unusable_correlation_id_is_replaced(given: object) -> None:
    assert correlation_of(given) is None


@pytest.mark.parametrize("given", ["x", "x" * 128, "with spaces & signs!"])
def test_a_usable_correlation_id_is_kept(given: str) -> None:
    assert correlation_of(given) == given


async def test_every_answer_has_an_id_also_a_refused_one(stack: Stack) -> None:
    for path, status in (("/healthz", 200), ("/nowhere", 404), ("/graphql", 415)):
        response = await stack.http.request(
            "POST" if status == 415 else "GET", path, headers={b"x-correlation-id": b"\xe9"}
        )
        assert response.status_code == status
        assert len(response.headers["x-correlation-id"]) == 32


async def test_an_observed_assistant_says_the_same_and_is_measured(spans: InMemorySpanExporter) -> None:
    grounds = Provenance("scripted", 1.0, 0.5)
    script = ScriptedAssistant(
        [Answer("one two", (), grounds), RuntimeError("the key is hunter2"), Answer("x", (), grounds)]
    )
    observed = ObservedAssistant(script)
    question = Question(new_id(), new_id(), TEXT, correlation_id="c")

    async def outcome_of() -> list[Piece]:
        return [piece async for piece in observed.answer(question)]

    before = {name: ANSWERS.labels(name)._value.get() for name in ("answer", "failed", "stopped")}
    assert await outcome_of() == [Delta("one "), Delta("two"), Answer("one two", (), grounds)]
    with pytest.raises(RuntimeError):
        await outcome_of()
    stopped = observed.answer(question)
    await anext(stopped)
    await stopped.aclose()  # type: ignore[attr-defined]
    after = {name: ANSWERS.labels(name)._value.get() - number for name, number in before.items()}
    assert after == {"answer": 1, "failed": 1, "stopped": 1}
    found = spans.get_finished_spans()
    assert [(span.attributes or {})["parley.outcome"] for span in found] == ["answer", "failed", "stopped"]
    assert "hunter2" not in str([span.to_json() for span in found])


async def test_metrics_tell_of_what_waits(
    database_url: str, redis_url: str, company: Company, spans: InMemorySpanExporter
) -> None:
    async with running(database_url, redis_url, scripted("x"), with_worker=False) as stack:
        await stack.client(company.customer).ask(START, text=TEXT)
        shown = (await stack.http.get("/metrics")).text
    values = dict(line.rsplit(" ", 1) for line in shown.splitlines() if not line.startswith("#"))
    assert float(values["parley_events_undelivered"]) >= 2
    assert float(values["parley_relay_lag_seconds"]) > 0
    assert float(values["parley_database_up"]) == 1
    assert {f'parley_jobs{{state="{state}"}}' for state in ("queued", "running", "dead")} <= values.keys()
    assert float(values['parley_sql_statements_total{kind="insert"}']) > 0
    assert float(values["parley_dead_letters"]) == 0


async def test_metrics_may_ask_for_a_token(database_url: str, redis_url: str) -> None:
    options: dict[str, Any] = {"metrics_token": "let-me-see", "with_worker": False}
    async with running(database_url, redis_url, scripted("x"), **options) as stack:
        answers = [
            await stack.http.get("/metrics", headers={"authorization": given})
            for given in ("", "Bearer wrong", "Bearer let-me-see")
        ]
    assert [answer.status_code for answer in answers] == [401, 401, 200]
    async with running(database_url, redis_url, scripted("x"), environment="production", with_worker=False) as stack:
        assert (await stack.http.get("/metrics")).status_code == 401


async def test_errors_of_the_database_keep_what_people_wrote(database_url: str, company: Company) -> None:
    database = Database(database_url, pool_size=1)
    with pytest.raises(DBAPIError) as caught:
        async with database.tenant(company.id) as connection:
            await connection.execute(text("SELECT 1 / 0 WHERE CAST(:said AS text) <> ''"), {"said": TEXT})
    await database.close()
    assert "division by zero" in str(caught.value)
    assert TEXT not in str(caught.value)
