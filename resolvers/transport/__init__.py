"""GraphQL for clients: over HTTP, server-sent events and WebSockets, on one path."""

from resolvers.transport.request import Contexts, TransportLimits
from resolvers.transport.routes import graphql_routes

__all__ = ["Contexts", "TransportLimits", "graphql_routes"]
