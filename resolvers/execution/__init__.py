"""Checks and runs GraphQL operations; knows nothing of HTTP or sockets."""

from resolvers.execution.documents import Refusal
from resolvers.execution.engine import Engine, GraphQLRequest, Operation, Result
from resolvers.execution.limits import DocumentLimits

__all__ = ["DocumentLimits", "Engine", "GraphQLRequest", "Operation", "Refusal", "Result"]
