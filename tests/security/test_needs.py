"""Every field says which permission it needs, in words that are true: nobody gets past one that they do not have."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType, get_named_type
from strawberry.types import get_object_definition

from domain.account.permission import PERMISSIONS, Permission
from resolvers.root import Mutation, Query, Subscription, schema
from schema.knowledge import KnowledgeImportFinished
from schema.needs import OPEN, Needing, needs_of, refuse_unstated, said

SDL = schema._schema
ROOTS = [one for one in (SDL.query_type, SDL.mutation_type, SDL.subscription_type) if one is not None]
STATED = re.compile(r"(?:Needs `([a-z_.]+)`\.|(Open to everybody\.|Needs a sign-in\.))$")
NOT_YET: set[Permission] = set()
"""Permissions that can be granted, and that nothing asks for yet."""


def stated(description: str | None) -> str | None:
    """The permission that a description ends with, or the sentence that says that it takes none."""
    found = STATED.search(description or "")
    return found and (found[1] or found[2])


def of_type(one: Any) -> str | None:
    """What a type states, by itself or by an interface of its."""
    return next((found for each in (one, *one.interfaces) if (found := stated(each.description))), None)


def shown_by(field: GraphQLField) -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    """The types that a field can lead to."""
    kind = get_named_type(field.type)
    if isinstance(kind, GraphQLUnionType):
        yield from kind.types
    if isinstance(kind, GraphQLInterfaceType):
        yield from SDL.get_implementations(kind).objects
    if isinstance(kind, GraphQLObjectType):
        yield kind


def silent_ways() -> Iterator[tuple[str, str]]:
    """For each type that states nothing, the ways to it: what a root field states, or the type that it is part of."""
    seen: set[tuple[str, str]] = set()
    waiting: list[tuple[Any, str]] = [
        (one, stated(field.description) or "nothing")
        for root in ROOTS
        for field in root.fields.values()
        for one in shown_by(field)
    ]
    for kind, way in waiting:
        if (kind.name, way) in seen:
            continue
        seen.add((kind.name, way))
        says = of_type(kind)
        if says is None:
            yield kind.name, way
        onward = way if says is None else f"part of {kind.name}"
        waiting += [(one, onward) for field in kind.fields.values() for one in shown_by(field)]


def test_every_root_field_says_what_it_needs() -> None:
    fields = {f"{root.name}.{name}": field for root in ROOTS for name, field in root.fields.items()}
    assert [name for name, field in fields.items() if stated(field.description) is None] == []
    assert [name for name, field in fields.items() if (field.description or "").count("Needs `") > 1] == []


def test_a_root_field_that_does_not_say_it_is_refused_at_import() -> None:
    @strawberry.type
    class Careless:
        secrets: str = strawberry.field(description="Secrets.")

    refuse_unstated([Query, Mutation, Subscription])
    with pytest.raises(TypeError, match="secrets"):
        refuse_unstated([Query, Careless])


def test_every_type_says_what_it_needs_or_is_part_of_one_that_does() -> None:
    """What an open field leads to must say it by itself, and so must each type with an id."""
    ways = list(silent_ways())
    assert ("PageInfo", "conversation.read") in ways and ("Grant", "part of Role") in ways
    assert [name for name, way in ways if way in (OPEN.value, "nothing")] == []
    nodes = [
        one
        for one in SDL.type_map.values()
        if isinstance(one, GraphQLObjectType) and "Node" in map(str, one.interfaces)
    ]
    assert nodes and [one.name for one in nodes if of_type(one) is None] == []


def test_descriptions_and_the_table_of_permissions_agree() -> None:
    texts = [one.description or "" for one in SDL.type_map.values()]
    for one in SDL.type_map.values():
        texts += [field.description or "" for field in getattr(one, "fields", {}).values()]
    named = {name for text in texts for name in re.findall(r"Needs `([^`]*)`", text)}
    assert named <= set(PERMISSIONS)
    assert {Permission(name) for name in named} == set(PERMISSIONS) - NOT_YET


def test_what_is_said_is_what_is_asked_for() -> None:
    """Each sentence comes from the same value as the check."""
    for root in (Query, Mutation, Subscription):
        for field in get_object_definition(root, strict=True).fields:
            needs = field.metadata["needs"]
            assert (field.description or "").endswith(said("", needs).strip())
            asked = [each.needs for each in field.extensions if isinstance(each, Needing)]
            assert asked == ([] if needs is OPEN else [needs]), field.python_name


def test_an_interface_lends_its_types_what_it_needs() -> None:
    inherited = SDL.type_map["KnowledgeImportFinished"]
    assert isinstance(inherited, GraphQLObjectType) and of_type(inherited) == Permission.READ_INTERNAL_KNOWLEDGE
    assert needs_of(KnowledgeImportFinished) is Permission.READ_INTERNAL_KNOWLEDGE
