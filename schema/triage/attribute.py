"""Custom attributes: how they are defined, and how their values travel."""

import math
from collections.abc import Iterable
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from domain.account.permission import Permission
from domain.triage import attribute as domain
from schema.base import Node
from schema.needs import needing

strawberry.enum(domain.AttributeOwner, description="What has an attribute.")
strawberry.enum(
    domain.AttributeKind,
    description="What an attribute holds: text, a number, true or false, a date as YYYY-MM-DD, one choice, or several.",
)

AttributeValue = NewType("AttributeValue", object)
MOST_LISTED = 100


def _parsed(value: Any) -> AttributeValue:
    listed = value if isinstance(value, list) else [value]
    fits = all(isinstance(each, str | bool | int | float) for each in listed) and len(listed) <= MOST_LISTED
    if not fits or any(isinstance(each, float) and not math.isfinite(each) for each in listed):
        raise GraphQLError("AttributeValue must be a text, a number, true or false, or a list of texts.")
    if isinstance(value, list) and not all(isinstance(each, str) for each in value):
        raise GraphQLError("AttributeValue must be a text, a number, true or false, or a list of texts.")
    return AttributeValue(tuple(value) if isinstance(value, list) else value)


def _literal(node: ValueNode, variables: dict[str, Any] | None = None) -> AttributeValue:
    return _parsed(value_from_ast_untyped(node, variables))


def _serialized(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


ATTRIBUTE_VALUE: ScalarDefinition = strawberry.scalar(
    name="AttributeValue",
    description="What an attribute holds, as its definition says: a text, a number, true or false, or a list of texts.",
    serialize=_serialized,
    parse_value=_parsed,
    parse_literal=_literal,
)
"""How `AttributeValue` travels."""


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A custom attribute of conversations or customers. Not for customers.")
class AttributeDefinition(Node):
    """What can be said."""

    applies_to: domain.AttributeOwner = strawberry.field(description="What has it.")
    attribute_key: str = strawberry.field(name="key", description="What it is called in documents; never changes.")
    label: str = strawberry.field(description="What it is called for people.")
    kind: domain.AttributeKind = strawberry.field(description="What it holds; never changes.")
    choices: list[str] = strawberry.field(description="What can be chosen, in order; none for other kinds.")

    @classmethod
    def of(cls, view: domain.AttributeDefinitionView) -> "AttributeDefinition":
        """Built from its view."""
        return cls(
            key=view.id,
            applies_to=view.applies_to,
            attribute_key=view.key,
            label=view.label,
            kind=view.kind,
            choices=list(view.choices),
        )


@strawberry.type(description="The value of one custom attribute.")
class Attribute:
    """What something has."""

    key: str = strawberry.field(description="Which attribute: the key of its definition.")
    value: AttributeValue = strawberry.field(description="What it holds.")

    @classmethod
    def all_of(cls, attributes: Any) -> list["Attribute"]:
        """One for each of a mapping, by key."""
        return [cls(key=key, value=AttributeValue(attributes[key])) for key in sorted(attributes)]


@strawberry.input(description="A value for one custom attribute.")
class AttributeInput:
    """One of the values to set."""

    key: str = strawberry.field(description="Which attribute: the key of its definition.")
    value: AttributeValue | None = strawberry.field(default=None, description="What it is to hold; null for nothing.")


@strawberry.input(description="A custom attribute and what it holds.")
class AttributeValueInput:
    """One of the values to have."""

    key: str = strawberry.field(description="Which attribute: the key of its definition.")
    value: AttributeValue = strawberry.field(
        description="What it holds; where that is looked for, others may be chosen beside it."
    )


def values_of(given: Iterable[AttributeInput | AttributeValueInput]) -> dict[str, Any]:
    """The values by key; the last one of a key counts."""
    return {each.key: each.value for each in given}
