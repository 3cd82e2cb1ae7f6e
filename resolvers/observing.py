"""Makes what is done for one request one story: its correlation id, its span, and its line in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic, Protocol, TypeVar
from uuid import uuid4

import structlog
from opentelemetry.trace import Span, SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resolvers.transport import Contexts

HEADER = "x-correlation-id"
LONGEST = 128
TRACE_HEADERS = ("traceparent", "tracestate")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines: their lines are for debugging only."""
FAILED = {"errors": [{"message": "Something went wrong on our side.", "extensions": {"code": "INTERNAL"}}]}

log = structlog.get_logger("parley.http")

CallerT = TypeVar("CallerT")


class Following(Protocol):
    """Enters a span and sets the correlation id; `parent` has the W3C headers of a trace that began elsewhere."""

    def __call__(
        self, correlation: str, parent: Mapping[str, str] | None, name: str, *, kind: SpanKind
    ) -> AbstractContextManager[Span]:
        """Until the block ends."""
        ...


def correlation_of(given: object) -> str | None:
    """The id that a client gave, if it is 1 to 128 printable ASCII characters."""
    is_usable = isinstance(given, str) and given.isascii() and given.isprintable() and 1 <= len(given) <= LONGEST
    return str(given) if is_usable else None


def new_correlation() -> str:
    """32 hexadecimal digits."""
    return uuid4().hex


@dataclass
class Observing:
    """The outermost ASGI application: what nobody caught ends here, as an answer and a line in the log."""

    app: ASGIApp
    following: Following

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        correlation = correlation_of(headers.get(HEADER)) or new_correlation()
        scope.setdefault("state", {})["correlation"] = correlation
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        with self.following(correlation, _parent(headers), method, kind=SpanKind.SERVER) as span:
            span.set_attribute("http.request.method", method)
            await Exchange(self.app, scope, correlation, span).run(receive, send)


class Exchange:
    """One HTTP request and its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, correlation: str, span: Span) -> None:
        self._app = app
        self._scope = scope
        self._correlation = correlation
        self._span = span
        self._status = 0

    async def run(self, receive: Receive, send: Send) -> None:
        """Answer, and write the line, also when the client left before an answer (status 0)."""
        began = perf_counter()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._status = message["status"]
                MutableHeaders(scope=message)[HEADER] = self._correlation
            await send(message)

        try:
            await self._app(self._scope, receive, answer)
        except Exception:
            log.exception("http.failed", path=self._path)
            if self._status == 0:
                await JSONResponse(FAILED, 500)(self._scope, receive, answer)
        finally:
            self._tell(perf_counter() - began)

    @property
    def _path(self) -> str:
        return str(self._scope["path"])[:200]

    def _tell(self, seconds: float) -> None:
        if route := getattr(self._scope.get("route"), "path", None):
            self._span.update_name(f"{self._scope['method']} {route}")
            self._span.set_attribute("http.route", route)
        self._span.set_attribute("http.response.status_code", self._status)
        line = {"method": self._scope["method"][:20], "path": self._path, "status": self._status}
        write = log.debug if self._path in PROBES else log.info
        write("http.request", **line, milliseconds=round(seconds * 1_000, 1))


@dataclass(frozen=True, slots=True)
class Correlated(Generic[CallerT]):
    """A caller; what else they said of the story that their operations belong to."""

    caller: CallerT
    correlation: str | None
    parent: Mapping[str, str]
    kind: SpanKind

    @property
    def expires_at(self) -> float | None:
        """When the caller's token does."""
        found: float | None = getattr(self.caller, "expires_at", None)
        return found

    @property
    def is_known(self) -> bool:
        """Whether the caller is somebody, not a stranger."""
        return bool(getattr(self.caller, "is_known", True))


class ObservedContexts(Generic[CallerT]):
    """Contexts whose operations each have a span and a correlation id.

    Over HTTP both continue the request's. On a socket the id is the `correlationId` of `connection_init` or the
    header's, else each operation has a new one; a trace continues the `traceparent` of the same places.
    """

    def __init__(self, contexts: Contexts[CallerT], following: Following) -> None:
        self._contexts = contexts
        self._following = following

    async def connect(self, connection: HTTPConnection, params: Mapping[str, object]) -> Correlated[CallerT]:
        """The caller, identified by the contexts."""
        caller = await self._contexts.connect(connection, params)
        if connection.scope["type"] == "http":
            correlation = connection.scope.get("state", {}).get("correlation")
            return Correlated(caller, correlation, {}, SpanKind.INTERNAL)
        said = {name: value for name, value in params.items() if isinstance(value, str)}
        correlation = correlation_of(said.get("correlationId")) or correlation_of(connection.headers.get(HEADER))
        return Correlated(caller, correlation, _parent(said) or _parent(connection.headers), SpanKind.SERVER)

    @asynccontextmanager
    async def operation(self, connected: Correlated[CallerT]) -> AsyncIterator[object]:
        """The context of one operation."""
        correlation = connected.correlation or new_correlation()
        with self._following(correlation, connected.parent, "graphql", kind=connected.kind):
            async with self._contexts.operation(connected.caller) as context:
                yield context

    async def until_lost(self, connected: Correlated[CallerT]) -> None:
        """Return when what the caller may do has changed, or raise when it is nothing any more."""
        await self._contexts.until_lost(connected.caller)


def _parent(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(headers[name])[:512] for name in TRACE_HEADERS if name in headers}
