"""How the routes of signing in read a request and answer it: small JSON objects, and sentences for what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from domain.base import DomainError, FieldProblem, InvalidInputError
from resolvers.edge.rates import Endpoint

BODY_BYTES = 16_384
FORM_BYTES = 65_536
BODY_SECONDS = 10
LONGEST_TEXT = 8_192
STATUS_BY_CODE = {
    "INVALID_INPUT": 400,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "CONFLICT": 409,
    "INVALID_STATE": 409,
    "TOO_MANY_ATTEMPTS": 429,
    "UNAVAILABLE": 503,
    "PROVIDER_ERROR": 400,
}
NO_STORE = {"cache-control": "no-store"}

Body = Mapping[str, Any]
Handler = Callable[[Request, Body], Awaitable[Response]]


class BadRequest(Exception):  # noqa: N818 - an answer, not a fault of the program
    """A request that is not what these routes take: status and sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def posted(handler: Handler) -> Endpoint:
    """The endpoint of a POST whose body is a JSON object."""

    async def answer(request: Request) -> Response:
        return await handler(request, await _body(request))

    return visited(answer)


def visited(endpoint: Endpoint) -> Endpoint:
    """The endpoint of a request that a browser or a provider makes, with what goes wrong as a sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except BadRequest as error:
            return failure(error.status, "BAD_REQUEST", str(error))
        except DomainError as error:
            return refusal(error)
        except ClientDisconnect:
            return Response(status_code=400)

    return answer


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a form, of which none may come twice."""
    if _media_type(request) != "application/x-www-form-urlencoded":
        raise BadRequest(415, "Send a form as application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl((await _limited(request, FORM_BYTES)).decode("ascii"), max_num_fields=20)
    except ValueError:
        raise BadRequest(400, "Send a form.") from None
    if len(dict(pairs)) != len(pairs):
        raise BadRequest(400, "A field came twice.")
    return dict(pairs)


def answer(body: Mapping[str, Any]) -> Response:
    """What was asked for, kept by no cache."""
    return JSONResponse(body, headers=NO_STORE)


def accepted() -> Response:
    """It will be done, or not; nobody is told which."""
    return Response(status_code=202, headers=NO_STORE)


def done() -> Response:
    """It is done, and there is nothing to say."""
    return Response(status_code=204, headers=NO_STORE)


def refusal(error: DomainError) -> Response:
    """What a domain error is over HTTP."""
    fields = error.fields if isinstance(error, InvalidInputError) else ()
    told = {"fields": [{"path": one.path, "message": one.message} for one in fields]} if fields else {}
    response = failure(STATUS_BY_CODE.get(error.code, 400), error.code, error.message, **told)
    if wait := getattr(error, "retry_after", 1 if error.code == "UNAVAILABLE" else None):
        response.headers["retry-after"] = str(wait)
    return response


def failure(status: int, code: str, message: str, **facts: Any) -> Response:
    """An error as all these routes tell one."""
    return JSONResponse({"error": {"code": code, "message": message, **facts}}, status, NO_STORE)


def text(body: Body, name: str) -> str:
    """A text that must be there; `InvalidInputError` otherwise."""
    found = optional(body, name)
    if found is None:
        raise InvalidInputError(FieldProblem(name, "must be given."))
    return found


def optional(body: Body, name: str) -> str | None:
    """A text that may be there; an empty one is none."""
    found = body.get(name)
    if found is not None and not isinstance(found, str):
        raise InvalidInputError(FieldProblem(name, "must be a text."))
    if found and (len(found) > LONGEST_TEXT or "\x00" in found):
        raise InvalidInputError(FieldProblem(name, f"must have at most {LONGEST_TEXT:,} characters, none of them NUL."))
    return found or None


async def _body(request: Request) -> Body:
    if _media_type(request) != "application/json":
        raise BadRequest(415, "Send a JSON object as application/json.")
    try:
        found = orjson.loads(await _limited(request, BODY_BYTES))
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise BadRequest(400, "Send a JSON object.")
    return found


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _limited(request: Request, most: int) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(request, most)
    except TimeoutError:
        raise BadRequest(408, "The body took too long.") from None


async def _read(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BadRequest(413, f"The body may have {most:,} bytes.")
    return bytes(body)
