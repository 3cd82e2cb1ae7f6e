"""Which pages of other sites may call the API: CORS, by lists of the settings and of each organization."""

from collections.abc import Callable, Collection
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = "GET, POST, PUT"
HEADERS = "authorization, content-type, x-correlation-id, traceparent, tracestate"
EXPOSED = "x-correlation-id, retry-after, ratelimit, ratelimit-policy"
PREFLIGHT_SECONDS = "600"
REFUSED = "Pages of this origin may not call the API: an admin can allow it in the organization's settings."


class Origins(Protocol):
    """What organizations list."""

    async def is_listed(self, origin: str) -> bool:
        """Whether any organization lists the origin."""
        ...

    async def lists(self, organization_id: UUID, origin: str) -> bool:
        """Whether this organization does."""
        ...


class OtherOrigins:
    """Answers preflights, lets in pages that somebody allows, and refuses all others with 403, sockets too.

    `own` are origins of the settings: their pages may also send cookies. What an organization lists holds for its own
    people, which `GuardedContexts` sees to; cookies are never theirs to send. Programs send no `Origin`.
    """

    def __init__(self, app: ASGIApp, own: Collection[str], listed: Callable[[], Origins]) -> None:
        self._app = app
        self._own = frozenset(own)
        self._listed = listed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = other_origin(HTTPConnection(scope)) if scope["type"] in ("http", "websocket") else None
        if origin is None:
            await self._app(scope, receive, send)
        elif not (origin in self._own or await self._listed().is_listed(origin)):
            await _refuse(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            await Response(status_code=204, headers=self._preflight(origin))(scope, receive, send)
        else:
            await self._app(scope, receive, self._allowing(origin, send))

    def _preflight(self, origin: str) -> dict[str, str]:
        headers = f"{HEADERS}, x-csrf-token" if origin in self._own else HEADERS
        return {
            **self._allowed(origin),
            "access-control-allow-methods": METHODS,
            "access-control-allow-headers": headers,
            "access-control-max-age": PREFLIGHT_SECONDS,
        }

    def _allowed(self, origin: str) -> dict[str, str]:
        credentials = {"access-control-allow-credentials": "true"} if origin in self._own else {}
        return {"access-control-allow-origin": origin, "vary": "Origin", **credentials}

    def _allowing(self, origin: str, send: Send) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                allowed = self._allowed(origin)
                headers.add_vary_header(allowed.pop("vary"))
                headers.update({**allowed, "access-control-expose-headers": EXPOSED})
            await send(message)

        return answer


def other_origin(connection: HTTPConnection) -> str | None:
    """The origin of the page that sent a request, if it is not the one that the request went to."""
    origin = connection.headers.get("origin")
    if origin is None or _is_at(origin, connection.headers.get("host")):
        return None
    return origin.lower()


def _is_at(origin: str, host: str | None) -> bool:
    """Whether an origin is that of a host; what is no origin, which anybody can send, is nowhere."""
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before accepting: answered with 403
        return
    error = {"message": REFUSED, "extensions": {"code": "FORBIDDEN"}}
    await JSONResponse({"errors": [error]}, 403, {"vary": "Origin"})(scope, receive, send)
