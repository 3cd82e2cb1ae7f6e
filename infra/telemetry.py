"""Logs, traces and the correlation id that runs through both."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

import structlog
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")

tracer = trace.get_tracer("parley")

Line = MutableMapping[str, Any]
Attributes = Mapping[str, str | int | float]

QUIET = ("arq.worker", "httpx2", "opentelemetry", "sqlalchemy", "uvicorn.access", "uvicorn.error", "websockets")
"""Libraries that are heard from warnings on: their lines tell of each socket, or print what was sent over it."""

SECRET_KEYS = re.compile(r"authorization|cookie|password|secret|token|database_url|redis_url", re.IGNORECASE)
SECRET_TEXTS = (r"(?<=bearer )[^\s\"']+", r"eyJ[\w-]+\.[\w-]+\.[\w-]*", r"(?<=:)[^\s\"'/:@]+(?=@)")
"""Bearer tokens, signed tokens wherever they stand, and the passwords of addresses."""
CONCEALED = "***"


def traceparent() -> str | None:
    """The current trace in the W3C form, None outside of one."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Mapping[str, str] | None = None,
    attributes: Attributes | None = None,
) -> Iterator[Span]:
    """A part of the current trace, or of the one whose W3C headers are in `parent`.

    An error leaves the name of its class there and never its words, which may be a customer's.
    """
    context = propagate.extract(parent) if parent else None
    with tracer.start_as_current_span(
        name, context, kind, attributes, record_exception=False, set_status_on_exception=False
    ) as active:
        try:
            yield active
        except Exception as error:
            active.set_status(StatusCode.ERROR, type(error).__name__)
            raise


def trace_since(began: int, name: str, parent: str | None, attributes: Attributes) -> None:
    """Add to the trace of a `traceparent` what was done for it, among others, since `began` (ns since 1970)."""
    if parent:
        context = propagate.extract({"traceparent": parent})
        tracer.start_span(name, context, SpanKind.PRODUCER, attributes, start_time=began).end()


@contextmanager
def following(
    correlation: str,
    parent: Mapping[str, str] | None,
    name: str,
    *,
    kind: SpanKind = SpanKind.CONSUMER,
    attributes: Attributes | None = None,
) -> Iterator[Span]:
    """Go on with a correlation id and a trace that began elsewhere: in a header, or in a row of the journal."""
    token = correlation_id.set(correlation)
    try:
        with span(name, kind=kind, parent=parent, attributes=attributes) as active:
            yield active
    finally:
        correlation_id.reset(token)


def _correlated(_: Any, __: str, line: Line) -> Line:
    if correlation := correlation_id.get():
        line["correlation_id"] = correlation
    active = trace.get_current_span().get_span_context()
    if active.is_valid:
        line["trace_id"] = f"{active.trace_id:032x}"
    return line


def _without_secrets(_: Any, __: str, line: Line) -> Line:
    return {key: CONCEALED if SECRET_KEYS.search(key) else value for key, value in line.items()}


def _concealing(
    renderer: Callable[[Any, str, Line], str | bytes], secrets: Collection[str]
) -> Callable[[Any, str, Line], str]:
    """A renderer whose lines hold no secret, wherever in them it stood."""
    known = {form for secret in secrets if secret for form in (secret, json.dumps(secret)[1:-1])}
    literals = (re.escape(secret) for secret in sorted(known, key=len, reverse=True))
    pattern = re.compile("|".join([*literals, *SECRET_TEXTS]), re.IGNORECASE)

    def render(logger: Any, name: str, line: Line) -> str:
        return pattern.sub(CONCEALED, str(renderer(logger, name, line)))

    return render


def configure_logs(level: str, form: Literal["json", "console"], secrets: Collection[str] = ()) -> None:
    """One line an event on standard output, the libraries' lines included, each with its correlation id.

    The texts in `secrets` are left out of every line, and so is what looks like a token or a password.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        _correlated,
        _without_secrets,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    json_lines = structlog.processors.JSONRenderer(ensure_ascii=False)
    renderer: Any = json_lines if form == "json" else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _concealing(renderer, secrets)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for quiet in QUIET:
        logging.getLogger(quiet).setLevel("WARNING")
