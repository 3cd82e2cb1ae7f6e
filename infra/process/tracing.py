"""Sends the traces of a process to a collector; needed by processes only whose settings name one."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def configure_traces(service: str) -> None:
    """Send traces by OTLP, to where the standard OTEL variables say; OTEL_SERVICE_NAME wins over `service`."""
    own = Resource({SERVICE_NAME: service})
    given = Resource.create()
    named = not str(given.attributes[SERVICE_NAME]).startswith("unknown_service")
    provider = TracerProvider(resource=own.merge(given) if named else given.merge(own))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
