"""Telemetry of real processes: what reaches an OTLP collector, and what their logs do and do not hold."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from sqlalchemy.engine import make_url

from tests.documents import START
from tests.infra.test_chat import chatting
from tests.stack import SECRET, Company, found_company, token_of

ROOT = Path(__file__).parents[2]
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE_ID}-b7ad6b7169203331-01"
DATABASE_PASSWORD = "pa55word-of-the-database"
METRICS_TOKEN = "token-of-the-metrics"
WRONG_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl"


@dataclass
class Collector:
    """An OTLP collector over HTTP that remembers (service, name, trace id) of each span."""

    address: str
    spans: list[tuple[str, str, str]] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = next(a.value.string_value for a in resource.resource.attributes if a.key == "service.name")
            for scope in resource.scope_spans:
                self.spans += [(service, span.name, span.trace_id.hex()) for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            made.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    made = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@dataclass
class Process:
    """A running part of Parley and what it wrote."""

    running: subprocess.Popen[str]
    log: Path

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]


@contextmanager
def process(module: str, folder: Path, environment: dict[str, str]) -> Iterator[Process]:
    log = folder / f"{module}.log"
    with log.open("w") as file:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "OTEL_"))}
        running = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=clean | environment, stdout=file, stderr=file, text=True
        )
        try:
            yield Process(running, log)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(20)


def environment_for(database: str, redis: str, collector: Collector) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = make_url(database).set(drivername="postgresql", password=DATABASE_PASSWORD)
    return {
        "PARLEY_DATABASE_URL": url.render_as_string(hide_password=False),
        "PARLEY_REDIS_URL": redis,
        "PARLEY_SECRET_KEY": SECRET,
        "PARLEY_METRICS_TOKEN": METRICS_TOKEN,
        "PARLEY_PORT": str(port),
        "PARLEY_AI_PROVIDER": "scripted",
        "PARLEY_LOG_LEVEL": "debug",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }


@asynccontextmanager
async def ready(port: str, path: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        async with asyncio.timeout(60):
            while True:
                try:
                    if (await client.get(path)).status_code == 200:
                        break
                except httpx2.TransportError:
                    pass
                await asyncio.sleep(0.1)
        yield client


async def done(worker: Process, correlation: str) -> None:
    """Wait until the worker says that the answer to a request is done: a worker that is ended first puts it back."""
    async with asyncio.timeout(20):
        while not answered(worker, correlation):
            await asyncio.sleep(0.1)


def answered(worker: Process, correlation: str) -> list[dict[str, Any]]:
    """The worker's lines of answers to a request; other jobs that follow from it have its correlation id too."""
    lines = (line for line in worker.lines if line["event"] == "job.done" and line["job"] == "answer_question")
    return [line for line in lines if line["correlation_id"] == correlation]


async def ask(client: httpx2.AsyncClient, token: str, correlation: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}", "traceparent": TRACEPARENT, "x-correlation-id": correlation}
    body = {"query": START, "variables": {"text": "A text that stays out of the logs?"}}
    answer: dict[str, Any] = (await client.post("/graphql", json=body, headers=headers)).json()
    return answer


def secrets_of(redis_url: str, *tokens: str) -> list[str]:
    password = make_url(redis_url).password
    return [SECRET, DATABASE_PASSWORD, METRICS_TOKEN, WRONG_TOKEN, *tokens, *([str(password)] if password else [])]


async def test_traces_arrive_and_logs_keep_secrets(
    database_url: str, redis_url: str, company: Company, collector: Collector, tmp_path: Path
) -> None:
    environment, token = environment_for(database_url, redis_url, collector), token_of(company.customer)
    with process("resolvers.app", tmp_path, environment) as api, process("workers.main", tmp_path, environment) as work:
        async with ready(environment["PARLEY_PORT"], "/readyz") as client:
            assert "data" in await ask(client, token, "story-1")
            assert "errors" in await ask(client, WRONG_TOKEN, "story-2")
            await client.get("/graphql", params={"query": "{ viewer { kind } }", "token": token})
            await client.get("/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"})
            address = f"ws://127.0.0.1:{environment['PARLEY_PORT']}/graphql"
            async with chatting(address, company.customer, token=token) as chat:
                chat.type("Over a socket?")
                assert "Assistant: Over a socket?" in await chat.end()
            await done(work, "story-1")
    written = api.log.read_text() + work.log.read_text()
    assert [secret for secret in secrets_of(redis_url, token) if secret in written] == []
    assert "A text that stays out" not in written
    assert "connection open" not in written

    stories = {line["correlation_id"] for line in api.lines if line["event"] == "http.request" and line["status"]}
    assert {"story-1", "story-2"} <= stories
    (job,) = answered(work, "story-1")
    assert job["trace_id"] == TRACE_ID
    mine = {(service, name) for service, name, trace_id in collector.spans if trace_id == TRACE_ID}
    assert {("parley-api", "POST /graphql"), ("parley-api", "graphql mutation"), ("parley-api", "commit")} <= mine
    assert {("parley-worker", "relay"), ("parley-worker", "job answer_question"), ("parley-worker", "answer")} <= mine


async def test_a_database_that_is_away_is_told_without_its_password(
    redis_url: str, company: Company, collector: Collector, tmp_path: Path
) -> None:
    nowhere = "postgresql://parley@127.0.0.1:1/parley"
    environment, token = environment_for(nowhere, redis_url, collector), token_of(company.customer)
    with process("resolvers.app", tmp_path, environment) as api:
        async with ready(environment["PARLEY_PORT"], "/healthz") as client:
            answer = await ask(client, token, "story-3")
            shown = await client.get("/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"})
    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert "parley_database_up 0.0" in shown.text
    assert "parley_events_undelivered NaN" in shown.text
    assert [secret for secret in secrets_of(redis_url, token) if secret in api.log.read_text()] == []


LOGGED = f"""
import logging, structlog
from infra.telemetry import configure_logs
configure_logs("debug", "FORM", ["{SECRET}", 'quo"ted'])
log = structlog.get_logger("x")
log.info("request", authorization="Basic dXNlcjpwdw==", headers={{"Authorization": "Bearer abc.def"}}, Cookie="crumbs")
log.info("address", url="postgresql://me:hush1@host/x and redis://:hush2@host:1/0", said='{SECRET} and quo"ted')
logging.getLogger("library").warning("token eyJhbGciOi.eyJzdWIi.c2ln in %s", "https://me:hush3@host/x")
try:
    raise ValueError("bearer hush4 was refused by redis://:hush5@host")
except ValueError:
    log.exception("failed")
log.info("kept", time="12:30", mail="me@shop.example", link="https://shop.example:8000/a@b")
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_line_holds_what_looks_like_a_secret(form: str) -> None:
    command = [sys.executable, "-W", "error", "-c", LOGGED.replace("FORM", form)]
    written = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hidden = [
        "dXNlcjpwdw",
        "abc.def",
        "crumbs",
        *(f"hush{n}" for n in range(1, 6)),
        SECRET,
        'quo"ted',
        'quo\\"ted',
        "eyJ",
    ]
    assert [secret for secret in hidden if secret in written] == []
    for kept in ("12:30", "me@shop.example", "https://shop.example:8000/a@b", "ValueError", "was refused"):
        assert kept in written
