"""GraphQL over HTTP: one request, one precise answer, or a stream of events where the client asks for one."""

import asyncio
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from resolvers.edge.page import Page
from resolvers.execution import Engine, GraphQLRequest, Operation, Result
from resolvers.transport import media
from resolvers.transport.charging import Charges, Payer
from resolvers.transport.library import Library
from resolvers.transport.operation import Operations
from resolvers.transport.places import FullError, Places
from resolvers.transport.race import disconnected, race
from resolvers.transport.request import BadRequest, Contexts, TransportLimits, decode, shape
from resolvers.transport.sse import EventStream

PARAMETERS = ("query", "documentId", "operationName", "variables", "extensions")
STATUS_BY_CODE = {
    "INTERNAL": 500,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "DOCUMENT_NOT_TRUSTED": 403,
    "RATE_LIMITED": 429,
    "TOO_MANY_ATTEMPTS": 429,
}


class Fault(Exception):  # noqa: N818 - an HTTP answer, not a fault of the program
    """An answer other than a GraphQL result: status, sentence, code and headers."""

    def __init__(self, status: int, message: str, code: str = "BAD_REQUEST", **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"errors": [{"message": message, "extensions": {"code": code}}]}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class HTTPEndpoint:
    """The ASGI application of the GraphQL path for HTTP requests."""

    def __init__(
        self,
        engine: Engine,
        contexts: Contexts[Any],
        limits: TransportLimits,
        places: Places,
        *,
        library: Library,
        charges: Charges | None,
        page: Page | None,
        stopping: asyncio.Event,
    ) -> None:
        self._engine = engine
        self._contexts = contexts
        self._limits = limits
        self._places = places
        self._page = page
        self._stopping = stopping
        self._http = Operations(engine, contexts, "http", library, charges)
        self._sse = Operations(engine, contexts, "sse", library, charges)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except ClientDisconnect:
            return
        try:
            if answer is not None:
                await answer(scope, receive, send)
        except FullError as full:
            status, code = (429, "RATE_LIMITED") if full.is_own else (503, "UNAVAILABLE")
            fault = Fault(status, str(full), code, retry_after="5")
            await _json(media.JSON, fault.status, fault.body, fault.headers)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | EventStream | None:
        media_type = media.JSON
        try:
            _check_method(request)
            media_type = self._negotiate(request)
            if media_type == media.HTML and self._page:
                headers = {"content-security-policy": self._page.policy, "vary": "Accept"}
                return Response(self._page.body, media_type="text/html", headers=headers)
            _check_content(request)
            caller = await self._connect(request)
            payer = self._http.payer(caller, request)
            asked = await self._read(request, payer)
            return await self._run(request, asked, (caller, payer), media_type)
        except BadRequest as error:
            return _json(media_type, 400, Fault(400, str(error)).body)
        except Fault as fault:
            return _json(media_type, fault.status, fault.body, fault.headers)

    def _negotiate(self, request: Request) -> str:
        offered = [media.GRAPHQL, media.JSON, media.EVENTS]
        if self._page is not None and request.method == "GET":
            offered.append(media.HTML)
        chosen = media.choose(media.parse_accept(_header(request, "accept")), offered=offered)
        if chosen is None:
            raise Fault(406, f"Accept one of {', '.join(offered)}.", "NOT_ACCEPTABLE")
        return chosen

    async def _connect(self, request: Request) -> object:
        try:
            caller: object = await self._contexts.connect(request, {})
        except Exception as error:
            raise _refused(self._engine.failure(error), 401) from None
        return caller

    async def _read(self, request: Request, payer: Payer | None) -> GraphQLRequest:
        """The request, once its sender has paid for having it decoded."""
        is_get = request.method == "GET"
        raw = request.scope["query_string"] if is_get else await _body(request, self._limits)
        balance = payer.receive(len(raw)) if payer else None
        if payer and balance and balance.retry_after:
            raise _refused(payer.refusal(0, balance), 429)
        return shape(_query_parameters(raw, self._limits) if is_get else decode(raw, self._limits.json_depth))

    async def _run(
        self, request: Request, asked: GraphQLRequest, who: tuple[object, Payer | None], media_type: str
    ) -> Response | EventStream | None:
        operations = self._sse if media_type == media.EVENTS else self._http
        prepared = await operations.prepare(asked, *who)
        if isinstance(prepared, Operation):
            if prepared.kind == "mutation" and request.method == "GET":
                raise Fault(405, "Mutations need POST.", "METHOD_NOT_ALLOWED", allow="POST")
            if prepared.is_subscription:
                _check_streamable(request)
                operations, media_type = self._sse, media.EVENTS
        is_limited = isinstance(prepared, Result) and _code(prepared) == "RATE_LIMITED"
        if media_type == media.EVENTS and not is_limited:  # a refusal that is to be retried has to say so by its status
            return EventStream(operations, prepared, *who, self._limits, places=self._places, stopping=self._stopping)
        result = prepared if isinstance(prepared, Result) else await self._execute(request, prepared, *who)
        return None if result is None else self._response(media_type, result)

    async def _execute(
        self, request: Request, operation: Operation, caller: object, payer: Payer | None
    ) -> Result | None:
        """None when the client left: then the operation was cancelled."""
        return await race(self._only(operation, caller, payer), disconnected(request.receive))

    async def _only(self, operation: Operation, caller: object, payer: Payer | None) -> Result:
        async with aclosing(self._http.results(operation, caller, payer)) as results:
            return await anext(results)

    def _response(self, media_type: str, result: Result) -> Response:
        result, body = self._http.encode(result)
        kind = media.JSON if media_type == media.EVENTS else media_type
        return _response(kind, _status(kind, result), body, _retry_after(result))


