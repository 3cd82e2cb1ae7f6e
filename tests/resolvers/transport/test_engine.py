"""The engine without a transport: what it remembers, refuses and logs."""

from typing import Any

import pytest
from graphql import get_introspection_query
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from resolvers.execution import DocumentLimits, Engine, GraphQLRequest, Refusal
from resolvers.transport import TransportLimits
from tests.resolvers.transport.conftest import Running, running
from tests.resolvers.transport.test_socket import answers, ready, subscribe
from tests.resolvers.transport.toy import Caller, Context, World, toy_engine


@pytest.fixture(scope="module")
def engine() -> Engine:
    return toy_engine()


def context() -> Context:
    return Context(Caller("Ada"))


async def test_introspection_is_within_the_limits(engine: Engine) -> None:
    query = get_introspection_query(input_value_deprecation=True, specified_by_url=True, schema_description=True)
    result = await engine.execute(engine.prepare(GraphQLRequest(query)), context())
    assert result.errors == [] and result.data is not None and len(result.data["__schema"]["types"]) > 10


def test_documents_are_remembered(engine: Engine) -> None:
    first, second = (engine.prepare(GraphQLRequest("query A { hello }")) for _ in range(2))
    assert first.document is second.document
    assert (first.kind, first.name, first.totals.fields, first.totals.depth) == ("query", "A", 1, 1)


def test_the_least_used_documents_are_forgotten() -> None:
    engine = Engine(toy_engine().schema, limits=DocumentLimits(cached_documents=2, cached_characters=100))
    kept = engine.prepare(GraphQLRequest("{ hello }")).document
    engine.prepare(GraphQLRequest("{ me }"))
    assert engine.prepare(GraphQLRequest("{ hello }")).document is kept
    engine.prepare(GraphQLRequest("{ current }"))
    assert engine.prepare(GraphQLRequest("{ hello }")).document is kept
    engine.prepare(GraphQLRequest("{ hello " + " " * 100 + "}"))
    assert engine.prepare(GraphQLRequest("{ hello }")).document is not kept


@pytest.mark.parametrize(
    "query",
    [
        "{ hello } fragment F on Query {" + "items { number } " * 500 + "}",
        "{ ...F } fragment F on Query { hello ...F }",
        "{ items { ...F } } fragment F on Item {" + "items { ...F }" * 40 + "}",
        "{ ...F } fragment F on Query { hello } fragment F on Query {" + "items { number } " * 500 + "}",
        "{ ...F0 }"
        + "".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(700))
        + "fragment F700 on Query { hello }",
        "{ hello(" + " ".join(f"a{i}: 1" for i in range(1_000)) + ") }",
        "query(" + " ".join(f"$v{i}: Int" for i in range(1_000)) + ") { hello }",
        "#\n" * 1_000 + "{ hello }",
        "{ hello }" + " " * 100_000,
        "{ hello(name: " + "[" * 150 + "]" * 150 + ") }",
    ],
)
def test_hostile_documents_are_refused(engine: Engine, query: str) -> None:
    with pytest.raises(Refusal):
        engine.prepare(GraphQLRequest(query))


@pytest.mark.parametrize("before", [None, "x", 2.5])
def test_a_default_is_weighed_whatever_was_asked_before(engine: Engine, before: Any) -> None:
    """A value that names no size leaves the list's own, not the default of the variable, which may be much more."""
    query = "query($n: Int = 1000) {" + "items(first: $n) {" * 3 + "number" + "}" * 4
    engine.prepare(GraphQLRequest(query, None, {"n": before}))
    with pytest.raises(Refusal, match="cost"):
        engine.prepare(GraphQLRequest(query))


def test_a_page_size_that_is_written_as_a_float_is_weighed(engine: Engine) -> None:
    query = "query($n: Int) {" + "items(first: $n) {" * 3 + "number" + "}" * 4
    assert engine.prepare(GraphQLRequest(query, None, {"n": 3.0})).totals.cost == 1 + 3 * (1 + 3 * (1 + 3))
    with pytest.raises(Refusal, match="cost"):
        engine.prepare(GraphQLRequest(query, None, {"n": 1_000.0}))


async def test_unexpected_errors_are_logged_with_what_the_client_does_not_see(engine: Engine) -> None:
    with capture_logs() as logs:
        result = await engine.execute(engine.prepare(GraphQLRequest("{ boom denied }")), context())
    assert [error.get("extensions", {}).get("code") for error in result.errors] == ["INTERNAL", "FORBIDDEN"]
    assert len(logs) == 1 and isinstance(logs[0]["exc_info"], RuntimeError)
    assert logs[0]["trace_id"] == result.errors[0].get("extensions", {}).get("traceId")


async def test_metrics(world: World) -> None:
    def value(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    def requests(kind: str, outcome: str) -> float:
        return value("parley_graphql_requests_total", transport="socket", kind=kind, outcome=outcome)

    before = [requests("query", "ok"), requests("query", "errors"), requests("unknown", "refused")]
    with running(TransportLimits()) as started:
        await _session(started)
    after = [requests("query", "ok"), requests("query", "errors"), requests("unknown", "refused")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 1]
    assert value("parley_graphql_sockets") == value("parley_graphql_subscriptions", transport="socket") == 0


async def _session(started: Running) -> None:
    async with ready(started) as opened:
        for query in ("{ hello }", "{ boom }", "{ nope }"):
            await subscribe(opened, "1", query)
            last: Any = (await answers(opened, "1"))[-1]
            assert last["type"] in ("complete", "error")
        await subscribe(opened, "2", "subscription { count(to: 100, every: 60) }")
        await opened.recv()
        assert REGISTRY.get_sample_value("parley_graphql_subscriptions", {"transport": "socket"}) == 1
