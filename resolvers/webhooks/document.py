"""What a webhook's document must be: one subscription to `inboxChanged` that costs little for each event."""

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, get_variable_values

from resolvers.execution import Engine, GraphQLRequest, Operation, Refusal

MOST_COST = 2_000
"""Values in what is told of one event: it is written for each webhook, whoever is there to read it."""
ONE = "A webhook's document is one subscription with the field `inboxChanged`, by itself and without `after`."


def prepared(engine: Engine, document: str, variables: Mapping[str, Any]) -> Operation:
    """The operation, ready to be run for each event. Raises: Refusal, as for any client, or because it is another."""
    operation = engine.prepare(GraphQLRequest(document, variables=dict(variables)))
    if not _is_about_the_inbox(operation):
        raise Refusal.because(ONE, "WEBHOOK_DOCUMENT")
    if operation.totals.cost > MOST_COST:
        said = f"The document asks for too much: cost is {operation.totals.cost}, a webhook's limit is {MOST_COST}."
        raise Refusal.because(said, "LIMIT_EXCEEDED")
    coerced = get_variable_values(
        engine.schema._schema, operation.node.variable_definitions or (), dict(variables), hide_suggestions=True
    )
    if isinstance(coerced, list):
        raise Refusal(coerced)
    return operation


def _is_about_the_inbox(operation: Operation) -> bool:
    if not operation.is_subscription or len(operation.document.operations) != 1:
        return False
    (root,) = operation.node.selection_set.selections
    if not isinstance(root, FieldNode) or root.name.value != "inboxChanged":
        return False
    return all(argument.name.value != "after" for argument in root.arguments or ())
