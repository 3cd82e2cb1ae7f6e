"""The routes of the GraphQL path."""

import asyncio
from typing import Any

from starlette.routing import BaseRoute, Route, WebSocketRoute

from resolvers.edge.page import Page
from resolvers.execution import Engine
from resolvers.transport.charging import Charges
from resolvers.transport.http import HTTPEndpoint
from resolvers.transport.library import Library
from resolvers.transport.places import Places
from resolvers.transport.request import Contexts, TransportLimits
from resolvers.transport.socket import SocketEndpoint


def graphql_routes(
    engine: Engine,
    contexts: Contexts[Any],
    limits: TransportLimits | None = None,
    path: str = "/graphql",
    *,
    library: Library | None = None,
    charges: Charges | None = None,
    page: Page | None = None,
    stopping: asyncio.Event | None = None,
) -> list[BaseRoute]:
    """One route for HTTP and server-sent events, one for WebSockets.

    The `library` has the documents that clients may name by their hash. `charges` say who pays for operations; without
    them they are free. `page` is what a browser gets at the path, if anything. Set `stopping` when the server begins to
    stop: sockets close with 1012 and streams end, so that clients go elsewhere.
    """
    limits = limits or TransportLimits()
    stopping = stopping or asyncio.Event()
    parts = (engine, contexts, limits, Places(limits))
    shared: Any = {"library": library or Library(), "charges": charges, "stopping": stopping}
    http = HTTPEndpoint(*parts, page=page, **shared)
    socket = SocketEndpoint(*parts, **shared)
    return [Route(path, http, name="graphql"), WebSocketRoute(path, socket, name="graphql-socket")]
