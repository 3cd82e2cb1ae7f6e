"""The server process: a Starlette application around the GraphQL endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from domain.base import DomainError
from infra import bootstrap
from resolvers.context import RequestContexts
from resolvers.desk.routes import desk_routes
from resolvers.desk.widget_page import widget_routes
from resolvers.edge.allowances import Allowances
from resolvers.edge.guarding import GuardedContexts
from resolvers.edge.headers import SecurityHeaders
from resolvers.edge.origins import Origins, OtherOrigins
from resolvers.edge.page import graphiql
from resolvers.edge.proxies import TrustedProxies
from resolvers.edge.rates import Policy, Rates
from resolvers.edge.web import Web
from resolvers.execution import Engine, Refusal
from resolvers.login.cookies import Cookies
from resolvers.login.routes import login_routes
from resolvers.observing import ObservedContexts, Observing
from resolvers.root import schema
from resolvers.transport import Charges, Library, Server, TransportLimits, graphql_routes, listen
from resolvers.webhooks.rendering import WebhookRendering

PROBES = Policy("probes", quota=600, window=60)

log = structlog.get_logger(__name__)


def create_app(settings: bootstrap.Settings, *, stopping: asyncio.Event | None = None) -> ASGIApp:
    """The application; it connects to Postgres and Redis when it starts. `stopping` tells sockets to go elsewhere."""
    made: bootstrap.Parts | None = None

    def parts() -> bootstrap.Parts:
        if made is None:
            raise RuntimeError("The application has not been started.")
        return made

    web = Web(bootstrap.web_folder(settings), bootstrap.file_origins(settings))
    trusted, documents = trusted_documents(settings), web_documents(settings)
    running = engine(settings, trusted)
    rendering = WebhookRendering(running, parts)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        nonlocal made
        async with bootstrap.serving(settings) as made, bootstrap.background(rendering.run):
            log.info("api.ready", address=settings.address)
            yield
        log.info("api.stopped")

    def listed() -> Origins:
        return parts().origins

    jar = cookies(settings)
    guarded = GuardedContexts(RequestContexts(parts, jar), settings.origins, listed, lambda: parts().budgets)
    graphql = graphql_routes(
        running,
        ObservedContexts(guarded, bootstrap.following),
        limits(settings),
        library=library(settings, {**trusted, **documents}, parts),
        charges=charges(settings, parts),
        page=graphiql() if settings.shows_page else None,
        stopping=stopping,
    )
    rates = Rates(lambda: parts().budgets)
    login = login_routes(parts, jar, rates)
    widget = widget_routes(lambda: parts().desk.widgets, web, rates, bootstrap.DEMO_INBOX)
    desk = desk_routes(parts, rates)
    routes = [*graphql, *login, *desk, *widget, *_health(parts, rates), _metrics(settings, parts, rates)]
    pages = web.around(Starlette(routes=routes, lifespan=lifespan))
    app = OtherOrigins(pages, settings.origins, listed)
    return TrustedProxies(SecurityHeaders(Observing(app, bootstrap.following)), settings.trusted_proxies)


def cookies(settings: bootstrap.Settings) -> Cookies:
    """What browsers keep: only in development, and over http on loopback, may it be what others could read."""
    return Cookies(
        secure=settings.secure_cookies, origins=settings.origins, session_seconds=settings.session_days * 86_400
    )


def trusted_documents(settings: bootstrap.Settings) -> dict[str, str]:
    """The operations that the settings trust, by hash; a file that holds something else ends the process."""
    return _read(bootstrap.trusted_documents, settings)


def web_documents(settings: bootstrap.Settings) -> dict[str, str]:
    """The operations of the web app, by hash. They are checked when they are first asked: hundreds take a second."""
    return _read(bootstrap.web_documents, settings)


def _read(documents: Callable[[bootstrap.Settings], dict[str, str]], settings: bootstrap.Settings) -> dict[str, str]:
    try:
        return documents(settings)
    except bootstrap.SettingsError as error:
        bootstrap.stop(error)


def engine(settings: bootstrap.Settings, trusted: Mapping[str, str]) -> Engine:
    """What checks and runs operations, the trusted ones checked already; one that is not valid ends the process."""
    made = Engine(schema, expose=(DomainError,), introspection=settings.shows_schema)
    for digest, text in trusted.items():
        try:
            made.trust(text)
        except Refusal as refusal:
            bootstrap.stop(bootstrap.SettingsError(f"The trusted document {digest} cannot be run: {refusal}"))
    return made


def library(settings: bootstrap.Settings, trusted: Mapping[str, str], parts: Callable[[], bootstrap.Parts]) -> Library:
    """The documents that clients may name by hash; each organization stores its own."""

    def shelf_of(known: Any) -> str:
        return str(known.caller.actor.organization_id or "strangers")

    return Library(trusted, settings.trusted_documents_only, lambda: parts().documents, shelf_of)


def charges(settings: bootstrap.Settings, parts: Callable[[], bootstrap.Parts]) -> Charges:
    """Who pays for operations, as the settings say."""
    allowances = Allowances(settings.budgets)
    return Charges(lambda: parts().budgets, lambda known, connection: allowances.budget_of(known.caller, connection))


def limits(settings: bootstrap.Settings) -> TransportLimits:
    """What one client may send and hold, as the settings say."""
    return TransportLimits(
        body_bytes=settings.max_body_bytes,
        message_bytes=settings.max_message_bytes,
        operations=settings.max_subscriptions,
        sockets=settings.max_sockets,
        caller_sockets=settings.max_sockets_per_caller,
        address_sockets=settings.max_sockets_per_address,
    )


def server(settings: bootstrap.Settings, **options: Any) -> Server:
    """The application on its server, ready to be given a listening socket."""
    stopping = asyncio.Event()
    app = create_app(settings, stopping=stopping)
    return Server(app, limits(settings), stopping, log_config=None, access_log=False, **options)


def _health(parts: Callable[[], bootstrap.Parts], rates: Rates) -> list[Route]:
    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        checks = await bootstrap.readiness(parts())
        return JSONResponse({"checks": checks}, status_code=200 if all(checks.values()) else 503)

    return [Route("/healthz", rates.limited(alive, PROBES)), Route("/readyz", rates.limited(ready, PROBES))]


def _metrics(settings: bootstrap.Settings, parts: Callable[[], bootstrap.Parts], rates: Rates) -> Route:
    async def show(request: Request) -> Response:
        if not bootstrap.may_read_metrics(settings, request.headers.get("authorization")):
            message = "Set PARLEY_METRICS_TOKEN and send it as a bearer token."
            return JSONResponse({"message": message}, 401, {"www-authenticate": "Bearer"})
        return Response(await bootstrap.metrics(parts()), headers={"content-type": bootstrap.CONTENT_TYPE_LATEST})

    return Route("/metrics", rates.limited(show, PROBES))


def main() -> None:
    """The entry of `python -m resolvers.app`."""
    settings = bootstrap.settings("parley-api")
    with listen(settings.host, settings.port) as listener:
        server(settings).run(sockets=[listener])


if __name__ == "__main__":
    main()
