"""Documents by their hash: those a file trusts, those clients store, and who may run no others."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

from infra.edge import persisted
from infra.edge.persisted import RedisDocuments
from resolvers.app import create_app
from tests.stack import Company, GraphQLFailedError, Stack, found_company, running, scripted, settings_for

VIEWER = "query Viewer { viewer { __typename } }"
OTHER = "query Other { viewer { __typename } } # not trusted"

Serve = Callable[..., AbstractAsyncContextManager[Stack]]


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(path: Path, *texts: str) -> Path:
    path.write_text(json.dumps({digest_of(text): text for text in texts}))
    return path


def apollo(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest_of(text)}}


@pytest.fixture
def serve(fresh_database_url: str, redis_url: str, tmp_path: Path) -> Serve:
    """Starts a server that trusts one document."""

    @asynccontextmanager
    async def started(only: str = "off") -> AsyncIterator[Stack]:
        trusted = manifest(tmp_path / "trusted.json", VIEWER)
        options: dict[str, Any] = {"trusted_documents": trusted, "trusted_documents_only": only}
        async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False, **options) as stack:
            yield stack

    return started


async def post(stack: Stack, token: str | None = None, **body: Any) -> httpx2.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return await stack.http.post("/graphql", json=body, headers=headers)


def code(answer: httpx2.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    "named",
    [
        {"documentId": digest_of(VIEWER)},
        {"documentId": f"sha256:{digest_of(VIEWER)}"},
        {"extensions": apollo(VIEWER)},
        {"query": VIEWER, "extensions": apollo(VIEWER)},
    ],
)
async def test_a_trusted_document_is_run_by_its_hash(serve: Serve, named: dict[str, Any]) -> None:
    async with serve() as stack:
        assert "viewer" in (await post(stack, **named)).json()["data"]
        assert "viewer" in (await stack.http.get("/graphql", params={"documentId": digest_of(VIEWER)})).json()["data"]


async def test_reading_a_trusted_document_costs_nothing(serve: Serve) -> None:
    async with serve() as stack:
        cost = (await post(stack, documentId=digest_of(VIEWER))).json()["extensions"]["cost"]
        assert cost["available"] >= 20_000 - cost["actual"] - 2  # the bytes of the request


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"documentId": "viewer"}, "SHA-256"),
        ({"documentId": 7}, "SHA-256"),
        ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": digest_of(VIEWER)}}}, "version 1"),
        ({"extensions": {"persistedQuery": "x"}}, "version 1"),
        ({"query": OTHER, "documentId": digest_of(VIEWER)}, "is not the SHA-256"),
        ({"query": OTHER, "extensions": apollo(VIEWER)}, "is not the SHA-256"),
    ],
)
async def test_a_name_must_be_the_hash_of_the_text(serve: Serve, body: dict[str, Any], message: str) -> None:
    async with serve() as stack:
        answer = await post(stack, **body)
        assert message in answer.json()["errors"][0]["message"]
        assert "data" not in answer.json()


async def test_strangers_may_be_held_to_trusted_documents(serve: Serve, fresh_database_url: str) -> None:
    company = await found_company(fresh_database_url)
    async with serve("anonymous") as stack:
        for body in ({"query": OTHER}, {"query": OTHER, "extensions": apollo(OTHER)}, {"documentId": digest_of(OTHER)}):
            refused = await post(stack, **body)
            assert (refused.status_code, code(refused)) == (403, "DOCUMENT_NOT_TRUSTED")
        for body in ({"query": VIEWER}, {"documentId": digest_of(VIEWER)}):
            assert (await post(stack, **body)).status_code == 200
        with pytest.raises(GraphQLFailedError) as socket_refused:
            await anext(stack.client(None).watch(OTHER))
        assert socket_refused.value.code == "DOCUMENT_NOT_TRUSTED"
        assert await stack.client(company.agent).ask(OTHER)


async def test_everyone_may_be_held_to_trusted_documents(serve: Serve, fresh_database_url: str) -> None:
    company = await found_company(fresh_database_url)
    async with serve("everyone") as stack:
        with pytest.raises(GraphQLFailedError) as refused:
            await stack.client(company.admin).ask(OTHER)
        assert refused.value.code == "DOCUMENT_NOT_TRUSTED"
        assert await stack.client(company.admin).ask(VIEWER)


async def test_a_document_is_stored_with_its_hash_and_then_named(serve: Serve, fresh_database_url: str) -> None:
    company = await found_company(fresh_database_url)
    async with serve() as stack:
        token = stack.client(company.agent).token
        assert code(await post(stack, token, extensions=apollo(OTHER))) == "PERSISTED_QUERY_NOT_FOUND"
        assert (await post(stack, token, query=OTHER, extensions=apollo(OTHER))).status_code == 200
        assert "viewer" in (await post(stack, token, extensions=apollo(OTHER))).json()["data"]


async def test_each_organization_has_a_shelf_of_its_own(serve: Serve, fresh_database_url: str) -> None:
    companies = [await found_company(fresh_database_url) for _ in range(2)]
    async with serve() as stack:
        one, other = (stack.client(company.agent).token for company in companies)
        await post(stack, one, query=OTHER, extensions=apollo(OTHER))
        assert code(await post(stack, other, extensions=apollo(OTHER))) == "PERSISTED_QUERY_NOT_FOUND"
        assert code(await post(stack, None, extensions=apollo(OTHER))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_what_is_not_valid_is_not_stored(serve: Serve, fresh_database_url: str) -> None:
    company = await found_company(fresh_database_url)
    async with serve() as stack:
        token = stack.client(company.agent).token
        assert code(await post(stack, token, query="{ nothing }", extensions=apollo("{ nothing }"))) != "INTERNAL"
        assert code(await post(stack, token, extensions=apollo("{ nothing }"))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    opened = Redis.from_url(redis_url)
    yield opened
    await opened.aclose()


async def test_another_server_finds_what_was_stored(redis: Redis) -> None:
    await RedisDocuments(redis).put("a", digest_of(OTHER), OTHER)
    assert await RedisDocuments(redis).get("a", digest_of(OTHER)) == OTHER
    assert 86_000 < await redis.ttl("parley:documents:a") <= 86_400


async def test_a_shelf_is_bounded(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persisted, "MOST", 10)
    monkeypatch.setattr(persisted, "MOST_IN_MEMORY", 5)
    documents = RedisDocuments(redis)
    for number in range(35):
        await documents.put("a", str(number), "text")
    await documents.put("a", "long", "x" * 20_001)
    assert await redis.hlen("parley:documents:a") == 5  # type: ignore[misc]
    assert await documents.get("a", "long") is None
    assert len(documents._remembered) == 5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "cannot be read as JSON"),
        ("[]", "must hold one object"),
        (json.dumps({digest_of(VIEWER): 7}), "must hold one object"),
        (json.dumps({digest_of(VIEWER): OTHER}), "is not the SHA-256 of its text"),
        (json.dumps({digest_of("{ nothing }"): "{ nothing }"}), "cannot be run: Cannot query field 'nothing'"),
        (json.dumps({digest_of("{"): "{"}), "cannot be run: Syntax Error"),
    ],
)
def test_a_wrong_file_ends_the_start_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    (tmp_path / "trusted.json").write_text(text)
    settings = settings_for("postgresql://nowhere", "redis://nowhere", trusted_documents=tmp_path / "trusted.json")
    with pytest.raises(SystemExit):
        create_app(settings)
    assert sentence in capsys.readouterr().err


async def test_production_tells_nothing_of_its_schema(
    company: Company, fresh_database_url: str, redis_url: str
) -> None:
    options: dict[str, Any] = {"with_worker": False, "environment": "production"}
    async with running(fresh_database_url, redis_url, scripted("x"), **options) as stack:
        for query in ("{ __schema { queryType { name } } }", '{ __type(name: "Query") { name } }'):
            assert code(await post(stack, query=query)) == "GRAPHQL_VALIDATION_FAILED"
        wrong = await post(stack, query="{ viewr { id } conversatoin(id: 1) { id } }")
        assert "Did you mean" not in wrong.text
        assert (await post(stack, query="{ __typename }")).status_code == 200


async def test_development_tells_of_its_schema(stack: Stack) -> None:
    assert (await post(stack, query="{ __schema { queryType { name } } }")).json()["data"]["__schema"]
    assert "Did you mean" in (await post(stack, query="{ viewr { id } }")).text
