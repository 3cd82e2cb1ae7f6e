"""Numbers that GraphQL has no type for."""

from typing import Any, NewType

import strawberry
from graphql import GraphQLError, IntValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
LARGEST = 2**53 - 1


def _parsed(value: Any) -> BigInt:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise GraphQLError(f"BigInt must be a whole number from {-LARGEST} to {LARGEST}.")
    return BigInt(value)


def _literal(node: ValueNode, _: Any = None) -> BigInt:
    if not isinstance(node, IntValueNode) or len(node.value) > len(str(LARGEST)) + 1:
        raise GraphQLError(f"BigInt must be a whole number from {-LARGEST} to {LARGEST}.")
    return _parsed(int(node.value))


BIG_INT: ScalarDefinition = strawberry.scalar(
    name="BigInt",
    description="A whole number of up to 53 bits, as a JSON number: what every client's numbers hold exactly.",
    serialize=int,
    parse_value=_parsed,
    parse_literal=_literal,
)
"""How `BigInt` travels."""
