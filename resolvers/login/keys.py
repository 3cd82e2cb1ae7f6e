"""The public halves of the keys that sign access tokens, for whoever wants to verify one without asking us."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from domain.base import DomainError
from resolvers.edge.rates import Policy, Rates
from resolvers.login.answering import refusal
from resolvers.login.sessions import Services

FETCHES = Policy("keys", 120, 60)
KEPT_FOR = {"cache-control": "public, max-age=60"}


def key_routes(services: Callable[[], Services], rates: Rates) -> list[BaseRoute]:
    """`/.well-known/jwks.json` (RFC 7517)."""

    async def show(_: Request) -> Response:
        try:
            return JSONResponse(await services().login.published_keys(), headers=KEPT_FOR)
        except DomainError as error:
            return refusal(error)

    return [Route("/.well-known/jwks.json", rates.limited(show, FETCHES), methods=["GET"])]
