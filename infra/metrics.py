"""What is counted and measured here for Prometheus; the transports count their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from hmac import compare_digest
from math import nan
from time import monotonic
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.base import Clock, UnavailableError
from infra.database import Database
from infra.settings import Settings, SettingsError, stop, variable

__all__ = [
    "CONTENT_TYPE_LATEST",
    "DatabaseGauges",
    "count_statements",
    "generate_latest",
    "may_read_metrics",
    "serving_own_metrics",
]

KINDS = frozenset({"select", "insert", "update", "delete", "with"})
JOB_STATES = ("queued", "running", "dead")
KEPT_FOR = 1.0
"""Seconds: however often somebody asks, the database is asked once in that time."""
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which nobody reads

STATEMENTS = Counter("parley_sql_statements", "SQL statements sent, by their first word.", ["kind"])
ANSWERS = Counter(
    "parley_answers", "Answers of the assistant by outcome; stopped and failed are outcomes.", ["outcome"]
)
FIRST_TEXT = Histogram(
    "parley_answer_first_text_seconds", "From the assistant's start to its first text.", buckets=SECONDS
)
ANSWER = Histogram("parley_answer_seconds", "From the assistant's start to its outcome.", buckets=SECONDS)
MODEL_CALLS = Counter(
    "parley_model_calls",
    "Calls of language models by how they ended: a finish reason, an error's code, or closed.",
    ["model", "purpose", "outcome"],
)
MODEL_TOKENS = Counter("parley_model_tokens", "Tokens by kind: read, cached (of those), written.", ["model", "kind"])
MODEL_FIRST_TOKEN = Histogram(
    "parley_model_first_token_seconds", "From a call of a model to its first piece.", ["model"], buckets=SECONDS
)
JOB_WAIT = Histogram("parley_job_wait_seconds", "From an event to the start of its job.", ["job"], buckets=SECONDS)
DATABASE = Gauge("parley_database_up", "1 while Postgres answers; the gauges from it are NaN otherwise.")
BACKLOG = Gauge("parley_events_undelivered", "Events that the relay has not delivered yet.")
LAG = Gauge("parley_relay_lag_seconds", "Age of the oldest event that is not delivered, 0 without one.")
JOBS = Gauge("parley_jobs", "Jobs by state; what is done is gone.", ["state"])
DEAD_LETTERS = Gauge("parley_dead_letters", "Jobs that failed past their retries.")

MEASURE = text(
    """
    SELECT (SELECT count(*) FROM event WHERE delivered_position IS NULL) AS backlog,
           (SELECT min(at) FROM event WHERE delivered_position IS NULL) AS oldest,
           (SELECT jsonb_object_agg(state, number) FROM (
              SELECT state, count(*) AS number FROM job GROUP BY state) AS counted) AS jobs
    """
)


def count_statements(engine: AsyncEngine) -> None:
    """Count each statement that an engine sends."""
    counters = {kind: STATEMENTS.labels(kind) for kind in (*KINDS, "other")}

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        kind = statement[:12].split(None, 1)[0].lower()
        counters[kind if kind in KINDS else "other"].inc()

    event.listen(engine.sync_engine, "before_cursor_execute", count)


class DatabaseGauges:
    """What only the database knows, for all organizations and processes together."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._taken_at = -KEPT_FOR
        self._lock = asyncio.Lock()

    async def refresh(self) -> None:
        """Measure again, unless that was done a moment ago."""
        async with self._lock:
            if monotonic() - self._taken_at < KEPT_FOR:
                return
            try:
                await self._measure()
            except (UnavailableError, TimeoutError):
                DATABASE.set(0)
                for gauge in (BACKLOG, LAG, DEAD_LETTERS, *map(JOBS.labels, JOB_STATES)):
                    gauge.set(nan)
            self._taken_at = monotonic()

    async def _measure(self) -> None:
        async with asyncio.timeout(2), self._database.relay() as connection:
            row = (await connection.execute(MEASURE)).one()
        jobs = row.jobs or {}
        DATABASE.set(1)
        BACKLOG.set(row.backlog)
        LAG.set((self._clock() - row.oldest).total_seconds() if row.oldest else 0)
        DEAD_LETTERS.set(jobs.get("dead", 0))
        for state in JOB_STATES:
            JOBS.labels(state).set(jobs.get(state, 0))


@contextmanager
def serving_own_metrics(chosen: Settings) -> Iterator[None]:
    """Serve a worker's metrics where the settings say; a port that is taken ends the process with a sentence."""
    if chosen.worker_metrics_port is None:
        yield
        return
    try:
        server, thread = start_http_server(chosen.worker_metrics_port, chosen.host)
    except OSError as error:
        name = variable("worker_metrics_port")
        stop(SettingsError(f"{name} must be a port that is free, not {chosen.worker_metrics_port}: {error}."))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def may_read_metrics(chosen: Settings, authorization: str | None) -> bool:
    """Whether a request with this header may."""
    if chosen.metrics_token is None:
        return chosen.environment != "production"
    expected = f"Bearer {chosen.metrics_token.get_secret_value()}"
    return compare_digest((authorization or "").encode(), expected.encode())
