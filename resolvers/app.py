"""The server process: a Starlette application around the GraphQL endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from domain.base import DomainError
from infra import bootstrap
from resolvers.context import RequestContexts
from resolvers.execution import Engine
from resolvers.root import schema
from resolvers.transport import TransportLimits, graphql_routes


def create_app(chosen: bootstrap.Settings | None = None) -> Starlette:
    """The application; it connects to Postgres and Redis when it starts."""
    settings = chosen or bootstrap.settings()
    stopping = asyncio.Event()
    app: Starlette

    def parts() -> bootstrap.Parts:
        made: bootstrap.Parts = app.state.parts
        return made

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with bootstrap.serving(settings) as made:
            app.state.parts = made
            try:
                yield
            finally:
                stopping.set()

    graphql = graphql_routes(
        Engine(schema, expose=(DomainError,)),
        RequestContexts(parts),
        TransportLimits(body_bytes=settings.max_body_bytes, message_bytes=settings.max_message_bytes),
        allowed_origins=settings.allowed_origins,
        stopping=stopping,
    )
    app = Starlette(routes=[*graphql, *_health(parts)], lifespan=lifespan)
    return app


def _health(parts: Callable[[], bootstrap.Parts]) -> list[Route]:
    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        checks = await bootstrap.readiness(parts())
        return JSONResponse({"checks": checks}, status_code=200 if all(checks.values()) else 503)

    return [Route("/healthz", alive), Route("/readyz", ready)]


def main() -> None:
    """The entry of `python -m resolvers.app`."""
    settings = bootstrap.settings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        ws_max_size=settings.max_message_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        server_header=False,
    )


if __name__ == "__main__":
    main()
