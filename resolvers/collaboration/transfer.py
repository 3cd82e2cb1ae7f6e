"""Files on this machine's disk: taken in and handed out by signed addresses, a chunk at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from domain.file.ports import Depot, Pass, saved_as
from resolvers.edge.rates import Policy, Rates

TRANSFERS = Policy("files", quota=300, window=60)
UPLOAD_WITHIN = 900.0
"""Seconds that one upload may take: nobody holds a place for ever."""
PATH = "/files/{organization}/{file}"
SECURITY = {
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "cross-origin",  # the address is the permission, whatever page has it
    "cache-control": "private, max-age=300",
}


class WrongSizeError(Exception):
    """Somebody sends more, or less, than they announced."""


def file_routes(depot: Callable[[], Depot | None], rates: Rates) -> list[Route]:
    """Where files are sent to and got from; nothing is there when another store does that."""

    async def put(request: Request) -> Response:
        found = _granted(depot(), request)
        return _gone() if found is None else await _received(*found, request)

    async def get(request: Request) -> Response:
        found = _granted(depot(), request)
        return _gone() if found is None else await _sent(*found)

    return [
        Route(PATH, rates.limited(put, TRANSFERS), methods=["PUT"]),
        Route(PATH, rates.limited(get, TRANSFERS), methods=["GET"]),
    ]


def _granted(depot: Depot | None, request: Request) -> tuple[Depot, Pass] | None:
    method = "GET" if request.method == "HEAD" else request.method
    granted = depot.granted(method, request.path_params, request.query_params) if depot else None
    return (depot, granted) if depot and granted else None


async def _received(depot: Depot, granted: Pass, request: Request) -> Response:
    told = request.headers.get("content-length")
    try:
        if told is not None and told != str(granted.size):
            raise WrongSizeError
        async with asyncio.timeout(UPLOAD_WITHIN):
            await depot.receive(granted, _exactly(granted.size, request.stream()))
    except WrongSizeError:
        return _refusal(413, "WRONG_SIZE", f"Send the {granted.size} bytes that were announced.")
    except TimeoutError:
        return _refusal(408, "TOO_SLOW", "The file took too long to arrive. Ask for a new address, and try again.")
    except ClientDisconnect:
        return _refusal(400, "INCOMPLETE", "The connection ended before the file did.")
    return Response(status_code=204)


async def _sent(depot: Depot, granted: Pass) -> Response:
    try:
        chunks = await depot.send(granted)
    except FileNotFoundError:
        return _gone()
    headers = {"content-disposition": saved_as(granted.name), "content-length": str(granted.size), **SECURITY}
    response = StreamingResponse(chunks, headers=headers)
    response.headers["content-type"] = granted.content_type  # as it is: no charset is ours to add
    return response


async def _exactly(size: int, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks; raises `WrongSizeError` as soon as they are too much, and where they end too early."""
    left = size
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise WrongSizeError
        if chunk:
            yield chunk
    if left:
        raise WrongSizeError


def _gone() -> Response:
    return _refusal(404, "NOT_FOUND", "There is nothing at this address, or not any more: ask the API for a new one.")


def _refusal(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status)
