"""Counts what goes over the transports, for Prometheus."""

from prometheus_client import Counter, Gauge

REQUESTS = Counter(
    "parley_graphql_requests",
    "Operations by transport (http, sse, socket), kind and outcome (ok, errors, refused).",
    ["transport", "kind", "outcome"],
)
SOCKETS = Gauge("parley_graphql_sockets", "Open GraphQL sockets.")
SUBSCRIPTIONS = Gauge("parley_graphql_subscriptions", "Running subscriptions.", ["transport"])
MESSAGES = Counter("parley_graphql_messages_out", "Messages sent to clients of streams.", ["transport"])
CLOSED = Counter("parley_graphql_sockets_closed", "Sockets closed by the server.", ["code"])