def _check_method(request: Request) -> None:
    if request.method not in ("GET", "POST"):
        raise Fault(405, "Use GET or POST.", "METHOD_NOT_ALLOWED", allow="GET, POST")


def _check_content(request: Request) -> None:
    """A body must be plain JSON in UTF-8, which also keeps forms of other sites out: they cannot send that type."""
    if request.method == "GET":
        return
    media_type, parameters = media.parse_content_type(_header(request, "content-type") or "")
    if media_type != media.JSON:
        raise Fault(415, "Send the request as application/json.", "UNSUPPORTED_MEDIA_TYPE", accept_post=media.JSON)
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Fault(415, "Send the request in UTF-8.", "UNSUPPORTED_MEDIA_TYPE", accept_post=media.JSON)
    if (_header(request, "content-encoding") or "identity").lower() != "identity":
        raise Fault(415, "Send the body without compression.", "UNSUPPORTED_MEDIA_TYPE", accept_encoding="identity")


def _check_streamable(request: Request) -> None:
    """A subscription has one representation over HTTP, so naming it at any quality above 0 is enough."""
    weight, precision = media.quality(media.parse_accept(_header(request, "accept")), media.EVENTS)
    if weight == 0 or precision == 0:
        message = "A subscription needs a WebSocket (graphql-transport-ws) or Accept: text/event-stream."
        raise Fault(406, message, "NOT_ACCEPTABLE")


def _header(request: Request, name: str) -> str | None:
    values = request.headers.getlist(name)
    return ", ".join(values) if values else None


async def _body(request: Request, limits: TransportLimits) -> bytes:
    too_large = Fault(413, f"The body may have {limits.body_bytes} bytes.", "TOO_LARGE")
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:19]) > limits.body_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limits.body_bytes:
                    raise too_large
    except TimeoutError:
        raise Fault(408, "The body took too long.", "TIMEOUT", connection="close") from None
    return bytes(body)


def _query_parameters(raw: bytes, limits: TransportLimits) -> dict[str, object]:
    if len(raw) > limits.body_bytes:
        raise Fault(414, "The address is too long.", "TOO_LARGE")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise BadRequest("The query string is not percent-encoded UTF-8.") from None
    names = [name for name, _ in pairs]
    for name in PARAMETERS:
        if names.count(name) > 1:
            raise BadRequest(f"The parameter {name} is given more than once.")
    found: dict[str, object] = {name: value for name, value in pairs if name in PARAMETERS and value}
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = decode(str(found[name]), limits.json_depth)
    return found


def _status(media_type: str, result: Result) -> int:
    """200 for what was executed; a request error is 400, but 200 in the old media type, as the specification asks."""
    if result.executed:
        return 200
    return STATUS_BY_CODE.get(_code(result), 400 if media_type == media.GRAPHQL else 200)


def _refused(result: Result, status: int) -> Fault:
    """The answer to who does not get as far as an operation; `status` where the code of the error says none."""
    status = STATUS_BY_CODE.get(_code(result), status)
    fault = Fault(status, "", www_authenticate="Bearer") if status == 401 else Fault(status, "")
    fault.body, fault.headers = result.payload(), fault.headers | _retry_after(result)
    return fault


def _retry_after(result: Result) -> dict[str, str]:
    """The header for a caller whose budget is used up."""
    extensions = result.errors[0].get("extensions", {}) if result.errors and not result.executed else {}
    return {"retry-after": str(extensions["retryAfter"])} if "retryAfter" in extensions else {}


def _code(result: Result) -> str:
    return str(result.errors[0].get("extensions", {}).get("code"))


def _json(media_type: str, status: int, body: object, headers: dict[str, str] | None = None) -> Response:
    kind = media_type if media_type in (media.GRAPHQL, media.JSON) else media.JSON
    return _response(kind, status, orjson.dumps(body), headers)


def _response(media_type: str, status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    shown = {"content-type": f"{media_type}; charset=utf-8", "vary": "Accept", "cache-control": "no-store"}
    return Response(body, status, {**shown, **(headers or {})})
