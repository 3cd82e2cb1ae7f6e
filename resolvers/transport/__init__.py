"""GraphQL for clients: over HTTP, server-sent events and WebSockets, on one path."""

from resolvers.transport.charging import Charges
from resolvers.transport.library import Library
from resolvers.transport.request import Contexts, TransportLimits
from resolvers.transport.routes import graphql_routes
from resolvers.transport.server import Server, listen

__all__ = ["Charges", "Contexts", "Library", "Server", "TransportLimits", "graphql_routes", "listen"]
