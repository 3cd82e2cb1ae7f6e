"""Logs, traces and the correlation id that runs through both."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

import structlog
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")

tracer = trace.get_tracer("parley")


def traceparent() -> str | None:
    """The current trace in the W3C form, None outside of one."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def following(correlation: str, parent: str | None, name: str, **attributes: str | int) -> Iterator[None]:
    """Go on with a correlation id and a trace that began elsewhere: in a header, or in a row of the journal."""
    token = correlation_id.set(correlation)
    context = propagate.extract({"traceparent": parent} if parent else {})
    try:
        with tracer.start_as_current_span(name, context=context, kind=SpanKind.CONSUMER, attributes=attributes) as span:
            try:
                yield
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise
    finally:
        correlation_id.reset(token)


def _correlated(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if correlation := correlation_id.get():
        line["correlation_id"] = correlation
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        line["trace_id"] = f"{span.trace_id:032x}"
    return line


def configure_logs(level: str, form: Literal["json", "console"]) -> None:
    """One line an event on standard output, the libraries' lines included, each with its correlation id."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        _correlated,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for noisy in ("arq.worker", "httpx2", "uvicorn.access"):
        logging.getLogger(noisy).setLevel("WARNING")


def configure_traces(service: str) -> None:
    """Send traces by OTLP, to where the standard OTEL variables say."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
