"""Decides what a client may read of an error: expected ones keep their words, the others become a trace id."""

import uuid
from collections.abc import Iterable

import structlog
from graphql import GraphQLError, GraphQLFormattedError
from opentelemetry import trace

log = structlog.get_logger("parley.graphql")


class ErrorMask:
    """Formats errors for clients.

    `expose` are the exception classes whose `message`, `code` and `retry_after` are meant for clients. Any other
    exception behind an error is logged with its traceback and shown as a sentence with a trace id.
    """

    def __init__(self, expose: tuple[type[Exception], ...]) -> None:
        self._expose = expose

    def format(self, errors: Iterable[GraphQLError]) -> list[GraphQLFormattedError]:
        return [self._format(error) for error in errors]

    def _format(self, error: GraphQLError) -> GraphQLFormattedError:
        cause = _cause(error)
        formatted = error.formatted
        if cause is None:
            return formatted
        shown = self.exception(cause, path=error.path)
        return {**formatted, "message": shown["message"], "extensions": shown["extensions"]}

    def exception(self, error: Exception, **context: object) -> GraphQLFormattedError:
        """The error of an exception; `context` goes to the log of an unexpected one."""
        if isinstance(error, self._expose):
            extensions: dict[str, object] = {"code": str(getattr(error, "code", "BAD_REQUEST"))}
            if seconds := getattr(error, "retry_after", None):
                extensions["retryAfter"] = seconds
            return {"message": str(getattr(error, "message", error)), "extensions": extensions}
        trace_id = current_trace_id()
        log.error("graphql.unexpected_error", exc_info=error, trace_id=trace_id, **context)
        message = f"Something went wrong on our side. Quote trace id {trace_id} when you report it."
        return {"message": message, "extensions": {"code": "INTERNAL", "traceId": trace_id}}


def current_trace_id() -> str:
    """32 hexadecimal digits: the active trace's id, or a fresh one where nothing is traced."""
    span = trace.get_current_span().get_span_context()
    return f"{span.trace_id:032x}" if span.is_valid else uuid.uuid4().hex


def _cause(error: GraphQLError) -> Exception | None:
    """The exception behind an error; None for an error that was written for clients from the start."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
